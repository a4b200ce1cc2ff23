package parser

import (
	"fmt"
	"strings"
)

// near returns what a name was probably meant to be. Once enough faults are
// known that this one is only counted, it does not look.
func (r *reader) near(name string, candidates func() []string) string {
	if r.report.full() {
		return ""
	}
	return nearest(name, candidates())
}

// noSuchOption explains an option that nothing on the line has.
func (l *line) noSuchOption(w word) *Error {
	name, long := strings.CutPrefix(w.text, "--")
	name, _, _ = strings.Cut(name, "=")
	e := &Error{at: w, Option: w.text, Word: w.text, Err: readErrorf(ErrNoSuchOption, "unknown option %q", w.text)}
	if !long || name == "" {
		e.clear = true
		return e
	}
	candidates := l.candidates(name)
	if len(candidates) > 1 {
		e.Err = fmt.Errorf("option %q is ambiguous: it may be %s", w.text, strings.Join(candidates, " or "))
		e.clear = true
		return e
	}
	matches, targets := l.library.withOption(name, matchKind), l.library.withOption(name, targetKind)
	switch {
	case len(matches) > 0:
		e.Hint = "it is an option of -m " + strings.Join(matches, ", -m ") + ", which must stand before it"
	case len(targets) > 0:
		e.Hint = "it is an option of -j " + strings.Join(targets, ", -j ") + ", which must stand before it"
	default:
		if near := l.near(name, l.optionNames); near != "" {
			e.Hint = fmt.Sprintf("did you mean %q?", "--"+near)
		}
	}
	return e
}

// optionNames returns the long options that the line has so far.
func (l *line) optionNames() []string {
	var names []string
	for i := range coreOptions {
		if !l.hidden(&coreOptions[i]) {
			names = append(names, coreOptions[i].name)
		}
	}
	for _, t := range l.tables {
		for i := range t.def.Options {
			names = append(append(names, t.def.Options[i].Name), t.def.Options[i].Aliases...)
		}
	}
	return names
}

// candidates returns the options that begin so.
func (l *line) candidates(prefix string) []string {
	var out []string
	for _, n := range l.optionNames() {
		if strings.HasPrefix(n, prefix) {
			out = append(out, "--"+n)
		}
	}
	return out
}

// noSuchExtension explains a word after -m or -j.
func (l *line) noSuchExtension(w word, k kind) *Error {
	e := &Error{at: w, Option: "-m", Word: w.text, Err: readErrorf(ErrNoSuchMatch, "unknown %s %q", k, w.text)}
	if k == targetKind {
		e.Option, e.Err = "-j", readErrorf(ErrNoSuchTarget, "unknown %s %q", k, w.text)
	}
	if l.library.inAnyFamily(w.text, k) && l.library.find(w.text, k) == nil {
		e.Err = &familyError{fmt.Sprintf("%s %s is not for %s", k, w.text, l.family)}
		e.Hint = otherFamilyHint(l.family)
		return e
	}
	if near := l.near(w.text, func() []string { return l.library.names(k) }); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	}
	return e
}
