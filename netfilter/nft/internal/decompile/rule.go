package decompile

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Rule returns the statements of a rule of the table.
func Rule(t *nft.Table, r *nft.Rule, release syntax.Release) []syntax.Stmt {
	p := &program{table: t, release: release}
	for _, x := range r.Exprs {
		p.expr(x)
	}
	return p.finish()
}

// Condition returns the statements of a rule to which its n-th expression belongs, from
// 0: those of the first expression from there on that is not only part of one. Tests
// that the listing of the whole rule leaves out because a later one implies them are
// listed as they are.
func Condition(t *nft.Table, r *nft.Rule, n int, release syntax.Release) []syntax.Stmt {
	p := &program{table: t, release: release}
	for i, x := range r.Exprs {
		had := len(p.stmts)
		p.expr(x)
		if i >= n && len(p.stmts) > had && !goesOn(r.Exprs[i:]) {
			break
		}
	}
	f := &finisher{program: p, protos: syntax.NewProtocols(p.table.Family)}
	before := map[syntax.Stmt]bool{}
	for i, s := range p.stmts {
		if i == len(p.stmts)-1 {
			for _, o := range f.out {
				before[o] = true
			}
		}
		f.next(s)
	}
	return slices.DeleteFunc(f.out, func(s syntax.Stmt) bool { return before[s] })
}

// goesOn reports whether the first expression is the lower bound of a range.
func goesOn(exprs []nft.Expr) bool {
	if len(exprs) < 2 {
		return false
	}
	low, ok := exprs[0].(*nft.Cmp)
	high, ok2 := exprs[1].(*nft.Cmp)
	return ok && ok2 && low.Source == high.Source && (low.Op == nft.Gte && high.Op == nft.Lte || low.Op == nft.Lt && high.Op == nft.Gt)
}

// program is the state while the expressions of a rule are processed.
type program struct {
	table   *nft.Table
	release syntax.Release
	regs    [nft.RegWords]syntax.Expr // the value that begins at each 32-bit register
	stmts   []syntax.Stmt
}

func (p *program) put(s syntax.Stmt) { p.stmts = append(p.stmts, s) }

func (p *program) set(r nft.Reg, e syntax.Expr) {
	if w := r.Word(); 0 <= w && w < nft.RegWords {
		p.regs[w] = e
	}
}

// get returns a copy of the value of a register; an empty value if none was loaded.
func (p *program) get(r nft.Reg) syntax.Expr {
	if w := r.Word(); 0 <= w && w < nft.RegWords && p.regs[w] != nil {
		return clone(p.regs[w])
	}
	return raw("")
}

// raw returns a constant whose type is not known yet: its bytes are read as a number in
// network byte order.
func raw(data string) *syntax.Value {
	v := &syntax.Value{S: data}
	if len(data) <= 16 {
		v.N = syntax.FromBytes(data, syntax.Big)
	}
	v.Set(nil, 8*len(data), syntax.Big)
	return v
}

// pad returns n rounded up to whole registers.
func pad(n int) int { return (n + 3) &^ 3 }

// concat returns the registers that hold n bytes as one concatenation.
func (p *program) concat(r nft.Reg, n int) syntax.Expr {
	c := &syntax.Concat{}
	for used := 0; used < n; {
		e := p.get(r)
		size := e.Info().Bytes()
		if size == 0 {
			break
		}
		c.Parts = append(c.Parts, e)
		used += pad(size)
		r += nft.Reg(pad(size) / 4)
	}
	return c
}

// key returns the expression that is looked up in a set.
func (p *program) key(r nft.Reg, s *nft.Set) syntax.Expr {
	e := p.get(r)
	if n := s.Key.Len(); e.Info().Bytes() < n && len(s.Key.Fields) > 1 {
		return p.concat(r, n)
	}
	return e
}
