package netfilter

// Extension is the interface common to matches and targets.
type Extension interface {
	// Name returns the word after -m or -j.
	Name() string
	// AppendOptions appends the options as iptables-save prints them, each
	// with a leading blank: " --dport 80", " ! --mark 0x1".
	AppendOptions(b []byte) []byte
}

// Match is a condition of a rule.
type Match interface {
	Extension
	// Match reports whether the packet of the context satisfies the condition. It
	// may request that the packet be dropped at once with Context.HotDrop.
	Match(c *Context) bool
}

// Target is the action of a rule on a packet that satisfies its conditions.
type Target interface {
	Extension
	// Apply acts on the packet of the context. Continue passes it on to the
	// next rule.
	Apply(c *Context) Verdict
}

// Definer is implemented by extensions that have a Definition, whose
// restrictions are checked for every rule that uses the extension.
type Definer interface {
	Definition() *Definition
}

// Checker is implemented by extensions with restrictions beyond those of their
// Definition. It returns the error with which iptables or the kernel refuses
// the rule; nil if the rule is accepted.
type Checker interface {
	Check(p CheckContext) error
}

// CheckContext describes the rule that contains the extension being checked
// (include/linux/netfilter/x_tables.h, struct xt_mtchk_param).
type CheckContext struct {
	Family Family
	// Backend is the part of the kernel that holds the rule; nf_tables has fewer
	// restrictions for some extensions.
	Backend Backend
	Table   string
	Hooks   Hooks // the hooks from which the rule can be reached; empty in a chain that is not called
	Rule    *Rule // never nil; Check of some extensions panics otherwise
}

// Stateful is implemented by matches and targets that keep state for each rule.
// The session holds the state; Context.State returns it.
type Stateful interface {
	// NewState returns the initial state of a rule that is loaded; nil if the
	// extension keeps none with its options.
	NewState() State
}

// State is the state of a stateful extension.
type State interface {
	// Clone returns an independent copy.
	Clone() State
}

// Coster is implemented by matches that are much more expensive than others,
// such as those that search the packet. It is used to bound the work per
// packet.
type Coster interface {
	// Cost returns the additional cost of the match, in units of an ordinary match;
	// 0 stands for an ordinary one.
	Cost(c *Context) int
}

// Observer is implemented by matches that can name the value they compare in a
// packet. It is used for display only.
type Observer interface {
	// Observe returns the observed value, such as "dport 8080".
	Observe(c *Context) string
}
