package parser_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// FuzzSets restores any text of ipset within limits: they hold, and what is saved is
// restored to the same sets.
func FuzzSets(f *testing.F) {
	for _, pattern := range []string{"../testdata/*/*.sets", "../testdata/*/*/*sets*", "../examples/packetpath/testdata/formats/*sets*"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, p := range paths {
			if text, err := os.ReadFile(p); err == nil && len(text) < 10_000 {
				f.Add(string(text))
			}
		}
	}
	for _, text := range []string{
		"create a hash:ip\nadd a 10.0.0.0/12\n", "create a hash:ip\nadd a 0.0.0.1/30\n", "create a hash:ip maxelem 4294967295\nadd a 0.0.0.0/1\n",
		"create a hash:ip forceadd maxelem 4\nadd a 10.0.0.1-10.0.0.9\n", "create a hash:ip,port,ip\nadd a 10.0.0.0/24,tcp:1-65535,10.0.0.0/16\n",
		"create a hash:ip comment\nadd a 1.1.1.1 comment \"a, b-c\"\ncreate b hash:net,iface\nadd b 10.0.0.0/8,br-lan\n",
		"create a bitmap:port range 0-65535\nadd a 0-65535\n", "create a list:set\ncreate b hash:net\nadd a b\nadd a b before b\nadd b 0.0.0.0/0\n",
		"create a hash:ip comment counters skbinfo timeout 5\nadd a 1.1.1.1 comment \"x\\\"y\" packets 5 skbmark 1/2\n",
		"create a hash:net,iface\nadd a 10.0.0.0/8,physdev:eth0 nomatch wildcard\nrename a b\nswap b b\nflush b\ndestroy\n",
	} {
		f.Add(text)
	}
	const elements, sets = 2000, 50
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		ss := &ipset.Sets{}
		ss.SetLimits(ipset.Limits{Sets: sets, Elements: elements, Expansion: 5000})
		_ = parser.RestoreSets(ss, "text", text)
		held := 0
		for _, s := range ss.All() {
			held += s.Len()
		}
		require.LessOrEqual(t, held, elements)
		require.LessOrEqual(t, len(ss.All()), sets)
		saved := string(ss.AppendSave(nil))
		if strings.ContainsAny(saved, "\x00\r\v\f\\") || odd(ss) {
			return // names that the text of ipset cannot hold
		}
		again := &ipset.Sets{}
		if err := parser.RestoreSets(again, "saved", saved); err != nil {
			t.Fatalf("%q\nis saved as\n%s\nwhich is refused: %v", text, saved, err)
		}
		if diff := cmp.Diff(saved, string(again.AppendSave(nil))); diff != "" {
			t.Fatalf("%q\nsaved once and twice:\n%s", text, diff)
		}
	})
}

// odd reports whether the name of a set, or of a link in it, is not one word, or a set
// holds the element 0.0.0.0, which the kernel takes as a part of a network and saves, but
// does not take alone.
func odd(ss *ipset.Sets) bool {
	for _, s := range ss.All() {
		if strings.ContainsAny(s.Name, " \t\"") || s.Name[0] == '-' {
			return true
		}
		for e := range s.Entries(0) {
			if s.Type == ipset.HashIP && e.IP.IsUnspecified() || strings.ContainsAny(e.Iface, " \t\",") {
				return true
			}
		}
	}
	return false
}
