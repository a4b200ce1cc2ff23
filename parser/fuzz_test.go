package parser_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// FuzzParse wants no panic, faults whose places are in the text, and texts that
// do not change any more once they were saved.
func FuzzParse(f *testing.F) {
	for _, c := range restoreCases {
		if len(c.text) < 400 {
			f.Add(c.text, c.family == netfilter.IPv6, c.counters)
		}
	}
	f.Add(filter("-A INPUT -m geoip ! --src-cc CN,\"U S\" -s 1.1.1.1 -j T --x \"y"), false, false)
	f.Fuzz(func(t *testing.T, text string, v6, strict bool) {
		opts := []parser.Option{parser.Family(netfilter.IPv4)}
		if v6 {
			opts = []parser.Option{parser.Family(netfilter.IPv6)}
		}
		how := opts
		if strict {
			how = append(how, parser.Strict())
		}
		rs, err := parser.ParseString(text, how...)
		for _, e := range faults(err) {
			requireInside(t, text, e)
		}
		if err != nil || !printable(rs) {
			return
		}
		first := string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
		again, err := parser.ParseString(first, opts...)
		if err != nil {
			t.Fatalf("%q\nis saved as\n%s\nwhich is refused: %v", text, first, err)
		}
		second := string(again.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("%q\nsaved once and twice:\n%s", text, diff)
		}
	})
}

// printable reports whether what the ruleset holds can be told apart in print:
// iptables-save puts neither quotes around names nor newlines into words.
func printable(rs *netfilter.Ruleset) bool {
	odd := func(s string) bool { return strings.ContainsAny(s, " \t\n\r\v\f\"") }
	for _, t := range rs.Tables {
		for _, c := range t.Chains {
			if c.Name == "" || len(c.Name) > 28 || odd(c.Name) {
				return false
			}
			for _, r := range c.Rules {
				text := string(r.AppendSave(nil, rs.Family, c.Name))
				if odd(r.In) || odd(r.Out) || strings.ContainsAny(text, "\n\x00") || len(text) > 5000 {
					return false
				}
			}
		}
	}
	return !strings.Contains(rs.String(), "\x00")
}
