package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// translationHook is the hook function of address translation. For a new connection
// it calls the NAT functions registered at the hook to set up the translation; then it
// translates the packet (net/netfilter/nf_nat_core.c, nf_nat_inet_fn).
func (tr *transit) translationHook() netfilter.Verdict {
	if tr.c.Conn == nil {
		return netfilter.Accept
	}
	manip := netfilter.ManipOf(tr.c.Hook)
	opens := tr.c.CTState == netfilter.CTNew || tr.c.CTState == netfilter.CTRelated || tr.c.CTState == netfilter.CTRelatedReply
	byRule := false // a rule at this hook set up the translation
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
	case tr.outDevChanged():
		tr.s.conns.Kill(tr.c.Conn)
		tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words("the masqueraded connection left by " + tr.c.Conn.OutDev + " before")})
		return netfilter.Drop
	}
	return tr.translate(byRule)
}

// setUpTranslation calls the NAT functions of the hook until one has set up the
// translation. over reports that one put the packet into a queue without a listener
// with --queue-bypass.
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

// outDevChanged reports whether the output link of a masqueraded connection has
// changed (net/netfilter/nf_nat_core.c, nf_nat_oif_changed).
func (tr *transit) outDevChanged() bool {
	return tr.c.Hook == netfilter.Postrouting && tr.c.Conn.OutDev != "" && tr.c.CTState.Direction() == netfilter.DirOriginal &&
		tr.c.Conn.OutDev != tr.c.Out
}

// translate rewrites the packet according to its connection. At OUTPUT it looks up a
// new route if the connection's destination is translated, even if this packet was not
// changed. At PREROUTING a changed destination drops the route that is still attached
// to a packet received on lo (net/netfilter/nf_nat_proto.c, nf_nat_ipv4_local_fn,
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

// rewrite translates the packet. If byRule is set, the change is recorded in the step
// of the rule that set up the translation, otherwise in the StepNAT.
func (tr *transit) rewrite(byRule bool) netfilter.Verdict {
	related := tr.isRelatedICMP()
	if !related && !nat.Affects(tr.c.Conn, tr.c.CTState.Direction(), netfilter.ManipOf(tr.c.Hook)) {
		return netfilter.Accept
	}
	before := tr.version()
	if related {
		tr.skb.frag.Pull(quotedHeaders[tr.c.Family])
		if !tr.icmpChecksumOK() {
			tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words("the checksum of the ICMP error is wrong")})
			return netfilter.Drop
		}
	}
	if err := nat.Translate(tr.c.Edit(), tr.c.Conn, tr.c.CTState, tr.c.Hook); err != nil {
		tr.note(Step{Kind: StepNAT, Verdict: netfilter.Drop, detail: words(err.Error())})
		return netfilter.Drop
	}
	old := &tr.res.path.versions[before]
	if old.Equal(tr.pkt) {
		tr.path.unchanged(tr.c.Edits())
		return netfilter.Accept
	}
	tr.walker.Refresh()
	tr.pullTransport()
	if tr.c.Conn.Tuples[netfilter.DirOriginal].Proto == packet.ProtoSCTP {
		tr.skb.checksum.Forget() // nf_nat_proto.c, sctp_manip_pkt
	}
	t := translation{res: tr.res, before: before, after: tr.version(), by: tr.translatedBy()}
	n := tr.note(Step{Kind: StepNAT, Verdict: netfilter.Accept, detail: tr.res.path.memory.translation(t)})
	if !byRule {
		tr.res.Steps[n].version = before
	}
	return netfilter.Accept
}

// translatedBy says why the packet is translated, unless it is the first of its
// connection, for which rules decide.
func (tr *transit) translatedBy() string {
	switch {
	case tr.isRelatedICMP():
		return asQuoted
	case tr.c.CTState.Direction() == netfilter.DirReply:
		return asReply
	case tr.c.CTState == netfilter.CTEstablished, tr.c.Conn.Status&netfilter.ConnConfirmed != 0:
		return asFirst
	}
	return ""
}

// icmpChecksumOK reports whether address translation accepts the checksum of an ICMP
// error (net/netfilter/utils.c, nf_ip_checksum, nf_ip6_checksum).
func (tr *transit) icmpChecksumOK() bool {
	if tr.pkt.ChecksumTrusted() {
		return true
	}
	if tr.c.Family == netfilter.IPv6 {
		return tr.skb.checksum.Translatable(&tr.pkt, tr.in == nil)
	}
	switch tr.c.Hook {
	case netfilter.Output:
		return nat.ErrorSumOK(&tr.pkt)
	case netfilter.Prerouting:
		return tr.s.node.tracking.Checksum || nat.ErrorSumOK(&tr.pkt)
	}
	return true // it was verified at the previous hook
}

func (tr *transit) isRelatedICMP() bool {
	return (tr.c.CTState == netfilter.CTRelated || tr.c.CTState == netfilter.CTRelatedReply) && tr.isICMP()
}

// quotedHeaders is how many bytes of an ICMP error the kernel pulls for translation:
// the ICMP header and the IP header that it quotes (nf_nat_icmp_reply_translation).
var quotedHeaders = [2]int{netfilter.IPv4: 8 + 20, netfilter.IPv6: 8 + 40}

// drawPort returns the function that draws the offset in a range of ports at which
// the search for a free port starts (net/netfilter/nf_nat_core.c,
// nf_nat_l4proto_unique_tuple, draws 16 bits).
//
// A destination port from a range of at most 256 is a choice that Result.Chance and
// branches distinguish. Other ports, such as the source port of a masqueraded
// connection, are not: all of them count as one path, which the result shows with one
// of the ports.
func (tr *transit) drawPort(r netfilter.NATRange, m netfilter.Manip) func(n uint32) uint32 {
	d := &tr.s.reuse.ports
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

// portDraw is the state of a random choice of a port; a session has one at a time.
type portDraw struct {
	tr   *transit
	few  uint64 // size of the range if its ports are distinguished; else 0
	draw func(n uint32) uint32
}

// drawOf draws a number below n. few is the size of the range of ports if its ports
// are distinguished as branches; else 0.
func (tr *transit) drawOf(few uint64, n uint32) uint32 {
	if few > 0 {
		return uint32(tr.s.chance.Weighted(int(few), func(i int) uint64 { return residues(uint64(n), few, uint64(i)) }))
	}
	tr.res.RandomPort = true
	return uint32(tr.s.chance.Below(uint64(n)))
}

// residues returns how many numbers below n leave a remainder of at most i when
// divided by size, which is the weight of the first i+1 ports of a range of that size.
func residues(n, size, i uint64) uint64 { return n/size*(i+1) + min(n%size, i+1) }
