package nat

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

var epoch = time.Unix(1e9, 0)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func span(low, high string) netfilter.NATRange {
	return netfilter.NATRange{MinAddr: addr(low), MaxAddr: addr(high)}
}

func ports(r netfilter.NATRange, low, high uint16) netfilter.NATRange {
	r.Ports, r.MinPort, r.MaxPort = true, low, high
	return r
}

func build(t *testing.T, s packet.Spec) netfilter.Packet {
	t.Helper()
	p, err := s.Build()
	require.NoError(t, err)
	return p
}

// open makes a connection for the packet.
func open(t *testing.T, table *conntrack.Table, p netfilter.Packet) *netfilter.Conn {
	t.Helper()
	c, rel, ok := table.In(epoch, netfilter.Prerouting, &p, nil)
	require.True(t, ok)
	require.Equal(t, netfilter.CTNew, rel)
	return c
}

// establish decides the source by a range, the destination not at all, and
// confirms.
func establish(t *testing.T, table *conntrack.Table, p netfilter.Packet, r netfilter.NATRange, rnd func(uint32) uint32) *netfilter.Conn {
	t.Helper()
	c := open(t, table, p)
	require.True(t, Keep(table, c, netfilter.ManipDst, rnd))
	require.True(t, Setup(table, c, r, netfilter.ManipSrc, rnd))
	_, ok := table.Confirm(epoch, c, netfilter.CTNew)
	require.True(t, ok)
	return c
}

func udp(src string, sport uint16, dst string, dport uint16) packet.Spec {
	return packet.Spec{Src: addr(src), Dst: addr(dst), Proto: packet.ProtoUDP, SrcPort: sport, DstPort: dport}
}

func drawn(n uint32) func(uint32) uint32 { return func(uint32) uint32 { return n } }

func noDraw(t *testing.T) func(uint32) uint32 {
	return func(uint32) uint32 { t.Error("a number was drawn"); return 0 }
}

// The addresses are those Linux 6.18 chooses.
func TestSpread(t *testing.T) {
	const src, dst = netfilter.ManipSrc, netfilter.ManipDst
	for _, c := range []struct {
		src, dst, low, high string
		manip               netfilter.Manip
		persistent          bool
		want                string
	}{
		{"198.51.100.9", "203.0.113.7", "192.0.2.50", "192.0.2.60", src, false, "192.0.2.55"},
		{"198.51.100.9", "203.0.113.7", "192.0.2.50", "192.0.2.60", src, true, "192.0.2.57"},
		{"198.51.100.10", "203.0.113.8", "192.0.2.50", "192.0.2.60", src, false, "192.0.2.58"},
		{"198.51.100.10", "203.0.113.8", "192.0.2.50", "192.0.2.60", src, true, "192.0.2.59"},
		{"198.51.100.10", "203.0.113.8", "203.0.113.20", "203.0.113.90", dst, false, "203.0.113.76"},
		{"198.51.100.10", "203.0.113.8", "203.0.113.20", "203.0.113.90", dst, true, "203.0.113.82"},
		{"2001:db8:100::9", "2001:db8:77::7", "2001:db8:2::50", "2001:db8:2::60", src, false, "2001:db8:2::5f"},
		{"2001:db8:100::9", "2001:db8:77::7", "2001:db8:2::50", "2001:db8:2::60", src, true, "2001:db8:2::56"},
		{"2001:db8:100::a", "2001:db8:77::8", "2001:db8:77::20", "2001:db8:79::5:90", dst, false, "2001:db8:78:ec37:c1f7:7508:c982:82c7"},
		{"2001:db8:100::a", "2001:db8:77::8", "2001:db8:77::20", "2001:db8:79::5:90", dst, true, "2001:db8:78:5167:a8b3:56c4:a8b3:56c4"},
	} {
		tuple := netfilter.Tuple{Src: addr(c.src), Dst: addr(c.dst)}
		got := spread(tuple, c.manip, addr(c.low), addr(c.high), 0, c.persistent)
		assert.Equal(t, c.want, got.String(), "%+v", c)
	}
}

func TestSourceIsKeptWherePossible(t *testing.T) {
	table := conntrack.New(conntrack.DefaultConfig())
	to := span("192.0.2.1", "192.0.2.1")
	a := establish(t, table, build(t, udp("10.0.0.1", 5000, "198.51.100.1", 53)), to, noDraw(t))
	assert.Equal(t, netip.MustParseAddrPort("192.0.2.1:5000"), netip.AddrPortFrom(a.Tuples[1].Dst, a.Tuples[1].DstPort))
	b := establish(t, table, build(t, udp("10.0.0.2", 5000, "198.51.100.1", 53)), to, drawn(7))
	assert.Equal(t, uint16(1024+7), b.Tuples[1].DstPort, "the port is taken")
	c := establish(t, table, build(t, udp("10.0.0.2", 5000, "198.51.100.2", 53)), to, noDraw(t))
	assert.Equal(t, uint16(1024+7), c.Tuples[1].DstPort, "the same source looks the same to everybody")
	d := establish(t, table, build(t, udp("10.0.0.3", 5000, "198.51.100.2", 53)), to, noDraw(t))
	assert.Equal(t, uint16(5000), d.Tuples[1].DstPort, "free towards another server")
}

func TestPortClasses(t *testing.T) {
	for port, want := range map[uint16]uint16{1: 1 + 3, 511: 1 + 3, 512: 600 + 3, 1023: 600 + 3, 1024: 1024 + 3} {
		table := conntrack.New(conntrack.DefaultConfig())
		r := span("192.0.2.1", "192.0.2.1")
		r.RandomFully = true
		c := establish(t, table, build(t, udp("10.0.0.1", port, "198.51.100.1", 53)), r, drawn(3))
		assert.Equal(t, want, c.Tuples[1].DstPort, port)
	}
}

func TestPortsRunOut(t *testing.T) {
	table := conntrack.New(conntrack.DefaultConfig())
	r := ports(span("192.0.2.1", "192.0.2.1"), 7000, 7001)
	for i := range uint16(2) {
		establish(t, table, build(t, udp("10.0.0.1", 100+i, "198.51.100.1", 53)), r, drawn(0))
	}
	c := open(t, table, build(t, udp("10.0.0.1", 102, "198.51.100.1", 53)))
	assert.True(t, Setup(table, c, r, netfilter.ManipSrc, drawn(0)))
	_, ok := table.Confirm(epoch, c, netfilter.CTNew)
	assert.False(t, ok, "the packet is dropped in the end")
}

func TestDestinationPorts(t *testing.T) {
	r := ports(span("10.9.9.9", "10.9.9.9"), 8000, 8010)
	shifted := r
	shifted.Offset, shifted.BasePort = true, 80
	for _, c := range []struct {
		name  string
		r     netfilter.NATRange
		dport uint16
		want  uint16
	}{
		{"first free", r, 53, 8000},
		{"in the range already", r, 8005, 8005},
		{"shifted", shifted, 84, 8004},
		{"shifted around", shifted, 91, 8000},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := conntrack.New(conntrack.DefaultConfig())
			conn := open(t, table, build(t, udp("10.0.0.1", 100, "198.51.100.1", c.dport)))
			require.True(t, Setup(table, conn, c.r, netfilter.ManipDst, noDraw(t)))
			assert.Equal(t, c.want, conn.Tuples[1].SrcPort)
			assert.Equal(t, addr("10.9.9.9"), conn.Tuples[1].Src)
			assert.Equal(t, netfilter.ConnDstNAT|netfilter.ConnDstNATDone, conn.Status)
			assert.False(t, Setup(table, conn, c.r, netfilter.ManipDst, noDraw(t)), "decided once")
		})
	}
}

// A TCP connection that is over gives up its port to a new one in the end.
func TestPortOfClosedConnection(t *testing.T) {
	table := conntrack.New(conntrack.DefaultConfig())
	r := ports(span("192.0.2.1", "192.0.2.1"), 7000, 7000)
	tcp := func(sport uint16, seq uint32) netfilter.Packet {
		return build(t, packet.Spec{Src: addr("10.0.0.1"), Dst: addr("198.51.100.1"), SrcPort: sport, DstPort: 80, Seq: seq})
	}
	old := establish(t, table, tcp(100, 1000), r, drawn(0))
	old.Status |= netfilter.ConnSeenReply // else the RST would end it
	rst := build(t, packet.Spec{Src: addr("198.51.100.1"), Dst: addr("192.0.2.1"), SrcPort: 80, DstPort: 7000,
		Flags: packet.RST | packet.ACK, Ack: 1001})
	c, _, _ := table.In(epoch, netfilter.Prerouting, &rst, nil)
	require.Same(t, old, c)
	require.Equal(t, conntrack.TCPClose, conntrack.TCPStateOf(old))

	late := open(t, table, tcp(101, 500))
	Setup(table, late, ports(r, 7000, 7001), netfilter.ManipSrc, drawn(0))
	assert.Equal(t, uint16(7001), late.Tuples[1].DstPort, "its numbers are lower")
	fresh := open(t, table, tcp(102, 5000))
	Setup(table, fresh, ports(r, 7000, 7001), netfilter.ManipSrc, drawn(0))
	assert.Equal(t, uint16(7000), fresh.Tuples[1].DstPort)
	assert.NotZero(t, old.Status&netfilter.ConnDying)
}

func TestTranslateDropsTheShort(t *testing.T) {
	table := conntrack.New(conntrack.DefaultConfig())
	c := establish(t, table, build(t, udp("10.0.0.1", 5000, "198.51.100.1", 53)), span("192.0.2.1", "192.0.2.1"), noDraw(t))
	short := build(t, packet.Spec{Src: addr("10.0.0.1"), Dst: addr("198.51.100.1"), Proto: 253, Payload: make([]byte, 7)})
	short.Wire()[9] = packet.ProtoUDP
	assert.Equal(t, ErrShort, Translate(&short, c, netfilter.CTEstablished, netfilter.Postrouting))
	assert.NoError(t, Translate(&short, c, netfilter.CTEstablished, netfilter.Prerouting), "nothing to do")
}

func TestBadErrorIsDropped(t *testing.T) {
	table := conntrack.New(conntrack.DefaultConfig())
	p := build(t, udp("10.0.0.1", 5000, "198.51.100.1", 53))
	c := establish(t, table, p, span("192.0.2.1", "192.0.2.1"), noDraw(t))
	require.NoError(t, Translate(&p, c, netfilter.CTNew, netfilter.Postrouting))
	spec := packet.Spec{Src: addr("203.0.113.1"), Dst: addr("192.0.2.1"), Proto: packet.ProtoICMP, ICMPType: 3, Payload: p.Wire()}
	e := build(t, spec)
	conn, rel, _ := table.In(epoch, netfilter.Prerouting, &e, nil)
	require.Same(t, c, conn)
	require.Equal(t, netfilter.CTRelatedReply, rel)
	bad := e.Clone()
	bad.Wire()[24]++
	assert.True(t, ErrorSumOK(&e))
	assert.False(t, ErrorSumOK(&bad))
	assert.NoError(t, Translate(&e, c, rel, netfilter.Prerouting))
	inner := packet.View(e.Wire()[28:])
	assert.Equal(t, addr("10.0.0.1"), e.Dst())
	assert.Equal(t, addr("10.0.0.1"), inner.Src())
	spec.ICMPType = 5
	redirect := build(t, spec)
	assert.Equal(t, ErrRedirect, Translate(&redirect, c, rel, netfilter.Prerouting), "a redirect of a translated connection")
}

func TestTranslateDoesNotAllocate(t *testing.T) {
	table := conntrack.New(conntrack.DefaultConfig())
	p := build(t, udp("10.0.0.1", 5000, "198.51.100.1", 53))
	c := establish(t, table, p, span("192.0.2.1", "192.0.2.1"), noDraw(t))
	assert.Zero(t, testing.AllocsPerRun(100, func() { Translate(&p, c, netfilter.CTNew, netfilter.Postrouting) }))
}
