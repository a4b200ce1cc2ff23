package simulate_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/anyvalue"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestHandmadeExtensions gives the fields of every extension any values at all,
// as a program that builds rulesets without a text might: what New accepts takes
// packets and shows itself without panicking.
func TestHandmadeExtensions(t *testing.T) {
	const tries = 60
	random := rand.New(rand.NewPCG(1, 2))
	for _, family := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
		c := gen.Random(7, gen.Config{Family: 4 + 2*int(family)})
		var wires [][]byte
		for p := range c.Packets(nil) {
			wires = append(wires, p.Wire)
		}
		for _, d := range append(match.Definitions(), target.Definitions()...) {
			t.Run(family.String()+"/"+d.Name, func(t *testing.T) {
				accepted := 0
				for range tries {
					rs := handmade(d, family, random)
					node, err := simulate.New(fuzzHost(), rs)
					if err != nil {
						continue
					}
					accepted++
					require.NotEmpty(t, rs.String())
					s := node.NewSession()
					for range 8 {
						p, err := packet.Decode(wires[random.IntN(len(wires))])
						if err != nil {
							continue
						}
						require.NotEmpty(t, s.Receive("eth0", p).String())
						require.NotEmpty(t, s.Send(p).String())
					}
				}
				t.Logf("%d of %d accepted", accepted, tries)
			})
		}
	}
}

// TestHandmadeHosts does the same with hosts.
func TestHandmadeHosts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	c := gen.Random(7, gen.Config{Family: 4})
	c6 := gen.Random(8, gen.Config{Family: 6})
	accepted := 0
	for range 300 {
		h := fuzzHost()
		h.Rules = []host.PolicyRule{{Priority: 100, Table: 254}, {Priority: 200, Table: 253}}
		h.Sockets = []host.Socket{{Proto: packet.ProtoTCP, Port: 80}}
		anyvalue.Poke(reflect.ValueOf(&h).Elem(), random)
		for _, c := range []*gen.Case{c, c6} {
			node, err := oracle.Load(h, c.Rules4, c.Rules6)
			if err != nil {
				t.Log(err)
				continue
			}
			accepted++
			s := node.NewSession()
			for p := range c.Packets(nil) {
				p, err := packet.Decode(p.Wire)
				if err != nil {
					continue
				}
				require.NotEmpty(t, s.Receive("eth0", p).String())
				require.NotEmpty(t, s.Send(p).String())
			}
		}
	}
	t.Logf("%d accepted", accepted)
}

// handmade returns a ruleset with an extension of random fields in every
// built-in chain of a table that may hold it.
func handmade(d *netfilter.Definition, f netfilter.Family, random *rand.Rand) *netfilter.Ruleset {
	tables := d.Tables
	if tables == nil {
		tables = []string{"raw", "mangle", "nat", "filter"}
	}
	t := netfilter.NewTable(tables[random.IntN(len(tables))])
	for _, c := range t.Chains {
		if h, _ := netfilter.HookByName(c.Name); d.Hooks != 0 && !d.Hooks.Has(h) {
			continue
		}
		r := &netfilter.Rule{}
		if len(d.Protocols) > 0 {
			r.Proto = d.Protocols[random.IntN(len(d.Protocols))]
		}
		e := d.New()
		anyvalue.Fill(reflect.ValueOf(e).Elem(), f, random)
		if m, ok := e.(netfilter.Match); ok {
			r.Matches = []netfilter.Match{m}
		} else {
			r.Target = e.(netfilter.Target)
		}
		c.Rules = append(c.Rules, r)
	}
	return &netfilter.Ruleset{Family: f, Tables: []*netfilter.Table{t}}
}
