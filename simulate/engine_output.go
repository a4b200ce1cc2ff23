package simulate

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// Reject implements netfilter.OutputEngine.
func (tr *transit) Reject(w netfilter.RejectWith) {
	tr.outcome.reject()
	if w.TCPReset {
		tr.rejectReset()
		return
	}
	tr.rejectICMP(w.Type, w.Code)
}

// rejectICMP sends the ICMP error of REJECT (net/ipv4/netfilter/
// nf_reject_ipv4.c, nf_send_unreach; net/ipv6/netfilter/nf_reject_ipv6.c,
// nf_send_unreach6).
func (tr *transit) rejectICMP(typ, code uint8) {
	t := tr.pkt.Transport()
	if t.FragOff != 0 || tr.c.Family == netfilter.IPv6 && t.Offset >= tr.pkt.Len() || !tr.skb.checksum.Rejectable(&tr.pkt, t) {
		return
	}
	tr.sendError(icmp.Error{Type: typ, Code: code})
}

// rejectReset sends the RST of REJECT --reject-with tcp-reset, which belongs to
// the connection of the packet it refuses (nf_send_reset, nf_send_reset6).
func (tr *transit) rejectReset() {
	t := tr.pkt.Transport()
	if !t.Found || t.FragOff != 0 || t.Proto != packet.ProtoTCP {
		return
	}
	body := tr.pkt.From(t)
	if len(body) < 20 || packet.TCPFlags(body[13])&packet.RST != 0 {
		return
	}
	if !tr.skb.checksum.Resettable(&tr.pkt, t, tr.c.Hook) || tr.toBroadcastOrMulticast() {
		return
	}
	if tr.c.Family == netfilter.IPv6 && (packet.IsMulticast(tr.pkt.Src()) || tr.pkt.Src().IsUnspecified() || packet.IsMulticast(tr.pkt.Dst())) {
		return
	}
	p, err := tcp.Reset(&tr.pkt, body).Build()
	if err != nil {
		return
	}
	if tr.c.Family == netfilter.IPv4 {
		p.OffloadChecksum() // nf_reject_ip_tcphdr_put
	}
	tr.s.conns.SetClosing(tr.s.now, tr.c.Conn)
	tr.replyPacket(p, attachRelated, anyLink)
}

// ParameterProblem implements netfilter.OutputEngine.
func (tr *transit) ParameterProblem(offset uint32) {
	tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Rest: offset})
}

// AnswerSYN implements netfilter.OutputEngine (net/netfilter/
// nf_synproxy_core.c, synproxy_send_client_synack; net/ipv4/netfilter/ipt_SYNPROXY.c,
// synproxy_tg4).
func (tr *transit) AnswerSYN(s netfilter.SynProxy) netfilter.Verdict {
	if !tr.skb.checksum.OK(&tr.pkt, tr.c.Transport) {
		return netfilter.Drop
	}
	header := packet.TCPSegment(tr.pkt.Wire()[tr.c.Transport.Offset:])
	o := tcp.ReadOptions(header)
	if header.Flags()&packet.SYN == 0 {
		return tr.confirmOpening(header, o, header.Seq())
	}
	const both = packet.ECE | packet.CWR
	o.ECN = header.Flags()&both == both
	given := o.Restrict(s, tr.s.now.UnixMilli())
	flags := packet.SYN | packet.ACK
	if given.ECN {
		flags |= packet.ECE
	}
	tr.sendProxied(proxied{from: tr.pkt.Dst(), to: tr.pkt.Src(), header: exchanged(header), flags: flags,
		seq: tcp.Cookie(tr.pkt.Src(), tr.pkt.Dst(), header, header.Seq(), o.MSS), ack: header.Seq() + 1, options: given}, attachReply)
	return netfilter.Stolen
}

// Duplicate implements netfilter.OutputEngine. A copy made by TEE is not copied again
// (net/ipv4/netfilter/nf_dup_ipv4.c, nf_dup_ipv4; net/ipv6/netfilter/
// nf_dup_ipv6.c, nf_dup_ipv6).
func (tr *transit) Duplicate(gateway netip.Addr, out string) {
	if tr.origin == teeCopy {
		return
	}
	p := tr.pkt.Clone()
	p.Socket = nil
	p.SetDontFragment()
	if tr.c.Hook == netfilter.Prerouting || tr.c.Hook == netfilter.Input {
		p.SetTTL(p.TTL() - 1) // wraps around, as in the kernel
	}
	d := tr.s.newTransit(&p, tr)
	tr.res.noteCopy(d.res)
	d.origin = teeCopy
	d.path.trace(tr.path.traced)
	if tr.res.log.traced {
		d.res.log.trace()
	}
	d.c.Hook, d.c.CTState = netfilter.Output, netfilter.CTUntracked
	k := fib.Key{Dst: gateway, TOS: p.TOS(), OIF: tr.s.node.machine.IndexOf(out)}
	route, errno := d.routeOutput(k)
	if errno != 0 {
		d.drop(NoRoute, StepRoute, "no way to "+gateway.String()+": "+errno.Error())
		return
	}
	d.in = tr.s.node.machine.LinkByIndex(route.Link) // skb->dev, which is the input device at POSTROUTING
	d.leave(route)
}

// copyAt is a copy of the packet that a rule or a bridge made: its result, the step that
// made it, and the number of log lines before it.
type copyAt struct {
	step, logs int
	res        *Result
}

// addCopy adds the result of a copy made by the last step.
func (r *Result) addCopy(c *Result) {
	r.Caused = append(r.Caused, c)
	r.noteCopy(c)
}

// noteCopy records that the last step made the copy.
func (r *Result) noteCopy(c *Result) {
	r.log.copies = append(r.log.copies, copyAt{step: r.last(), logs: len(r.log.entries), res: c})
}

// isCopy reports whether a result in Caused is that of a copy of the packet.
func (r *Result) isCopy(c *Result) bool {
	return slices.ContainsFunc(r.log.copies, func(at copyAt) bool { return at.res == c })
}

// Queue implements netfilter.OutputEngine. The choice among several queues depends on
// a seed that the kernel draws at boot. If the result depends on the queue, it is
// chosen at random (net/netfilter/nf_queue.c, nf_queue; include/net/netfilter/nf_queue.h,
// nfqueue_hash).
func (tr *transit) Queue(first, last uint16, bypass bool) netfilter.Verdict {
	if !bypass {
		return netfilter.Queue
	}
	served, n := 0, int(last)-int(first)+1
	for q := range tr.s.node.machine.Queues {
		if q >= first && q <= last {
			served++
		}
	}
	switch {
	case served == n:
		return netfilter.Queue
	case served == 0:
		if !tr.Suppose(fmt.Sprintf("no program reads %s", queues(first, last))) {
			return netfilter.Queue
		}
		return tr.outcome.bypass()
	}
	if tr.s.chance.Weighted(2, func(i int) uint64 { return uint64([2]int{served, n}[i]) }) == 0 {
		return netfilter.Queue
	}
	return tr.outcome.bypass()
}

func queues(first, last uint16) string {
	if first == last {
		return fmt.Sprintf("queue %d", first)
	}
	return fmt.Sprintf("the queues %d to %d", first, last)
}
