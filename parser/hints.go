package parser

import (
	"fmt"
	"slices"
	"strings"
)

// near returns the name that was probably meant. It does not search if the
// error will only be counted.
func (r *reader) near(name string, candidates func() []string) string {
	if r.report.full() {
		return ""
	}
	return nearest(name, candidates())
}

// noSuchOption returns the error for an option that no extension of the line
// has.
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
	case l.otherStateOption(name) != "":
		e.Hint = l.otherStateOption(name)
	case slices.Contains(matches, "tcp") && l.protocol == "" && l.laterProtocol() != "":
		e.Hint = fmt.Sprintf("-p %s must stand before it", l.laterProtocol())
	case slices.Contains(matches, "tcp") && l.protocol == "":
		e.Hint = "it needs a protocol before it, such as -p tcp"
	case slices.Contains(matches, l.protocol) && l.protocol != "":
		e.Hint = "it is an option of -m " + l.protocol + ", which must stand before it"
	case slices.Contains(matches, "tcp") && !slices.Contains(matches, l.protocol):
		e.Hint = fmt.Sprintf("-p %s has no such option, tcp and others with ports have", l.protocol)
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

// laterProtocol returns the protocol that the rest of the line gives; "" if it
// gives none.
func (l *line) laterProtocol() string {
	for i := l.next; i+1 < len(l.words); i++ {
		if l.words[i].text == "-p" || l.words[i].text == "--protocol" {
			return l.words[i+1].text
		}
	}
	return ""
}

// otherStateOption is the hint for confusing --state and --ctstate.
func (l *line) otherStateOption(name string) string {
	for _, m := range l.matches {
		switch {
		case m.def == nil:
		case name == "state" && m.def.Name == "conntrack":
			return "with -m conntrack the option is --ctstate"
		case name == "ctstate" && m.def.Name == "state":
			return "with -m state the option is --state"
		}
	}
	return ""
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

// candidates returns the options with this prefix.
func (l *line) candidates(prefix string) []string {
	var out []string
	for _, n := range l.optionNames() {
		if strings.HasPrefix(n, prefix) {
			out = append(out, "--"+n)
		}
	}
	return out
}

// noSuchExtension returns the error for an unknown word after -m or -j.
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
