package routekey_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/routekey"
)

func parse(text string) netfilter.Packet {
	_, p := parser.MustPacket(text)
	return p
}

// TestPorts holds which packets have ports that policy rules can match.
func TestPorts(t *testing.T) {
	for text, want := range map[string]fib.Key{
		"tcp 192.0.2.1:5 > 192.0.2.2:80":                                      {Proto: packet.ProtoTCP, SrcPort: 5, DstPort: 80},
		"udp [2001:db8::1]:5 > [2001:db8::2]:53":                              {Proto: packet.ProtoUDP, SrcPort: 5, DstPort: 53},
		"icmp 192.0.2.1 > 192.0.2.2 type 8":                                   {Proto: packet.ProtoICMP},
		`udp 192.0.2.1 > 192.0.2.2 frag 8 payload "12345678"`:                 {Proto: packet.ProtoUDP},
		"udp 192.0.2.1:5 > 192.0.2.2:53 frag 0+ payload hex:0011223344556677": {Proto: packet.ProtoUDP},
	} {
		p := parse(text)
		want.Src, want.Dst = p.Src(), p.Dst()
		assert.Equal(t, want, routekey.Of(&p, false), text)
	}
}

// TestUser holds that packets of the host alone are routed by the user of their socket.
func TestUser(t *testing.T) {
	p := parse("tcp 192.0.2.1:5 > 192.0.2.2:80")
	p.Socket = &packet.Socket{UID: 7}
	assert.Equal(t, uint32(7), routekey.Of(&p, true).UID)
	assert.Zero(t, routekey.Of(&p, false).UID)
}

// TestOfSocket holds what sockets leave out of their keys.
func TestOfSocket(t *testing.T) {
	p := parse("tcp 192.0.2.1:5 > 192.0.2.2:80")
	assert.Equal(t, netip.Addr{}, routekey.OfSocket(&p).Src, "an unbound socket has no source")
	p.Socket = &packet.Socket{Bound: true}
	assert.Equal(t, p.Src(), routekey.OfSocket(&p).Src)
	p.Socket.Raw = true
	raw := routekey.OfSocket(&p)
	assert.Equal(t, [3]uint16{255, 0, 0}, [3]uint16{uint16(raw.Proto), raw.SrcPort, raw.DstPort})
	echo := parse("icmp 192.0.2.1 > 192.0.2.2 type 8 code 1")
	assert.Equal(t, uint16(0x801), routekey.OfSocket(&echo).DstPort, "type and code of ICMP stand for the port")
}

// TestMangled holds the fields whose change causes a new lookup.
func TestMangled(t *testing.T) {
	for _, text := range []string{"udp 192.0.2.1:5 > 192.0.2.2:80", "udp [2001:db8::1]:5 > [2001:db8::2]:80"} {
		for what, change := range map[string]func(*netfilter.Packet){
			"source": func(p *netfilter.Packet) { p.SetSrc(p.Dst()) },
			"mark":   func(p *netfilter.Packet) { p.Mark++ },
			"tos":    func(p *netfilter.Packet) { p.SetTOS(8) },
			"port":   func(p *netfilter.Packet) { p.SetDstPort(81) },
			"ttl":    func(p *netfilter.Packet) { p.SetTTL(9) },
		} {
			p := parse(text)
			before := routekey.MangledOf(&p)
			change(&p)
			again := what != "port" && (what != "ttl" || p.Family() == netfilter.IPv6)
			assert.Equal(t, again, before != routekey.MangledOf(&p), "%s of %s", what, text)
		}
	}
}
