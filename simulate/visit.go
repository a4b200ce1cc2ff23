package simulate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Visit is a rule that a packet came to, whether it matched or not. It is good
// only until the function that is given it returns.
type Visit struct {
	Hook    netfilter.Hook
	Table   string
	Chain   string
	Number  int // 1-based place in the chain
	Rule    *netfilter.Rule
	Matched bool

	flow *flow
}

// WithVisits has f told of every rule that a packet of the session, its clones
// and its branches comes to, in order.
func WithVisits(f func(*Visit)) SessionOption {
	return func(s *Session) { s.visits = append(slices.Clip(s.visits), f) }
}

func (f *flow) visit(at frame, r *rule, matched bool) {
	v := Visit{Hook: f.c.Hook, Table: f.c.Table, Chain: at.chain.name, Number: at.next + 1, Rule: r.source, Matched: matched, flow: f}
	for _, told := range f.s.visits {
		told(&v)
	}
}

// Place returns "table:CHAIN:rule:n".
func (v *Visit) Place() string { return place(v.Table, v.Chain, v.Number) }

// Conditions returns how many conditions the rule has: those of its header and
// its matches.
func (v *Visit) Conditions() int { return len(conditions(&v.Rule.Header)) + len(v.Rule.Matches) }

// Miss is the condition by which a rule did not match.
type Miss struct {
	Condition string // as iptables-save prints it: "-s 10.0.0.0/8", "-m tcp --dport 443"
	Saw       string // what the packet had instead: "dport 80"; "" where that cannot be told
	Held      int    // conditions of the rule ahead of it, which held
}

// String returns the condition and what the packet had instead.
func (m Miss) String() string {
	if m.Saw == "" {
		return m.Condition
	}
	return m.Condition + ", but the packet has " + m.Saw
}

// Miss says why the rule did not match; the zero value if it did.
func (v *Visit) Miss() Miss {
	if v.Matched {
		return Miss{}
	}
	held := 0
	for _, c := range conditions(&v.Rule.Header) {
		one := c.only(&v.Rule.Header)
		h := compileHeader(&one)
		if !v.flow.headerMatches(&h) {
			rule := netfilter.Rule{Header: one}
			text := strings.TrimPrefix(string(rule.AppendSave(nil, v.flow.c.Family, "")), "-A ")
			return Miss{Condition: strings.TrimSpace(text), Saw: c.saw(v.flow), Held: held}
		}
		held++
	}
	if v.flow.failed < 0 {
		return Miss{Condition: "the IPv6 headers are complete", Held: held}
	}
	whole := compileHeader(&v.Rule.Header)
	v.flow.headerMatches(&whole) // says where the transport header is
	m := v.Rule.Matches[v.flow.failed]
	miss := Miss{Condition: "-m " + m.Name() + string(m.AppendOptions(nil)), Held: held + v.flow.failed}
	if o, ok := m.(netfilter.Observer); ok {
		miss.Saw = o.Observe(&v.flow.c)
	}
	return miss
}

// condition is one of the conditions that a header may have.
type condition struct {
	only func(h *netfilter.Header) netfilter.Header // a header with this condition alone
	saw  func(f *flow) string
}

// conditions lists those that a header has.
func conditions(h *netfilter.Header) (cs []condition) {
	add := func(given bool, only func(h *netfilter.Header) netfilter.Header, saw func(f *flow) string) {
		if given {
			cs = append(cs, condition{only, saw})
		}
	}
	add(h.Src.Mask.IsValid(), func(h *netfilter.Header) netfilter.Header { return netfilter.Header{Src: h.Src, InvSrc: h.InvSrc} },
		func(f *flow) string { return "source " + f.pkt.Src().String() })
	add(h.Dst.Mask.IsValid(), func(h *netfilter.Header) netfilter.Header { return netfilter.Header{Dst: h.Dst, InvDst: h.InvDst} },
		func(f *flow) string { return "destination " + f.pkt.Dst().String() })
	add(h.In != "" || h.InvIn, func(h *netfilter.Header) netfilter.Header { return netfilter.Header{In: h.In, InvIn: h.InvIn} },
		func(f *flow) string { return linkSeen("in", f.c.In) })
	add(h.Out != "" || h.InvOut, func(h *netfilter.Header) netfilter.Header { return netfilter.Header{Out: h.Out, InvOut: h.InvOut} },
		func(f *flow) string { return linkSeen("out", f.c.Out) })
	add(h.Proto != 0 || h.InvProto, func(h *netfilter.Header) netfilter.Header {
		return netfilter.Header{Proto: h.Proto, InvProto: h.InvProto}
	}, func(f *flow) string { return "protocol " + packet.ProtocolName(f.transport.Proto) })
	add(h.Fragment || h.InvFragment, func(h *netfilter.Header) netfilter.Header {
		return netfilter.Header{Fragment: h.Fragment, InvFragment: h.InvFragment}
	}, func(f *flow) string { return fmt.Sprintf("fragment offset %d", f.transport.FragOff) })
	return cs
}

func linkSeen(way, name string) string {
	if name == "" {
		return "no link " + way + " at this hook"
	}
	return "link " + name + " " + way
}
