package nat

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// setting is what the nat tables hold in a live test. Ranges with ports are
// for TCP and UDP only, as iptables demands.
type setting struct {
	name     string
	src, dst string // options of the targets SNAT and DNAT; "" for none
	srcRange netfilter.NATRange
	dstRange netfilter.NATRange
}

func (s *setting) rules() string {
	var b strings.Builder
	b.WriteString("*nat\n")
	for _, side := range []struct{ chain, target, opts string }{
		{"PREROUTING -i pod0", "DNAT --to-destination ", s.dst},
		{"POSTROUTING -o eth0", "SNAT --to-source ", s.src},
	} {
		switch {
		case side.opts == "":
		case s.ports():
			for _, proto := range []string{"tcp", "udp"} {
				fmt.Fprintf(&b, "-A %s -p %s -j %s%s\n", side.chain, proto, side.target, side.opts)
			}
		default:
			fmt.Fprintf(&b, "-A %s -j %s%s\n", side.chain, side.target, side.opts)
		}
	}
	b.WriteString("COMMIT\n*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n")
	return b.String()
}

func (s *setting) ports() bool { return s.srcRange.Ports || s.dstRange.Ports }

// rangeFor returns the range of the rule a new connection meets; false for
// none.
func (s *setting) rangeFor(c *netfilter.Conn, m netfilter.Manip) (netfilter.NATRange, bool) {
	opts, r := s.dst, s.dstRange
	if m == netfilter.ManipSrc {
		opts, r = s.src, s.srcRange
	}
	proto := c.Tuples[0].Proto
	return r, opts != "" && (!s.ports() || proto == packet.ProtoTCP || proto == packet.ProtoUDP)
}

func settings(v6 bool) []setting {
	a := func(last string) (text string, addr netip.Addr) {
		text = "192.0.2." + last
		if v6 {
			text = "2001:db8:2::" + last
		}
		return text, netip.MustParseAddr(text)
	}
	t50, a50 := a("50")
	t60, a60 := a("60")
	var far, farEnd string
	if far, farEnd = "203.0.113.20", "203.0.113.90"; v6 {
		far, farEnd = "2001:db8:77::20", "2001:db8:79::5:90"
	}
	farA, farB := netip.MustParseAddr(far), netip.MustParseAddr(farEnd)
	port := func(addr, ports string) string {
		if v6 {
			return "[" + addr + "]:" + ports
		}
		return addr + ":" + ports
	}
	span := func(low, high string) string { return low + "-" + high }
	one := netfilter.NATRange{MinAddr: a50, MaxAddr: a50}
	many := netfilter.NATRange{MinAddr: a50, MaxAddr: a60}
	farMany := netfilter.NATRange{MinAddr: farA, MaxAddr: farB}
	with := func(r netfilter.NATRange, f func(*netfilter.NATRange)) netfilter.NATRange { f(&r); return r }
	few := func(r *netfilter.NATRange) { r.Ports, r.MinPort, r.MaxPort = true, 5000, 5007 }
	return []setting{
		{name: "none"},
		{name: "one source", src: t50, srcRange: one},
		{name: "sources", src: span(t50, t60), srcRange: many},
		{name: "sources persistent", src: span(t50, t60) + " --persistent", srcRange: with(many, func(r *netfilter.NATRange) { r.Persistent = true })},
		{name: "few ports", src: port(t50, "5000-5007"), srcRange: with(one, few)},
		{name: "random", src: t50 + " --random", srcRange: with(one, func(r *netfilter.NATRange) { r.Random = true })},
		{name: "destinations", dst: span(far, farEnd), dstRange: farMany},
		{name: "destinations persistent", dst: span(far, farEnd) + " --persistent", dstRange: with(farMany, func(r *netfilter.NATRange) { r.Persistent = true })},
		{name: "destination ports", dst: port(far, "5000-5007"), dstRange: with(netfilter.NATRange{MinAddr: farA, MaxAddr: farA}, few)},
		{name: "shifted ports", dst: port(far, "5000-5007/1000"), dstRange: with(netfilter.NATRange{MinAddr: farA, MaxAddr: farA}, func(r *netfilter.NATRange) { few(r); r.Offset, r.BasePort = true, 1000 })},
		{name: "both", src: t50, srcRange: one, dst: span(far, farEnd), dstRange: farMany},
	}
}

// live is a kernel that translates between pod0 and eth0, and our copy of it.
type live struct {
	t     testing.TB
	rnd   *rand.Rand
	node  *kernel.Node
	table *conntrack.Table
	now   time.Time
	v6    bool
	set   setting
	id    uint32
	sent  []netfilter.Packet // what left by eth0
}

func openLive(t testing.TB) *kernel.Node {
	t.Helper()
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	node, err := kernel.Open(kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "eth0", Addrs: []string{"192.0.2.1/24", "2001:db8:2::1/64"}},
			{Name: "pod0", Addrs: []string{"198.51.100.1/24", "2001:db8:100::1/64"}},
		},
		Routes: []string{"default via 192.0.2.254 dev eth0", "default via 2001:db8:2::fe dev eth0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	return node
}

func TestLive(t *testing.T) {
	node := openLive(t)
	for _, v6 := range []bool{false, true} {
		for _, set := range settings(v6) {
			t.Run(fmt.Sprintf("v6=%v %s", v6, set.name), func(t *testing.T) {
				const seed = 6
				t.Logf("seed %d", seed)
				l := &live{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), node: node, now: time.Unix(1e9, 0), v6: v6, set: set}
				l.table = conntrack.New(conntrack.DefaultConfig())
				rules := [2]string{set.rules(), ""}
				if v6 {
					rules[0], rules[1] = rules[1], rules[0]
				}
				if err := node.Load(rules[0], rules[1], ""); err != nil {
					t.Fatal(err)
				}
				for n := 0; n < 400 && !t.Failed(); n++ {
					l.round()
				}
			})
		}
	}
}

func (l *live) pick(n ...int) int { return n[l.rnd.IntN(len(n))] }

// round sends a packet from a client, an answer, or an ICMP error about a
// packet.
func (l *live) round() {
	if len(l.sent) == 0 || l.rnd.IntN(2) == 0 {
		l.check("pod0", l.fromClient())
		return
	}
	p := l.sent[l.rnd.IntN(len(l.sent))]
	if l.rnd.IntN(2) == 0 {
		l.check("eth0", l.answer(p))
		return
	}
	l.check("eth0", l.complaint(p))
}

func (l *live) client() netip.Addr {
	if l.v6 {
		return netip.MustParseAddr(fmt.Sprintf("2001:db8:100::%x", l.pick(9, 10, 11)))
	}
	return netip.MustParseAddr(fmt.Sprintf("198.51.100.%d", l.pick(9, 10, 11)))
}

func (l *live) server() netip.Addr {
	if l.v6 {
		return netip.MustParseAddr(fmt.Sprintf("2001:db8:77::%x", l.pick(7, 8)))
	}
	return netip.MustParseAddr(fmt.Sprintf("203.0.113.%d", l.pick(7, 8)))
}

func (l *live) fromClient() netfilter.Packet {
	s := packet.Spec{
		Src: l.client(), Dst: l.server(),
		Proto:   uint8(l.pick(6, 6, 17, 17, 17, 1, 132, 47, 253)),
		SrcPort: uint16(l.pick(400, 700, 5001, 40000, 40001)), DstPort: uint16(l.pick(80, 443, 1003)),
		ICMPType: packet.ICMPEchoRequest, ICMPID: uint16(l.pick(1, 2)),
		Payload: make([]byte, l.pick(0, 0, 5, 40)), Seq: 1000,
	}
	switch s.Proto {
	case packet.ProtoSCTP:
		s.Payload = []byte{1, 0, 0, 20, 0, 0, 0, 9, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1}
	case packet.ProtoGRE:
		s.Payload = append([]byte{0x20, byte(l.pick(0, 1)), 0x88, 0x0b, 0, 0, 0, 5}, s.Payload...)
	case packet.ProtoICMP:
		if l.v6 {
			s.Proto, s.ICMPType = packet.ProtoICMPv6, 128
			// Of other queries the identifier is chosen but not written, so that a
			// random one does not show.
			if l.set.name == "none" && l.rnd.IntN(3) == 0 {
				s.ICMPType = 139
			}
		}
	}
	p := l.build(s)
	if s.Proto == packet.ProtoUDP && l.rnd.IntN(4) == 0 {
		w := p.Wire()[p.Transport().Offset:]
		w[6], w[7] = 0, 0
	}
	return p
}

// answer is what the receiver of p sends back.
func (l *live) answer(p netfilter.Packet) netfilter.Packet {
	s := packet.Spec{Src: p.Dst(), Dst: p.Src(), Proto: p.Proto(), SrcPort: p.DstPort(), DstPort: p.SrcPort(),
		Flags: packet.SYN | packet.ACK, Ack: 1001, Payload: make([]byte, l.pick(0, 3))}
	body := p.Wire()[p.Transport().Offset:]
	switch s.Proto {
	case packet.ProtoTCP:
		s.Ack = binary.BigEndian.Uint32(body[4:]) + uint32(len(body)) - 20 + 1
	case packet.ProtoICMP, packet.ProtoICMPv6:
		s.ICMPType = map[uint8]uint8{8: 0, 128: 129, 139: 140}[body[0]]
		s.ICMPID = binary.BigEndian.Uint16(body[4:])
	case packet.ProtoSCTP:
		s.Payload = []byte{2, 0, 0, 20, 0, 0, 0, 7, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1}
	case packet.ProtoGRE:
		s.Payload = append([]byte{0x20, body[1], 0x88, 0x0b, 0, 0, 0, 0}, s.Payload...)
	}
	q := l.build(s)
	if s.Proto == packet.ProtoSCTP {
		w := q.Wire()[q.Transport().Offset:]
		binary.BigEndian.PutUint32(w[4:], 9)
		binary.LittleEndian.PutUint32(w[8:], packet.SCTPChecksum(w))
	}
	return q
}

// complaint is an ICMP error about p, as its receiver or a router sends it.
func (l *live) complaint(p netfilter.Packet) netfilter.Packet {
	s := packet.Spec{Src: p.Dst(), Dst: p.Src(), Proto: packet.ProtoICMP, ICMPType: uint8(l.pick(3, 11, 5))}
	if l.v6 {
		s.Proto, s.ICMPType = packet.ProtoICMPv6, uint8(l.pick(1, 2, 3))
	}
	if l.rnd.IntN(2) == 0 {
		s.Src = l.server()
	}
	w := p.AppendWire(nil)
	s.Payload = w[:min(len(w), p.Transport().Offset+l.pick(8, 8, 12, 20, 100, 7, 4))]
	return l.build(s)
}

func (l *live) build(s packet.Spec) netfilter.Packet {
	l.id = l.id%60000 + 1
	s.ID, s.FlowLabel = uint16(l.id), l.id
	p, err := s.Build()
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// identity tells a packet from those the host itself sends meanwhile.
func identity(p *netfilter.Packet) uint32 { return uint32(p.ID()) + p.FlowLabel() }

// check sends the packet through both and compares what leaves.
func (l *live) check(link string, p netfilter.Packet) {
	l.t.Helper()
	a, err := l.node.Send(kernel.Packet{In: link, Wire: p.Wire()})
	if err != nil {
		l.t.Fatal(err)
	}
	var left []byte
	for _, o := range a.Out {
		if q := packet.View(o.Wire); identity(&q) == identity(&p) {
			left = o.Wire
		}
	}
	ours := l.forward(link, p, left)
	if string(left) != string(ours) {
		l.t.Errorf("%s: %x\nkernel %x\nours   %x", link, p.Wire(), left, ours)
		return
	}
	if link == "pod0" && left != nil {
		q, err := packet.Decode(left)
		if err != nil {
			l.t.Fatal(err)
		}
		l.sent = append(l.sent, q)
	}
}

// pods is the network of pod0, by whether it is the IPv6 one; all else leaves
// by eth0.
var pods = map[bool]netip.Prefix{
	false: netip.MustParsePrefix("198.51.100.0/24"),
	true:  netip.MustParsePrefix("2001:db8:100::/64"),
}

// forward takes the packet through our copy and returns what leaves, nil if
// nothing does. Where chance decides, the kernel's packet is the guide.
func (l *live) forward(link string, p netfilter.Packet, guide []byte) []byte {
	p = p.Clone()
	c, rel, ok := l.table.In(l.now, netfilter.Prerouting, &p, nil)
	if !ok || c == nil {
		return nil
	}
	if !l.translate(&p, c, rel, netfilter.Prerouting, link == "pod0", guide) {
		return nil
	}
	p.SetTTL(p.TTL() - 1)
	if !l.translate(&p, c, rel, netfilter.Postrouting, !pods[l.v6].Contains(p.Dst()), guide) {
		return nil
	}
	if _, ok := l.table.Confirm(l.now, c, rel); !ok {
		return nil
	}
	return p.Wire()
}

func (l *live) translate(p *netfilter.Packet, c *netfilter.Conn, rel netfilter.CTState, h netfilter.Hook, rules bool, guide []byte) bool {
	m := netfilter.ManipOf(h)
	if rel == netfilter.CTNew && !Initialized(c, m) {
		r, ok := l.set.rangeFor(c, m)
		if ok && rules {
			ok = Setup(l.table, c, r, m, l.follow(c, r, guide))
		} else {
			ok = Keep(l.table, c, m, l.follow(c, netfilter.NATRange{}, guide))
		}
		if !ok {
			return false
		}
	}
	return Translate(p, c, rel, h) == nil
}

// follow draws the number that leads to the source port the kernel took.
func (l *live) follow(c *netfilter.Conn, r netfilter.NATRange, guide []byte) func(uint32) uint32 {
	return func(uint32) uint32 {
		p, err := packet.Decode(guide)
		if err != nil {
			return 0
		}
		t, _ := conntrack.TupleOf(&p)
		low := uint32(0)
		switch {
		case r.Ports:
			low = uint32(r.MinPort)
		case packet.HasPorts(t.Proto):
			low, _ = portClass(c.Tuples[0].SrcPort)
		}
		return uint32(t.SrcPort) - low
	}
}
