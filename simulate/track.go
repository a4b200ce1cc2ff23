package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// track classifies the packet, unless it carries a verdict of conntrack
// already (net/netfilter/nf_conntrack_core.c, nf_conntrack_in).
func (f *flow) track() netfilter.Verdict {
	template := f.template
	if template != nil {
		f.template, f.c.Conn = nil, nil
	}
	if f.c.Conn != nil || f.c.CTState == netfilter.CTUntracked {
		return netfilter.Accept
	}
	f.attached = f.attached && f.isICMP() // which keeps it where it has no connection, either
	if f.c.Hook == netfilter.Prerouting && f.s.node.tracking.Checksum && f.pkt.NextHeader() == packet.ProtoSCTP {
		f.refresh()
		f.pullTransport() // for the checksum: nf_conntrack_proto_sctp.c, sctp_error
	}
	conn, rel, ok := f.s.conns.In(f.s.now, f.c.Hook, &f.pkt, template)
	f.c.Conn, f.c.CTState = conn, rel
	f.sum(conn != nil)
	if !ok {
		f.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, Detail: "connection tracking refuses the packet"})
		return netfilter.Drop
	}
	return netfilter.Accept
}

// confirm enters a new connection in the table once its first packet has come
// through (nf_conntrack_core.c, __nf_conntrack_confirm).
func (f *flow) confirm() netfilter.Verdict {
	f.adjustSeq()
	if f.c.Conn == nil || f.c.Conn.Status&netfilter.ConnConfirmed != 0 {
		return netfilter.Accept
	}
	conn, ok := f.s.conns.Confirm(f.s.now, f.c.Conn, f.c.CTState)
	if !ok {
		f.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, Detail: "another connection has taken the same addresses and ports"})
		return netfilter.Drop
	}
	f.c.Conn = conn
	return netfilter.Accept
}

// natStage decides the translation of a new connection by the nat table and
// translates the packet (net/netfilter/nf_nat_core.c, nf_nat_inet_fn).
func (f *flow) natStage(t *table) netfilter.Verdict {
	if f.c.Conn == nil {
		return netfilter.Accept
	}
	manip := netfilter.ManipOf(f.c.Hook)
	opens := f.c.CTState == netfilter.CTNew || f.c.CTState == netfilter.CTRelated || f.c.CTState == netfilter.CTRelatedReply
	switch {
	case f.isRelatedICMP():
	case opens && !nat.Initialized(f.c.Conn, manip):
		f.bypassed = false
		if v := f.walk(t); v != netfilter.Accept || f.bypassed {
			return v
		}
		if !nat.Initialized(f.c.Conn, manip) && !nat.Keep(f.s.conns, f.c.Conn, manip, f.drawPort(netfilter.NATRange{}, manip)) {
			f.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, Detail: "no free tuple"})
			return netfilter.Drop
		}
	case f.leavesElsewhere():
		f.s.conns.Kill(f.c.Conn)
		f.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, Detail: "the masqueraded connection left by " + f.c.Conn.OutDev + " before"})
		return netfilter.Drop
	}
	return f.translate()
}

// quotedHeaders is how much of an ICMP error is looked at for translation: its
// own header and the IP header it quotes (nf_nat_icmp_reply_translation).
var quotedHeaders = [2]int{netfilter.IPv4: 8 + 20, netfilter.IPv6: 8 + 40}

// leavesElsewhere reports that a masqueraded connection now leaves by another
// link (net/netfilter/nf_nat_core.c, nf_nat_oif_changed).
func (f *flow) leavesElsewhere() bool {
	return f.c.Hook == netfilter.Postrouting && f.c.Conn.OutDev != "" && f.c.CTState.Direction() == netfilter.DirOriginal &&
		f.c.Conn.OutDev != f.c.Out
}

// translate rewrites the packet as the connection says. At OUTPUT a connection
// whose destination is translated asks for a new route, be the packet's the same
// as before; at PREROUTING a new destination loses the route that a packet came
// back in with (net/netfilter/nf_nat_proto.c, nf_nat_ipv4_local_fn,
// nf_nat_ipv6_local_fn, nf_nat_ipv4_pre_routing, nf_nat_ipv6_in).
func (f *flow) translate() netfilter.Verdict {
	dst := f.pkt.Dst()
	if v := f.rewrite(); v != netfilter.Accept {
		return v
	}
	switch f.c.Hook {
	case netfilter.Prerouting:
		f.unrouted = f.looped && f.pkt.Dst() != dst
	case netfilter.Output:
		dir, tuples := f.c.CTState.Direction(), &f.c.Conn.Tuples
		if tuples[dir].Dst != tuples[1-dir].Src && !f.reroute() {
			return netfilter.Drop
		}
	}
	return netfilter.Accept
}

func (f *flow) rewrite() netfilter.Verdict {
	before := f.version()
	if f.isRelatedICMP() {
		f.frag.Pull(quotedHeaders[f.c.Family])
		if !f.errorSumOK() {
			f.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, Detail: "the checksum of the ICMP error is wrong"})
			return netfilter.Drop
		}
	}
	if !nat.Translate(f.c.Edit(), f.c.Conn, f.c.CTState, f.c.Hook) {
		f.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, Detail: "the packet is too short to be translated"})
		return netfilter.Drop
	}
	old := &f.res.versions[before]
	if old.Equal(f.pkt) {
		f.keptEdits = f.c.Edits()
		return netfilter.Accept
	}
	f.refresh()
	f.pullTransport()
	if f.c.Conn.Tuples[netfilter.DirOriginal].Proto == packet.ProtoSCTP {
		f.summed, f.sumSettled = false, false // nf_nat_proto.c, sctp_manip_pkt
	}
	f.note(Step{Kind: StepNAT, Verdict: netfilter.Accept, Detail: "translated from " + ends(old) + " to " + ends(&f.pkt)})
	return netfilter.Accept
}

// errorSumOK reports whether translation takes the checksum of an ICMP error for
// right (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum).
func (f *flow) errorSumOK() bool {
	if f.pkt.ChecksumTrusted() {
		return true
	}
	if f.c.Family == netfilter.IPv6 {
		return f.errorSumOK6()
	}
	switch f.c.Hook {
	case netfilter.Output:
		return nat.ErrorSumOK(&f.pkt)
	case netfilter.Prerouting:
		return f.s.node.tracking.Checksum || nat.ErrorSumOK(&f.pkt)
	}
	return true // it was right at the hook before
}

// errorSumOK6 believes a sum that was found right before as long as it fits the
// header, which is not asked of what the host sends itself; found to fit, it is
// not looked at again.
func (f *flow) errorSumOK6() bool {
	if f.summed && f.in == nil {
		return true
	}
	if f.rightOnArrival() {
		f.sumSettled = true
		return true
	}
	f.summed, f.summedHead = nat.ErrorSumOK(&f.pkt), summedHead(&f.pkt)
	return f.summed
}

func (f *flow) isRelatedICMP() bool {
	return (f.c.CTState == netfilter.CTRelated || f.c.CTState == netfilter.CTRelatedReply) && f.isICMP()
}

func (f *flow) isICMP() bool {
	t := f.pkt.Transport()
	return t.Proto == packet.ProtoICMP || t.Proto == packet.ProtoICMPv6
}
