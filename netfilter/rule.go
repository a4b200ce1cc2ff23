package netfilter

// Rule is one line of a chain: a header, matches and a target. The zero value
// matches every packet and only counts it.
type Rule struct {
	Header
	Matches  []Match
	Target   Target // nil: the rule only counts
	Goto     bool   // with a Jump target: -g, the callee does not return here
	Counters Counters
	Pos      Pos
}

// Comment returns the text of the rule's first comment match, "" if it has
// none.
func (r *Rule) Comment() string {
	for _, m := range r.Matches {
		if c, ok := m.(interface{ Comment() string }); ok {
			return c.Comment()
		}
	}
	return ""
}

// Unconditional reports whether the rule has neither header conditions nor
// matches. The kernel's trace names such a rule with a standard verdict
// "policy" or "return" (net/ipv4/netfilter/ip_tables.c, unconditional,
// get_chainname_rulenum).
func (r *Rule) Unconditional() bool { return len(r.Matches) == 0 && r.Header.matchesAll() }

// StandardTarget is implemented by targets that are nothing but a verdict: ACCEPT,
// DROP, QUEUE and RETURN. The kernel stores them, like jumps, as its standard
// target (include/uapi/linux/netfilter/x_tables.h, struct xt_standard_target).
type StandardTarget interface {
	Target
	// StandardVerdict returns the verdict, the same for every packet.
	StandardVerdict() Verdict
}

// Jump is the target of -j CHAIN and -g CHAIN (Rule.Goto tells which).
type Jump struct{ Chain string }

// Name returns the name of the chain jumped to.
func (j *Jump) Name() string { return j.Chain }

// AppendOptions appends nothing: a jump has no options.
func (j *Jump) AppendOptions(b []byte) []byte { return b }

// Apply returns Continue: the engine follows jumps itself.
func (j *Jump) Apply(*Context) Verdict { return Continue }
