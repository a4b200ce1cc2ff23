package bench

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

func build(tb testing.TB, s packet.Spec) netfilter.Packet {
	tb.Helper()
	p, err := s.Build()
	require.NoError(tb, err)
	return p
}

func load(tb testing.TB, rules string) *simulate.Node {
	tb.Helper()
	node, err := Node(rules)
	require.NoError(tb, err)
	return node
}

// clusters are the sizes that a new connection must cost the same at.
func clusters() (list []Cluster) {
	for _, n := range []int{100, 1000, 10000, 50000} {
		list = append(list, Cluster{Services: n}, Cluster{Services: n, NodePorts: true, Affinity: true})
	}
	return list
}

// BenchmarkNew sends the first packet of a connection to the service whose
// rules stand last: through all hooks, translated on both sides, and tracked; with
// its path, and for the answer alone.
func BenchmarkNew(b *testing.B) {
	for _, c := range clusters() {
		b.Run(c.String(), func(b *testing.B) {
			node := load(b, c.Rules())
			brief := node.With(simulate.WithoutPath())
			b.Run("to=cluster", func(b *testing.B) { benchmarkNew(b, node, build(b, c.Request())) })
			b.Run("to=cluster,answer", func(b *testing.B) { benchmarkNew(b, brief, build(b, c.Request())) })
			if c.NodePorts {
				b.Run("to=node", func(b *testing.B) { benchmarkNew(b, node, build(b, c.NodePortRequest())) })
				b.Run("to=node,answer", func(b *testing.B) { benchmarkNew(b, brief, build(b, c.NodePortRequest())) })
			}
		})
	}
}

func benchmarkNew(b *testing.B, node *simulate.Node, p netfilter.Packet) {
	var r simulate.Result
	if node.ReceiveInto(&r, "eth0", p); r.Fate != simulate.Forwarded || !r.Masqueraded() {
		b.Fatalf("%+v", &r)
	}
	for range warm {
		node.ReceiveInto(&r, "eth0", p)
	}
	b.ReportAllocs()
	fastest := leastPacket()
	for fastest.loop(b) {
		node.ReceiveInto(&r, "eth0", p)
	}
}

// BenchmarkEstablished sends segments of an open connection, in turn in each
// direction.
func BenchmarkEstablished(b *testing.B) {
	for _, c := range []Cluster{{Services: 1000}, {Services: 10000, NodePorts: true, Affinity: true}} {
		b.Run(c.String(), func(b *testing.B) {
			node := load(b, c.Rules())
			b.Run("path", func(b *testing.B) { benchmarkEstablished(b, c, node.NewSession()) })
			b.Run("answer", func(b *testing.B) { benchmarkEstablished(b, c, node.NewSession(simulate.WithoutPath())) })
		})
	}
}

// benchmarkEstablished counts the segments of both directions one by one.
func benchmarkEstablished(b *testing.B, c Cluster, s *simulate.Session) {
	syn := s.Receive("eth0", build(b, c.Request()))
	there, back := open(b, s, c, syn)
	segments := [2]netfilter.Packet{there, back}
	links := [2]string{"eth0", "cni0"}
	var r simulate.Result
	b.ReportAllocs()
	fastest := leastPacket()
	for i := 0; fastest.loop(b); i = 1 - i {
		if !s.ReceiveInto(&r, links[i], segments[i]).Fate.Passed() {
			b.Fatal("a segment did not get through")
		}
	}
}

// BenchmarkUntranslated sends a segment of an open connection that no rule
// translates, on nodes with few and with many links.
func BenchmarkUntranslated(b *testing.B) {
	for _, n := range []int{2, 250} {
		b.Run(fmt.Sprintf("links=%d", n), func(b *testing.B) {
			rs, err := parser.ParseString(Cluster{Services: 1000}.Rules())
			require.NoError(b, err)
			h := Host()
			for i := len(h.Links); i < n; i++ {
				h.Links = append(h.Links, host.Link{Name: fmt.Sprintf("veth%d", i)})
			}
			h.Links[1], h.Links[len(h.Links)-1] = h.Links[len(h.Links)-1], h.Links[1] // cni0 is last
			node, err := simulate.New(h, rs)
			require.NoError(b, err)
			spec := packet.Spec{Src: client, SrcPort: 40000, Dst: netip.MustParseAddr("10.244.0.2"), DstPort: 80, Flags: packet.SYN}
			s := node.NewSession()
			require.Equal(b, simulate.Forwarded, s.Receive("eth0", build(b, spec)).Fate)
			var r simulate.Result
			b.ReportAllocs()
			p := build(b, spec)
			fastest := leastPacket()
			for fastest.loop(b) {
				if s.ReceiveInto(&r, "eth0", p).Fate != simulate.Forwarded {
					b.Fatal("a segment did not get through")
				}
			}
		})
	}
}

// BenchmarkDropped sends a tracked packet for the host itself, which INPUT drops.
func BenchmarkDropped(b *testing.B) {
	s, p := load(b, Closed).NewSession(), build(b, ToNode())
	var r simulate.Result
	b.ReportAllocs()
	fastest := leastPacket()
	for fastest.loop(b) {
		if s.ReceiveInto(&r, "eth0", p).Fate != simulate.Dropped {
			b.Fatal("it was not dropped")
		}
	}
}

// open completes a connection and returns a segment of each direction.
func open(tb testing.TB, s *simulate.Session, c Cluster, syn *simulate.Result) (there, back netfilter.Packet) {
	require.Equal(tb, simulate.Forwarded, syn.Fate)
	spec := c.Request()
	spec.Flags, spec.Seq, spec.Ack = packet.ACK, 1, 5001
	there = build(tb, spec)
	answer := func(flags packet.TCPFlags, seq uint32) netfilter.Packet {
		p := &syn.Packet
		return build(tb, packet.Spec{Src: p.Dst(), SrcPort: p.DstPort(), Dst: p.Src(), DstPort: p.SrcPort(),
			Seq: seq, Ack: 1, Flags: flags})
	}
	back = answer(packet.ACK, 5001)
	require.Equal(tb, simulate.Forwarded, s.Receive("cni0", answer(packet.SYN|packet.ACK, 5000)).Fate)
	for conn := range s.Conns() {
		require.Contains(tb, conn.String(), "SYN_RECV")
	}
	require.Equal(tb, simulate.Forwarded, s.Receive("eth0", there).Fate)
	require.Equal(tb, simulate.Forwarded, s.Receive("cni0", back).Fate)
	for conn := range s.Conns() {
		require.Contains(tb, conn.String(), "ESTABLISHED")
	}
	return there, back
}

// BenchmarkFirewall sends the packet that none of many irregular rules matches.
func BenchmarkFirewall(b *testing.B) {
	for _, n := range []int{5000, 20000} {
		b.Run(fmt.Sprintf("rules=%d/irregular", n), func(b *testing.B) { benchmarkFirewall(b, Irregular(n)) })
		for _, shape := range Shapes {
			b.Run(fmt.Sprintf("rules=%d/%s", n, shape.Name), func(b *testing.B) { benchmarkFirewall(b, shape.Rules(n)) })
		}
	}
}

func benchmarkFirewall(b *testing.B, rules string) {
	s, p := load(b, rules).NewSession(), build(b, Unmatched())
	var r simulate.Result
	if s.ReceiveInto(&r, "eth0", p); r.Fate != simulate.Dropped || r.By.Kind != simulate.StepPolicy {
		b.Fatalf("%+v", &r)
	}
	for range warm {
		s.ReceiveInto(&r, "eth0", p)
	}
	b.ReportAllocs()
	fastest := leastPacket()
	for fastest.loop(b) {
		s.ReceiveInto(&r, "eth0", p)
	}
}

// BenchmarkSets looks an address up in a large set, and begins sessions on it.
func BenchmarkSets(b *testing.B) {
	for _, set := range Sets {
		for _, n := range []int{100_000, 1_000_000} {
			b.Run(fmt.Sprintf("entries=%d/%s", n, set.Name), func(b *testing.B) {
				node, err := set.Node(n)
				require.NoError(b, err)
				p := build(b, set.Packet(n))
				b.Run("lookup", func(b *testing.B) {
					s := node.NewSession()
					var r simulate.Result
					if s.ReceiveInto(&r, "eth0", p); r.By.Rule == nil {
						b.Fatalf("%+v", &r)
					}
					b.ReportAllocs()
					fastest := leastPacket()
					for fastest.loop(b) {
						s.ReceiveInto(&r, "eth0", p)
					}
				})
				b.Run("session", func(b *testing.B) {
					b.ReportAllocs()
					fastest := leastPacket()
					for fastest.loop(b) {
						if r := node.Receive("eth0", p); r.By.Rule == nil {
							b.Fatalf("%+v", r)
						}
					}
				})
			})
		}
	}
}

// BenchmarkLoad reads a ruleset and makes a node of it.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 10000, 50000} { // 823, 80,023 and 400,023 rules
		c := Cluster{Services: n}
		text := c.Rules()
		b.Run(c.String(), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			fastest := leastRun()
			for fastest.loop(b) {
				load(b, text)
			}
		})
		b.Run(c.String()+"/node", func(b *testing.B) {
			rs, err := parser.ParseString(text)
			require.NoError(b, err)
			b.ReportAllocs()
			fastest := leastRun()
			for fastest.loop(b) {
				if _, err := simulate.New(Host(), rs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUpdate changes one service of many: the endpoint of its rules, which are read
// onto the ruleset of a node. Then it makes a node of the result, from the node and afresh.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		c := Cluster{Services: n}
		b.Run(c.String(), func(b *testing.B) {
			node, rs, next := changed(b, c)
			b.Run("onto", func(b *testing.B) {
				b.ReportAllocs()
				fastest := leastRun()
				for fastest.loop(b) {
					_, err := parser.ParseString(c.Change(n/2), parser.Onto(rs))
					require.NoError(b, err)
				}
			})
			b.Run("ontochecked", func(b *testing.B) {
				base, err := netfilter.NewChecked(rs)
				require.NoError(b, err)
				b.ReportAllocs()
				fastest := leastRun()
				for fastest.loop(b) {
					_, err := parser.ParseString(c.Change(n/2), parser.OntoChecked(base))
					require.NoError(b, err)
				}
			})
			b.Run("update", func(b *testing.B) {
				b.ReportAllocs()
				fastest := leastRun()
				for fastest.loop(b) {
					_, err := node.Update(next)
					require.NoError(b, err)
				}
			})
			b.Run("new", func(b *testing.B) {
				b.ReportAllocs()
				fastest := leastRun()
				for fastest.loop(b) {
					_, err := simulate.New(Host(), next)
					require.NoError(b, err)
				}
			})
		})
	}
}

// changed returns a node, its ruleset, and the ruleset with one service changed.
func changed(tb testing.TB, c Cluster) (node *simulate.Node, rs, next *netfilter.Ruleset) {
	rs, err := parser.ParseString(c.Rules())
	require.NoError(tb, err)
	node, err = simulate.New(Host(), rs)
	require.NoError(tb, err)
	next, err = parser.ParseString(c.Change(c.Services/2), parser.Onto(rs))
	require.NoError(tb, err)
	return node, rs, next
}

// BenchmarkSave prints a ruleset as iptables-save does.
func BenchmarkSave(b *testing.B) {
	c := Cluster{Services: 10000}
	b.Run(c.String(), func(b *testing.B) {
		rs, err := parser.ParseString(c.Rules())
		require.NoError(b, err)
		b.ReportAllocs()
		fastest := leastRun()
		for fastest.loop(b) {
			_ = rs.String()
		}
	})
}

// BenchmarkFuzz is what a fuzz target does with each input: read a small
// ruleset, make a node, and send it ten packets.
func BenchmarkFuzz(b *testing.B) {
	rules, p := Irregular(100), build(b, Unmatched())
	b.ReportAllocs()
	fastest := leastRun()
	for fastest.loop(b) {
		s := load(b, rules).NewSession()
		for range 10 {
			s.Receive("eth0", p)
		}
	}
}

// BenchmarkCoverage sends a new connection's packet while coverage counts, and
// while it does not.
func BenchmarkCoverage(b *testing.B) {
	c := Cluster{Services: 10000}
	node, p := load(b, c.Rules()), build(b, c.Request())
	b.Run("off", func(b *testing.B) { benchmarkNew(b, node, p) })
	b.Run("on", func(b *testing.B) {
		node := node.With(simulate.WithCoverage(&simulate.Coverage{}))
		node.NewSession() // which readies the counts
		benchmarkNew(b, node, p)
	})
}

// BenchmarkOutcomes follows a packet to all endpoints of a service and sums up
// where it may end.
func BenchmarkOutcomes(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("endpoints=%d", n), func(b *testing.B) {
			s, p := load(b, Endpoints(n)).NewSession(), build(b, Cluster{Services: 1}.Request())
			b.ReportAllocs()
			fastest := leastRun()
			for fastest.loop(b) {
				all := simulate.Outcomes(s.Branches("eth0", p, simulate.MaxBranches(2*n)), (*simulate.Result).Endpoint)
				if len(all) != n {
					b.Fatalf("%d outcomes", len(all))
				}
			}
		})
	}
}

// crowd fills a session with connections from many clients, all masqueraded.
func crowd(tb testing.TB, n int) *simulate.Session {
	s := load(tb, Masquerade).NewSession()
	require.NoError(tb, s.LoadConns("crowd", Conns(n)))
	return s
}

// BenchmarkConns sends packets of one connection among many, and copies the
// table.
func BenchmarkConns(b *testing.B) {
	for _, n := range []int{1000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("connections=%d", n), func(b *testing.B) {
			s := crowd(b, n)
			p := build(b, ConnPacket(n/2))
			b.Run("packet", func(b *testing.B) {
				var r simulate.Result
				if s.ReceiveInto(&r, "cni0", p); r.Fate != simulate.Forwarded {
					b.Fatalf("%+v", &r)
				}
				b.ReportAllocs()
				fastest := leastPacket()
				for fastest.loop(b) {
					s.ReceiveInto(&r, "cni0", p)
				}
			})
			b.Run("clone", func(b *testing.B) {
				b.ReportAllocs()
				fastest := leastRun()
				for fastest.loop(b) {
					s.Clone()
				}
			})
			b.Run("branches", func(b *testing.B) {
				b.ReportAllocs()
				fastest := leastRun()
				for fastest.loop(b) {
					for r := range s.Branches("cni0", p) {
						_ = r
					}
				}
			})
		})
	}
}

// BenchmarkSamePort has ever more clients with the same source port reach one
// server behind the same address, each of which needs a port of its own.
func BenchmarkSamePort(b *testing.B) {
	for _, n := range []int{1000, 30000, 60000} {
		b.Run(fmt.Sprintf("clients=%d", n), func(b *testing.B) {
			node := load(b, Masquerade)
			b.ReportAllocs()
			fastest := leastRun()
			for fastest.loop(b) {
				s := node.NewSession()
				for i := range n {
					s.Receive("cni0", build(b, SamePortPacket(i)))
				}
			}
		})
	}
}

// BenchmarkParallel has goroutines share one node; least-ns/op is the time of a packet in
// each of them.
func BenchmarkParallel(b *testing.B) {
	c := Cluster{Services: 1000}
	node, p := load(b, c.Rules()), build(b, c.Request())
	b.ReportAllocs()
	var slowest atomic.Int64 // of the goroutines, by their fastest batch
	b.RunParallel(func(pb *testing.PB) {
		var r simulate.Result
		fastest := leastPacket()
		for ; pb.Next(); fastest.n++ {
			if fastest.n%fastest.batch == 0 {
				fastest.lap()
			}
			node.ReceiveInto(&r, "eth0", p)
		}
		for {
			old := slowest.Load()
			if old >= int64(fastest.time) || slowest.CompareAndSwap(old, int64(fastest.time)) {
				break
			}
		}
	})
	if t := slowest.Load(); t > 0 {
		b.ReportMetric(float64(t)/float64(leastPacket().batch), "least-ns/op")
	}
}
