package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// refuseLong drops a packet that exceeds the MTU and reports the MTU to its sender in
// an ICMP error.
func (tr *transit) refuseLong(mtu int) {
	tr.drop(TooBig, StepLocal, fmt.Sprintf("%d bytes do not fit %d bytes of %s", tr.pkt.Len(), mtu, tr.out.String()))
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError(icmp.Error{Type: packet.ICMPv6PacketTooBig, Rest: uint32(mtu)})
		return
	}
	tr.sendError(icmp.Error{Type: packet.ICMPUnreachable, Code: packet.ICMPFragmentationNeeded, Rest: uint32(mtu)})
}

// fits drops a packet after POSTROUTING that exceeds the output MTU and must not be
// fragmented, and then returns false (net/ipv4/ip_output.c, ip_fragment;
// net/ipv6/ip6_output.c, ip6_fragment). Locally generated IPv6 packets are always
// fragmented, because the kernel's sockets permit it.
func (tr *transit) fits() bool {
	mtu := tr.outMTU()
	if !tr.cuttable() {
		tr.refuseLong(mtu)
		return false
	}
	if tr.out.Loopback || tr.origin.local() && tr.c.Family == netfilter.IPv6 || !tr.exceeds(mtu) {
		return true
	}
	if tr.origin.local() {
		tr.res.SendError = messageTooLong
	}
	tr.refuseLong(mtu)
	return false
}

// cuttable reports whether the packet fits the output MTU, or can be fragmented
// because its headers leave room for data in a fragment of that size
// (net/ipv6/ip6_output.c, ip6_fragment, __ip6_append_data).
func (tr *transit) cuttable() bool {
	mtu := tr.outMTU()
	return tr.pkt.Len() <= mtu || frag.Cuttable(&tr.pkt, mtu)
}

// messageTooLong is the text of strerror(EMSGSIZE).
const messageTooLong = "Message too long"

// outMTU returns the MTU in bytes with which the output path fragments.
func (tr *transit) outMTU() int {
	if tr.route.OutMTU > 0 {
		return tr.route.OutMTU
	}
	return tr.mtu()
}

// fragments returns the fragments in which the packet leaves, nil if it leaves
// whole.
func (tr *transit) fragments() []netfilter.Packet {
	parts := tr.frag.Cut(&tr.pkt, tr.outMTU(), tr.origin == rawSend)
	for i := range parts {
		parts[i].Dev = tr.res.OutDev
	}
	return parts
}

// pullTransport records that the kernel pulled the transport header into the linear
// part of the skb: for the early socket lookup of a received TCP packet
// (net/ipv4/tcp_ipv4.c, tcp_v4_early_demux), for the checksum of an SCTP packet, or
// for address translation.
func (tr *transit) pullTransport() {
	switch tr.pkt.Proto() {
	case packet.ProtoTCP:
		tr.frag.Pull(packet.TCPHeaderLen)
	case packet.ProtoSCTP:
		const header = 12
		tr.frag.Pull(header)
	}
}
