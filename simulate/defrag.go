package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// defragments reports whether a hook puts the packet together: not one that is
// exempt from tracking, nor, for IPv6, one that has a connection already and
// comes back by lo.
func (f *flow) defragments() bool {
	return f.c.CTState != netfilter.CTUntracked && (f.c.Conn == nil || f.c.Family == netfilter.IPv4)
}

// defrag holds a fragment back until all are there; the last one goes on as the
// whole packet (net/ipv4/netfilter/nf_defrag_ipv4.c, ipv4_conntrack_defrag;
// net/ipv6/netfilter/nf_defrag_ipv6_hooks.c, ipv6_defrag).
func (f *flow) defrag() netfilter.Verdict {
	fragment, ok := frag.Read(&f.pkt, f.c.Hook, f.c.Conn)
	if !ok || frag.CutShort(&f.pkt) {
		return netfilter.Accept
	}
	whole, received, status := f.s.frags.Add(f.s.now, f.c.Family, fragment)
	switch status {
	case frag.Refused:
		f.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, Detail: "the fragments do not fit together"})
		return netfilter.Drop
	case frag.Waiting:
		f.note(Step{Kind: StepTrack, Verdict: netfilter.Stolen, Detail: "waits for the other fragments of its packet"})
		return netfilter.Stolen
	}
	f.c.Edit().SetWire(whole)
	f.frag = received
	f.refresh()
	f.note(Step{Kind: StepTrack, Verdict: netfilter.Accept, Detail: "put together from its fragments"})
	return netfilter.Accept
}

// reassemble4 puts an IPv4 packet together ahead of INPUT where conntrack has
// not; false if the packet ends here (net/ipv4/ip_input.c, ip_local_deliver).
func (f *flow) reassemble4() bool {
	return f.c.Family == netfilter.IPv6 || f.reassembleAt(netfilter.Input)
}

// reassemble6 puts an IPv6 packet together behind INPUT, which sees its
// fragments. A first fragment without its whole transport header is refused,
// unless it is the only one (net/ipv6/reassembly.c, ipv6_frag_rcv).
func (f *flow) reassemble6() bool {
	if f.c.Family == netfilter.IPv4 {
		return true
	}
	if fragment, ok := frag.Read(&f.pkt, f.c.Hook, f.c.Conn); ok && fragment.More && frag.CutShort(&f.pkt) {
		f.drop(Malformed, StepLocal, "the first fragment lacks part of the transport header")
		f.sendError(icmp.Error{Type: icmp.V6ParamProblem, Code: icmp.V6HeaderIncomplete})
		return false
	}
	return f.reassembleAt(netfilter.Input)
}

func (f *flow) reassembleAt(h netfilter.Hook) bool {
	f.at(h)
	if v := f.defrag(); v != netfilter.Accept {
		f.end(v)
		return false
	}
	return true
}
