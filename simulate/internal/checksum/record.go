// Package checksum decides whether the kernel accepts the transport checksums of
// packets.
package checksum

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// Record is the kernel's record of the verified transport checksum of a received
// packet (skb->ip_summed, skb->csum). In the zero value nothing is verified.
type Record struct {
	verified bool    // the checksum was computed and is correct
	header   [5]byte // the bytes of the IPv6 header, except the addresses, that the verified sum covers
	final    bool    // the checksum counts as correct even if the header has changed since
}

// Forget discards the record, so that the checksum is computed again.
func (r *Record) Forget() { r.verified, r.final = false, false }

// Track records, after connection tracking of a received packet, whether conntrack
// computed the transport checksum and found it correct, which is so if the packet has a
// connection (known). The host relies on that sum later, as long as the covered header
// fields other than the addresses are unchanged (net/netfilter/utils.c, nf_ip_checksum,
// nf_ip6_checksum; net/core/skbuff.c, __skb_checksum_complete).
func (r *Record) Track(p *netfilter.Packet, known bool) {
	r.header = coveredHeader(p)
	t := p.Transport()
	if !t.Found || t.FragOff != 0 {
		return
	}
	switch t.Proto {
	case packet.ProtoUDP:
		h := p.From(t)
		r.verified = len(h) >= 8 && (h[6] != 0 || h[7] != 0) && (known || r.OK(p, t))
	case packet.ProtoTCP, icmp.Protocol[p.Family()]:
		r.verified = known || r.OK(p, t)
	}
}

// sameHeader reports whether the header fields that the verified sum covers, except
// the addresses, are unchanged: in IPv6, traffic class, flow label and hop limit. An
// IPv4 header with a correct checksum of its own contributes zero to the sum.
func (r *Record) sameHeader(p *netfilter.Packet) bool {
	return p.Family() == netfilter.IPv4 || r.header == coveredHeader(p)
}

// coveredHeader returns the bytes of an IPv6 header, except the addresses, that the
// sum covers.
func coveredHeader(p *netfilter.Packet) [5]byte {
	w := p.Wire()
	return [5]byte{w[0], w[1], w[2], w[3], w[7]}
}

// rightOnArrival reports whether the checksum counts as correct because it was verified
// when the packet was received, even if rules have changed the addresses since.
func (r *Record) rightOnArrival(p *netfilter.Packet) bool {
	return r.verified && (r.final || r.sameHeader(p))
}

// Stale reports whether the kernel rejects a UDP datagram although its checksum is
// correct, because rules changed the header after the sum was computed in software and
// the kernel does not compute it again. For datagrams of up to 76 bytes it does
// (net/ipv6/ip6_checksum.c, udp6_csum_init; include/linux/skbuff.h,
// __skb_checksum_validate).
func (r *Record) Stale(p *netfilter.Packet, t packet.Transport) bool {
	const recomputed = 76
	return t.Proto == packet.ProtoUDP && len(p.From(t)) > recomputed && r.verified && !r.sameHeader(p)
}

// OK reports whether the host accepts the transport checksum of a packet that is
// delivered to it.
func (r *Record) OK(p *netfilter.Packet, t packet.Transport) bool {
	return r.rightOnArrival(p) || p.ChecksumTrusted() || right(p, t)
}

// Rejectable reports whether the checksum permits the ICMP error of REJECT: it is
// correct, now or when the packet was received, or the kernel does not verify the
// checksum of this protocol (nf_reject_ipv6.c, reject6_csum_ok; nf_reject_verify_csum).
func (r *Record) Rejectable(p *netfilter.Packet, t packet.Transport) bool {
	if r.verified || p.ChecksumTrusted() {
		return true
	}
	switch t.Proto {
	case packet.ProtoGRE, packet.ProtoAH, packet.ProtoESP, packet.ProtoSCTP, packet.ProtoUDPLite:
		return true
	case packet.ProtoUDP:
		if h := p.From(t); len(h) >= 8 && h[6] == 0 && h[7] == 0 {
			return true
		}
	}
	return rightByREJECT(p, t)
}

// Resettable reports whether the checksum of a TCP segment at a hook permits the RST of
// REJECT. For a forwarded IPv4 packet it is verified again, because forwarding clears
// the record (nf_reject_ip_tcphdr_get; include/linux/skbuff.h, skb_forward_csum).
func (r *Record) Resettable(p *netfilter.Packet, t packet.Transport, at netfilter.Hook) bool {
	if p.Family() == netfilter.IPv6 {
		return r.OK(p, t)
	}
	return p.ChecksumTrusted() || r.verified && at == netfilter.Input || rightByREJECT(p, t)
}

// Translatable reports whether address translation accepts the checksum of an IPv6
// packet with an ICMP error. A sum that was verified before is valid as long as the
// covered header fields are unchanged, or, for packets of the host itself (own),
// regardless of the header. Once it was accepted for a received packet, it is not
// compared with the header again (net/netfilter/utils.c, nf_ip6_checksum).
func (r *Record) Translatable(p *netfilter.Packet, own bool) bool {
	if r.verified && own {
		return true
	}
	if r.rightOnArrival(p) {
		r.final = true
		return true
	}
	r.verified, r.header = nat.ErrorSumOK(p), coveredHeader(p)
	return r.verified
}
