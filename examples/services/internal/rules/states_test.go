package rules

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/generatortest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// state is a cluster, and the frontends of present and former services.
type state struct {
	*cluster.Cluster
	frontends []frontend
}

// states takes generators from state to state with package generatortest. What
// clients remember, trial looks at.
func states(newGenerator func(netfilter.Family) *Generator) *generatortest.Trial[state] {
	return &generatortest.Trial[state]{
		Host: `link eth0 192.168.1.10/24 192.168.1.11/24 2001:db8:1::10/64
link cni0 10.244.1.1/24 fd00:244:1::1/64
route default via 192.168.1.1 dev eth0
route default via 2001:db8:1::1 dev eth0`,
		Start:     func() state { return state{Cluster: emptyCluster()} },
		Change:    changed,
		Generator: func() generatortest.Generator[state] { return restoring(newGenerator) },
		Packet:    somePacket,
		Model: func(s state, p generatortest.Packet) simtest.Want {
			return wanted(expect(s.Cluster, p.Src(), nameOf(p), destination(p)), destination(p))
		},
		Continued: goesOn,
	}
}

// changed makes one of the changes that trial makes. What lasts is left to trial:
// a client that came before would meet its endpoint again.
func changed(c *generatortest.Choices, s state) (state, string) {
	next := state{clone(s.Cluster), slices.Clone(s.frontends)}
	drawn := make([]byte, 24)
	for i := range drawn {
		drawn[i] = byte(c.Below(256))
	}
	said := change(next.Cluster, &choices{drawn})
	t := trial{cluster: next.Cluster, frontends: next.frontends}
	t.visit()
	next.frontends = t.frontends
	return next, said
}

// restoring returns generators of both families, whose texts it restores.
func restoring(newGenerator func(netfilter.Family) *Generator) generatortest.Generator[state] {
	generators := []*Generator{newGenerator(netfilter.IPv4), newGenerator(netfilter.IPv6)}
	return func(h *iptablestest.Host, s state) error {
		for f, g := range generators {
			text, err := g.Update(s.Cluster)
			if err == nil && text != "" {
				err = h.Restore(netfilter.Family(f), text)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// somePacket draws a client and a frontend.
func somePacket(c *generatortest.Choices, s state) string {
	var p frontend
	if len(s.frontends) > 0 && !c.In(6) {
		p = generatortest.One(c, s.frontends...)
	} else {
		t := trial{choices: choices{[]byte{byte(c.Below(256)), byte(c.Below(256)), byte(c.Below(256))}}}
		p = t.otherFrontend()
	}
	t := trial{cluster: s.Cluster}
	from := slices.DeleteFunc(append(clientsOf(packet.FamilyOf(p.at.Addr())), t.hairpins(p)...), func(c client) bool {
		return c.addr.IsLoopback() != p.at.Addr().IsLoopback() // of loopback addresses only the node knows
	})
	who := generatortest.One(c, from...)
	dev := who.dev
	if dev != "" {
		dev += ": "
	}
	return dev + p.protocol + " " + netip.AddrPortFrom(who.addr, 4000).String() + " > " + p.at.String()
}

func nameOf(p generatortest.Packet) string { return packet.ProtocolName(p.Proto()) }

func destination(p generatortest.Packet) netip.AddrPort {
	return netip.AddrPortFrom(p.Dst(), p.DstPort())
}

// wanted puts an expectation in the words of simtest.
func wanted(e expectation, to netip.AddrPort) simtest.Want {
	if e.fate != served {
		words := string(e.fate)
		return simtest.That(words, func(r *simulate.Result) bool { return e.describe(r, to) == words })
	}
	each := make([]simtest.Want, 0, len(e.endpoints))
	for a, masqueraded := range e.endpoints {
		each = append(each, simtest.That(a.String()+masqueradedWord(masqueraded), func(r *simulate.Result) bool {
			return r.Fate.Passed() && r.Endpoint() == a && r.Masqueraded() == masqueraded
		}))
	}
	return simtest.All(simtest.AnyOf(each...), simtest.Evenly(each...))
}

// forgotten is when the kernel forgets a connection that has just begun
// (net/netfilter/nf_conntrack_proto_*.c).
var forgotten = map[uint8]time.Duration{packet.ProtoTCP: time.Minute, packet.ProtoUDP: 30 * time.Second, packet.ProtoSCTP: 3 * time.Second}

// goesOn wants a connection that got through to stay between its client and its
// endpoint, who is taken for the service.
func goesOn(_ state, c generatortest.Connection[state], p generatortest.Packet) simtest.Want {
	if !c.Result.Fate.Passed() || c.Idle >= forgotten[p.Proto()] {
		return simtest.Want{}
	}
	client, service := netip.AddrPortFrom(c.First.Src(), c.First.SrcPort()), destination(c.First)
	return simtest.All(simtest.Passed(), simtest.That("between client and endpoint, as the service", func(r *simulate.Result) bool {
		return destination(p) == service && r.Endpoint() == c.Result.Endpoint() || r.Endpoint() == client && r.Source() == service
	}))
}

func TestStates(t *testing.T) { states(newGenerator(t)).Run(t, 1, 6) }

// FuzzStates lets the fuzzer take generators from state to state.
func FuzzStates(f *testing.F) { states(newGenerator(f)).Fuzz(f) }

// BenchmarkPackets sends packets at a hundred services; an operation is one: drawn, taken
// to all its endpoints, and judged. It takes 45 µs of processor time on one core of the
// machine that README's table is from, 22,000 packets a second.
func BenchmarkPackets(b *testing.B) { benchmark(b, 100, 12, 8) }

// BenchmarkUpdates changes one of a thousand services; an operation is one: the text
// generated, restored, and made a node that open connections go on with. It takes 51 ms of
// processor time there, 19 updates a second.
func BenchmarkUpdates(b *testing.B) { benchmark(b, 1000, 0, 1) }

// benchmark runs steps of one kind, each of several operations.
func benchmark(b *testing.B, services int, kind byte, operations int) {
	b.Helper()
	s := state{Cluster: emptyCluster()}
	for i := range services {
		s.Services = append(s.Services, cluster.Service{Name: fmt.Sprint("s", i), Addresses: []netip.Addr{netip.AddrFrom4([4]byte{10, 96, byte(i >> 8), byte(i)})},
			Ports: []cluster.Port{{Protocol: "tcp", Port: 80, Target: 8080}}, Endpoints: endpoints("10.244.1.2", "10.244.1.3", "10.244.2.2")})
		s.frontends = append(s.frontends, frontend{"tcp", netip.AddrPortFrom(s.Services[i].Addresses[0], 80)})
	}
	tr := states(New)
	tr.Start = func() state { return s }
	n := 0
	tr.Change = func(_ *generatortest.Choices, s state) (state, string) {
		next := state{clone(s.Cluster), s.frontends}
		end := &next.Services[n%services].Endpoints[0]
		end.NotReady = !end.NotReady
		n++
		return next, "an endpoint"
	}
	var data []byte
	for i := range (b.N + operations - 1) / operations {
		data = append(data, kind, 0, byte(i), byte(i>>8), byte(i>>16), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	}
	tr.Check = func(*iptablestest.Host, state) error {
		if n == 0 {
			b.ResetTimer() // the first rules are there, and nothing has changed yet
		}
		return nil
	}
	if err := tr.Try(data); err != nil {
		b.Fatal(err)
	}
}
