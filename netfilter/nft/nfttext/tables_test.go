package nfttext_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// surroundings is what rules of the tables can name.
const surroundings = `set s4 {
type ipv4_addr; flags interval
}
set dyn {
type ipv4_addr; flags dynamic,timeout; size 50
}
map marks {
type ipv4_addr : mark
}
map v {
type inet_service : verdict
}
map tgt {
type inet_service : ipv4_addr . inet_service
}
counter hits {
}
quota q {
10 mbytes
}
limit l {
rate 7/minute
}
chain sub {
}
`

// row is a rule of testdata/nft and what becomes of it.
type row struct{ place, family, head, rule, want string }

func (r row) text() string {
	return fmt.Sprintf("table %s t {\n%schain c {\n%s\n%s\n}\n}\n", r.family, surroundings, r.head, r.rule)
}

func rows(t testing.TB) []row {
	files, err := filepath.Glob("../../../testdata/nft/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var out []row
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		r := row{}
		for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if head, ok := strings.CutPrefix(line, "table "); ok {
				r.family, r.head, _ = strings.Cut(head, " ")
				continue
			}
			r.place = fmt.Sprintf("%s:%d", filepath.Base(f), i+1)
			var ok bool
			r.rule, r.want, ok = strings.Cut(line, " => ")
			require.True(t, ok, r.place)
			out = append(out, r)
		}
	}
	return out
}

// listed returns the rules of chain c in a listing, in one line.
func listed(list string) string {
	_, after, _ := strings.Cut(list, "\tchain c {\n")
	lines := strings.Split(after, "\n")
	var out []string
	for _, l := range lines[min(1, len(lines)):] {
		if l == "\t}" {
			break
		}
		out = append(out, strings.TrimPrefix(l, "\t\t"))
	}
	return strings.Join(out, `\n`)
}

// TestTables loads rules and lists them as nft does.
func TestTables(t *testing.T) {
	taken := 0
	defer func() { require.Greater(t, taken, 200, "the surroundings of the rules are refused") }()
	for _, r := range rows(t) {
		if r.want != "refused" {
			taken++
		}
		rs, err := nfttext.Parse(r.text(), nfttext.ReadOptions{})
		switch {
		case r.want == "refused":
			if err == nil {
				t.Errorf("%s: %q is taken", r.place, r.rule)
			}
		case err != nil:
			t.Errorf("%s: %+v", r.place, err)
		default:
			list := nfttext.List(rs, nfttext.Options{})
			if got := listed(list); got != r.want {
				t.Errorf("%s: %q\n got  %s\n want %s", r.place, r.rule, got, r.want)
			}
		}
	}
}

// changesAgain are the rules that nft lists in another way once it has read its
// own listing: a set of one element becomes that element, and elements that sort
// alike change places.
var changesAgain = map[string]bool{
	"meta mark set 1 ip saddr { 192.0.2.0/25, 192.0.2.128/25 }": true,
	"ip saddr { 192.0.2.1, 192.0.2.1 }":                         true,
	"tcp flags { syn, syn|ack }":                                true,
}

// TestAgain reads listings of all releases again: the rules are the same. What
// random texts found is mostly what nft can't read again itself.
func TestAgain(t *testing.T) {
	for _, r := range rows(t) {
		rs, err := nfttext.Parse(r.text(), nfttext.ReadOptions{})
		if err != nil || strings.Contains(r.want, "[invalid type]") || strings.Contains(r.want, "meter") || strings.HasPrefix(r.place, "found") {
			continue
		}
		for _, o := range []nfttext.Options{{}, {Release: nfttext.Release117}} {
			list := nfttext.List(rs, o)
			again, err := nfttext.Parse(list, nfttext.ReadOptions{})
			if err != nil {
				t.Errorf("%s: %q: %v", r.place, r.rule, err)
				continue
			}
			if got := nfttext.List(again, o); got != list && !changesAgain[r.rule] {
				t.Errorf("%s: %q is listed again as\n%s", r.place, r.rule, got)
			}
		}
	}
}

// TestApplyIsAtomic keeps the ruleset as it was when a text is refused, and
// when one is taken.
func TestApplyIsAtomic(t *testing.T) {
	before, err := nfttext.Parse("table ip t {\nset s {\ntype ipv4_addr; elements = { 192.0.2.1 }\n}\nchain c {\nip saddr @s drop\n}\n}\n", nfttext.ReadOptions{})
	require.NoError(t, err)
	list := nfttext.List(before, nfttext.Options{})
	_, err = nfttext.Apply(before, "add element ip t s { 192.0.2.2 }\nadd rule ip t c accept\ndelete table ip nothere\n", nfttext.ReadOptions{})
	require.ErrorContains(t, err, "No such file or directory")
	require.Equal(t, list, nfttext.List(before, nfttext.Options{}))
	after, err := nfttext.Apply(before, "add element ip t s { 192.0.2.2 }\nadd rule ip t c accept\ninsert rule ip t c counter\ndelete element ip t s { 192.0.2.1 }\n", nfttext.ReadOptions{})
	require.NoError(t, err)
	require.Equal(t, list, nfttext.List(before, nfttext.Options{}))
	require.Equal(t, "table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\telements = { 192.0.2.2 }\n\t}\n\n\tchain c {\n\t\tcounter packets 0 bytes 0\n\t\tip saddr @s drop\n\t\taccept\n\t}\n}\n", nfttext.List(after, nfttext.Options{}))
}

func TestErrors(t *testing.T) {
	_, err := nfttext.Parse("table ip t {\n\tchain c {\n\t\tip saddr 192.0.2.300 accept\n\t\ttcp dport 70000\n\t}\n}\n", nfttext.ReadOptions{Name: "rules.nft"})
	require.Equal(t, "rules.nft:3:12: Could not resolve hostname \"192.0.2.300\": names are not looked up\nrules.nft:4:13: Value 70000 exceeds valid range 0-65535", err.Error())
	require.Contains(t, fmt.Sprintf("%+v", err), "\n      ip saddr 192.0.2.300 accept\n               ^~~~~~~~~~~")
}

// TestCompatIsRefused advises to give iptables-save too where nft does not show
// what a rule does.
func TestCompatIsRefused(t *testing.T) {
	_, err := nfttext.Parse("table ip filter {\n\tchain INPUT {\n\t\txt match \"conntrack\" counter accept\n\t}\n}\n", nfttext.ReadOptions{})
	require.ErrorContains(t, err, "iptables-nft-save")
}

// FuzzText reads any text without a panic, and what it takes is listed alike
// when it is read again.
func FuzzText(f *testing.F) {
	for i, r := range rows(f) {
		if i%7 == 0 {
			f.Add(r.text())
		}
	}
	f.Add("define x = { 1, 2 }\nadd table inet a\nadd chain inet a b { type filter hook input priority -5; }\nflush ruleset\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := nfttext.Parse(text, nfttext.ReadOptions{})
		if err != nil {
			return
		}
		nfttext.ListJSON(r, nfttext.Options{})
		first := nfttext.List(r, nfttext.Options{Release: nfttext.Release117})
		again, err := nfttext.Parse(first, nfttext.ReadOptions{})
		if err != nil {
			return // nft's own listings can't always be read, either
		}
		second := nfttext.List(again, nfttext.Options{Release: nfttext.Release117})
		third, err := nfttext.Parse(second, nfttext.ReadOptions{})
		if err != nil {
			return
		}
		if d := cmp.Diff(again.Tables, third.Tables, cmpopts.IgnoreFields(nft.Rule{}, "Pos", "Handle"), cmpopts.IgnoreFields(nft.Set{}, "Handle")); d != "" && first == second {
			t.Errorf("read again:\n%s", d)
		}
	})
}

// FuzzJSON reads any JSON without a panic. What is read is the same after it was
// written as JSON, except for what nft's JSON has no form for.
func FuzzJSON(f *testing.F) {
	for _, c := range transactions(f) {
		if last := c.texts[len(c.texts)-1]; strings.HasPrefix(last, "{") {
			f.Add(last)
		}
	}
	for i, r := range rows(f) {
		if rs, err := nfttext.Parse(r.text(), nfttext.ReadOptions{}); err == nil && i%7 == 0 {
			f.Add(nfttext.ListJSON(rs, nfttext.Options{Release: nfttext.Release117}))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(text, "{") {
			return
		}
		r, err := nfttext.Parse(text, nfttext.ReadOptions{})
		if err != nil {
			return
		}
		o := nfttext.Options{Release: nfttext.Release117}
		nfttext.List(r, o)
		again, err := nfttext.Parse(nfttext.ListJSON(r, o), nfttext.ReadOptions{})
		if err != nil {
			return // nft's own listings can't always be read, either
		}
		second := nfttext.ListJSON(again, o)
		third, err := nfttext.Parse(second, nfttext.ReadOptions{})
		if err != nil {
			return
		}
		if got := nfttext.ListJSON(third, o); got != second {
			t.Errorf("written again: %s", firstDifference(strings.ReplaceAll(got, "{", "\n{"), strings.ReplaceAll(second, "{", "\n{")))
		}
	})
}

// services writes rules as kube-proxy does for a number of services.
func services(n int) string {
	var b strings.Builder
	b.WriteString("table ip kube-proxy {\nmap service-ips {\ntype ipv4_addr . inet_proto . inet_service : verdict\nelements = {\n")
	for i := range n {
		fmt.Fprintf(&b, "172.%d.%d.%d . tcp . 80 : goto service-%d,\n", 16+i>>16, i>>8&255, i&255, i)
	}
	b.WriteString("}\n}\nchain services {\nip daddr . meta l4proto . th dport vmap @service-ips\n}\n")
	b.WriteString("chain nat-prerouting {\ntype nat hook prerouting priority dstnat; policy accept;\njump services\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "chain service-%d {\nnumgen random mod 2 vmap { 0 : goto endpoint-%d-a, 1 : goto endpoint-%d-b }\n}\n", i, i, i)
		for _, e := range []string{"a", "b"} {
			fmt.Fprintf(&b, "chain endpoint-%d-%s {\nmeta l4proto tcp dnat to 10.%d.%d.%d:8080\n}\n", i, e, i>>16, i>>8&255, i&255)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

func BenchmarkLoadServices(b *testing.B) {
	text := services(10000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := nfttext.Parse(text, nfttext.ReadOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
