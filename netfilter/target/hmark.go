package target

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/jhash"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// HMark sets the packet's mark to a hash of its addresses and ports, the same
// for both directions of a connection (net/netfilter/xt_HMARK.c, hmark_hash).
type HMark struct {
	Family           netfilter.Family
	Fields           HMarkFields
	SrcBits, DstBits int     // prefix lengths of the addresses
	PortMask         [4]byte // of source and destination port, or of the SPI
	PortSet          [4]byte // bits that are set in the masked ports
	ProtoMask        uint16
	Seed             uint32
	Modulus          uint32 // at least 1
	Offset           uint32
}

// HMarkFields is the set of fields that were given. Only HMarkConn
// changes the fields that are hashed; fields that are not given have an empty
// mask.
type HMarkFields uint16

// The fields, in the order of the kernel.
const (
	HMarkSrc HMarkFields = 1 << iota
	HMarkDst
	HMarkSPI
	HMarkSPIMask
	HMarkSrcPort
	HMarkDstPort
	HMarkSrcPortMask
	HMarkDstPortMask
	HMarkProtoMask
	HMarkOffset
	HMarkConn // take addresses and ports of the connection, not the packet
)

// hmarkTuple are the words of --hmark-tuple, in the order in which
// abbreviations are matched, with the fields they stand for.
var (
	hmarkTuple       = opt.Names{"ct", "src", "dst", "sport", "dport", "proto", "spi"}
	hmarkTupleFields = [...]HMarkFields{HMarkConn, HMarkSrc, HMarkDst, HMarkSrcPortMask, HMarkDstPortMask, HMarkProtoMask, HMarkSPIMask}
)

var (
	hmarkDefinition  = hmarkFor(netfilter.IPv4, netfilter.OnlyIPv4)
	hmarkDefinition6 = hmarkFor(netfilter.IPv6, netfilter.OnlyIPv6)
)

func hmarkFor(f netfilter.Family, only netfilter.Families) netfilter.Definition {
	return netfilter.Definition{
		Name:     "HMARK",
		Families: only,
		New:      func() netfilter.Extension { return &HMark{Family: f} },
		Options: []netfilter.OptionDef{
			{Name: "hmark-tuple", Args: 1, Set: netfilter.Into((*HMark).setTuple)},
			hmarkPrefix("hmark-src-prefix", HMarkSrc, func(t *HMark) *int { return &t.SrcBits }),
			hmarkPrefix("hmark-dst-prefix", HMarkDst, func(t *HMark) *int { return &t.DstBits }),
			hmarkBytes("hmark-sport-mask", HMarkSrcPortMask, func(t *HMark) []byte { return t.PortMask[:2] }),
			hmarkBytes("hmark-dport-mask", HMarkDstPortMask, func(t *HMark) []byte { return t.PortMask[2:] }),
			hmarkBytes("hmark-spi-mask", HMarkSPIMask, func(t *HMark) []byte { return t.PortMask[:] }),
			hmarkBytes("hmark-sport", HMarkSrcPort, func(t *HMark) []byte { return t.PortSet[:2] }),
			hmarkBytes("hmark-dport", HMarkDstPort, func(t *HMark) []byte { return t.PortSet[2:] }),
			hmarkBytes("hmark-spi", HMarkSPI, func(t *HMark) []byte { return t.PortSet[:] }),
			hmarkNumber("hmark-proto-mask", HMarkProtoMask, 1<<16-1, func(t *HMark, n uint64) { t.ProtoMask = uint16(n) }),
			opt.Number("hmark-rnd", 0, 1<<32-1, func(t *HMark) *uint32 { return &t.Seed }),
			opt.Number("hmark-mod", 1, 1<<32-1, func(t *HMark) *uint32 { return &t.Modulus }),
			hmarkNumber("hmark-offset", HMarkOffset, 1<<32-1, func(t *HMark, n uint64) { t.Offset = uint32(n) }),
		},
		Finish: finishHMark,
	}
}

// give records a field as given. A field given by --hmark-tuple counts as given
// by its option.
func (t *HMark) give(f HMarkFields, name string) error {
	if t.Fields&f != 0 {
		return fmt.Errorf("option --%s can only be used once, and --hmark-tuple gave it", name)
	}
	t.Fields |= f
	return nil
}

func hmarkPrefix(name string, f HMarkFields, field func(*HMark) *int) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *HMark, v *netfilter.Value) error {
		n, err := opt.PrefixLength(v.Arg(), v.Family)
		if err != nil {
			return err
		}
		if n < 0 { // a mask that is not a prefix
			n = v.Family.Bits()
		}
		*field(t) = n
		return t.give(f, name)
	})}
}

func hmarkNumber(name string, f HMarkFields, max uint64, store func(*HMark, uint64)) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *HMark, v *netfilter.Value) error {
		n, err := opt.Uint(v.Arg(), 0, max)
		if err != nil {
			return err
		}
		store(t, n)
		return t.give(f, name)
	})}
}

// hmarkBytes reads a number that is stored in network byte order.
func hmarkBytes(name string, f HMarkFields, field func(*HMark) []byte) netfilter.OptionDef {
	size := len(field(&HMark{}))
	return hmarkNumber(name, f, 1<<(8*size)-1, func(t *HMark, n uint64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], n)
		copy(field(t), b[8-size:])
	})
}

// setTuple reads words, possibly abbreviated, each of which stands for a whole
// field.
func (t *HMark) setTuple(v *netfilter.Value) error {
	for word := range strings.SplitSeq(v.Arg(), ",") {
		i := hmarkTuple.Prefix(word)
		if i < 0 || word == "" {
			return hmarkTuple.Unknown(word)
		}
		t.Fields |= hmarkTupleFields[i]
		switch hmarkTupleFields[i] {
		case HMarkSrc:
			t.SrcBits = v.Family.Bits()
		case HMarkDst:
			t.DstBits = v.Family.Bits()
		case HMarkSrcPortMask:
			t.PortMask[0], t.PortMask[1] = 255, 255
		case HMarkDstPortMask:
			t.PortMask[2], t.PortMask[3] = 255, 255
		case HMarkSPIMask:
			t.PortMask = [4]byte{255, 255, 255, 255}
		case HMarkProtoMask:
			t.ProtoMask = 0xffff
		}
	}
	return nil
}

func finishHMark(e netfilter.Extension, given func(string) bool) error {
	t := e.(*HMark)
	switch {
	case !given("hmark-mod"):
		return errors.New("--hmark-mod must be given")
	case !given("hmark-rnd"):
		return errors.New("--hmark-rnd must be given")
	case t.Fields&HMarkSPIMask != 0 && t.Fields&(HMarkSrcPortMask|HMarkDstPortMask) != 0:
		return errors.New("--hmark-spi-mask cannot be used together with --hmark-sport-mask and --hmark-dport-mask")
	case t.Fields&^HMarkOffset == 0:
		return errors.New("--hmark-tuple must be given, or masks and prefixes")
	}
	return nil
}

// Definition returns the extension's definition.
func (t *HMark) Definition() *netfilter.Definition {
	if t.Family == netfilter.IPv6 {
		return &hmarkDefinition6
	}
	return &hmarkDefinition
}

// Name returns "HMARK".
func (t *HMark) Name() string { return "HMARK" }

// AppendOptions appends prefixes and masks, including those given by
// --hmark-tuple; of that option itself only "ct" is printed.
func (t *HMark) AppendOptions(b []byte) []byte {
	for _, o := range [...]struct {
		field HMarkFields
		text  string
		args  []any
	}{
		{HMarkSrc, " --hmark-src-prefix %d", []any{t.SrcBits}},
		{HMarkDst, " --hmark-dst-prefix %d", []any{t.DstBits}},
		{HMarkSrcPortMask, " --hmark-sport-mask 0x%x", []any{t.PortMask[:2]}},
		{HMarkDstPortMask, " --hmark-dport-mask 0x%x", []any{t.PortMask[2:]}},
		{HMarkSPIMask, " --hmark-spi-mask 0x%x", []any{t.PortMask[:]}},
		{HMarkSrcPort, " --hmark-sport 0x%x", []any{t.PortSet[:2]}},
		{HMarkDstPort, " --hmark-dport 0x%x", []any{t.PortSet[2:]}},
		{HMarkSPI, " --hmark-spi 0x%x", []any{t.PortSet[:]}},
		{HMarkProtoMask, " --hmark-proto-mask 0x%02x", []any{t.ProtoMask}},
		{^HMarkFields(0), " --hmark-rnd 0x%08x --hmark-mod %d", []any{t.Seed, t.Modulus}},
		{HMarkOffset, " --hmark-offset %d", []any{t.Offset}},
		{HMarkConn, " --hmark-tuple ct", nil},
	} {
		if o.field == ^HMarkFields(0) || t.Fields&o.field != 0 {
			b = fmt.Appendf(b, o.text, o.args...)
		}
	}
	return b
}

// Check refuses what the kernel does (hmark_tg_check).
func (t *HMark) Check(netfilter.CheckContext) error {
	switch {
	case t.Modulus == 0:
		return errors.New("the modulus must not be 0")
	case t.Fields&HMarkSPI != 0 && t.Fields&(HMarkSrcPort|HMarkDstPort) != 0:
		return errors.New("--hmark-spi cannot be used together with --hmark-sport and --hmark-dport")
	}
	return nil
}

// hmarkTupleOf is the tuple that is hashed.
type hmarkTupleOf struct {
	src, dst uint32
	ports    uint32
	proto    uint8
}

// Apply sets the mark. A packet without a connection is not changed if the
// connection is to be hashed, and neither is an ICMP error without a quoted
// packet.
func (t *HMark) Apply(c *netfilter.Context) netfilter.Verdict {
	h, ok := t.ofPacket(c)
	if t.Fields&HMarkConn != 0 {
		h, ok = t.ofConn(c.Conn)
	}
	if ok {
		lo, hi := min(h.src, h.dst), max(h.src, h.dst)
		hash := jhash.Words(t.Seed, lo, hi, h.ports) ^ uint32(uint16(h.proto)&t.ProtoMask)
		c.Edit().Mark = jhash.Scale(hash, t.Modulus) + t.Offset
	}
	return netfilter.Continue
}

// word returns a masked address as a 32-bit number; the words of an IPv6
// address are XORed.
func word(a netip.Addr, bits int) (w uint32) {
	p, _ := a.Prefix(bits)
	b := p.Addr().AsSlice()
	for i := 0; i+4 <= len(b); i += 4 {
		w ^= binary.BigEndian.Uint32(b[i:])
	}
	return w
}

// swapped returns the masked ports, the higher one first.
func (t *HMark) swapped(b []byte) uint32 {
	var p [4]byte
	for i := range p {
		p[i] = b[i]&t.PortMask[i] | t.PortSet[i]
	}
	src, dst := uint32(binary.BigEndian.Uint16(p[:])), uint32(binary.BigEndian.Uint16(p[2:]))
	return max(src, dst)<<16 | min(src, dst)
}

// ofConn returns the tuple of the connection: the original source and the
// reply's source (hmark_ct_set_htuple).
func (t *HMark) ofConn(conn *netfilter.Conn) (h hmarkTupleOf, ok bool) {
	if conn == nil {
		return h, false
	}
	o, r := &conn.Tuples[netfilter.DirOriginal], &conn.Tuples[netfilter.DirReply]
	h = hmarkTupleOf{src: word(o.Src, t.SrcBits), dst: word(r.Src, t.DstBits), proto: o.Proto}
	if h.proto != packet.ProtoICMP {
		b := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, o.SrcPort), r.SrcPort)
		h.ports = t.swapped(b)
	}
	return h, true
}

// ofPacket returns the tuple of the packet, or of the one an ICMP error quotes
// (hmark_pkt_set_htuple_ipv4, hmark_pkt_set_htuple_ipv6).
func (t *HMark) ofPacket(c *netfilter.Context) (h hmarkTupleOf, ok bool) {
	p := packet.View(c.Packet.Wire())
	at := hmarkTransport(&p)
	if !at.Found {
		return h, c.Family == netfilter.IPv6 // all fields are hashed as 0
	}
	if off, inner := hmarkInner(&p, at); inner {
		w := p.Wire()[min(off, p.Len()):]
		least := 20
		if c.Family == netfilter.IPv6 {
			least = 40
		}
		if len(w) < least || c.Family == netfilter.IPv6 && w[0]>>4 != 6 {
			return h, false
		}
		p = packet.View(w)
		if at = hmarkTransport(&p); !at.Found {
			return h, false
		}
	}
	h = hmarkTupleOf{src: word(p.Src(), t.SrcBits), dst: word(p.Dst(), t.DstBits), proto: at.Proto}
	off := at.Offset
	switch at.Proto {
	case packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoDCCP, packet.ProtoSCTP, packet.ProtoESP:
	case packet.ProtoAH:
		off += 4
	default:
		return h, true
	}
	if !at.Fragment && off+4 <= p.Len() {
		h.ports = t.swapped(p.Wire()[off:])
	}
	return h, true
}

// hmarkTransport locates the transport header; for IPv6 an authentication
// header is treated as one.
func hmarkTransport(p *netfilter.Packet) packet.Transport {
	if p.Family() == netfilter.IPv6 {
		if off, f := p.ExtensionHeader(packet.ProtoAH); f == packet.HeaderFound {
			_, fragment := p.ExtensionHeader(packet.ProtoFragment)
			return packet.Transport{Proto: packet.ProtoAH, Offset: off, Found: true, Fragment: fragment == packet.HeaderFound}
		}
	}
	if p.Family() == netfilter.IPv4 && p.HeaderLen() < 20 {
		return packet.Transport{}
	}
	return p.Transport()
}

// hmarkInner returns the offset of the packet quoted in an ICMP error.
func hmarkInner(p *netfilter.Packet, at packet.Transport) (off int, ok bool) {
	if at.Proto == packet.ProtoICMP && p.Family() == netfilter.IPv4 {
		if at.Offset+8 > p.Len() {
			return 0, false
		}
		switch p.Wire()[at.Offset] {
		case 3, 4, 5, 11, 12:
			return at.Offset + 8, true
		}
		return 0, false
	}
	if at.Proto != packet.ProtoICMPv6 || p.Family() == netfilter.IPv4 || at.Fragment || at.Offset+8 > p.Len() {
		return 0, false
	}
	typ := p.Wire()[at.Offset]
	return at.Offset + 8, typ != 0 && typ < 128
}
