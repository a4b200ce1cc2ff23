package simulate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Log implements netfilter.ReportEngine.
func (tr *transit) Log(l netfilter.LogConfig) {
	tr.res.log.entries = append(tr.res.log.entries, logEntry{config: l, hook: tr.c.Hook, in: tr.c.In, out: tr.c.Out, version: tr.version()})
}

// SetTrace implements netfilter.ReportEngine.
func (tr *transit) SetTrace(on bool) {
	tr.path.trace(on)
	if on {
		tr.res.log.trace()
	}
}

// Assume implements netfilter.ReportEngine.
func (tr *transit) Assume(fact string) {
	if tr.assumed(fact) == nil {
		tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Table: tr.c.Table, Rule: tr.c.Rule, Fact: fact})
	}
}

// assumed returns the earlier assumption of the current rule about the fact, nil if
// there is none.
func (tr *transit) assumed(fact string) *Assumption {
	for i := range tr.res.Assumptions {
		if a := &tr.res.Assumptions[i]; a.Rule == tr.c.Rule && a.Fact == fact {
			return a
		}
	}
	return nil
}

// Suppose implements netfilter.ReportEngine. It returns the same value each time a rule
// calls it for the same fact.
func (tr *transit) Suppose(fact string) bool {
	if a := tr.assumed(fact); a != nil {
		return !a.Not
	}
	holds := tr.s.chance.Guess(2) == 0
	tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Table: tr.c.Table, Rule: tr.c.Rule, Fact: fact, Not: !holds})
	return holds
}

// Because implements netfilter.ReportEngine.
func (tr *transit) Because(why string) {
	if s := tr.res.latest(); s != nil {
		s.detail = words(why)
	}
}

// Fail implements netfilter.ReportEngine.
func (tr *transit) Fail(err error) {
	var unknown *netfilter.UnknownError
	if !errors.As(err, &unknown) { // an error about an unknown extension includes the rule
		err = fmt.Errorf("%s: %w", rulePlace(tr.c.Table, tr.c.Rule), err)
	}
	tr.fail(err)
	tr.c.HotDrop()
}

// rulePlace returns the position of a rule, if it was read from a text, and the text
// of the rule.
func rulePlace(table string, r *netfilter.Rule) string {
	if r == nil {
		return "table " + table
	}
	place := "table " + table + ", rule " + strings.TrimSpace(strings.TrimPrefix(string(r.AppendSave(nil, netfilter.IPv4, "")), "-A"))
	if r.Pos.IsValid() {
		place = r.Pos.String() + ": " + place
	}
	return place
}

// Assumption is a fact that affected the result although neither packet nor host
// determine it, or a note about what the ruleset is known to lack.
type Assumption struct {
	Table string          // "" if no rule depends on the fact
	Rule  *netfilter.Rule // the rule that depends on the fact; nil for a fact about the host or the ruleset
	Fact  string          // what the simulation assumes
	Not   bool            // the branch assumes the opposite of Fact (AssumeNothing)
}

// String returns the rule, if any, and the fact.
func (a Assumption) String() string {
	fact := a.Fact
	if a.Not {
		fact = "it is not so that " + fact
	}
	if a.Table == "" {
		return fact
	}
	return rulePlace(a.Table, a.Rule) + ": " + fact
}

// unknownExtensions decides for unknown extensions when branches follow all of their
// possible verdicts.
type unknownExtensions struct{ tr *transit }

// Match implements xtables.Unknown: whether the match is true is a choice.
func (x unknownExtensions) Match(u *netfilter.Unknown) bool {
	return !x.tr.Suppose(fmt.Sprintf("the match %s, which is not known, fails", u.Keyword))
}

// Apply implements xtables.Unknown: the target continues, accepts or drops; that it
// may change the packet is not considered.
func (x unknownExtensions) Apply(u *netfilter.Unknown) netfilter.Verdict {
	v := [...]netfilter.Verdict{netfilter.Continue, netfilter.Accept, netfilter.Drop}[x.tr.s.chance.Guess(3)]
	x.tr.Assume(fmt.Sprintf("the target %s, which is not known, says %s", u.Keyword, v))
	return v
}

// The facts that are assumed about a host if its description does not determine them.
const (
	factNoLinks        = "the host has a link that leads everywhere and no address but those of lo: no links are given"
	factNobody         = "nobody listens on the port: no sockets are given"
	factForeign        = "a process of the host may send from an address that the host does not have: name the link if the packet arrives"
	factUnknownStation = "nobody is known to be behind a port of the bridge whom the packet is for, so that the bridge floods it"
	factSender         = "nobody is known to be behind the ports of the bridge who sent the packet, so that it came in by the port that does not lead to its receiver"
	factNoCopies       = "the packet may have come in by any port of the bridge, so that the copies for the other ports are left out: name the port"
	factNoQuerier      = "nobody asks on the bridge for members of groups, so that it floods what is for a group"
	factFlooded        = "nobody is known to be behind the ports of the bridge whom the packet is for, so that the only other port gets it"
)

var (
	factForwards = [2]string{
		"the host forwards IPv4 packets: net.ipv4.ip_forward is not given",
		"the host forwards IPv6 packets: net.ipv6.conf.all.forwarding is not given",
	}
	factBridged = [2]string{
		"rules see bridged IPv4 packets: net.bridge.bridge-nf-call-iptables is not given",
		"rules see bridged IPv6 packets: net.bridge.bridge-nf-call-ip6tables is not given",
	}
	factNoRules = [2]string{
		"there are no rules of IPv4: none are given, or no table",
		"there are no rules of IPv6: none are given, or no table",
	}
)

// assumeFact adds an assumption about the host.
func (tr *transit) assumeFact(fact string) {
	for i := range tr.res.Assumptions {
		if a := &tr.res.Assumptions[i]; a.Rule == nil && a.Fact == fact {
			return
		}
	}
	tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Fact: fact})
}

// assumeForwarding adds the assumption that the host forwards.
func (tr *transit) assumeForwarding() {
	switch u := &tr.s.node.machine.Unknowns; {
	case u.Links:
		tr.assumeFact(factNoLinks)
	case u.Forwarding[tr.c.Family]:
		tr.assumeFact(factForwards[tr.c.Family])
	}
}

// assumeNobody adds the assumption that no socket is bound for a packet that was
// delivered to the host.
func (tr *transit) assumeNobody() {
	if !tr.s.knowsSockets() {
		tr.assumeFact(factNobody)
	}
}

// assumeNoRules adds the assumption that the packet's family has no rules, if a ruleset
// of the other family was given, or if no ruleset of its own has a table.
func (tr *transit) assumeNoRules() {
	n, f := tr.s.node, tr.c.Family
	switch {
	case len(n.providers) != 0:
	case !n.rules[f].any() && n.rules[1-f].any(), n.rules[f].empty():
		tr.assumeFact(factNoRules[f])
	}
}

// assumeSource adds the assumption that a local process may send from an address that
// the host does not have.
func (tr *transit) assumeSource() {
	src := tr.pkt.Src()
	if !tr.s.node.machine.Unknowns.Links && !src.IsUnspecified() && !packet.IsMulticast(src) && !tr.s.node.machine.AnswersFor(src) {
		tr.assumeFact(factForeign)
	}
}
