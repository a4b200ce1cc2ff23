package simulate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// Log implements netfilter.ReportEngine.
func (tr *transit) Log(l netfilter.LogConfig) {
	tr.res.logs = append(tr.res.logs, logEntry{config: l, hook: tr.c.Hook, in: tr.c.In, out: tr.c.Out, version: tr.version()})
}

// SetTrace implements netfilter.ReportEngine.
func (tr *transit) SetTrace(on bool) {
	tr.path.traced = on
	tr.res.traced = tr.res.traced || on
}

// Assume implements netfilter.ReportEngine.
func (tr *transit) Assume(fact string) {
	if tr.assumed(fact) == nil {
		tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Table: tr.c.Table, Rule: tr.c.Rule, Fact: fact})
	}
}

// assumed returns the assumption about a fact that a rule has led to before,
// nil if there is none.
func (tr *transit) assumed(fact string) *Assumption {
	for i := range tr.res.Assumptions {
		if a := &tr.res.Assumptions[i]; a.Rule == tr.c.Rule && a.Fact == fact {
			return a
		}
	}
	return nil
}

// Suppose implements netfilter.ReportEngine. A rule that asks twice is told the same.
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
	if n := len(tr.res.Steps); n > 0 {
		tr.res.Steps[n-1].detail = words(why)
	}
}

// Fail implements netfilter.ReportEngine.
func (tr *transit) Fail(err error) {
	var unknown *netfilter.UnknownError
	if !errors.As(err, &unknown) { // which names the rule itself
		err = fmt.Errorf("%s: %w", rulePlace(tr.c.Table, tr.c.Rule), err)
	}
	tr.fail(err)
	tr.c.HotDrop()
}

// rulePlace names a rule by its position, if it was read from a text, and its
// own text.
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

// Assumption is a fact that decided and nobody gave, or that the ruleset is known
// not to hold.
type Assumption struct {
	Table string          // "" if no rule asked for it
	Rule  *netfilter.Rule // that asked for it; nil for a fact about the host or the ruleset
	Fact  string          // what the simulation takes to be so
	Not   bool            // a branch took the opposite to be so (AssumeNothing)
}

// String names the rule, if one asked, and the fact.
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

// unknownExtensions says what extensions do that nobody knows where branches are
// to follow all that they could do.
type unknownExtensions struct{ tr *transit }

// Match implements xtables.Unknown: the match may hold or not.
func (x unknownExtensions) Match(u *netfilter.Unknown) bool {
	return !x.tr.Suppose(fmt.Sprintf("the match %s, which is not known, fails", u.Keyword))
}

// Apply implements xtables.Unknown: the target may pass the packet on, accept or
// drop it. What it might change in the packet is beyond any guess.
func (x unknownExtensions) Apply(u *netfilter.Unknown) netfilter.Verdict {
	v := [...]netfilter.Verdict{netfilter.Continue, netfilter.Accept, netfilter.Drop}[x.tr.s.chance.Guess(3)]
	x.tr.Assume(fmt.Sprintf("the target %s, which is not known, says %s", u.Keyword, v))
	return v
}

// unknowns are the facts about a host that its description leaves open.
type unknowns struct {
	links      bool    // it names no link
	forwarding [2]bool // by family
	bridged    [2]bool // whether rules of the family see bridged packets
}

// unknownsOf lists what a description leaves open.
func unknownsOf(h *host.Host) unknowns {
	u := unknowns{links: len(h.Links) == 0, forwarding: [2]bool{true, true}, bridged: [2]bool{true, true}}
	for name := range h.Sysctl {
		switch name = strings.ReplaceAll(name, "/", "."); {
		case name == "net.ipv4.ip_forward", strings.HasPrefix(name, "net.ipv4.conf.") && strings.HasSuffix(name, ".forwarding"):
			u.forwarding[netfilter.IPv4] = false
		case strings.HasPrefix(name, "net.ipv6.conf.") && strings.HasSuffix(name, "forwarding"):
			u.forwarding[netfilter.IPv6] = false
		case name == "net.bridge.bridge-nf-call-iptables":
			u.bridged[netfilter.IPv4] = false
		case name == "net.bridge.bridge-nf-call-ip6tables":
			u.bridged[netfilter.IPv6] = false
		}
	}
	return u
}

// What is taken to be so where a description leaves it open.
const (
	factNoLinks = "the host has a link that leads everywhere and no address but those of lo: no links are given"
	factNobody  = "nobody listens on the port: no sockets are given"
	factForeign = "a process of the host may send from an address that the host does not have: name the link if the packet arrives"
	factFlooded = "nobody is known to be behind the ports of the bridge whom the packet is for, so that the only other port gets it"
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

// assumeFact notes a fact about the host that decided and is not given.
func (tr *transit) assumeFact(fact string) {
	for i := range tr.res.Assumptions {
		if a := &tr.res.Assumptions[i]; a.Rule == nil && a.Fact == fact {
			return
		}
	}
	tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Fact: fact})
}

// assumeForwarding notes that the host is taken to forward.
func (tr *transit) assumeForwarding() {
	switch u := &tr.s.node.unknowns; {
	case u.links:
		tr.assumeFact(factNoLinks)
	case u.forwarding[tr.c.Family]:
		tr.assumeFact(factForwards[tr.c.Family])
	}
}

// assumeNobody notes that nobody is taken to listen for a packet that the host
// took in.
func (tr *transit) assumeNobody() {
	if !tr.s.knowsSockets() {
		tr.assumeFact(factNobody)
	}
}

// assumeNoRules notes that there are no rules of the packet's family, but of the
// other one, or that they have no table.
func (tr *transit) assumeNoRules() {
	n, f := tr.s.node, tr.c.Family
	switch {
	case len(n.providers) != 0:
	case n.rules[f] == nil && n.rules[1-f] != nil, n.rules[f] != nil && len(n.rules[f].Tables) == 0:
		tr.assumeFact(factNoRules[f])
	}
}

// assumeSource notes that a process of the host sends from an address which the
// host does not have.
func (tr *transit) assumeSource() {
	src := tr.pkt.Src()
	if !tr.s.node.unknowns.links && !src.IsUnspecified() && !packet.IsMulticast(src) && !tr.s.node.answersFor(src) {
		tr.assumeFact(factForeign)
	}
}
