package exts_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/simulate/internal/lab"
)

// The table stands between these lines.
const (
	tableBegin = "<!-- extensions -->\n"
	tableEnd   = "<!-- /extensions -->\n"
)

// TestReadmeTable holds the README's table of extensions to the definitions
// and to the tables that the machine's iptables and kernel are asked about.
func TestReadmeTable(t *testing.T) {
	const path = "../../../../README.md"
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(b), tableBegin)
	require.True(t, ok, "README.md has no line %q", tableBegin)
	_, tail, ok := strings.Cut(rest, tableEnd)
	require.True(t, ok, "README.md has no line %q", tableEnd)
	want := head + tableBegin + supportTable(t) + tableEnd + tail
	if lab.Update() {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, string(b), "the table is out of date: go test ./simulate/internal/lab/exts -run TestReadmeTable -update")
}

func supportTable(t *testing.T) string {
	text, packets := map[string]int{}, map[string]int{}
	for _, table := range extTables(t) {
		for _, r := range table.rows {
			if r.isText() {
				text[table.name]++
			} else {
				packets[table.name]++
			}
		}
	}
	var b strings.Builder
	b.WriteString("| extension | families | read and printed: rows asked of iptables | evaluated: rows asked of the kernel |\n| --- | --- | --- | --- |\n")
	for _, kind := range []struct {
		flag, room string
		defs       []*netfilter.Definition
	}{{"-m", "match", match.Definitions()}, {"-j", "target", target.Definitions()}} {
		for _, name := range definitionNames(kind.defs) {
			table := kind.room + "/" + strings.ToLower(name)
			fmt.Fprintf(&b, "| `%s %s` | %s | %d | %d |\n", kind.flag, name, familyNames(kind.defs, name), text[table], packets[table])
		}
	}
	return b.String()
}

// definitionNames lists the names once each; some have a definition for each
// family.
func definitionNames(defs []*netfilter.Definition) []string {
	var names []string
	for _, d := range defs {
		if !slices.Contains(names, d.Name) {
			names = append(names, d.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names
}

func familyNames(defs []*netfilter.Definition, name string) string {
	var fs netfilter.Families
	for _, d := range defs {
		if d.Name == name {
			fs |= d.Families
		}
	}
	var out []string
	for _, f := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
		if fs.Has(f) {
			out = append(out, f.String())
		}
	}
	return strings.Join(out, ", ")
}
