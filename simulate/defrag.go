package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

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
	if most := tr.s.limits.Fragments; !tr.s.frags.Room(tr.s.now, most) {
		tr.fail(&LimitError{Limit: "Fragments", Max: int64(most), Family: tr.c.Family, Hook: tr.c.Hook})
		return netfilter.Drop
	}
	whole, received, status := tr.s.frags.Add(tr.s.now, tr.c.Family, fragment)
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
	tr.frag = received
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
