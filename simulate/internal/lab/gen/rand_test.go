package gen

import (
	"regexp"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

func TestForm(t *testing.T) {
	for form, want := range map[string]string{
		"--x {a|b}":              `--x [ab]`,
		"[!] --x":                `(! )?--x`,
		"{1..3}":                 `[123]`,
		"{a,b,}":                 `a|b|a,b|b,a`,
		"a[ b[ c]]":              `a( b( c)?)?`,
		"[a ][b]":                `(a )?b?|a`,
		"{port}":                 `\d+`,
		"{portlist}":             `[\d,:]+`,
		"{nosuch}":               `\{nosuch\}`,
		"[[!] --sport {ports} ]": `((! )?--sport [\d:]+)?`,
	} {
		re := regexp.MustCompile("^(" + want + ")$")
		seen := map[string]bool{}
		r := NewRand(1, 4)
		for range 50 {
			s := Form(form)(r)
			seen[s] = true
			if !re.MatchString(s) {
				t.Errorf("%s: %q does not match %s", form, s, want)
			}
		}
		if len(seen) < 2 && !strings.Contains(form, "nosuch") {
			t.Errorf("%s is always %v", form, seen)
		}
	}
}

// TestAnotherExtensionIsOneLine shows how to add and to favour entries.
func TestAnotherExtensionIsOneLine(t *testing.T) {
	cfg := Config{
		Family:  4,
		Matches: append(CoreMatches(), Entry{Name: "ttl", Families: "4", Draw: Form("[!] --ttl-eq {1|63|64}", "--ttl-{lt|gt} {2..254}")}),
		Targets: append(CoreTargets(), Entry{Name: "TTL", Families: "4", Tables: "mangle", Draw: Form("--ttl-{set|inc|dec} {1..9}")}),
		Favor:   []string{"ttl", "TTL"},
		Tables:  []string{"mangle"},
	}
	text := NewRand(1, 4).Ruleset(cfg)
	if strings.Count(text, "-m ttl ") < 3 || strings.Count(text, "-j TTL ") < 3 || strings.Contains(text, "*filter") {
		t.Errorf("too little of what is favoured in\n%s", text)
	}
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	n := openNode(t)
	if err := n.Load(text, "", ""); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
}

func TestEntryFits(t *testing.T) {
	e := Entry{Families: "4", Tables: "mangle raw", Hooks: "INPUT FORWARD", Protocols: "tcp"}
	fit := Position{Family: 4, Table: "raw", Hooks: []string{"FORWARD", "INPUT"}, Proto: "tcp"}
	if !e.fits(fit) || !(Entry{}).fits(fit) {
		t.Error("an entry does not fit where it should")
	}
	for _, p := range []Position{
		{6, "raw", []string{"INPUT"}, "", "tcp"}, {4, "nat", []string{"INPUT"}, "", "tcp"},
		{4, "raw", []string{"INPUT", "OUTPUT"}, "", "tcp"}, {4, "raw", []string{"INPUT"}, "", ""},
	} {
		if e.fits(p) {
			t.Errorf("%+v fits %+v", e, p)
		}
	}
}

func TestSameSeedSameCase(t *testing.T) {
	for name, kind := range kinds() {
		a, b, other := kind(7, Config{Family: 6}), kind(7, Config{Family: 6}), kind(8, Config{Family: 6})
		if a.Rules() != b.Rules() || a.Rules() == other.Rules() || a.firstID != b.firstID {
			t.Errorf("%s: seeds do not decide", name)
		}
		notes := func(c *Case) (s string) {
			for p := range c.Packets(func(int) []kernel.Out { return nil }) {
				s += p.Note + string(p.Wire)
			}
			return s
		}
		if notes(a) != notes(b) || notes(a) == notes(other) {
			t.Errorf("%s: seeds do not decide the packets", name)
		}
	}
}

func TestPolicyEnvOpens(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	n, err := kernel.Open(PolicyEnv())
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
}
