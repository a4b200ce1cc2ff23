package classify_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/classify"
	"github.com/packetpath/packetpath/simulate/internal/lab/bench"
)

// chain returns the conditions of a chain's rules.
func chain(tb testing.TB, text, table, name string) []classify.Rule {
	rs, err := parser.ParseString(text)
	require.NoError(tb, err)
	var rules []classify.Rule
	for _, r := range rs.Table(table).Chain(name).Rules {
		rules = append(rules, classify.RuleOf(&r.Header, r.Matches))
	}
	return rules
}

// keyOf returns the key of a packet that goes from eth0 to cni0.
func keyOf(s packet.Spec) *classify.Key {
	var k classify.Key
	k.Set(classify.Src, classify.Addr(s.Src))
	k.Set(classify.Dst, classify.Addr(s.Dst))
	k.Set(classify.Proto, classify.Number(uint8(packet.ProtoTCP)))
	k.Set(classify.SrcPort, classify.Number(s.SrcPort))
	k.Set(classify.DstPort, classify.Number(s.DstPort))
	k.Set(classify.In, classify.Name("eth0"))
	k.Set(classify.Out, classify.Name("cni0"))
	return &k
}

func benchmark(b *testing.B, rules []classify.Rule, k *classify.Key) {
	b.Run("lookup", func(b *testing.B) {
		x := classify.New(rules)
		var c classify.Cursor
		b.ReportAllocs()
		candidates := 0
		for b.Loop() {
			candidates = 0
			c.Begin(x, k)
			for i := c.Next(0); i < x.Len(); i = c.Next(i + 1) {
				candidates++
			}
		}
		b.ReportMetric(float64(candidates), "candidates")
	})
	b.Run("make", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			classify.New(rules)
		}
	})
}

// BenchmarkIndex asks for the candidates of the packet that no rule matches.
func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{500, 5000, 20000} {
		k := keyOf(bench.Unmatched())
		b.Run(fmt.Sprintf("rules=%d/irregular", n), func(b *testing.B) {
			benchmark(b, chain(b, bench.Irregular(n), "filter", "FORWARD"), k)
		})
		for _, s := range bench.Shapes {
			b.Run(fmt.Sprintf("rules=%d/%s", n, s.Name), func(b *testing.B) { benchmark(b, chain(b, s.Rules(n), "filter", "FORWARD"), k) })
		}
	}
	for _, n := range []int{100, 10000, 50000} {
		c := bench.Cluster{Services: n}
		b.Run(c.String(), func(b *testing.B) {
			benchmark(b, chain(b, c.Rules(), "nat", "KUBE-SERVICES"), keyOf(c.Request()))
		})
	}
}
