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
	parts := tr.skb.frag.Cut(&tr.pkt, tr.outMTU(), tr.origin == rawSend)
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
		tr.skb.frag.Pull(packet.TCPHeaderLen)
	case packet.ProtoSCTP:
		const header = 12
		tr.skb.frag.Pull(header)
	}
}

// defragHook reassembles packets, except untracked ones and, for IPv6, those received
// on lo that have a connection already.
func (tr *transit) defragHook() netfilter.Verdict {
	if tr.c.CTState == netfilter.CTUntracked || tr.c.Conn != nil && tr.c.Family == netfilter.IPv6 {
		return netfilter.Accept
	}
	return tr.defrag()
}

// defrag queues a fragment until all have been received; the last one continues as the
// reassembled packet (net/ipv4/netfilter/nf_defrag_ipv4.c, ipv4_conntrack_defrag;
// net/ipv6/netfilter/nf_defrag_ipv6_hooks.c, ipv6_defrag).
func (tr *transit) defrag() netfilter.Verdict {
	fragment, ok := frag.Read(&tr.pkt, tr.c.Hook, tr.c.Conn)
	if !ok || frag.CutShort(&tr.pkt) {
		return netfilter.Accept
	}
	if most := tr.s.budget.Fragments; !tr.s.stack.frags.Room(tr.s.now, most) {
		tr.fail(&LimitError{Limit: "Fragments", Max: int64(most), Family: tr.c.Family, Hook: tr.c.Hook})
		return netfilter.Drop
	}
	whole, received, status := tr.s.stack.frags.Add(tr.s.now, tr.c.Family, fragment)
	switch status {
	case frag.Refused:
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, detail: words("the fragments do not fit together")})
		return netfilter.Drop
	case frag.Oversize:
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, detail: words("put together from its fragments the packet would be longer than 65535 bytes")})
		return netfilter.Drop
	case frag.Waiting:
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Stolen, detail: words("waits for the other fragments of its packet")})
		return netfilter.Stolen
	}
	p := tr.c.Edit()
	p.SetWire(whole)
	received.Meta.Apply(p)
	tr.skb.frag = received
	tr.walker.Refresh()
	tr.note(Step{Kind: StepTrack, Verdict: netfilter.Accept, detail: words("put together from its fragments")})
	return netfilter.Accept
}

// reassemble4 reassembles an IPv4 packet before INPUT if conntrack has not; it returns
// false if the packet was queued or dropped (net/ipv4/ip_input.c, ip_local_deliver).
func (tr *transit) reassemble4() bool {
	return tr.c.Family == netfilter.IPv6 || tr.reassembleAt(netfilter.Input)
}

// reassemble6 reassembles an IPv6 packet after INPUT, whose rules see the fragments. A
// first fragment that does not contain the complete transport header is dropped,
// unless it is the only fragment, whose fragment header is kept
// (net/ipv6/reassembly.c, ipv6_frag_rcv).
func (tr *transit) reassemble6() bool {
	if tr.c.Family == netfilter.IPv4 {
		return true
	}
	if fragment, ok := frag.Read(&tr.pkt, tr.c.Hook, tr.c.Conn); ok && fragment.More && frag.CutShort(&tr.pkt) {
		tr.drop(Malformed, StepLocal, "the first fragment lacks part of the transport header")
		tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Code: packet.ICMPv6IncompleteHeader})
		return false
	} else if ok && fragment.Atomic() {
		return true
	} else if ok && fragment.More && fragment.Size()%8 != 0 {
		tr.drop(Malformed, StepLocal, "the length of the fragment is no multiple of 8")
		tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Rest: payloadLenOffset})
		return false
	}
	return tr.reassembleAt(netfilter.Input)
}

// payloadLenOffset is the offset of the payload length in an IPv6 header.
const payloadLenOffset = 4

func (tr *transit) reassembleAt(h netfilter.Hook) bool {
	tr.at(h)
	if v := tr.defrag(); v != netfilter.Accept {
		tr.end(v)
		return false
	}
	return true
}

// forgetFragments makes the packet one that was received unfragmented.
func (s *skbState) forgetFragments() { s.frag = frag.Received{} }
