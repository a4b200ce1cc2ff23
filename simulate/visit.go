package simulate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/watch"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Visit is the evaluation of a rule for a packet, whether the rule matched or not. It is
// valid only until the function to which it was passed returns.
type Visit struct {
	Hook    netfilter.Hook
	Table   string // with the family for one of nftables: "inet filter"
	Chain   string
	Backend netfilter.Backend // of the table, if it is one of iptables
	Number  int               // 1-based place in the chain
	Rule    *netfilter.Rule   // nil for a rule of another kind than iptables, such as nftables
	Matched bool

	transit *transit
	other   watch.Visit // of a rule of another kind
}

// observers are told which rules the packets of a session evaluate.
type observers struct {
	visits   []func(*Visit) // called for every rule that is evaluated
	coverage []*Coverage
	tallies  [2][]xtables.Tally // of coverage, by family
	counted  [][]*listCounts    // of coverage, by provider
}

// WithVisits makes the session, its clones and its branches call f for every rule that
// they evaluate, in order.
func WithVisits(f func(*Visit)) SessionOption {
	if f == nil {
		return nil
	}
	return func(s *Session) { s.observers.visits = append(slices.Clip(s.observers.visits), f) }
}

func (tr *transit) visit(x xtables.Visit) {
	tr.tell(&Visit{Hook: tr.c.Hook, Table: tr.c.Table, Chain: x.Chain.Name, Backend: x.Chain.Backend, Number: x.Number, Rule: x.Rule, Matched: x.Matched, transit: tr})
}

func (tr *transit) tell(v *Visit) {
	for _, told := range tr.s.observers.visits {
		told(v)
	}
}

// watcher is told of the rules of a provider that a packet evaluates.
type watcher struct {
	tr     *transit
	counts []*listCounts
}

// Watcher implements watch.Engine.
func (tr *transit) Watcher() watch.Watcher {
	o := &tr.s.observers
	if o.visits == nil && o.coverage == nil {
		return nil
	}
	w := &watcher{tr: tr}
	if o.counted != nil {
		w.counts = o.counted[tr.path.provider]
	}
	return w
}

// Evaluated implements watch.Watcher.
func (w *watcher) Evaluated(v watch.Visit) {
	for _, c := range w.counts {
		c.count(v)
	}
	if w.tr.s.observers.visits == nil {
		return
	}
	w.tr.tell(&Visit{Hook: w.tr.c.Hook, Table: v.Rule.Table(), Chain: v.Rule.Chain(), Number: v.Rule.Number(), Matched: v.Miss == nil, transit: w.tr, other: v})
}

// Text returns the rule as its ruleset prints it: "-A INPUT -j DROP", or without its
// chain for a rule of nftables.
func (v *Visit) Text() string {
	switch {
	case v.other.Rule != nil:
		return v.other.Rule.Text()
	case v.Rule == nil || v.transit == nil:
		return ""
	}
	return string(v.Rule.AppendSave(nil, v.transit.c.Family, v.Chain))
}

// Translates reports whether the rule is one of those that decide about the translation
// of connections: of table nat, or of a base chain of type nat and the chains it calls.
func (v *Visit) Translates() bool {
	return v.other.Type == netfilter.NATHook || v.other.Rule == nil && v.Table == "nat"
}

// SoleVerdict returns the verdict that a rule has if it matches, if it has no other
// effect: Accept, Drop (also if it rejects the packet), or Continue if it has no target
// and, for a rule of nftables, if it only logs. It is false for other rules.
func (v *Visit) SoleVerdict() (netfilter.Verdict, bool) {
	switch {
	case v.other.Rule != nil:
		return v.other.Rule.SoleVerdict()
	case v.Rule == nil || v.Rule.Target == nil:
		return netfilter.Continue, true
	}
	switch v.Rule.Target.Name() {
	case "ACCEPT":
		return netfilter.Accept, true
	case "DROP", "REJECT":
		return netfilter.Drop, true
	}
	return netfilter.Continue, false
}

// Place returns "table:CHAIN:rule:n".
func (v *Visit) Place() string { return place(v.Table, v.Chain, v.Number) }

// Conditions returns the number of conditions of the rule: those of its header and its
// matches, or the comparisons of a rule of nftables.
func (v *Visit) Conditions() int {
	switch {
	case v.other.Rule != nil:
		return v.other.Rule.Conditions()
	case v.Rule == nil:
		return 0
	}
	return len(conditions(&v.Rule.Header)) + len(v.Rule.Matches)
}

// Miss is the condition by which a rule did not match.
type Miss struct {
	Condition string // as iptables-save or nft prints it: "-s 10.0.0.0/8", "-m tcp --dport 443", "tcp dport 443"
	Saw       string // the value of the packet: "dport 80", "tcp dport 80"; "" if it is not known
	Held      int    // number of earlier conditions of the rule, which were true
}

// String returns the condition and the value of the packet.
func (m Miss) String() string {
	if m.Saw == "" {
		return m.Condition
	}
	return m.Condition + ", but the packet has " + m.Saw
}

// Miss returns the first condition that was false; the zero value if the rule matched.
func (v *Visit) Miss() Miss {
	if m := v.other.Miss; m != nil {
		return Miss{Condition: m.Condition(), Saw: m.Observed(), Held: m.Held()}
	}
	if v.Matched || v.Rule == nil || v.transit == nil {
		return Miss{}
	}
	held := 0
	for _, c := range conditions(&v.Rule.Header) {
		one := c.only(&v.Rule.Header)
		if !v.transit.walker.HeaderMatches(&one) {
			rule := netfilter.Rule{Header: one}
			text := strings.TrimPrefix(string(rule.AppendSave(nil, v.transit.c.Family, "")), "-A ")
			return Miss{Condition: strings.TrimSpace(text), Saw: c.observed(v.transit), Held: held}
		}
		held++
	}
	if v.transit.walker.Failed() < 0 {
		return Miss{Condition: "the IPv6 headers are complete", Held: held}
	}
	v.transit.walker.HeaderMatches(&v.Rule.Header) // sets the offset of the transport header
	m := v.Rule.Matches[v.transit.walker.Failed()]
	miss := Miss{Condition: "-m " + m.Name() + string(m.AppendOptions(nil)), Held: held + v.transit.walker.Failed()}
	if o, ok := m.(netfilter.Observer); ok {
		miss.Saw = o.Observe(&v.transit.c)
	}
	return miss
}

// condition is a condition of a rule header (iptables -s, -d, -i, -o, -p, …).
type condition struct {
	only     func(h *netfilter.Header) netfilter.Header // a header with this condition alone
	observed func(tr *transit) string
}

// conditions returns the conditions of a header.
func conditions(h *netfilter.Header) (cs []condition) {
	add := func(given bool, only func(h *netfilter.Header) netfilter.Header, observed func(tr *transit) string) {
		if given {
			cs = append(cs, condition{only, observed})
		}
	}
	add(h.Src.Mask.IsValid(), func(h *netfilter.Header) netfilter.Header { return netfilter.Header{Src: h.Src, InvSrc: h.InvSrc} },
		func(tr *transit) string { return "source " + tr.pkt.Src().String() })
	add(h.Dst.Mask.IsValid(), func(h *netfilter.Header) netfilter.Header { return netfilter.Header{Dst: h.Dst, InvDst: h.InvDst} },
		func(tr *transit) string { return "destination " + tr.pkt.Dst().String() })
	add(h.In != "" || h.InvIn, func(h *netfilter.Header) netfilter.Header { return netfilter.Header{In: h.In, InvIn: h.InvIn} },
		func(tr *transit) string { return linkSeen("in", tr.c.In) })
	add(h.Out != "" || h.InvOut, func(h *netfilter.Header) netfilter.Header { return netfilter.Header{Out: h.Out, InvOut: h.InvOut} },
		func(tr *transit) string { return linkSeen("out", tr.c.Out) })
	add(h.Proto != 0 || h.MPTCP || h.InvProto, func(h *netfilter.Header) netfilter.Header {
		return netfilter.Header{Proto: h.Proto, ProtoNumber: h.ProtoNumber, MPTCP: h.MPTCP, InvProto: h.InvProto}
	}, func(tr *transit) string { return "protocol " + packet.ProtocolName(tr.walker.Transport().Proto) })
	add(h.Fragment || h.InvFragment, func(h *netfilter.Header) netfilter.Header {
		return netfilter.Header{Fragment: h.Fragment, InvFragment: h.InvFragment}
	}, func(tr *transit) string { return fmt.Sprintf("fragment offset %d", tr.walker.Transport().FragOff) })
	return cs
}

func linkSeen(way, name string) string {
	if name == "" {
		return "no link " + way + " at this hook"
	}
	return "link " + name + " " + way
}

// Equal reports whether v and o are identical (==).
func (v Visit) Equal(o Visit) bool { return v == o }
