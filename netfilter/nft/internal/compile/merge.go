package compile

import (
	"slices"
	"sort"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// mergePayloads merges comparisons of adjacent bytes, as nft 1.0.6 does even if other
// statements are between them (src/rule.c, stmt_reduce).
func mergePayloads(stmts []syntax.Stmt, f nft.Family) []syntax.Stmt {
	if n := len(stmts); n > 1 {
		// The last statement is always kept.
		rest := slices.DeleteFunc(stmts[:n-1], func(s syntax.Stmt) bool { return redundant(s, f) })
		stmts = append(rest, stmts[n-1])
	}
	m := merger{stmts: stmts, gone: map[int]bool{}}
	for i, s := range stmts {
		if r := mergeable(s); r != nil {
			m.found = append(m.found, comparison{i, r})
		} else if len(m.found) > 1 && !compares(s) {
			m.merge()
		}
	}
	m.merge()
	if len(m.gone) == 0 {
		return stmts
	}
	out := make([]syntax.Stmt, 0, len(stmts))
	for i, s := range stmts {
		if !m.gone[i] {
			out = append(out, s)
		}
	}
	return out
}

// compares reports whether a statement is a comparison.
func compares(s syntax.Stmt) bool {
	x, ok := s.(*syntax.ExprStmt)
	if !ok {
		return false
	}
	_, ok = x.Expr.(*syntax.Rel)
	return ok
}

// comparison is a comparison that can be merged, and its index.
type comparison struct {
	at  int
	rel *syntax.Rel
}

type merger struct {
	stmts []syntax.Stmt
	found []comparison
	gone  map[int]bool // indexes of the comparisons that were merged into others
}

// merge merges the comparisons that were collected since the previous call.
func (m *merger) merge() {
	found := m.found
	m.found = nil
	if len(found) < 2 {
		return
	}
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i].rel.L.(*syntax.Payload), found[j].rel.L.(*syntax.Payload)
		if a.Base != b.Base {
			return a.Base < b.Base
		}
		return a.Off < b.Off
	})
	last := found[0]
	for _, this := range found[1:] {
		joined := join(last.rel, this.rel)
		if joined == nil {
			last = this
			continue
		}
		keep, drop := last.at, this.at
		if _, key := syntax.IsKey(this.rel.L); key {
			// Comparisons of the next header, which this one determines, come later.
			keep, drop = this.at, last.at
		}
		m.stmts[keep] = &syntax.ExprStmt{Span: m.stmts[keep].Position(), Expr: joined}
		m.gone[drop] = true
		last = comparison{keep, joined}
	}
}

// redundant reports whether the family of the table implies a statement.
func redundant(s syntax.Stmt, f nft.Family) bool {
	x, ok := s.(*syntax.ExprStmt)
	if !ok {
		return false
	}
	r, ok := x.Expr.(*syntax.Rel)
	if !ok || r.Op != syntax.Eq && r.Op != syntax.Implicit {
		return false
	}
	m, ok := r.L.(*syntax.Meta)
	v, ok2 := r.R.(*syntax.Value)
	return ok && ok2 && m.Key == nft.MetaProtocol && (f == nft.IP && v.N.Lo == 0x0800 || f == nft.IP6 && v.N.Lo == 0x86dd)
}

// mergeable returns the comparison of whole bytes with one value that the statement is;
// nil if it is not one.
func mergeable(s syntax.Stmt) *syntax.Rel {
	x, ok := s.(*syntax.ExprStmt)
	if !ok {
		return nil
	}
	r, ok := x.Expr.(*syntax.Rel)
	if !ok || r.Op != syntax.Eq && r.Op != syntax.Implicit && r.Op != syntax.Neq {
		return nil
	}
	p, ok := r.L.(*syntax.Payload)
	v, ok2 := r.R.(*syntax.Value)
	if !ok || !ok2 || p.Off%8 != 0 || p.Bits%8 != 0 || p.Type.IsBitmask() && r.Op == syntax.Implicit || v.Wild {
		return nil
	}
	return r
}

func join(a, b *syntax.Rel) *syntax.Rel {
	p, q := a.L.(*syntax.Payload), b.L.(*syntax.Payload)
	if p.Base != q.Base || (a.Op == syntax.Neq) != (b.Op == syntax.Neq) || p.Off+p.Bits != q.Off {
		return nil
	}
	total := p.Bits + q.Bits
	if total > 128 || total > 32 && p.Base != nft.LinkHeader && p.Bits <= 32 && q.Bits <= 32 {
		return nil
	}
	l := &syntax.Payload{Base: p.Base, Off: p.Off}
	l.Set(syntax.HexType, total, syntax.Big)
	v, w := a.R.(*syntax.Value), b.R.(*syntax.Value)
	r := &syntax.Value{N: v.N.Shl(q.Bits).Or(w.N)}
	r.Set(syntax.HexType, total, syntax.Big)
	return &syntax.Rel{Op: a.Op, L: l, R: r}
}
