package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// rejectICMP sends the ICMP error of REJECT (net/ipv4/netfilter/
// nf_reject_ipv4.c, nf_send_unreach; net/ipv6/netfilter/nf_reject_ipv6.c,
// nf_send_unreach6).
func (f *flow) rejectICMP(typ, code uint8) {
	t := f.pkt.Transport()
	if t.FragOff != 0 || f.c.Family == netfilter.IPv6 && t.Offset >= f.pkt.Len() || !f.rejectable(t) {
		return
	}
	f.sendError(icmp.Error{Type: typ, Code: code})
}

// rejectable reports whether the checksum allows an answer: right, now or on
// arrival, or of a protocol that is not looked at (nf_reject_ipv6.c,
// reject6_csum_ok; nf_reject_verify_csum).
func (f *flow) rejectable(t packet.Transport) bool {
	if f.summed || f.pkt.ChecksumTrusted() {
		return true
	}
	switch t.Proto {
	case packet.ProtoGRE, packet.ProtoAH, packet.ProtoESP, packet.ProtoSCTP, packet.ProtoUDPLite:
		return true
	case packet.ProtoUDP:
		h, ok := f.c.Bytes(t.Offset, 8)
		if ok && h[6] == 0 && h[7] == 0 {
			return true
		}
	}
	return f.sumOK(t)
}

// sumOK sums the packet up as REJECT does (nf_ip_checksum, nf_ip6_checksum).
func (f *flow) sumOK(t packet.Transport) bool {
	body, pseudo := f.pkt.From(t), uint32(0)
	if f.c.Family == netfilter.IPv6 || t.Proto == packet.ProtoTCP || t.Proto == packet.ProtoUDP {
		pseudo = packet.PseudoSum(f.pkt.Src(), f.pkt.Dst(), t.Proto, len(body))
	}
	if f.c.Family == netfilter.IPv4 {
		// The IP header is in the sum. It adds nothing unless its options were
		// just written to, but lets zeros pass.
		body = f.pkt.Wire()
	}
	return packet.Checksum(body, pseudo) == 0
}

// resettable reports whether the checksum of a TCP segment allows an RST: that a
// forwarded IPv4 packet had the right one on arrival is forgotten
// (nf_reject_ip_tcphdr_get; include/linux/skbuff.h, skb_forward_csum).
func (f *flow) resettable(t packet.Transport) bool {
	if f.c.Family == netfilter.IPv6 {
		return f.checksumOK(t)
	}
	return f.pkt.ChecksumTrusted() || f.summed && f.c.Hook == netfilter.Input || f.sumOK(t)
}

// rejectReset sends the RST of REJECT --reject-with tcp-reset, which belongs to
// the connection of the packet it refuses (nf_send_reset, nf_send_reset6).
func (f *flow) rejectReset() {
	t := f.pkt.Transport()
	if !t.Found || t.FragOff != 0 || t.Proto != packet.ProtoTCP {
		return
	}
	body := f.pkt.From(t)
	if len(body) < 20 || packet.TCPFlags(body[13])&packet.RST != 0 {
		return
	}
	if !f.resettable(t) || f.toMany() {
		return
	}
	if f.c.Family == netfilter.IPv6 && (packet.IsMulticast(f.pkt.Src()) || f.pkt.Src().IsUnspecified() || packet.IsMulticast(f.pkt.Dst())) {
		return
	}
	p, err := tcp.Reset(&f.pkt, body).Build()
	if err != nil {
		return
	}
	if f.c.Family == netfilter.IPv4 {
		p.OffloadChecksum() // nf_reject_ip_tcphdr_put
	}
	f.s.conns.SetClosing(f.s.now, f.c.Conn)
	f.replyPacket(p, attachRelated)
}
