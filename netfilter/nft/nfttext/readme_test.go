package nfttext_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

const (
	tableBegin = "<!-- nftables -->\n"
	tableEnd   = "<!-- /nftables -->\n"
)

// readmeTable writes what is read: headers with their fields, and the keys of
// other expressions.
func readmeTable() string {
	var b strings.Builder
	b.WriteString("| expression | fields or keys |\n| --- | --- |\n")
	row := func(name string, words []string) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", name, strings.Join(words, ", "))
	}
	for _, h := range syntax.Headers {
		var words []string
		for _, f := range h.Fields {
			words = append(words, f.Name)
		}
		row(h.Name, words)
	}
	for _, k := range []struct {
		name string
		op   nft.ExthdrOp
	}{{"exthdr", nft.ExthdrIPv6}, {"tcp option", nft.ExthdrTCPOption}, {"ip option", nft.ExthdrIPOption}, {"sctp chunk", nft.ExthdrSCTPChunk}} {
		var words []string
		for _, o := range syntax.OptionsOf(k.op) {
			words = append(words, o.Name)
		}
		row(k.name, words)
	}
	keys := func(name string, n int, key func(int) string) {
		var words []string
		for i := range n {
			if w := key(i); w != "" {
				words = append(words, w)
			}
		}
		row(name, words)
	}
	keys("meta", 64, func(i int) string { return syntax.MetaKeys[nft.MetaKey(i)].Name })
	keys("ct", 32, func(i int) string { return syntax.CTKeys[nft.CTKey(i)].Name })
	keys("rt", 8, func(i int) string { return syntax.RTKeys[nft.RTKey(i)].Name })
	keys("socket", 8, func(i int) string { return syntax.SocketKeys[nft.SocketKey(i)].Name })
	keys("ipsec", 8, func(i int) string { return syntax.XfrmKeys[nft.XfrmKey(i)].Name })
	return b.String()
}

// TestReadmeTable holds the README's table of nftables expressions to the
// definitions. With UPDATE_README=1 it writes the table.
func TestReadmeTable(t *testing.T) {
	const path = "../../../README.md"
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(b), tableBegin)
	require.True(t, ok, "README.md has no line %q", tableBegin)
	table, after, ok := strings.Cut(rest, tableEnd)
	require.True(t, ok, "README.md has no line %q", tableEnd)
	want := readmeTable()
	if table != want && os.Getenv("UPDATE_README") != "" {
		require.NoError(t, os.WriteFile(path, []byte(before+tableBegin+want+tableEnd+after), 0o644))
		return
	}
	require.Equal(t, want, table)
}
