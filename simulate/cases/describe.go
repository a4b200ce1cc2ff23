package cases

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// describe returns the lines of a branch.
func describe(r *simulate.Result, traced bool) []string { return describeBy(r, traced, nameOf) }

func describeBy(r *simulate.Result, traced bool, name func(*simulate.Result) string) []string {
	s := ""
	if r.Chance != 1 {
		s += r.Probability().RatString() + " "
	}
	s += r.Fate.String()
	switch {
	case r.Err != nil:
		return []string{s + ": " + strings.ReplaceAll(r.Err.Error(), "\n", " ")}
	case r.Fate.Passed():
		s += " " + parser.FormatPacket(r.OutDev, r.Packet)
	}
	if by := name(r); by != "" {
		s += " (" + by + ")"
	}
	lines := []string{s}
	for _, a := range r.Answers {
		lines = append(lines, "answer "+parser.FormatPacket(a.Dev, a))
	}
	for _, l := range r.Logs() {
		lines = append(lines, "log "+strings.TrimRight(l, " "))
	}
	if traced {
		for _, l := range r.Trace() {
			lines = append(lines, "TRACE: "+strings.TrimRight(l, " "))
		}
	}
	return lines
}

// placeOf names the deciding step by its place.
func placeOf(r *simulate.Result) string {
	switch place := r.By.Place(); {
	case place != "":
		return place
	case !r.Fate.Passed():
		return r.By.Detail()
	}
	return ""
}

// nameOf names the deciding step independently of the rules before it: a rule by its
// comment or its text, a policy by its chain.
func nameOf(r *simulate.Result) string {
	s := r.By
	switch {
	case s.Kind == simulate.StepPolicy:
		return fmt.Sprintf("%s:%s:policy", s.Table, s.Chain)
	case s.Rule != nil:
		if c := s.Rule.Comment(); c != "" {
			return fmt.Sprintf("%s:%s %q", s.Table, s.Chain, c)
		}
		before := r.Before(s)
		text := string(s.Rule.AppendSave(nil, before.Family(), s.Chain))
		return fmt.Sprintf("%s:%s %s", s.Table, s.Chain, strings.TrimPrefix(text, "-A "+s.Chain+" "))
	}
	return placeOf(r)
}

// nearest returns the rule that came nearest to matching the packet, of those that were
// evaluated and did not match: the last one of which the most conditions held, if
// possible one of the table that decided.
func nearest(r *simulate.Result, s *simulate.Session) string {
	best, held, decisive := "", 0, false
	c := s.Clone()
	simulate.WithVisits(func(v *simulate.Visit) {
		if v.Matched || v.Conditions() == 0 {
			return
		}
		m, here := v.Miss(), r.By.Table != "" && v.Table == r.By.Table
		if m.Held > 0 && (here && !decisive || here == decisive && m.Held >= held) {
			held, decisive = m.Held, here
			best = v.Place() + "  " + v.Text() + "\n  condition " + m.String()
		}
	})(c)
	c.Take(r)
	return best
}
