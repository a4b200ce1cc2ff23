package simtest

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// mostWays is the maximum number of branches of a packet that a failure shows.
const mostWays = 3

// failure describes the actual result of a packet.
func failure(s *simulate.Session, dev string, p netfilter.Packet, w Want, ws []way, at *way, instead string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  want: %s\n  got:  %s\n", parser.FormatPacket(dev, p), w.words, instead)
	if at != nil {
		ws = []way{*at}
	}
	for i := range ws {
		if i == mostWays {
			fmt.Fprintf(&b, "  … and %d more ways\n", len(ws)-i)
			break
		}
		b.WriteString("  path: " + indented(fmt.Sprintf("%+v", ws[i].Result)) + "\n")
		for _, near := range nearest(s, ws[i].Result, w.nat) {
			b.WriteString("  nearest rule that did not match: " + near + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n    ") }

// miss is a rule that did not match, with its false condition.
type miss struct {
	place, text string
	why         simulate.Miss
	left        int // conditions that were not evaluated
}

// nearest returns the rules that came closest to matching and would have changed the
// result: one of the deciding table and hook, unless the packet passed and only its
// addresses are wrong, and one that translates at the given hooks.
func nearest(s *simulate.Session, r *simulate.Result, nat netfilter.Hooks) []string {
	var decisive, translating *miss
	again := s.Clone()
	simulate.WithVisits(func(v *simulate.Visit) {
		switch {
		case v.Matched || nothingNew(v, r):
		case v.Translates() && nat.Has(v.Hook):
			translating = missOf(v).orNearer(translating)
		case v.Table == r.By.Table && v.Hook == r.By.Hook && (nat == 0 || !r.Fate.Passed()):
			decisive = missOf(v).orNearer(decisive)
		}
	})(again)
	again.Take(r)
	var out []string
	for _, m := range []*miss{decisive, translating} {
		if m != nil {
			out = append(out, fmt.Sprintf("%s  %s\n    condition %s", m.place, m.text, m.why))
		}
	}
	return out
}

// nothingNew reports whether a rule says what was decided without it, or nothing.
func nothingNew(v *simulate.Visit, r *simulate.Result) bool {
	verdict, sole := v.SoleVerdict()
	switch {
	case !sole:
		return false
	case verdict == netfilter.Accept:
		return r.Fate.Passed()
	case verdict == netfilter.Drop:
		return !r.Fate.Passed()
	}
	return true
}

func missOf(v *simulate.Visit) *miss {
	why := v.Miss()
	return &miss{place: v.Place(), text: v.Text(), why: why, left: v.Conditions() - why.Held - 1}
}

// orNearer returns the miss with the most true conditions, and of those the one with the
// fewest conditions after the false one; o may be nil.
func (m *miss) orNearer(o *miss) *miss {
	if o == nil || m.why.Held > o.why.Held || m.why.Held == o.why.Held && m.left < o.left {
		return m
	}
	return o
}
