package ipset

import "fmt"

// Limits bound how much memory and work sets take, whoever wrote the commands. The
// kernel has only the first: it takes what fits its memory. Zero fields stand for
// the defaults.
type Limits struct {
	Sets     int // sets in the namespace; by default DefaultSets
	Elements int // entries of all sets together; by default DefaultElements
	// Expansion is how many elements one request, or all requests of one Batch,
	// may stand for, whether they are in the set already or not; by default
	// DefaultExpansion.
	Expansion int
}

// Default limits.
const (
	DefaultSets      = 65472   // as the kernel: 256 and 64 at a time, in 16 bits (ip_set_core.c, ip_set_create)
	DefaultElements  = 1 << 21 // as many as 1.0.0.0/11 has addresses
	DefaultExpansion = 1 << 22
)

// LimitError says that a limit of this package is passed, which the kernel does
// not have. It is ErrTooManyEntries to errors.Is.
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

// SetLimits replaces the limits. What exceeds them already stays.
func (ss *Sets) SetLimits(l Limits) { ss.limits = l }

// Batch calls f and counts the requests that it makes on the sets as one, whose
// elements Limits.Expansion bounds.
func (ss *Sets) Batch(f func() error) error {
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

// mayHold refuses another entry in a set that has grown by so many.
func (ss *Sets) mayHold(grown int) error {
	if ss.held+grown >= ss.limits.elements() {
		return &LimitError{"Elements", ss.limits.elements()}
	}
	return nil
}
