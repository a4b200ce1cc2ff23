package ipset

import "fmt"

// Limits bound the memory and the work that sets take, so that commands from
// untrusted sources can be executed. The kernel has only the limit Sets;
// otherwise it is limited by its memory. Zero fields stand for the defaults.
type Limits struct {
	Sets     int // sets in the namespace; by default DefaultSets
	Elements int // entries of all sets together; by default DefaultElements
	// Expansion is the maximum number of elements that one request, or all requests
	// of one Batch, may expand to, including those already in the set; by default
	// DefaultExpansion.
	Expansion int
}

// Default limits.
const (
	DefaultSets      = 65472   // as in the kernel: it starts with 256 and grows by 64, within 16 bits (ip_set_core.c, ip_set_create)
	DefaultElements  = 1 << 21 // the number of addresses of a /11
	DefaultExpansion = 1 << 22
)

// LimitError reports that a limit of this package, which the kernel does not
// have, was exceeded. errors.Is reports that it is ErrTooManyEntries.
type LimitError struct {
	Limit string // name of the field of Limits
	Max   int
}

// Error names the limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: raise Limits.%s, which is %d", ErrTooManyEntries, e.Limit, e.Max)
}

// Is reports whether target is ErrTooManyEntries.
func (e *LimitError) Is(target error) bool { return target == ErrTooManyEntries }

func orDefault(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

func (l *Limits) sets() int      { return orDefault(l.Sets, DefaultSets) }
func (l *Limits) elements() int  { return orDefault(l.Elements, DefaultElements) }
func (l *Limits) expansion() int { return orDefault(l.Expansion, DefaultExpansion) }

// SetLimits replaces the limits. Sets and entries that exceed them already are
// kept.
func (ss *Sets) SetLimits(l Limits) { ss.limits = l }

// Batch calls f. Limits.Expansion applies to all requests that f makes on the
// sets together.
func (ss *Sets) Batch(f func() error) error {
	if f == nil {
		return nil
	}
	if ss.batch {
		return f()
	}
	ss.batch, ss.expanded = true, 0
	defer func() { ss.batch = false }()
	return f()
}

// expand counts another element that a request stands for.
func (ss *Sets) expand() error {
	if ss.expanded++; ss.expanded > ss.limits.expansion() {
		return &LimitError{"Expansion", ss.limits.expansion()}
	}
	return nil
}

// mayHold returns an error if a set that has grown by the given number of
// entries may not take another one.
func (ss *Sets) mayHold(grown int) error {
	if ss.held+grown >= ss.limits.elements() {
		return &LimitError{"Elements", ss.limits.elements()}
	}
	return nil
}
