package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
)

// flow is one packet on its way through the host. It is the Engine that the
// extensions ask.
type flow struct {
	s       *Session
	program *program
	res     *Result
	c       netfilter.Context
	pkt     netfilter.Packet

	in, out   *link // nil where there is none
	route     fib.Result
	local     bool           // made by the host
	raw       bool           // sent by a process, header and all
	icmp      bool           // sent by the socket that the host's ICMP goes out by
	looped    bool           // came back by lo
	unrouted  bool           // lost the route it came back with
	traced    bool           // a TRACE rule caught it
	bypassed  bool           // nobody read the queue it was put in: the entry of the hook is over for it
	rejected  bool           // a REJECT rule took it
	duplicate bool           // a copy that TEE made
	copied    bool           // the copy of a broadcast or multicast packet for the host itself
	records   ipopt.Records  // the options in which it records its way
	frag      frag.Received  // how it came in fragments
	diverted  *packet.Socket // what TPROXY gave it to; nil for nothing
	listener  *host.Socket   // that is to answer in place of the one the packet is addressed to; nil for none
	// answerLink is the link an answer has to leave by; 0 for any.
	answerLink int
	summed     bool                   // conntrack found the checksum of the arriving packet right
	summedHead [5]byte                // what that sum covered of the IP header
	sumSettled bool                   // it is not looked at again
	bridged    bool                   // passed on by a bridge
	ledUp      bool                   // handed to the host by a bridge together with its route
	toNeighbor bool                   // by the bridge, which asks for the hardware address of the new destination
	port       string                 // of the bridge that it is to leave by, if that was given
	template   *netfilter.TrackConfig // what CT asked for; nil for nothing
	attached   bool                   // to nothing, as the answer to an untracked packet

	// What the header of a rule is compared with, as of the edits seen.
	src, dst  bits128
	transport packet.Transport
	fresh     bool
	seen      int
	stack     []frame
	failed    int // index of the match that the last rule failed by; -1 for its header

	// The version of the packet that the result holds, as of the edits kept.
	kept                   bool
	keptEdits, keptVersion int
}

// refresh notices that the packet was changed since the header facts were
// taken.
func (f *flow) refresh() {
	if f.fresh && f.seen == f.c.Edits() {
		return
	}
	f.fresh, f.seen = true, f.c.Edits()
	f.src, f.dst = bitsOf(f.pkt.Src()), bitsOf(f.pkt.Dst())
	f.transport = f.pkt.Transport()
	if f.c.Family == netfilter.IPv6 && f.transport.FragOff != 0 {
		f.transport.Offset = 0 // ipv6_find_hdr leaves it alone for later fragments
	}
	f.c.Transport = f.transport
}

// note appends a step at the packet's present place and returns its index.
func (f *flow) note(s Step) int {
	s.Hook, s.In, s.Out = f.c.Hook, f.c.In, f.c.Out
	s.Traced = f.traced
	s.version = f.version()
	f.res.Steps = append(f.res.Steps, s)
	return len(f.res.Steps) - 1
}

// version returns the index of the packet as it is now, keeping a copy if it
// has changed.
func (f *flow) version() int {
	if f.kept && f.keptEdits == f.c.Edits() {
		return f.keptVersion
	}
	f.kept, f.keptEdits, f.keptVersion = true, f.c.Edits(), len(f.res.versions)
	f.res.versions = append(f.res.versions, f.pkt.Clone())
	return f.keptVersion
}

// finish settles the packet's fate by the step of this index.
func (f *flow) finish(fate Fate, by int) {
	if f.copied {
		return
	}
	f.res.Fate = fate
	f.res.decisive = by
	f.res.Packet = f.pkt.Clone()
	f.res.Packet.CompleteChecksum()
	if fate == Forwarded || fate == Sent {
		f.res.OutDev = f.out.name
		f.res.NextHop = f.nextHop()
		f.res.group = f.route.Type == fib.TypeBroadcast || packet.IsMulticast(f.pkt.Dst())
		f.res.Packet.Dev = f.out.name
		f.res.Fragments = f.fragments()
	}
	if fate.Passed() {
		f.res.decisive = f.res.allowedBy(by)
	}
}

// nextHop returns who is handed the packet on the link it leaves by.
func (f *flow) nextHop() netip.Addr {
	if f.route.Gateway.IsValid() {
		return f.route.Gateway
	}
	return f.pkt.Dst()
}

// nextHop4 returns the next hop as far as IPv4 knows it: one that is known by an
// IPv6 address does not count (include/net/route.h, rt_nexthop).
func (f *flow) nextHop4() netip.Addr {
	if hop := f.nextHop(); hop.Is4() {
		return hop
	}
	return f.pkt.Dst()
}

// allowedBy returns the index of the step that let a packet through: the last
// rule or policy of table filter that accepted it, of any other table where
// filter was not asked, or else the last step.
func (r *Result) allowedBy(last int) int {
	by := -1
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Verdict != netfilter.Accept || s.Kind != StepRule && s.Kind != StepPolicy {
			continue
		}
		if s.Table == "filter" || by < 0 || r.Steps[by].Table != "filter" {
			by = i
		}
	}
	if by < 0 {
		return last
	}
	return by
}

// drop settles that the host dropped it for a reason that is no rule's.
func (f *flow) drop(fate Fate, kind StepKind, why string) {
	f.finish(fate, f.note(Step{Kind: kind, Verdict: netfilter.Drop, Detail: why}))
}

// at moves the packet to a hook.
func (f *flow) at(h netfilter.Hook) {
	f.c.Hook, f.c.In, f.c.Out = h, "", ""
	if f.in != nil && h != netfilter.Output && !(f.bridged && h == netfilter.Postrouting) {
		f.c.In = f.in.name
	}
	if f.out != nil && (h == netfilter.Forward || h == netfilter.Output || h == netfilter.Postrouting) {
		f.c.Out = f.out.name
	}
}

// hook runs the stages of a hook; false if the packet ended there.
func (f *flow) hook(h netfilter.Hook) bool {
	f.at(h)
	stages := f.program.hooks[h]
	for i := range stages {
		st := &stages[i]
		var v netfilter.Verdict
		switch st.kind {
		case stageTable:
			v = f.runTable(st.table)
		case stageNAT:
			v = f.natStage(st.table)
		case stageConntrack:
			v = f.track()
		case stageConfirm:
			v = f.confirm()
		case stageSynProxy:
			v = f.synProxy()
		case stageDefrag:
			v = netfilter.Accept
			if f.defragments() {
				v = f.defrag()
			}
		}
		if v != netfilter.Accept {
			f.end(v)
			return false
		}
	}
	return true
}

// end settles the fate of a packet that a stage did not let on; the last step
// is the one that decided.
func (f *flow) end(v netfilter.Verdict) {
	fate := Dropped
	switch {
	case f.res.Err != nil:
		fate = Undecided
	case v == netfilter.Queue:
		fate = Queued
	case v == netfilter.Stolen:
		fate = Stolen
	case f.rejected:
		fate = Rejected
	}
	if f.local && !f.copied && fate != Queued && fate != Stolen && !f.looped && f.res.SendError == "" {
		f.res.SendError = "Operation not permitted"
	}
	f.finish(fate, len(f.res.Steps)-1)
}

// runTable walks a table; a packet that mangle OUTPUT changed is routed again
// (net/ipv4/netfilter/iptable_mangle.c, ipt_mangle_out).
func (f *flow) runTable(t *table) netfilter.Verdict {
	if t.name != "mangle" || f.c.Hook != netfilter.Output {
		return f.walk(t)
	}
	before := f.routingFacts()
	v := f.walk(t)
	if v == netfilter.Drop || v == netfilter.Stolen || before == f.routingFacts() {
		return v
	}
	if !f.reroute() {
		return netfilter.Drop
	}
	return v
}
