package nft

import "fmt"

// VerdictCode is the code of a verdict. The zero value is accept.
type VerdictCode uint8

// The verdicts that a rule can set (include/uapi/linux/netfilter/nf_tables.h,
// enum nft_verdicts; netfilter.h, NF_ACCEPT and NF_DROP).
const (
	Accept VerdictCode = iota
	Drop
	Continue // the next expression, then the next rule
	Break    // the next rule
	Jump
	Goto
	Return
)

var verdictNames = [...]string{"accept", "drop", "continue", "break", "jump", "goto", "return"}

// String returns the word that nft uses.
func (c VerdictCode) String() string { return named(verdictNames[:], c, "verdict") }

// Verdict is a verdict; for jump and goto it includes the chain.
type Verdict struct {
	Code  VerdictCode
	Chain string // of jump and goto
	// Block is a chain without a name, written inside the rule.
	Block *Chain
}

// String returns the verdict as in a rule.
func (v Verdict) String() string {
	if v.Code == Jump || v.Code == Goto {
		if v.Block != nil {
			return v.Code.String()
		}
		return v.Code.String() + " -> " + v.Chain
	}
	return v.Code.String()
}

// SetVerdict stores a verdict in the verdict register (nft_immediate.c).
type SetVerdict struct{ Verdict Verdict }

// String implements Expr.
func (e *SetVerdict) String() string { return fmt.Sprintf("immediate reg 0 %s", e.Verdict) }
