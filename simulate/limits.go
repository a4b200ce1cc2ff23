package simulate

import (
	"context"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// Limits bounds the work for one packet, including the packets that the host sends in
// response, and what a session holds. The limits are counts, not times, so that results
// are reproducible. The zero value of a field, like a negative one, stands for its default.
type Limits struct {
	// Steps is the maximum number of steps of the path of a packet, 262,144 by default.
	Steps int
	// Work is the maximum number of rules and matches evaluated, 16,777,216 by default. A
	// match that searches the packet counts more than once (netfilter.Coster). Rules that
	// an index of their chain skips count like those that are evaluated.
	Work int64
	// Conns is the maximum number of connections that the session holds, 1,048,576 by
	// default. The limit of the host itself (net.netfilter.nf_conntrack_max, 262,144 by
	// default) applies in addition: packets that exceed that are dropped, as by the kernel.
	Conns int
	// Fragments is the maximum number of fragments that wait for the rest of their
	// packets, 65,536 by default. The kernel bounds the memory of fragments instead
	// (net.ipv4.ipfrag_high_thresh), as its allocator counts it.
	Fragments int
}

const (
	defaultSteps     = 1 << 18
	defaultWork      = 1 << 24
	defaultConns     = 1 << 20
	defaultFragments = 1 << 16
)

// budget limits the cost of the packets of a session.
type budget struct {
	Limits                 // none of them zero
	ctx    context.Context // of WithContext; nil for none
	left   int64           // what is left of Work for the current packet
}

// complete sets the limits that are not given to their defaults.
func (b *budget) complete() { b.Limits = b.Limits.orDefaults() }

// begin grants the whole work to the next packet.
func (b *budget) begin() { b.left = b.Work }

// withoutContext removes the context.
func (b *budget) withoutContext() { b.ctx = nil }

// WithLimits sets the limits of the session. The kernel does not bound steps and work: with
// twenty chains that each jump twice to the next, it evaluates a million rules.
func WithLimits(l Limits) SessionOption {
	return func(s *Session) { s.budget.Limits = l }
}

// orDefaults returns the limits with defaults in place of zeros.
func (l Limits) orDefaults() Limits {
	if l.Steps <= 0 {
		l.Steps = defaultSteps
	}
	if l.Work <= 0 {
		l.Work = defaultWork
	}
	if l.Conns <= 0 {
		l.Conns = defaultConns
	}
	if l.Fragments <= 0 {
		l.Fragments = defaultFragments
	}
	return l
}

// WithContext makes the session, its clones and its branches stop when ctx is done: the
// fate of the packet that is being processed, and of all further packets, is Undecided with
// the error of ctx. It is asked at each packet and at each step of a path. A sequence of
// branches ends with a result that stands for all that were not followed.
func WithContext(ctx context.Context) SessionOption {
	return func(s *Session) { s.budget.ctx = ctx }
}

// stopped returns the error of the session's context, nil if it is not done.
func (s *Session) stopped() error {
	if s.budget.ctx == nil {
		return nil
	}
	return s.budget.ctx.Err()
}

// LimitError reports that one of the Limits, or MaxHops, was exceeded. The fate of the
// packet is Undecided.
type LimitError struct {
	Limit  string // "Steps", "Work", "Conns", "Fragments" or "Hops"
	Max    int64
	Family netfilter.Family
	Hook   netfilter.Hook
	Table  string // table being evaluated, "" for none
	Chain  string
}

// Error names the limit, the place and the remedy.
func (e *LimitError) Error() string {
	var what string
	switch e.Limit {
	case "Conns":
		return fmt.Sprintf("the session would hold more than %d connections: Limits.Conns allows more", e.Max)
	case "Fragments":
		return fmt.Sprintf("more than %d fragments would wait for the rest of their packets: Limits.Fragments allows more", e.Max)
	case "Hops":
		return fmt.Sprintf("after %d hops the packets still go round: MaxHops allows more", e.Max)
	case "Work":
		what = fmt.Sprintf("the packet came to more than %d rules and matches", e.Max)
	default:
		what = fmt.Sprintf("the path of the packet has more than %d steps", e.Max)
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
	if most := tr.s.budget.Steps; tr.res.length() >= most {
		tr.tooMuch("Steps", int64(most), table, chain)
		return false
	}
	if err := tr.s.stopped(); err != nil {
		tr.fail(err)
		return false
	}
	return true
}
