package record

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Outcome is the result of a packet. In addition to the lines of answers its text may
// have
//
//	fate dropped by filter:INPUT:rule:7   the fate, which the kernel does not report; the first line
//	said raw:PREROUTING:policy:2 IN= …    a line of TRACE from a document, of a kernel before 5.7
//	branch 0.25                           the probability of the branch whose answer follows
type Outcome struct {
	Fate string // "" if it is not given
	By   string // the deciding rule as TRACE names it; "" if no rule stopped the packet, or it is not given
	Said []string
	Ways []Way // at least one
}

// Way is a branch: a possible path of the packet.
type Way struct {
	Chance float64 // its probability
	kernel.Answer
}

// Random reports whether there are several branches.
func (o *Outcome) Random() bool { return o.Ways[0].Chance != 1 }

const (
	fate   = "fate "
	said   = "said "
	branch = "branch "
)

// ParseOutcome parses the lines of an outcome.
func ParseOutcome(lines []string) (Outcome, error) {
	o := Outcome{Ways: []Way{{Chance: 1}}}
	for _, line := range lines {
		if err := o.parse(line); err != nil {
			return o, fmt.Errorf("%q: %w", line, err)
		}
	}
	return o, nil
}

// parse adds a line to the outcome.
func (o *Outcome) parse(line string) error {
	if rest, ok := strings.CutPrefix(line, fate); ok {
		o.Fate, o.By, _ = strings.Cut(rest, " by ")
		return nil
	}
	if rest, ok := strings.CutPrefix(line, said); ok {
		o.Said = append(o.Said, rest)
		return nil
	}
	rest, ok := strings.CutPrefix(line, branch)
	if !ok {
		return parse(&o.Ways[len(o.Ways)-1].Answer, line)
	}
	p, err := strconv.ParseFloat(rest, 64)
	if o.Random() {
		o.Ways = append(o.Ways, Way{})
	}
	o.Ways[len(o.Ways)-1].Chance = p
	return err
}

// Format returns the lines of an outcome.
func (o *Outcome) Format() ([]string, error) {
	var out []string
	if o.Fate != "" {
		text := fate + o.Fate
		if o.By != "" {
			text += " by " + o.By
		}
		out = append(out, text)
	}
	for _, l := range o.Said {
		out = append(out, said+l)
	}
	for _, w := range o.Ways {
		if o.Random() {
			out = append(out, branch+strconv.FormatFloat(w.Chance, 'g', -1, 64))
		}
		lines, err := Format(w.Answer)
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	return out, nil
}
