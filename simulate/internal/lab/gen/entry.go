package gen

import (
	"slices"
	"strings"
)

// Entry is an extension of iptables, or one use of it: a name may have several
// entries. An empty list of words is no restriction.
type Entry struct {
	Name      string // as after -m or -j
	Families  string // "4", "6"
	Tables    string // blank-separated: "mangle raw"
	Hooks     string // builtin chains; all that reach the rule must be listed
	Protocols string // the rule must have -p with one of these, not inverted
	Weight    int    // how often, against the others; 0 means 1
	// Draw returns the options; nil: there are none. The hand knows the place.
	Draw func(*Rand) string
}

func listed(words, word string) bool {
	return words == "" || slices.Contains(strings.Fields(words), word)
}

// fits reports whether the entry may be used at a place.
func (e Entry) fits(p Position) bool {
	fam := "4"
	if p.Family == 6 {
		fam = "6"
	}
	return listed(e.Families, fam) && listed(e.Tables, p.Table) && listed(e.Protocols, p.Proto) &&
		!slices.ContainsFunc(p.Hooks, func(h string) bool { return !listed(e.Hooks, h) })
}

// draw returns name and options.
func (e Entry) draw(r *Rand) string {
	if e.Draw == nil {
		return e.Name
	}
	return strings.TrimSpace(e.Name + " " + e.Draw(r))
}

// chooseEntry draws one of the entries that fit, by weight; entries of favoured
// names weigh ten times as much. It reports false if none fits.
func (r *Rand) chooseEntry(entries []Entry, favor []string) (Entry, bool) {
	weight := func(e Entry) int {
		w := max(e.Weight, 1)
		if slices.Contains(favor, e.Name) {
			w *= 10
		}
		return w
	}
	sum := 0
	for _, e := range entries {
		if e.fits(r.Position) {
			sum += weight(e)
		}
	}
	if sum == 0 {
		return Entry{}, false
	}
	n := r.IntN(sum)
	for _, e := range entries {
		if e.fits(r.Position) {
			if n -= weight(e); n < 0 {
				return e, true
			}
		}
	}
	return Entry{}, false
}
