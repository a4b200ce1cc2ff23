package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// refuseLong drops a packet that does not fit and tells its sender what would.
func (tr *transit) refuseLong(mtu int) {
	tr.drop(TooBig, StepLocal, fmt.Sprintf("%d bytes do not fit %d bytes of %s", tr.pkt.Len(), mtu, linkName(tr.out.name)))
	if tr.c.Family == netfilter.IPv6 {
		tr.sendError(icmp.Error{Type: packet.ICMPv6PacketTooBig, Rest: uint32(mtu)})
		return
	}
	tr.sendError(icmp.Error{Type: packet.ICMPUnreachable, Code: packet.ICMPFragmentationNeeded, Rest: uint32(mtu)})
}

// fits refuses a packet behind POSTROUTING that is too long for the way out and
// may not be cut (net/ipv4/ip_output.c, ip_fragment; net/ipv6/ip6_output.c,
// ip6_fragment). IPv6 packets of the host's own are cut, as its sockets do.
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

// cuttable reports that the packet fits the way out, or that its headers leave room
// for data in fragments that do (net/ipv6/ip6_output.c, ip6_fragment,
// __ip6_append_data).
func (tr *transit) cuttable() bool {
	mtu := tr.outMTU()
	return tr.pkt.Len() <= mtu || frag.Cuttable(&tr.pkt, mtu)
}

// messageTooLong is what a sender is told of EMSGSIZE.
const messageTooLong = "Message too long"

// outMTU returns how many bytes the way out takes in the end.
func (tr *transit) outMTU() int {
	if tr.route.OutMTU > 0 {
		return tr.route.OutMTU
	}
	return tr.mtu()
}

// linkMTU returns how many bytes a link takes.
func (l *link) linkMTU() int {
	switch {
	case l.MTU > 0:
		return l.MTU
	case l.Loopback:
		return 65536
	}
	return 1500
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

// pullTransport notes that the transport header was brought together: by the look
// for a socket as a TCP packet arrives (net/ipv4/tcp_ipv4.c, tcp_v4_early_demux),
// by the checksum of an SCTP packet, or by address translation.
func (tr *transit) pullTransport() {
	switch tr.walker.Transport().Proto {
	case packet.ProtoTCP:
		tr.frag.Pull(packet.TCPHeaderLen)
	case packet.ProtoSCTP:
		const header = 12
		tr.frag.Pull(header)
	}
}
