package target

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/jhash"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// HMark sets the packet's mark to a hash of its addresses and ports, the same
// for both directions of a conversation (net/netfilter/xt_HMARK.c).
type HMark struct {
	SrcBits, DstBits uint8 // how much of the addresses counts: the length of a prefix
	// PortMask says which bits of source port (upper half) and destination port
	// count, and PortSet which of them are taken as set. For ESP and AH the SPI
	// stands in place of both.
	PortMask, PortSet uint32
	ProtoMask         uint16
	Seed              uint32
	// The mark is Offset and a number below Mod, which is not 0.
	Mod, Offset uint32
	Conn        bool       // the addresses and ports are those that opened the connection and that answer
	Given       HMarkField // what was named
}

// HMarkField is a set of parts that the options of HMARK can name.
type HMarkField uint16

// The parts.
const (
	HMarkSrc HMarkField = 1 << iota
	HMarkDst
	HMarkSPortMask
	HMarkDPortMask
	HMarkSPIMask
	HMarkSPort
	HMarkDPort
	HMarkSPI
	HMarkProto
	HMarkOffset
)

var hmarkDefinition = netfilter.Definition{
	Name:     "HMARK",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &HMark{} },
	Options: []netfilter.OptionDef{
		{Name: "hmark-tuple", Args: 1, Set: netfilter.Into((*HMark).setTuple)},
		hmarkPrefix("hmark-src-prefix", HMarkSrc, func(t *HMark) *uint8 { return &t.SrcBits }),
		hmarkPrefix("hmark-dst-prefix", HMarkDst, func(t *HMark) *uint8 { return &t.DstBits }),
		hmarkBits("hmark-sport-mask", HMarkSPortMask, 16, 16, func(t *HMark) *uint32 { return &t.PortMask }),
		hmarkBits("hmark-dport-mask", HMarkDPortMask, 16, 0, func(t *HMark) *uint32 { return &t.PortMask }),
		hmarkBits("hmark-spi-mask", HMarkSPIMask, 32, 0, func(t *HMark) *uint32 { return &t.PortMask }),
		hmarkBits("hmark-sport", HMarkSPort, 16, 16, func(t *HMark) *uint32 { return &t.PortSet }),
		hmarkBits("hmark-dport", HMarkDPort, 16, 0, func(t *HMark) *uint32 { return &t.PortSet }),
		hmarkBits("hmark-spi", HMarkSPI, 32, 0, func(t *HMark) *uint32 { return &t.PortSet }),
		hmarkOption("hmark-proto-mask", HMarkProto, func(t *HMark, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, 1<<16-1)
			t.ProtoMask = uint16(n)
			return err
		}),
		opt.Required(opt.Number("hmark-rnd", 0, 1<<32-1, func(t *HMark) *uint32 { return &t.Seed })),
		opt.Required(opt.Number("hmark-mod", 1, 1<<32-1, func(t *HMark) *uint32 { return &t.Mod })),
		hmarkOption("hmark-offset", HMarkOffset, func(t *HMark, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, 1<<32-1)
			t.Offset = uint32(n)
			return err
		}),
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error { return e.(*HMark).finish() },
}

// hmarkOption is an option that names a part; --hmark-tuple may have done so.
func hmarkOption(name string, f HMarkField, set func(t *HMark, v *netfilter.Value) error) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *HMark, v *netfilter.Value) error {
		if t.Given&f != 0 {
			return errors.New("can only be used once, and --hmark-tuple counts")
		}
		t.Given |= f
		return set(t, v)
	})}
}

// hmarkPrefix is an option for the length of a prefix. A mask that is none
// counts as whole addresses.
func hmarkPrefix(name string, f HMarkField, field func(*HMark) *uint8) netfilter.OptionDef {
	return hmarkOption(name, f, func(t *HMark, v *netfilter.Value) error {
		n, err := opt.PrefixLength(v.Arg(), v.Family)
		if n < 0 {
			n = v.Family.Bits()
		}
		*field(t) = uint8(n)
		return err
	})
}

// hmarkBits is an option for a number of this many bits, which is stored
// shifted.
func hmarkBits(name string, f HMarkField, bits, shift uint, field func(*HMark) *uint32) netfilter.OptionDef {
	return hmarkOption(name, f, func(t *HMark, v *netfilter.Value) error {
		n, err := opt.Uint(v.Arg(), 0, 1<<bits-1)
		mask := uint32(uint64(1)<<bits-1) << shift
		*field(t) = *field(t)&^mask | uint32(n)<<shift
		return err
	})
}

// hmarkParts are the words of --hmark-tuple. The first that an abbreviation
// fits counts (iptables extensions/libxt_HMARK.c, hmark_parse).
var hmarkParts = opt.Names{"ct", "src", "dst", "sport", "dport", "proto", "spi"}

// setTuple reads parts that count wholly.
func (t *HMark) setTuple(v *netfilter.Value) error {
	for word := range strings.SplitSeq(v.Arg(), ",") {
		i := hmarkParts.Prefix(word)
		if i < 0 || word == "" {
			return hmarkParts.Unknown(word)
		}
		switch hmarkParts[i] {
		case "ct":
			t.Conn = true
		case "src":
			t.SrcBits, t.Given = uint8(v.Family.Bits()), t.Given|HMarkSrc
		case "dst":
			t.DstBits, t.Given = uint8(v.Family.Bits()), t.Given|HMarkDst
		case "sport":
			t.PortMask, t.Given = t.PortMask|0xffff0000, t.Given|HMarkSPortMask
		case "dport":
			t.PortMask, t.Given = t.PortMask|0xffff, t.Given|HMarkDPortMask
		case "proto":
			t.ProtoMask, t.Given = 0xffff, t.Given|HMarkProto
		case "spi":
			t.PortMask, t.Given = 0xffffffff, t.Given|HMarkSPIMask
		}
	}
	return nil
}

// finish refuses what iptables does.
func (t *HMark) finish() error {
	switch {
	case t.Given&HMarkSPIMask != 0 && t.Given&(HMarkSPortMask|HMarkDPortMask) != 0:
		return errors.New("masks of SPI and ports cannot be used together")
	case t.Given&^HMarkOffset == 0 && !t.Conn:
		return errors.New("--hmark-tuple must be given at least")
	}
	return nil
}

// Check refuses what the kernel does (hmark_tg_check).
func (t *HMark) Check(netfilter.Place) error {
	switch {
	case t.Mod == 0:
		return errors.New("--hmark-mod must not be 0")
	case t.Given&HMarkSPI != 0 && t.Given&(HMarkSPort|HMarkDPort) != 0:
		return errors.New("--hmark-spi cannot be used together with --hmark-sport or --hmark-dport")
	}
	return t.finish()
}

// Definition returns the extension's definition.
func (t *HMark) Definition() *netfilter.Definition { return &hmarkDefinition }

// Name returns "HMARK".
func (t *HMark) Name() string { return "HMARK" }

// AppendOptions appends the parts, one by one, and how the mark is made of them.
func (t *HMark) AppendOptions(b []byte) []byte {
	for _, o := range [...]struct {
		field HMarkField
		text  string
		value uint32
	}{
		{HMarkSrc, " --hmark-src-prefix %d", uint32(t.SrcBits)},
		{HMarkDst, " --hmark-dst-prefix %d", uint32(t.DstBits)},
		{HMarkSPortMask, " --hmark-sport-mask 0x%04x", t.PortMask >> 16},
		{HMarkDPortMask, " --hmark-dport-mask 0x%04x", t.PortMask & 0xffff},
		{HMarkSPIMask, " --hmark-spi-mask 0x%08x", t.PortMask},
		{HMarkSPort, " --hmark-sport 0x%04x", t.PortSet >> 16},
		{HMarkDPort, " --hmark-dport 0x%04x", t.PortSet & 0xffff},
		{HMarkSPI, " --hmark-spi 0x%08x", t.PortSet},
		{HMarkProto, " --hmark-proto-mask 0x%02x", uint32(t.ProtoMask)},
	} {
		if t.Given&o.field != 0 {
			b = fmt.Appendf(b, o.text, o.value)
		}
	}
	b = fmt.Appendf(b, " --hmark-rnd 0x%08x --hmark-mod %d", t.Seed, t.Mod)
	if t.Given&HMarkOffset != 0 {
		b = strconv.AppendUint(append(b, " --hmark-offset "...), uint64(t.Offset), 10)
	}
	if t.Conn {
		b = append(b, " --hmark-tuple ct"...)
	}
	return b
}

// hmarkInput is what goes into the hash.
type hmarkInput struct {
	src, dst uint32 // addresses, masked and folded
	ports    uint32 // the higher one in the upper half; 0 if there are none
	proto    uint8
}

// Apply sets the mark. A packet without a connection, if that counts, and an
// ICMP error that quotes too little keep theirs.
func (t *HMark) Apply(c *netfilter.Context) netfilter.Verdict {
	var in hmarkInput
	ok := true
	switch {
	case t.Conn:
		in, ok = t.ofConn(c.Conn)
	case c.Family == netfilter.IPv6:
		in, ok = t.ofIPv6(c.Packet)
	default:
		in, ok = t.ofIPv4(c.Packet.Wire())
	}
	if ok {
		hash := jhash.Words(t.Seed, min(in.src, in.dst), max(in.src, in.dst), in.ports) ^ uint32(in.proto)&uint32(t.ProtoMask)
		c.Edit().Mark = jhash.Scale(hash, t.Mod) + t.Offset
	}
	return netfilter.Continue
}

// ofConn takes the addresses from which the connection was opened and is
// answered (hmark_ct_set_htuple).
func (t *HMark) ofConn(conn *netfilter.Conn) (in hmarkInput, ok bool) {
	if conn == nil {
		return in, false
	}
	o, r := &conn.Tuples[netfilter.Original], &conn.Tuples[netfilter.Reply]
	in = hmarkInput{src: fold(o.Src, t.SrcBits), dst: fold(r.Src, t.DstBits), proto: o.Proto}
	if o.Proto != netfilter.ProtoICMP {
		in.ports = t.portsOf(uint32(o.SrcPort)<<16 | uint32(r.SrcPort))
	}
	return in, true
}

// ofIPv4 takes addresses and ports of the packet, or of the one that an ICMP
// error quotes (hmark_pkt_set_htuple_ipv4).
func (t *HMark) ofIPv4(w []byte) (in hmarkInput, ok bool) {
	const icmp = 8
	if at := int(w[0]&15) * 4; w[9] == netfilter.ProtoICMP && at+icmp <= len(w) && quotes(w[at]) {
		w = w[at+icmp:]
	}
	if len(w) < 20 {
		return in, false
	}
	in.src, in.dst, in.proto = fold(netip.AddrFrom4([4]byte(w[12:])), t.SrcBits), fold(netip.AddrFrom4([4]byte(w[16:])), t.DstBits), w[9]
	if fragment := binary.BigEndian.Uint16(w[6:])&0x3fff != 0; !fragment && in.proto != netfilter.ProtoICMP {
		in.ports = t.portsAt(w, int(w[0]&15)*4, in.proto)
	}
	return in, true
}

// quotes reports an ICMP error (get_inner_hdr).
func quotes(typ uint8) bool { return typ == 3 || typ == 4 || typ == 5 || typ == 11 || typ == 12 }

// ofIPv6 is ofIPv4 for IPv6. An authentication header counts as the transport
// header. The hash of a packet without one is that of nothing
// (hmark_pkt_set_htuple_ipv6).
func (t *HMark) ofIPv6(p *netfilter.Packet) (in hmarkInput, ok bool) {
	const icmp = 8
	at := firstUpTo(p, netfilter.ProtoAH)
	if !at.Found {
		return in, true
	}
	if w := p.Wire(); at.Proto == netfilter.ProtoICMPv6 && !at.Fragment && at.Offset+icmp <= len(w) && w[at.Offset] != 0 && w[at.Offset] < 128 {
		quoted := netfilter.View(w[at.Offset+icmp:])
		if quoted.Len() < 40 || quoted.Family() != netfilter.IPv6 {
			return in, false
		}
		p = &quoted
		if at = firstUpTo(p, netfilter.ProtoAH); !at.Found {
			return in, false
		}
	}
	in = hmarkInput{src: fold(p.Src(), t.SrcBits), dst: fold(p.Dst(), t.DstBits), proto: at.Proto}
	if !at.Fragment && at.Proto != netfilter.ProtoICMPv6 {
		in.ports = t.portsAt(p.Wire(), at.Offset, at.Proto)
	}
	return in, true
}

// firstUpTo returns where the transport header of an IPv6 packet is, or an
// extension header of this number if there is one.
func firstUpTo(p *netfilter.Packet, ext uint8) netfilter.Transport {
	at, found := p.ExtensionHeader(ext)
	if found != netfilter.Present {
		return p.Transport()
	}
	frag, found := p.ExtensionHeader(netfilter.ProtoFragment)
	return netfilter.Transport{Proto: ext, Offset: at, Found: true, Fragment: found == netfilter.Present && frag < at}
}

// portsAt takes the ports, or the SPI, of the transport header at off; 0 if it
// has none or is cut short (include/linux/in.h,
// proto_ports_offset).
func (t *HMark) portsAt(w []byte, off int, proto uint8) uint32 {
	switch {
	case proto == netfilter.ProtoAH:
		off += 4
	case proto != netfilter.ProtoESP && !netfilter.HasPorts(proto):
		return 0
	}
	if off+4 > len(w) {
		return 0
	}
	return t.portsOf(binary.BigEndian.Uint32(w[off:]))
}

// portsOf masks both ports and puts the higher one first (hmark_swap_ports).
func (t *HMark) portsOf(both uint32) uint32 {
	both = both&t.PortMask | t.PortSet
	return max(both, both<<16|both>>16)
}

// fold masks an address and joins its words by XOR (hmark_addr6_mask).
func fold(a netip.Addr, bits uint8) (word uint32) {
	p, err := a.Prefix(int(bits))
	if err != nil {
		return 0
	}
	b := p.Addr().AsSlice()
	for i := 0; i < len(b); i += 4 {
		word ^= binary.BigEndian.Uint32(b[i:])
	}
	return word
}
