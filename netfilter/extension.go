package netfilter

// Extension is what matches and targets have in common.
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
	// Match reports whether the packet of the context satisfies the
	// condition. It may ask for the packet to be dropped on the spot with
	// Context.HotDrop.
	Match(c *Context) bool
}

// Target is what a rule does to a packet that satisfies its conditions.
type Target interface {
	Extension
	// Apply acts on the packet of the context. Continue passes it on to the
	// next rule.
	Apply(c *Context) Verdict
}

// Definer is implemented by extensions that have a Definition, whose
// restrictions are then checked wherever the extension stands.
type Definer interface {
	Definition() *Definition
}

// Checker is implemented by extensions with demands beyond those of their
// Definition. The error is what iptables or the kernel refuses.
type Checker interface {
	Check(p CheckContext) error
}

// CheckContext is where an extension stands in a ruleset, as Check sees it
// (include/linux/netfilter/x_tables.h, struct xt_mtchk_param).
type CheckContext struct {
	Family Family
	// Backend is where the rule is put: nf_tables asks less of some extensions.
	Backend Backend
	Table   string
	Hooks   Hooks // the hooks from which the rule can be reached; empty for a chain nobody calls
	Rule    *Rule
}

// Stateful is implemented by matches and targets with a memory of their own for
// each rule. The memory lives in the session; Context.State returns it.
type Stateful interface {
	// NewState returns the memory of a rule just loaded; nil if with its
	// options the extension needs none.
	NewState() State
}

// State is the memory of a stateful extension.
type State interface {
	// Clone returns an independent copy.
	Clone() State
}

// Coster is implemented by matches that take much longer than others, as those do
// which search the packet. It serves to bound the work that a packet makes.
type Coster interface {
	// Cost returns how many ordinary matches it takes as long as, beyond one.
	Cost(c *Context) int
}

// Observer is implemented by matches that can name what they look at in a
// packet. It serves display only.
type Observer interface {
	// Observe returns the observed value, such as "dport 8080".
	Observe(c *Context) string
}
