package simulate

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
)

// FromEthernet implements netfilter.Facts. The copies of the host's own
// broadcast and multicast packets have lost their link header.
func (f *flow) FromEthernet(*netfilter.Context) bool {
	return f.in != nil && !f.in.Loopback && !f.in.NoHeader && !f.copied
}

// LostEthernet implements netfilter.Facts.
func (f *flow) LostEthernet(*netfilter.Context) bool {
	return f.in != nil && !f.in.Loopback && !f.in.NoHeader && f.copied
}

// LinkHeader implements netfilter.Facts (net/core/filter.c,
// bpf_internal_load_pointer_neg_helper; net/ethernet/eth.c, eth_header). What
// comes back by lo has a header with addresses of zeros.
func (f *flow) LinkHeader(*netfilter.Context) ([]byte, bool) {
	switch {
	case f.duplicate:
		return nil, false
	case f.in == nil || f.local && !f.looped:
		return nil, true
	case f.in.NoHeader || f.copied:
		return []byte{}, true
	}
	src, dst := f.pkt.SrcMAC, f.pkt.DstMAC
	if dst == (packet.MAC{}) {
		dst = f.in.MAC
	}
	if f.in.Loopback {
		src, dst = packet.MAC{}, packet.MAC{}
	} else if src == (packet.MAC{}) || dst == (packet.MAC{}) {
		return nil, false
	}
	header := append(append(make([]byte, 0, 14), dst[:]...), src[:]...)
	return binary.BigEndian.AppendUint16(header, f.c.Family.EtherType()), true
}

// FindsQuote implements netfilter.Facts (net/ipv6/netfilter/ip6t_NPT.c,
// icmpv6_bounced_ipv6hdr; net/ipv6/raw.c, rawv6_send_hdrinc; net/ipv6/netfilter/
// nf_conntrack_reasm.c, nf_ct_frag6_reasm).
func (f *flow) FindsQuote(_ *netfilter.Context, n int) bool {
	if f.raw && !f.looped && f.frag.Whole() {
		return false
	}
	return f.frag.Whole() || n <= frag.HeadLen(&f.pkt)+f.frag.First()
}

// LinkGroup implements netfilter.Facts.
func (f *flow) LinkGroup(name string) uint32 {
	if l := f.s.node.link(name); l != nil {
		return l.Group
	}
	return 0
}

// PacketType implements netfilter.Facts (net/ethernet/eth.c, eth_type_trans;
// net/netfilter/xt_pkttype.c, pkttype_mt).
func (f *flow) PacketType(*netfilter.Context) netfilter.PacketType {
	switch mac := f.pkt.DstMAC; {
	case f.loopedCopy() && (f.c.Family == netfilter.IPv6 || packet.IsMulticast(f.pkt.Dst())):
		return netfilter.ToMulticast
	case f.loopedCopy():
		return netfilter.ToBroadcast
	case f.local || f.in == nil || f.in.NoHeader || mac == (packet.MAC{}) || mac == f.in.MAC:
		return netfilter.ToHost
	case mac == packet.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}:
		return netfilter.ToBroadcast
	case mac[0]&1 != 0:
		return netfilter.ToMulticast
	}
	if f.pkt.PhysIn != "" {
		return netfilter.ToHost // on the bridge, for the time of the hooks
	}
	return netfilter.ToOther
}

// loopedCopy reports the copy of a broadcast or multicast packet, which comes back
// by the link the packet leaves by; fragments come back by lo.
func (f *flow) loopedCopy() bool { return f.copied && f.looped && !f.in.Loopback }

// ReversePath implements netfilter.Facts (net/ipv4/netfilter/ipt_rpfilter.c,
// rpfilter_mt; net/ipv6/netfilter/ip6t_rpfilter.c, rpfilter_mt). A packet
// without a source that asks its neighbours for one is let pass.
func (f *flow) ReversePath(_ *netfilter.Context, o netfilter.ReversePath) bool {
	if f.in == nil || f.in.Loopback || f.copied {
		return true
	}
	src, dst := f.pkt.Src(), f.pkt.Dst()
	if src.Is4() && src.As4()[0] == 0 && (dst.IsLinkLocalMulticast() || dst.As4() == [4]byte{255, 255, 255, 255}) ||
		src == netip.IPv6Unspecified() {
		return true
	}
	k := f.key()
	k.IIF, k.Proto = f.in.index, f.pkt.NextHeader()
	return f.s.node.fib.ReversePath(k, fib.ReverseOptions(o))
}

// Realm implements netfilter.Facts (net/netfilter/xt_realm.c, realm_mt). What
// passes a bridge has no route.
func (f *flow) Realm(*netfilter.Context) uint32 { return uint32(f.route.Realm) }

// LocalSocket implements netfilter.Facts (net/ipv4/netfilter/nf_socket_ipv4.c,
// nf_sk_lookup_slow_v4; net/ipv6/netfilter/nf_socket_ipv6.c,
// nf_sk_lookup_slow_v6). The answer to a connection whose source was translated
// is looked up as it will be when it has been translated back.
func (f *flow) LocalSocket(c *netfilter.Context) *packet.Socket {
	if f.diverted != nil {
		return f.diverted
	}
	if !f.s.knowsSockets() {
		f.Assume(c, "no local socket is open for the packet")
		return nil
	}
	src, dst, proto, ok := f.socketEnds()
	if !ok || f.in == nil {
		return nil
	}
	if st, ok := f.s.streams[streamKey{dst, src}]; ok && proto == packet.ProtoTCP {
		return &st.owner
	}
	if s := f.s.socketFor(proto, src, dst, f.in.name); s != nil {
		return ownerOf(s)
	}
	return nil
}

// socketEnds returns the ends by which a socket is looked up: those of the
// packet, or of the one that an ICMP error quotes, exchanged.
func (f *flow) socketEnds() (src, dst netip.AddrPort, proto uint8, ok bool) {
	t := f.pkt.Transport()
	src, dst = f.ends()
	reply := f.c.CTState == netfilter.CTEstablishedReply
	if t.Proto == packet.ProtoICMP || t.Proto == packet.ProtoICMPv6 {
		quoted, found := f.quoted(t)
		if !found {
			return
		}
		t.Proto, t.Found, t.FragOff = quoted.Proto(), true, 0
		src = netip.AddrPortFrom(quoted.Dst(), quoted.DstPort())
		dst = netip.AddrPortFrom(quoted.Src(), quoted.SrcPort())
		reply = f.c.CTState == netfilter.CTRelatedReply
	}
	if !t.Found || t.FragOff != 0 || t.Proto != packet.ProtoTCP && t.Proto != packet.ProtoUDP {
		return
	}
	if conn := f.c.Conn; conn != nil && reply && conn.Status&netfilter.ConnSrcNATDone != 0 {
		o := conn.Tuples[netfilter.DirOriginal]
		dst = netip.AddrPortFrom(o.Src, o.SrcPort)
	}
	return src, dst, t.Proto, true
}

// quoted returns the packet that an ICMP error quotes.
func (f *flow) quoted(t packet.Transport) (p netfilter.Packet, ok bool) {
	b, ok := f.c.Bytes(t.Offset, 1)
	if !ok || f.c.Family == netfilter.IPv6 && b[0]&0x80 != 0 || f.c.Family == netfilter.IPv4 && !f.quietAbout(t) {
		return p, false
	}
	const icmp, ports = 8, 4
	w := f.pkt.Wire()
	if at := t.Offset + icmp; at < len(w) {
		p = packet.View(w[at:])
	}
	if !p.IsValid() || p.Len() < 20 || p.Family() != f.c.Family || p.Family() == netfilter.IPv6 && p.Len() < 40 {
		return p, false
	}
	inner := p.Transport()
	return p, inner.Found && inner.FragOff == 0 && inner.Offset+ports <= p.Len()
}
