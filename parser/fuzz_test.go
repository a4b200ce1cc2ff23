package parser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

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
	for i, text := range testdataTexts(f) {
		f.Add(text, i%2 == 1, false)
	}
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

// testdataTexts returns rulesets of the project's own test data: those of
// scenarios, and one for each hundred rows about extensions.
func testdataTexts(f *testing.F) []string {
	var texts []string
	scenarios, err := filepath.Glob("../testdata/scenarios/*/rules*")
	require.NoError(f, err)
	for _, path := range scenarios {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		if len(text) < 20_000 {
			texts = append(texts, string(text))
		}
	}
	tables, err := filepath.Glob("../testdata/ext/*/*.t")
	require.NoError(f, err)
	for _, path := range tables {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		var rules []string
		for line := range strings.Lines(string(text)) {
			if rule, rest, ok := strings.Cut(line, " ; "); ok && rest == "= ; OK\n" && len(rules) < 100 {
				rules = append(rules, "-A FORWARD "+rule)
			}
		}
		texts = append(texts, filter(strings.Join(rules, "\n")))
	}
	return texts
}

// FuzzOnto applies a text to a ruleset: the ruleset stays as it is, the answer is
// that for a copy of it, and what is shared between both is sound.
func FuzzOnto(f *testing.F) {
	for _, c := range restoreCases {
		if c.onto != "" && len(c.text) < 400 {
			f.Add(c.onto, c.text)
		}
	}
	f.Add(occupied, "*filter\n-E A C\n-N A\n-I B 1 -j A\n-D INPUT 1\n-X C\nCOMMIT\n*filter\n-Z\n-F C\nCOMMIT\n")
	f.Fuzz(func(t *testing.T, onto, text string) {
		base, err := parser.ParseString(onto, parser.MaxRules(1000))
		if err != nil {
			return
		}
		before := string(base.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
		rs, err := parser.ParseString(text, parser.Onto(base), parser.MaxRules(1000))
		copied, err2 := parser.ParseString(text, parser.Onto(base.Clone()), parser.MaxRules(1000))
		if diff := cmp.Diff(before, string(base.AppendSave(nil, netfilter.SaveOptions{Counters: true}))); diff != "" {
			t.Fatalf("%q changed its base %q:\n%s", text, onto, diff)
		}
		if fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("%q onto %q: %v, onto a copy: %v", text, onto, err, err2)
		}
		known, refusal := netfilter.NewChecked(base)
		if refusal != nil {
			t.Fatalf("%q: %v", onto, refusal)
		}
		requireAsChecked(t, text, known, parser.MaxRules(1000))
		if err != nil {
			return
		}
		if err := rs.Check(); err != nil {
			t.Fatalf("%q onto %q: %v", text, onto, err)
		}
		if diff := cmp.Diff(string(copied.AppendSave(nil, netfilter.SaveOptions{Counters: true})), string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))); diff != "" {
			t.Fatalf("%q onto a copy of %q and onto itself:\n%s", text, onto, diff)
		}
	})
}

// FuzzCommand carries out a command line and wants what a text with that line
// does.
func FuzzCommand(f *testing.F) {
	for _, row := range commandRows {
		f.Add(strings.Join(arguments(row.line), "\x00"))
	}
	base, err := parser.ParseString(occupied)
	require.NoError(f, err)
	before := base.String()
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, "\x00")
		rs, c, err := parser.ApplyCommand(base, args, parser.MaxRules(1000))
		require.Equal(t, before, base.String())
		if status := parser.ExitStatus(err); (status == 0) != (err == nil) {
			t.Fatalf("%q: exit status %d, error %v", args, status, err)
		}
		if err != nil || c.Table != "filter" || strings.ContainsAny(line, "\n\r") || c.Letters == "V" || c.Letters == "h" || strings.Contains(line, "-w") || strings.Contains(line, "-W") || strings.Contains(line, "-t") {
			return
		}
		var text []byte
		for _, a := range args {
			text = append(netfilter.AppendQuoted(text, a), ' ')
		}
		whole := "*filter\n" + string(text) + "\nCOMMIT\n"
		if _, err := parser.ParseString(whole, parser.Onto(base), parser.MaxRules(1000), parser.Strict()); err != nil {
			return // words too long for a line, or too many; or an unknown extension, whose words are kept as written, with their quotes
		}
		restored, err := parser.ParseString(whole, parser.Onto(base), parser.MaxRules(1000))
		require.NoError(t, err)
		if diff := cmp.Diff(rs.Table("filter").Chain("INPUT").Rules, restored.Table("filter").Chain("INPUT").Rules); diff != "" {
			t.Fatalf("%q as a command and as a line %s:\n%s", args, text, diff)
		}
	})
}
