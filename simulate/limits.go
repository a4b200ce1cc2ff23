package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// Limits bounds the work for one packet, including the packets that the host sends in
// response. The limits are counts, not times, so that results are reproducible. The
// zero value of a field stands for its default.
type Limits struct {
	// Steps is the maximum number of steps of the path of a packet, 262,144 by default.
	Steps int
	// Work is the maximum number of rules and matches evaluated, 16,777,216 by default. A
	// match that searches the packet counts more than once (netfilter.Coster). Rules that
	// an index of their chain skips count like those that are evaluated.
	Work int64
}

const (
	defaultSteps = 1 << 18
	defaultWork  = 1 << 24
)

// WithLimits sets the limits of the session. The kernel has no such limits: with twenty
// chains that each jump twice to the next, it evaluates a million rules.
func WithLimits(l Limits) SessionOption {
	return func(s *Session) { s.limits = l }
}

// orDefaults returns the limits with defaults in place of zeros.
func (l Limits) orDefaults() Limits {
	if l.Steps <= 0 {
		l.Steps = defaultSteps
	}
	if l.Work <= 0 {
		l.Work = defaultWork
	}
	return l
}

// LimitError reports that a packet exceeded one of the Limits; its fate is Undecided.
type LimitError struct {
	Limit  string // "Steps" or "Work"
	Max    int64
	Family netfilter.Family
	Hook   netfilter.Hook
	Table  string // table being evaluated, "" for none
	Chain  string
}

// Error names the limit, the place and the remedy.
func (e *LimitError) Error() string {
	what := fmt.Sprintf("the path of the packet has more than %d steps", e.Max)
	if e.Limit == "Work" {
		what = fmt.Sprintf("the packet came to more than %d rules and matches", e.Max)
	}
	where := ""
	if e.Table != "" {
		where = fmt.Sprintf(" at %s, table %s, chain %s (%s)", e.Hook, e.Table, e.Chain, e.Family)
	}
	return what + where + ": chains jump to each other too often; WithLimits allows more"
}

// tooMuch ends the packet because it exceeded a limit.
func (tr *transit) tooMuch(limit string, most int64, table, chain string) {
	tr.fail(&LimitError{Limit: limit, Max: most, Family: tr.c.Family, Hook: tr.c.Hook, Table: table, Chain: chain})
}

// room reports whether the path may have another step, of a rule in a chain; if not, it
// ends the packet with a LimitError.
func (tr *transit) room(table, chain string) bool {
	if most := tr.s.limits.Steps; tr.res.length() >= most {
		tr.tooMuch("Steps", int64(most), table, chain)
		return false
	}
	return true
}
