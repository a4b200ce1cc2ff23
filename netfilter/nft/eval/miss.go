package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/netfilter/watch"
)

// report tells the watcher of a rule, of which the instruction with index last was the
// last one that was evaluated.
func (m *machine) report(r *rule, last int) {
	v := watch.Visit{Rule: r, Type: hookTypes[m.base.base.Type]}
	if m.verdict.code == codeBreak {
		v.Miss = &miss{m, r, last}
	}
	m.watcher.Evaluated(v)
}

// miss is a rule that broke. It implements watch.Miss.
type miss struct {
	m      *machine
	rule   *rule
	broken int // index of the expression that broke it
}

// Condition implements watch.Miss.
func (x *miss) Condition() string {
	r := x.rule
	return nfttext.ConditionText(r.ruleset, r.chain.table, r.model, x.broken, nfttext.Options{Stateless: true})
}

// Held implements watch.Miss.
func (x *miss) Held() int { return conditions(x.rule.model.Exprs[:x.broken]) }

// conditions returns how many of the expressions decide by the packet whether the rule
// matches.
func conditions(exprs []nft.Expr) (n int) {
	for _, e := range exprs {
		switch e.(type) {
		case *nft.Cmp, *nft.Range, *nft.Lookup, *nft.Limit, *nft.Quota, *nft.ConnLimit:
			n++
		}
	}
	return n
}

// Conditions implements watch.Rule.
func (r *rule) Conditions() int { return conditions(r.model.Exprs) }

// Ordinal implements watch.Rule.
func (r *rule) Ordinal() int { return r.ordinal }

// SoleVerdict implements watch.Rule.
func (r *rule) SoleVerdict() (netfilter.Verdict, bool) {
	v := netfilter.Continue
	for _, e := range r.model.Exprs {
		switch e := e.(type) {
		case *nft.Reject:
			v = netfilter.Drop
		case *nft.SetVerdict:
			switch e.Verdict.Code {
			case nft.Accept:
				v = netfilter.Accept
			case nft.Drop:
				v = netfilter.Drop
			case nft.Continue:
			default:
				return 0, false
			}
		case *nft.Lookup:
			if e.Map {
				return 0, false
			}
		case *nft.PayloadSet, *nft.MetaSet, *nft.CTSet, *nft.ExthdrSet, *nft.ExthdrReset, *nft.NAT, *nft.Masquerade, *nft.Redirect,
			*nft.TProxy, *nft.Queue, *nft.Dup, *nft.Fwd, *nft.Synproxy, *nft.Notrack, *nft.FlowOffload, *nft.Dynset, *nft.ObjRef:
			return 0, false
		}
	}
	return v, true
}

// RuleLines implements watch.Lister.
func (r *Rules) RuleLines() []watch.Line {
	if r.err != nil {
		return nil
	}
	var lines []watch.Line
	next := 0
	for _, l := range nfttext.Lines(r.ruleset, nfttext.Options{Stateless: true}) {
		line := watch.Line{Text: l.Text}
		if l.Rule != nil {
			line.Rule = r.all[next]
			next++
		}
		lines = append(lines, line)
	}
	return lines
}
