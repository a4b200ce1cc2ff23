package eval

// code is the value of the verdict register
// (include/uapi/linux/netfilter/nf_tables.h, enum nft_verdicts, and
// netfilter.h).
type code uint8

const (
	codeContinue code = iota // to the next instruction; at the end of a rule, to the next rule
	codeBreak                // to the next rule
	codeAccept
	codeDrop
	codeQueue
	codeStolen
	codeJump
	codeGoto
	codeReturn
)

// verdict is the verdict register.
type verdict struct {
	code  code
	chain *chain // of a jump or goto
}
