package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// refuseLong drops a packet that does not fit and tells its sender what would.
func (f *flow) refuseLong(mtu int) {
	f.drop(TooBig, StepLocal, fmt.Sprintf("%d bytes do not fit %d bytes of %s", f.pkt.Len(), mtu, linkName(f.out.name)))
	if f.c.Family == netfilter.IPv6 {
		f.sendError(icmp.Error{Type: icmp.V6TooBig, Rest: uint32(mtu)})
		return
	}
	f.sendError(icmp.Error{Type: icmp.Unreachable, Code: icmp.FragNeeded, Rest: uint32(mtu)})
}

// fits refuses a packet behind POSTROUTING that is too long for the way out and
// may not be cut (net/ipv4/ip_output.c, ip_fragment; net/ipv6/ip6_output.c,
// ip6_fragment). IPv6 packets of the host's own are cut, as its sockets do.
func (f *flow) fits() bool {
	mtu := f.outMTU()
	if f.out.Loopback || f.local && f.c.Family == netfilter.IPv6 || !f.exceeds(mtu) {
		return true
	}
	if f.local {
		f.res.SendError = messageTooLong
	}
	f.refuseLong(mtu)
	return false
}

// messageTooLong is what a sender is told of EMSGSIZE.
const messageTooLong = "Message too long"

// outMTU returns how many bytes the way out takes in the end.
func (f *flow) outMTU() int {
	if f.route.OutMTU > 0 {
		return f.route.OutMTU
	}
	return f.mtu()
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
func (f *flow) fragments() []netfilter.Packet {
	parts := f.frag.Cut(&f.pkt, f.outMTU(), f.raw)
	for i := range parts {
		parts[i].Dev = f.res.OutDev
	}
	return parts
}

// pullTransport notes that the transport header was brought together: by the look
// for a socket as a TCP packet arrives (net/ipv4/tcp_ipv4.c, tcp_v4_early_demux),
// by the checksum of an SCTP packet, or by address translation.
func (f *flow) pullTransport() {
	switch f.transport.Proto {
	case packet.ProtoTCP:
		f.frag.Pull(packet.TCPHeaderLen)
	case packet.ProtoSCTP:
		const header = 12
		f.frag.Pull(header)
	}
}
