package match_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
)

// world answers the questions of matches without a host.
type world struct{ netfilter.Engine }

func (world) AddrType(netip.Addr, string) netfilter.AddrType { return netfilter.AddrLocal }
func (world) Chance(uint32) bool                             { return true }
func (world) Now() time.Time                                 { return time.Unix(0, 0) }

// busyMatches are conditions that a packet meets often, all true of the packet
// of packetContext.
var busyMatches = []string{
	"-p tcp -m tcp --sport 1000:2000 --dport 80 --tcp-flags ALL SYN",
	"-p tcp -m multiport --dports 22,443,8000:9000,80",
	"-m conntrack --ctstate NEW,ESTABLISHED --ctproto tcp --ctorigdst 192.0.2.0/24 --ctorigdstport 80 --ctstatus CONFIRMED --ctexpire 1:60",
	"-m state --state NEW",
	"-m connmark --mark 0x1/0xff",
	"-m mark --mark 0x7/0xf",
	"-m addrtype --dst-type LOCAL --limit-iface-in",
	"-m statistic --mode random --probability 0.5",
	"-m statistic --mode nth --every 1 --packet 0",
	"-m comment --comment \"nothing to see\"",
}

func readMatch(t testing.TB, spec string) netfilter.Match {
	t.Helper()
	rs, err := parser.ParseString("*filter\n-A INPUT " + spec + "\nCOMMIT\n")
	require.NoError(t, err)
	return rs.Table("filter").Chain("INPUT").Rules[0].Matches[0]
}

// packetContext is a context of a SYN, ready for the match.
func packetContext(t testing.TB, m netfilter.Match) *netfilter.Context {
	t.Helper()
	src, dst := netip.MustParseAddr("203.0.113.5"), netip.MustParseAddr("192.0.2.1")
	p, err := packet.Spec{Src: src, Dst: dst, SrcPort: 1024, DstPort: 80, Mark: 0x17}.Build()
	require.NoError(t, err)
	conn := &netfilter.Conn{Status: netfilter.ConnConfirmed, Mark: 1, Expires: time.Unix(30, 0)}
	conn.Tuples[netfilter.DirOriginal] = netfilter.Tuple{Src: src, Dst: dst, Proto: packet.ProtoTCP, SrcPort: 1024, DstPort: 80}
	c := &netfilter.Context{Engine: world{}, Hook: netfilter.Input, Table: "filter", In: "eth0",
		Packet: &p, Transport: p.Transport(), Conn: conn, CTState: netfilter.CTNew}
	if s, ok := m.(netfilter.Stateful); ok {
		c.Begin(s.NewState())
	}
	return c
}

func TestMatchesDoNotAllocate(t *testing.T) {
	for _, spec := range busyMatches {
		m := readMatch(t, spec)
		c := packetContext(t, m)
		require.True(t, m.Match(c), spec)
		require.Zero(t, testing.AllocsPerRun(10, func() { m.Match(c) }), spec)
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, spec := range busyMatches {
		m := readMatch(b, spec)
		c := packetContext(b, m)
		b.Run(m.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Match(c)
			}
		})
	}
}
