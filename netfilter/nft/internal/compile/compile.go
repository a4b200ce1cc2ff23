package compile

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Fault is an error in a rule or an element, with its position.
type Fault struct {
	At   syntax.Span
	Msg  string
	Hint string
}

// Error returns the message.
func (f *Fault) Error() string { return f.Msg }

// Env is the environment in which a rule is compiled.
type Env struct {
	Ruleset *nft.Ruleset
	Table   *nft.Table
	// Chain returns a chain of the table, nil if it has none of this name.
	Chain func(name string) *nft.Chain

	inBlock bool // the rule belongs to an anonymous chain
}

// target refuses a jump to a chain that does not exist or that a hook calls
// (net/netfilter/nf_tables_api.c, nft_verdict_init).
func (env Env) target(v *syntax.Verdict) {
	if v.Chain == "" {
		return
	}
	switch c := env.Chain(v.Chain); {
	case c == nil:
		fail(v.ChainAt, "No such file or directory: chain %q", v.Chain)
	case c.Base != nil:
		fail(v.ChainAt, "Operation not supported: chain %q is a base chain and can't be jumped to", v.Chain)
	}
}

// compiler is the state of the compilation of one rule.
type compiler struct {
	Env
	protos *syntax.Protocols
	stmts  []syntax.Stmt // the evaluated statements and the tests that they depend on
	want   *wanted       // the value that a statement sets; nil in comparisons
	inside bool          // within a concatenation or a map's key
}

// wanted is the type and the size of the value that a statement sets.
type wanted struct{ syntax.Common }

// fail panics with a fault.
func fail(at syntax.Span, format string, args ...any) {
	panic(&Fault{At: at, Msg: fmt.Sprintf(format, args...)})
}

func failHint(at syntax.Span, hint, format string, args ...any) {
	panic(&Fault{At: at, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// catch converts the fault with which f panics to an error.
func catch(f func()) (err *Fault) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Fault:
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}

// Rule compiles a rule.
func Rule(env Env, text *syntax.RuleText) (*nft.Rule, *Fault) {
	r := &nft.Rule{Comment: text.Comment}
	err := catch(func() { r.Exprs = env.exprs(text.Stmts, syntax.NewProtocols(env.Table.Family)) })
	return r, err
}

func (env Env) exprs(stmts []syntax.Stmt, protos *syntax.Protocols) []nft.Expr {
	c := &compiler{Env: env, protos: protos}
	c.statements(stmts)
	c.stmts = mergePayloads(c.stmts, env.Table.Family)
	g := &generator{table: env.Table}
	for _, s := range c.stmts {
		g.stmt(s)
	}
	return g.out
}

// Stateful compiles the stateful expressions of set elements.
func Stateful(stmts []syntax.Stmt) ([]nft.Expr, *Fault) {
	var out []nft.Expr
	err := catch(func() { out = stateful(stmts) })
	return out, err
}

func stateful(stmts []syntax.Stmt) []nft.Expr {
	var out []nft.Expr
	for _, s := range stmts {
		p, ok := s.(*syntax.Plain)
		if !ok {
			fail(s.Position(), "this statement can't be part of a set")
		}
		out = append(out, p.Expr)
	}
	return out
}

// statements evaluates statements in order.
func (c *compiler) statements(stmts []syntax.Stmt) {
	ended := false
	for _, s := range stmts {
		if ended {
			fail(s.Position(), "Statement after terminal statement has no effect")
		}
		done := c.stmt(s)
		c.stmts = append(c.stmts, done)
		ended = terminal(s)
	}
}

// terminal reports whether a statement must be the last of its rule.
func terminal(s syntax.Stmt) bool {
	switch s.(type) {
	case *syntax.VerdictStmt, *syntax.Reject, *syntax.NAT, *syntax.Queue, *syntax.Fwd:
		return true
	}
	return false
}

// first adds a test at the beginning of the rule, as nft does for expressions
// that are not header fields.
func (c *compiler) first(add func()) {
	stmts := c.stmts
	c.stmts = nil
	add()
	c.stmts = append(c.stmts, stmts...)
}

// before adds a test that the statement being evaluated depends on.
func (c *compiler) before(left syntax.Expr, t *syntax.Type, n uint64) {
	l := left.Info()
	v := &syntax.Value{N: syntax.N(n)}
	v.Set(t, l.Bits, l.Order)
	c.stmts = append(c.stmts, &syntax.ExprStmt{Expr: &syntax.Rel{Op: syntax.Eq, L: left, R: v}})
	c.protos.Learn(left, n)
}
