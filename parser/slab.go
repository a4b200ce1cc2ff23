package parser

import "github.com/packetpath/packetpath/netfilter"

// buffers are reused from line to line.
type buffers struct {
	fields  []word // of the current chain line
	slab    ruleSlab
	strings stringSlab
	srcs    []netfilter.AddrMask
	dsts    []netfilter.AddrMask
}

// Number of values allocated at once.
const (
	rulesAtOnce   = 64
	matchesAtOnce = 256
	stringsAtOnce = 256
)

// stringSlab allocates short slices from larger ones; they are never freed
// individually.
type stringSlab struct{ free []string }

// take returns an empty slice to append to; keep then sets the number of
// strings appended. Without keep the space is reused.
func (s *stringSlab) take() []string {
	if cap(s.free) < 8 {
		s.free = make([]string, 0, stringsAtOnce)
	}
	return s.free[:0:8]
}

func (s *stringSlab) keep(n int) { s.free = s.free[min(n, cap(s.free)):min(n, cap(s.free))] }

// ruleSlab allocates rules.
type ruleSlab struct {
	rules   []netfilter.Rule
	matches []netfilter.Match
}

func (s *ruleSlab) rule() *netfilter.Rule {
	if len(s.rules) == 0 {
		s.rules = make([]netfilter.Rule, rulesAtOnce)
	}
	r := &s.rules[0]
	s.rules = s.rules[1:]
	return r
}

// matchList returns room for n matches, nil for none.
func (s *ruleSlab) matchList(n int) []netfilter.Match {
	if n == 0 {
		return nil
	}
	if len(s.matches) < n {
		s.matches = make([]netfilter.Match, max(n, matchesAtOnce))
	}
	m := s.matches[:n:n]
	s.matches = s.matches[n:]
	return m
}
