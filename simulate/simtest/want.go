package simtest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// Want is what a packet is to come to. The zero value wants nothing.
type Want struct {
	words string
	// each says of one way the packet can go what is otherwise; "" if it is as
	// wanted. It is nil for wants that only all ways together can meet.
	each func(w *way) string
	// find returns a way that is not as wanted and what it is instead; no way if
	// that is a matter of all of them, "" if all is as wanted.
	find func(ws []way) (at *way, instead string)
	nat  netfilter.Hooks // where address translation decides about it
}

// way is one way that a packet can go.
type way struct {
	*simulate.Result
	before *simulate.Session // as it was; to be cloned
}

// String describes the want in words.
func (w Want) String() string { return w.words }

// That wants what a function says of every way the packet can go; words describe
// it for failures.
func That(words string, holds func(*simulate.Result) bool) Want {
	return Want{words: words, each: func(w *way) string {
		if holds(w.Result) {
			return ""
		}
		return "not so"
	}}
}

// check is find, where every way must be as wanted unless the want says
// otherwise.
func (w Want) check(ws []way) (at *way, instead string) {
	if w.find != nil {
		return w.find(ws)
	}
	for i := range ws {
		if s := w.judge(&ws[i]); s != "" {
			return &ws[i], s
		}
	}
	return nil, ""
}

// judge is each for all wants. A way whose end is unknown is not as anybody
// wants.
func (w Want) judge(x *way) string {
	switch {
	case x.Err != nil:
		return "undecided: " + x.Err.Error()
	case w.each != nil:
		return w.each(x)
	case w.find != nil:
		return fmt.Sprintf("%q is about all ways together, not about one of them", w.words)
	}
	return ""
}

// share returns how likely the packet goes as wanted.
func (w Want) share(ws []way) float64 {
	sum := 0.0
	for i := range ws {
		if w.judge(&ws[i]) == "" {
			sum += ws[i].Chance
		}
	}
	return sum
}

// All wants all of this.
func All(wants ...Want) Want {
	a := combined(wants, ", ")
	if slices.ContainsFunc(wants, func(w Want) bool { return w.find != nil }) {
		a.find = func(ws []way) (*way, string) {
			for _, w := range wants {
				if at, s := w.check(ws); s != "" {
					return at, s
				}
			}
			return nil, ""
		}
		return a
	}
	a.each = func(x *way) string {
		for _, w := range wants {
			if s := w.judge(x); s != "" {
				return s
			}
		}
		return ""
	}
	return a
}

// combined returns the parts that All and AnyOf have in common.
func combined(wants []Want, sep string) (c Want) {
	words := make([]string, len(wants))
	for i, w := range wants {
		words[i] = w.words
		c.nat |= w.nat
	}
	c.words = strings.Join(words, sep)
	return c
}

// AnyOf wants one of these on every way the packet can go.
func AnyOf(wants ...Want) Want {
	a := combined(wants, " or ")
	a.each = func(x *way) string {
		instead := "nothing is wanted"
		for _, w := range wants {
			if instead = w.judge(x); instead == "" {
				break
			}
		}
		return instead
	}
	return a
}

// Not wants the opposite on every way the packet can go: that it is not dropped,
// say. Of a want about all ways together, such as Evenly, it wants that they are
// not so.
func Not(w Want) Want {
	n := Want{words: "not " + w.words, nat: w.nat}
	if w.find != nil {
		n.find = func(ws []way) (*way, string) {
			if _, s := w.find(ws); s == "" {
				return nil, w.words
			}
			return nil, ""
		}
		return n
	}
	n.each = func(x *way) string {
		if w.judge(x) == "" {
			return w.words
		}
		return ""
	}
	return n
}

// Never wants this on no way the packet can go, and shows the first on which it
// is so.
func Never(w Want) Want {
	n := Not(w)
	n.words = "never " + w.words
	return n
}

// ofAll makes a want about how likely others are.
func ofAll(words string, wants []Want, instead func(ws []way) string) Want {
	w := combined(wants, "")
	w.words = words
	w.find = func(ws []way) (*way, string) { return nil, instead(ws) }
	return w
}

// Sometimes wants this on some way the packet can go, however unlikely.
func Sometimes(w Want) Want {
	return ofAll("sometimes "+w.words, []Want{w}, func(ws []way) string {
		if w.share(ws) > 0 {
			return ""
		}
		return "never"
	})
}

// tolerance is how far a probability may be from the one that is wanted: rules
// round theirs.
const tolerance = 1e-6

// Chance wants this with a probability, up to one in a million, over all ways
// the packet can go.
func Chance(p float64, w Want) Want {
	return ofAll(fmt.Sprintf("%s with probability %.6g", w.words, p), []Want{w}, func(ws []way) string {
		if got := w.share(ws); math.Abs(got-p) > tolerance {
			return fmt.Sprintf("with probability %.6g", got)
		}
		return ""
	})
}

// Evenly wants each of these with the same probability, and nothing else.
func Evenly(wants ...Want) Want {
	return ofAll("evenly "+combined(wants, ", ").words, wants, func(ws []way) string {
		p := 1 / float64(len(wants))
		for _, w := range wants {
			if got := w.share(ws); math.Abs(got-p) > tolerance {
				return fmt.Sprintf("%s with probability %.6g, not %.6g", w.words, got, p)
			}
		}
		return ""
	})
}
