package record

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Outcome is what becomes of a packet. Besides the lines of an answer its text
// may have
//
//	fate dropped by filter:INPUT:rule:7   what the kernel does not say by itself, first
//	said raw:PREROUTING:policy:2 IN= …    a line of the log that a document shows, of a kernel before 5.7
//	chance 0.25                           begins one of several ways the packet may go
type Outcome struct {
	Fate string // "" if it is not told
	By   string // as a trace names rules; "" if no rule stopped the packet, or it is not told
	Said []string
	Ways []Way // at least one
}

// Way is a way that a packet may go.
type Way struct {
	Chance float64 // 1 unless chance decides
	kernel.Answer
}

// Random reports whether chance decides which way the packet goes.
func (o *Outcome) Random() bool { return o.Ways[0].Chance != 1 }

const (
	fate   = "fate "
	said   = "said "
	chance = "chance "
)

// ParseOutcome reads an outcome.
func ParseOutcome(text string) (Outcome, error) {
	o := Outcome{Ways: []Way{{Chance: 1}}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if err := o.read(line); err != nil {
			return o, fmt.Errorf("%q: %w", line, err)
		}
	}
	return o, nil
}

func (o *Outcome) read(line string) error {
	if rest, ok := strings.CutPrefix(line, fate); ok {
		o.Fate, o.By, _ = strings.Cut(rest, " by ")
		return nil
	}
	if rest, ok := strings.CutPrefix(line, said); ok {
		o.Said = append(o.Said, rest)
		return nil
	}
	rest, ok := strings.CutPrefix(line, chance)
	if !ok {
		return read(&o.Ways[len(o.Ways)-1].Answer, line)
	}
	p, err := strconv.ParseFloat(rest, 64)
	if o.Random() {
		o.Ways = append(o.Ways, Way{})
	}
	o.Ways[len(o.Ways)-1].Chance = p
	return err
}

// Format writes an outcome as indented lines.
func (o *Outcome) Format() (string, error) {
	var b strings.Builder
	if o.Fate != "" {
		b.WriteString("\t" + fate + o.Fate)
		if o.By != "" {
			b.WriteString(" by " + o.By)
		}
		b.WriteString("\n")
	}
	for _, l := range o.Said {
		b.WriteString("\t" + said + l + "\n")
	}
	for _, w := range o.Ways {
		if o.Random() {
			b.WriteString("\t" + chance + strconv.FormatFloat(w.Chance, 'g', -1, 64) + "\n")
		}
		text, err := Format(w.Answer)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
