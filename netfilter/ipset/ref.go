package ipset

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Ref is a set as a rule names it, with the direction of each part of an
// element: whether it is taken from the packet's source or its destination.
// The zero value names no set.
type Ref struct {
	Name string
	n    uint8
	src  uint8 // bit i: part i is the source
}

// maxDirections is how many directions a rule can give (include/uapi/linux/
// netfilter/ipset/ip_set.h, IPSET_DIM_MAX).
const maxDirections = 6

// ReadRef reads the name of a set and directions such as "src,dst"; further
// text after valid directions is ignored (iptables extensions/libxt_set.h,
// parse_dirs).
func ReadRef(name, directions string) (Ref, error) {
	r := Ref{Name: name}
	if err := CheckName(name); err != nil {
		return r, err
	}
	for _, d := range strings.Split(directions, ",") {
		if r.n == maxDirections {
			return r, fmt.Errorf("at most %d directions are possible: %q", maxDirections, directions)
		}
		switch {
		case strings.HasPrefix(d, "src"):
			r.src |= 1 << r.n
		case !strings.HasPrefix(d, "dst"):
			return r, fmt.Errorf("bad direction %q: need src or dst, separated by commas", d)
		}
		r.n++
	}
	return r, nil
}

// IsZero reports whether r names no set.
func (r Ref) IsZero() bool { return r.Name == "" }

// Directions returns how many directions the rule gives.
func (r Ref) Directions() int { return int(r.n) }

// Append appends " name src,dst".
func (r Ref) Append(b []byte) []byte {
	b = append(append(b, ' '), r.Name...)
	for i := range int(r.n) {
		sep := byte(',')
		if i == 0 {
			sep = ' '
		}
		b = append(b, sep)
		b = append(b, r.direction(i)...)
	}
	return b
}

func (r Ref) direction(i int) string {
	if r.fromSource(i) {
		return "src"
	}
	return "dst"
}

func (r Ref) fromSource(i int) bool { return r.src&(1<<i) != 0 }

// Referrer is implemented by matches and targets that refer to sets.
type Referrer interface {
	SetRefs() []Ref
}

// CheckRef refuses what iptables refuses of a rule that refers to a set: one
// that does not exist or has addresses of the other family (iptables
// extensions/libxt_set.h, get_set_byname). Too few directions are no error: the
// rule then never matches.
func (ss *Sets) CheckRef(r Ref, f netfilter.Family) error {
	s := ss.Get(r.Name)
	switch {
	case s == nil:
		return fmt.Errorf("set %s: %w", r.Name, ErrNoSuchSet)
	case s.Type.HasFamily() && s.Family != f:
		return fmt.Errorf("set %s holds %s addresses, the rule is for %s", r.Name, s.Family, f)
	}
	return nil
}
