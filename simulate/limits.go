package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// Limits bound what one packet may cost, the packets that it brings about
// included. They are counted, not timed, so that results are the same everywhere.
// The zero value of a field stands for its default.
type Limits struct {
	// Steps is how many steps the path of a packet may have, 262,144 by default.
	Steps int
	// Work is how many rules and matches may be looked at, 16,777,216 by default. A
	// match that searches the packet counts for more (netfilter.Coster).
	Work int64
}

const (
	defaultSteps = 1 << 18
	defaultWork  = 1 << 24
)

// WithLimits sets the limits of the session. The kernel has no such limits: twenty
// chains that each jump twice to the next keep it busy for a million rules.
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

// LimitError says that a packet passed one of the Limits; its fate is Undecided.
type LimitError struct {
	Limit  string // "Steps" or "Work"
	Max    int64
	Family netfilter.Family
	Hook   netfilter.Hook
	Table  string // that was looked at, "" for none
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

// tooMuch gives the packet up for passing a limit.
func (tr *transit) tooMuch(limit string, most int64, table, chain string) {
	tr.fail(&LimitError{Limit: limit, Max: most, Family: tr.c.Family, Hook: tr.c.Hook, Table: table, Chain: chain})
}

// room reports that the path may have another step, of a rule in a chain; if not
// the packet is given up.
func (tr *transit) room(table, chain string) bool {
	if most := tr.s.limits.Steps; len(tr.res.Steps) >= most {
		tr.tooMuch("Steps", int64(most), table, chain)
		return false
	}
	return true
}
