package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// translationHook decides the translation of a new connection by the functions that
// stand at the hook for that, and translates the packet (net/netfilter/nf_nat_core.c,
// nf_nat_inet_fn).
func (tr *transit) translationHook() netfilter.Verdict {
	if tr.c.Conn == nil {
		return netfilter.Accept
	}
	manip := netfilter.ManipOf(tr.c.Hook)
	opens := tr.c.CTState == netfilter.CTNew || tr.c.CTState == netfilter.CTRelated || tr.c.CTState == netfilter.CTRelatedReply
	byRule := false // a rule has just set the translation up
	switch {
	case tr.isRelatedICMP():
	case opens && !nat.Initialized(tr.c.Conn, manip):
		if v, over := tr.setUpTranslation(manip); v != netfilter.Accept || over {
			return v
		}
		byRule = tr.lastStep() == StepRule
		if !nat.Initialized(tr.c.Conn, manip) && !nat.Keep(tr.s.conns, tr.c.Conn, manip, tr.drawPort(netfilter.NATRange{}, manip)) {
			tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words("no free tuple")})
			return netfilter.Drop
		}
	case tr.leavesElsewhere():
		tr.s.conns.Kill(tr.c.Conn)
		tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words("the masqueraded connection left by " + tr.c.Conn.OutDev + " before")})
		return netfilter.Drop
	}
	return tr.translate(byRule)
}

// setUpTranslation asks the functions for a translation until one has set it up.
// It is over when one put the packet into a queue that nobody reads.
func (tr *transit) setUpTranslation(m netfilter.Manip) (v netfilter.Verdict, over bool) {
	tr.outcome.takeBypassed()
	for _, f := range tr.s.node.programs[tr.c.Family].nat[tr.c.Hook] {
		v, over := f.run(tr), tr.outcome.takeBypassed()
		if v != netfilter.Accept || over {
			return v, over
		}
		if nat.Initialized(tr.c.Conn, m) {
			break
		}
	}
	return netfilter.Accept, false
}

// leavesElsewhere reports that a masqueraded connection now leaves by another
// link (net/netfilter/nf_nat_core.c, nf_nat_oif_changed).
func (tr *transit) leavesElsewhere() bool {
	return tr.c.Hook == netfilter.Postrouting && tr.c.Conn.OutDev != "" && tr.c.CTState.Direction() == netfilter.DirOriginal &&
		tr.c.Conn.OutDev != tr.c.Out
}

// translate rewrites the packet as the connection says. At OUTPUT a connection
// whose destination is translated asks for a new route, be the packet's the same
// as before; at PREROUTING a new destination loses the route that a packet came
// back in with (net/netfilter/nf_nat_proto.c, nf_nat_ipv4_local_fn,
// nf_nat_ipv6_local_fn, nf_nat_ipv4_pre_routing, nf_nat_ipv6_in).
func (tr *transit) translate(byRule bool) netfilter.Verdict {
	dst := tr.pkt.Dst()
	if v := tr.rewrite(byRule); v != netfilter.Accept {
		return v
	}
	switch tr.c.Hook {
	case netfilter.Prerouting:
		tr.loopback.routeLost = tr.loopback.returned && tr.pkt.Dst() != dst
	case netfilter.Output:
		dir, tuples := tr.c.CTState.Direction(), &tr.c.Conn.Tuples
		if tuples[dir].Dst != tuples[1-dir].Src && !tr.reroute() {
			return netfilter.Drop
		}
	}
	return netfilter.Accept
}

// rewrite changes the packet. The change counts as that of the rule which set it up,
// if there is one, else as a step of its own.
func (tr *transit) rewrite(byRule bool) netfilter.Verdict {
	before := tr.version()
	if tr.isRelatedICMP() {
		tr.frag.Pull(quotedHeaders[tr.c.Family])
		if !tr.icmpChecksumOK() {
			tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words("the checksum of the ICMP error is wrong")})
			return netfilter.Drop
		}
	}
	if err := nat.Translate(tr.c.Edit(), tr.c.Conn, tr.c.CTState, tr.c.Hook); err != nil {
		tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words(err.Error())})
		return netfilter.Drop
	}
	old := &tr.res.versions[before]
	if old.Equal(tr.pkt) {
		tr.path.unchanged(tr.c.Edits())
		return netfilter.Accept
	}
	tr.walker.Refresh()
	tr.pullTransport()
	if tr.c.Conn.Tuples[netfilter.DirOriginal].Proto == packet.ProtoSCTP {
		tr.checksum.forget() // nf_nat_proto.c, sctp_manip_pkt
	}
	n := tr.note(Step{Kind: StepNAT, Verdict: netfilter.Accept, detail: tr.res.memory.translation(translation{tr.res, before, tr.version()})})
	if !byRule {
		tr.res.Steps[n].version = before
	}
	return netfilter.Accept
}

func (tr *transit) isRelatedICMP() bool {
	return (tr.c.CTState == netfilter.CTRelated || tr.c.CTState == netfilter.CTRelatedReply) && tr.isICMP()
}

// quotedHeaders is how much of an ICMP error is looked at for translation: its
// own header and the IP header it quotes (nf_nat_icmp_reply_translation).
var quotedHeaders = [2]int{netfilter.IPv4: 8 + 20, netfilter.IPv6: 8 + 40}

// drawPort returns how address translation draws the place in a range of ports
// where it begins to look for a free one (net/netfilter/nf_nat_core.c,
// nf_nat_l4proto_unique_tuple, draws 16 bits).
//
// To which of a few ports a packet goes is a choice that shows in
// Result.Chance and in branches. That a connection has one or another of
// thousands of source ports is not: all of them count as the same path, of
// which the result shows one with some port.
func (tr *transit) drawPort(r netfilter.NATRange, m netfilter.Manip) func(n uint32) uint32 {
	d := &tr.s.ports
	if d.draw == nil {
		d.draw = func(n uint32) uint32 { return d.tr.drawOf(d.few, n) }
	}
	const few = 256
	low, high := r.MinPort, r.MaxPort
	if high < low {
		low, high = high, low
	}
	size := uint64(high-low) + 1
	d.tr, d.few = tr, 0
	if m == netfilter.ManipDst && r.Ports && size <= few {
		d.few = size
	}
	return d.draw
}

// portDraw is a draw of ports, of which a session has one at a time.
type portDraw struct {
	tr   *transit
	few  uint64 // how many ports there are, if they are few
	draw func(n uint32) uint32
}

// drawOf draws a number below n for a place among few ports; 0 for many.
func (tr *transit) drawOf(few uint64, n uint32) uint32 {
	if few > 0 {
		return uint32(tr.s.chance.Weighted(int(few), func(i int) uint64 { return residues(uint64(n), few, uint64(i)) }))
	}
	tr.res.RandomPort = true
	return uint32(tr.s.chance.Below(uint64(n)))
}

// residues returns how many numbers below n leave a remainder of at most i when
// divided by size.
func residues(n, size, i uint64) uint64 { return n/size*(i+1) + min(n%size, i+1) }
