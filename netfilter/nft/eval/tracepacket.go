package eval

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// packetText describes a packet as the trace does in a table of a family
// (src/netlink.c, trace_print_packet).
func packetText(f nft.Family, t *netfilter.TraceStep) string {
	w := &traceWriter{family: f, wire: t.After.Wire(), info: newPacketInfo(t.After)}
	if t.In != "" {
		w.field("iif", `"`+t.In+`"`)
	}
	if t.Out != "" {
		w.field("oif", `"`+t.Out+`"`)
	}
	w.link(t)
	if headerless(t.After) {
		if !isZero(t.LinkHeader[:12]) {
			w.field("ether type", "ip6")
		}
		w.raw("th", 0, w.wire[:tracedBytes])
		return w.String()
	}
	if w.wire[0]>>4 == 4 {
		w.ip()
	} else {
		w.ip6()
	}
	w.transport()
	return w.String()
}

// traceWriter writes the fields of a packet.
type traceWriter struct {
	strings.Builder
	family nft.Family
	wire   []byte
	info   packetInfo
	proto  uint8 // the protocol byte of the network header
}

func (w *traceWriter) field(name, value string) { w.WriteString(name + " " + value + " ") }

func (w *traceWriter) number(name string, n int) { w.field(name, fmt.Sprint(n)) }

// raw writes bytes of unknown format, at an offset in bytes from a base.
func (w *traceWriter) raw(base string, offset int, b []byte) {
	if len(b) == 0 {
		return
	}
	digits := strings.TrimLeft(hex.EncodeToString(b), "0")
	if digits == "" {
		digits = "0"
	}
	w.field(fmt.Sprintf("@%s,%d,%d", base, offset*8, len(b)*8), "0x"+digits)
}

// symbol writes a field that has names for its values.
func (w *traceWriter) symbol(name string, t *syntax.Type, n uint8) {
	text, ok := t.Symbols.Text(uint64(n))
	switch {
	case ok:
	case t == syntax.DSCPType:
		text = fmt.Sprintf("0x%02x", n)
	default:
		text = fmt.Sprint(n)
	}
	w.field(name, text)
}

// link writes the link layer header. That of lo is of unknown format.
func (w *traceWriter) link(t *netfilter.TraceStep) {
	h := t.LinkHeader
	switch {
	case len(h) < 14:
	case isZero(h[:12]):
		w.raw("ll", 0, h)
	default:
		w.field("ether saddr", packet.MAC(h[6:12]).String())
		w.field("ether daddr", packet.MAC(h[:6]).String())
	}
}

// isZero reports that all bytes are zero, as the addresses of lo are.
func isZero(b []byte) bool { return !slices.ContainsFunc(b, func(v byte) bool { return v != 0 }) }

func (w *traceWriter) ip() {
	h := w.wire
	n := min(int(h[0]&15)*4, len(h))
	w.proto = h[9]
	p := packet.View(h)
	w.field("ip saddr", p.Src().String())
	w.field("ip daddr", p.Dst().String())
	w.symbol("ip dscp", syntax.DSCPType, h[1]>>2)
	w.symbol("ip ecn", syntax.ECNType, h[1]&3)
	w.number("ip ttl", int(h[8]))
	w.number("ip id", int(binary.BigEndian.Uint16(h[4:])))
	if w.family != nft.IP || !w.known() {
		w.field("ip protocol", packet.ProtocolName(w.proto))
	}
	w.number("ip length", int(binary.BigEndian.Uint16(h[2:])))
	w.raw("nh", 20, h[20:n])
}

func (w *traceWriter) ip6() {
	h := w.wire
	w.proto = h[6]
	p := packet.View(h)
	w.field("ip6 saddr", p.Src().String())
	w.field("ip6 daddr", p.Dst().String())
	w.symbol("ip6 dscp", syntax.DSCPType, p.TOS()>>2)
	w.symbol("ip6 ecn", syntax.ECNType, p.TOS()&3)
	w.number("ip6 hoplimit", int(h[7]))
	w.number("ip6 flowlabel", int(p.FlowLabel()))
	if w.family != nft.IP6 || !w.known() {
		w.field("ip6 nexthdr", packet.ProtocolName(w.proto))
	}
	w.number("ip6 length", int(binary.BigEndian.Uint16(h[4:])))
}

// known reports whether the format of the header after the network header is
// known.
func (w *traceWriter) known() bool {
	if !w.info.hasTransport || w.info.proto != w.proto {
		return false
	}
	_, ok := traced[w.proto]
	return ok
}

// tracedHeader describes the part of a transport header that the trace shows:
// its fields and their total length in bytes.
type tracedHeader struct {
	length int
	show   func(w *traceWriter, h []byte)
}

var traced = map[uint8]tracedHeader{
	packet.ProtoTCP: {20, func(w *traceWriter, h []byte) {
		w.ports("tcp", h)
		w.field("tcp flags ==", tcpFlagsText(h[13]))
		w.number("tcp window", int(binary.BigEndian.Uint16(h[14:])))
	}},
	packet.ProtoUDP: {8, func(w *traceWriter, h []byte) {
		w.ports("udp", h)
		w.number("udp length", int(binary.BigEndian.Uint16(h[4:])))
	}},
	packet.ProtoSCTP: {12, func(w *traceWriter, h []byte) {
		w.ports("sctp", h)
		w.field("sctp vtag", fmt.Sprint(binary.BigEndian.Uint32(h[4:])))
	}},
	packet.ProtoICMP: {8, func(w *traceWriter, h []byte) {
		w.symbol("icmp type", syntax.ICMPType, h[0])
		w.symbol("icmp code", syntax.ICMPCode, h[1])
		w.number("icmp id", int(binary.BigEndian.Uint16(h[4:])))
		w.number("icmp sequence", int(binary.BigEndian.Uint16(h[6:])))
	}},
	packet.ProtoICMPv6: {8, func(w *traceWriter, h []byte) {
		w.symbol("icmpv6 type", syntax.ICMPv6Type, h[0])
		w.symbol("icmpv6 code", syntax.ICMPv6Code, h[1])
		w.field("icmpv6 parameter-problem", fmt.Sprint(binary.BigEndian.Uint32(h[4:])))
	}},
}

func (w *traceWriter) ports(name string, h []byte) {
	w.number(name+" sport", int(binary.BigEndian.Uint16(h)))
	w.number(name+" dport", int(binary.BigEndian.Uint16(h[2:])))
}

// tcpFlagsText names a single flag and writes several as a number.
func tcpFlagsText(flags uint8) string {
	if name, ok := syntax.TCPFlagType.Symbols.Text(uint64(flags)); ok {
		return name
	}
	return fmt.Sprintf("0x%x", flags)
}

// tracedBytes is the maximum number of bytes of the transport header in an
// event (net/netfilter/nf_tables_trace.c, NFT_TRACETYPE_TRANSPORT_HSIZE).
const tracedBytes = 20

func (w *traceWriter) transport() {
	at := w.info.transport
	if !w.info.hasTransport || at >= len(w.wire) {
		return
	}
	h := w.wire[at:min(at+tracedBytes, len(w.wire))]
	t, ok := traced[w.proto]
	if !ok || w.info.proto != w.proto || len(h) < t.length {
		w.raw("th", 0, h)
		return
	}
	t.show(w, h)
	w.raw("th", t.length, h[t.length:])
}
