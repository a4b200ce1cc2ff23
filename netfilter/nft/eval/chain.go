package eval

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// rule is a rule, compiled to a list of instructions. It implements
// netfilter.StepInfo for the path of a packet.
type rule struct {
	instructions []instruction
	acts         int // index of the first instruction with a side effect; -1 if there is none
	chain        *chain
	number       int // 1-based
	ordinal      int // among all rules, from 0
	model        *nft.Rule
	ruleset      *nft.Ruleset
	jump, goes   lead // the rule as a step to another chain
}

// Kind implements netfilter.StepInfo.
func (r *rule) Kind() netfilter.StepInfoKind { return netfilter.InfoRule }

// Table implements netfilter.StepInfo.
func (r *rule) Table() string { return r.chain.tableName }

// Chain implements netfilter.StepInfo.
func (r *rule) Chain() string { return r.chain.name }

// Number implements netfilter.StepInfo.
func (r *rule) Number() int { return r.number }

// Text implements netfilter.StepInfo.
func (r *rule) Text() string {
	return nfttext.RuleText(r.ruleset, r.chain.table, r.model, nfttext.Options{})
}

// chain is a list of rules.
type chain struct {
	name      string
	rules     []rule
	tableName string // with the family: "ip filter"
	table     *nft.Table
	model     *nft.Chain
	end       chainEnd
}

// chainEnd is the step at the end of a chain that is not a base chain.
type chainEnd struct{ chain *chain }

// Kind implements netfilter.StepInfo.
func (e *chainEnd) Kind() netfilter.StepInfoKind { return netfilter.InfoReturn }

// Table implements netfilter.StepInfo.
func (e *chainEnd) Table() string { return e.chain.tableName }

// Chain implements netfilter.StepInfo.
func (e *chainEnd) Chain() string { return e.chain.name }

// Number implements netfilter.StepInfo.
func (e *chainEnd) Number() int { return len(e.chain.rules) + 1 }

// Text implements netfilter.StepInfo.
func (e *chainEnd) Text() string { return "end of chain " + e.chain.name }

// baseChain is a chain that the kernel calls from a hook.
type baseChain struct {
	*chain
	rules      *Rules
	base       *nft.Base
	policy     code // codeAccept or codeDrop
	policyStep policyStep
}

// policyStep is the step for the policy of a base chain.
type policyStep struct{ base *baseChain }

// Kind implements netfilter.StepInfo.
func (p *policyStep) Kind() netfilter.StepInfoKind { return netfilter.InfoPolicy }

// Table implements netfilter.StepInfo.
func (p *policyStep) Table() string { return p.base.tableName }

// Chain implements netfilter.StepInfo.
func (p *policyStep) Chain() string { return p.base.name }

// Number implements netfilter.StepInfo.
func (p *policyStep) Number() int { return len(p.base.chain.rules) + 1 }

// Text implements netfilter.StepInfo.
func (p *policyStep) Text() string {
	return "policy " + strings.ToLower(p.base.policy.verdict().String())
}
