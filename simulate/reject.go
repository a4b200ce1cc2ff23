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
func (tr *transit) rejectICMP(typ, code uint8) {
	t := tr.pkt.Transport()
	if t.FragOff != 0 || tr.c.Family == netfilter.IPv6 && t.Offset >= tr.pkt.Len() || !tr.rejectable(t) {
		return
	}
	tr.sendError(icmp.Error{Type: typ, Code: code})
}

// rejectable reports whether the transport checksum permits an ICMP error: it is
// correct, now or when the packet was received, or the kernel does not verify the
// checksum of this protocol (nf_reject_ipv6.c,
// reject6_csum_ok; nf_reject_verify_csum).
func (tr *transit) rejectable(t packet.Transport) bool {
	if tr.checksum.verified || tr.pkt.ChecksumTrusted() {
		return true
	}
	switch t.Proto {
	case packet.ProtoGRE, packet.ProtoAH, packet.ProtoESP, packet.ProtoSCTP, packet.ProtoUDPLite:
		return true
	case packet.ProtoUDP:
		h, ok := tr.c.Bytes(t.Offset, 8)
		if ok && h[6] == 0 && h[7] == 0 {
			return true
		}
	}
	return tr.headerChecksumOK(t)
}

// resettable reports whether the checksum of a TCP segment permits an RST. For a
// forwarded IPv4 packet it is verified again, because forwarding clears the record of
// the verification on input (nf_reject_ip_tcphdr_get; include/linux/skbuff.h,
// skb_forward_csum).
func (tr *transit) resettable(t packet.Transport) bool {
	if tr.c.Family == netfilter.IPv6 {
		return tr.checksumOK(t)
	}
	return tr.pkt.ChecksumTrusted() || tr.checksum.verified && tr.c.Hook == netfilter.Input || tr.headerChecksumOK(t)
}

// rejectReset sends the RST of REJECT --reject-with tcp-reset, which belongs to
// the connection of the packet it refuses (nf_send_reset, nf_send_reset6).
func (tr *transit) rejectReset() {
	t := tr.pkt.Transport()
	if !t.Found || t.FragOff != 0 || t.Proto != packet.ProtoTCP {
		return
	}
	body := tr.pkt.From(t)
	if len(body) < 20 || packet.TCPFlags(body[13])&packet.RST != 0 {
		return
	}
	if !tr.resettable(t) || tr.toBroadcastOrMulticast() {
		return
	}
	if tr.c.Family == netfilter.IPv6 && (packet.IsMulticast(tr.pkt.Src()) || tr.pkt.Src().IsUnspecified() || packet.IsMulticast(tr.pkt.Dst())) {
		return
	}
	p, err := tcp.Reset(&tr.pkt, body).Build()
	if err != nil {
		return
	}
	if tr.c.Family == netfilter.IPv4 {
		p.OffloadChecksum() // nf_reject_ip_tcphdr_put
	}
	tr.s.conns.SetClosing(tr.s.now, tr.c.Conn)
	tr.replyPacket(p, attachRelated, anyLink)
}
