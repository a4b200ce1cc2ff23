package parser_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// savedSets returns sets as "ipset save" prints them.
func savedSets(sets []*ipset.Set) string {
	var b []byte
	for _, s := range sets {
		b = s.AppendSave(b, 0)
	}
	return string(b)
}

// TestSavedSets holds that the sets found in the wild print back. What is not
// the output of a save must print back once it has been printed.
func TestSavedSets(t *testing.T) {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA does not name the recorded data")
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(data, "corpus"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".ipset") && !d.IsDir() {
			files++
			t.Run(strings.ReplaceAll(path[len(data)+8:], "/", "."), func(t *testing.T) { printsBack(t, path) })
		}
		return err
	})
	require.NoError(t, err)
	assert.NotZero(t, files)
}

// notSets are files of the data that ipset refuses, with the reason.
var notSets = map[string]string{
	"examples__ipsets.txt.ipset": "no meaning here", // begins with the prompt of a shell
	"ipset__ipset.list.ipset":    "unknown command", // addresses, one on a line
	"rules.ipset.ipset":          "prefix length",   // 0.0.0.0/0 in a hash:net,port
}

func printsBack(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	sets, err := parser.ParseSetsString(string(text))
	if why := notSets[filepath.Base(path)]; why != "" {
		require.ErrorContains(t, err, why)
		return
	}
	require.NoError(t, err)
	got := savedSets(sets)
	if isSave(string(text)) {
		assert.Equal(t, string(text), got)
		return
	}
	again, err := parser.ParseSetsString(got)
	require.NoError(t, err)
	assert.Equal(t, got, savedSets(again))
}

// isSave reports whether a text looks like the output of a save by a version of
// ipset that ends lines without a blank.
func isSave(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimRight(line, " ") != line || !strings.HasPrefix(line, "add ") && !strings.HasPrefix(line, "create ") {
			return false
		}
		if strings.Contains(line, " hash:") && !strings.Contains(line, " family inet") {
			return false
		}
	}
	return true
}
