package eval

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// appendEvent begins a line of "nft monitor trace" (src/netlink.c,
// trace_print_hdr), preceded by the line about the packet for the first event
// of a base chain.
func (c *chain) appendEvent(lines []string, t *netfilter.TraceStep) ([]string, string) {
	head := fmt.Sprintf("trace id %08x %s %s %s ", t.ID, c.table.Family, c.table.Name, c.name)
	if t.First && (!headerless(t.After) || len(t.LinkHeader) > 0) {
		lines = append(lines, head+"packet: "+packetText(c.table.Family, t))
	}
	return lines, head
}

// headerless reports whether the event for a packet contains no headers, as for
// an IPv6 fragment after the first: the kernel looks for its transport header
// first (net/netfilter/nf_tables_trace.c, nf_trace_fill_pkt_info).
func headerless(p *netfilter.Packet) bool {
	info := newPacketInfo(p)
	return p.Family() == netfilter.IPv6 && info.fragment
}

// TraceLines implements netfilter.TraceInfo.
func (r *rule) TraceLines(lines []string, t *netfilter.TraceStep) []string {
	return r.traceRule(lines, t, verdictText(t.Verdict))
}

func (r *rule) traceRule(lines []string, t *netfilter.TraceStep, verdict string) []string {
	lines, head := r.chain.appendEvent(lines, t)
	text := r.Text()
	if r.model.Comment != "" {
		text += ` comment "` + r.model.Comment + `"`
	}
	return append(lines, head+"rule "+text+" (verdict "+verdict+")")
}

// verdictText returns the verdict as in the trace.
func verdictText(v netfilter.Verdict) string {
	switch v {
	case netfilter.Accept:
		return "accept"
	case netfilter.Drop:
		return "drop"
	case netfilter.Queue:
		return "queue"
	case netfilter.Stolen:
		return "stolen"
	case netfilter.Return:
		return "return"
	}
	return "continue"
}

// lead is the step of a rule with a jump or goto. The next step is in that
// chain.
type lead struct {
	*rule
	word string // "jump" or "goto"
}

// TraceLines implements netfilter.TraceInfo.
func (l *lead) TraceLines(lines []string, t *netfilter.TraceStep) []string {
	return l.traceRule(lines, t, l.word+" "+t.Next)
}

// TraceLines implements netfilter.TraceInfo. nft prints no line for the end of
// a chain.
func (e *chainEnd) TraceLines(lines []string, t *netfilter.TraceStep) []string {
	lines, _ = e.chain.appendEvent(lines, t)
	return lines
}

// TraceLines implements netfilter.TraceInfo.
func (p *policyStep) TraceLines(lines []string, t *netfilter.TraceStep) []string {
	lines, head := p.base.appendEvent(lines, t)
	line := head + p.Text() + " "
	if mark := t.After.Mark; mark != 0 {
		line += fmt.Sprintf("meta mark 0x%08x ", mark)
	}
	return append(lines, line)
}
