package parser

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Error is an error in a text, with its position, cause and, where known,
// remedy.
type Error struct {
	Pos       netfilter.Pos
	Extension string // name of the match or target that reports the error; "" if none does
	Option    string // the erroneous option, as written; "" if the error is not in an option
	Word      string // the erroneous word; "" if the error concerns the whole line
	Err       error  // the cause
	Hint      string // how to fix it; "" if that is not known
	Line      string // the line of the text, without its newline

	at    word // its position in the line
	clear bool // the cause is certain; no other explanation is looked for
}

// Error returns position, cause and hint in one line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Pos.File != "" || e.Pos.IsValid() {
		b.WriteString(e.Pos.String())
		b.WriteString(": ")
	}
	if e.Extension != "" {
		b.WriteString(e.Extension)
		b.WriteString(": ")
	}
	if e.Err != nil {
		b.WriteString(oneLine(e.Err.Error()))
	}
	if e.Hint != "" {
		b.WriteString("; ")
		b.WriteString(oneLine(e.Hint))
	}
	return b.String()
}

// oneLine makes control bytes of quoted input visible.
func oneLine(s string) string {
	var b strings.Builder
	for _, c := range cells(s) {
		b.WriteString(c.text)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Format prints the error; with %+v the line and a caret under the erroneous
// word follow.
func (e *Error) Format(s fmt.State, verb rune) {
	io.WriteString(s, e.Error())
	if verb == 'v' && s.Flag('+') {
		if snippet := e.Snippet(); snippet != "" {
			io.WriteString(s, "\n"+snippet)
		}
	}
}

// Errors are the errors of a text in the order of their positions. If there are
// more than 100, the last entry gives the number of the others.
type Errors []*Error

// maxErrors is the maximum number of errors reported.
const maxErrors = 100

// Error returns one line for each.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		if e != nil {
			lines[i] = e.Error()
		}
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the errors one by one.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// Format prints the errors; with %+v each is followed by its line.
func (es Errors) Format(s fmt.State, verb rune) {
	for i, e := range es {
		if i > 0 {
			io.WriteString(s, "\n")
		}
		e.Format(s, verb)
	}
}

// report collects errors.
type report struct {
	errs Errors
	more int
}

// full reports whether further errors are only counted.
func (r *report) full() bool { return len(r.errs) >= maxErrors }

func (r *report) add(e *Error) {
	if r.full() && !errors.As(e.Err, new(*LimitError)) {
		r.more++
		return
	}
	r.errs = append(r.errs, e)
}

// result returns the errors of the text called name, nil if there are none.
func (r *report) result(name string) error {
	if len(r.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(r.errs, func(a, b *Error) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Col - b.Pos.Col
	})
	r.errs = onlyFirstFamily(r.errs)
	if r.more > 0 {
		r.errs = append(r.errs, &Error{Pos: netfilter.Pos{File: name}, Err: fmt.Errorf("and %d more errors", r.more)})
	}
	return r.errs
}

// refusals splits the error of Ruleset.Check.
func refusals(err error) []error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		return list.Unwrap()
	}
	return []error{err}
}

// refused converts an error of Ruleset.Check to an *Error, and returns the
// rule; the rule is nil if the error concerns a chain or the table.
func refused(t *netfilter.Table, err error) (*Error, *netfilter.Rule) {
	var fault *netfilter.RuleError
	if !errors.As(err, &fault) {
		return &Error{Err: err}, nil
	}
	bare := *fault
	bare.Pos = netfilter.Pos{}
	e := &Error{Pos: fault.Pos, Err: &bare}
	if c := t.Chain(fault.Chain); c != nil && 0 < fault.Rule && fault.Rule <= len(c.Rules) {
		return e, c.Rules[fault.Rule-1]
	}
	return e, nil
}

// pointAtExtension moves the position of a kernel error from the rule to the
// words that name the extension concerned.
func (e *Error) pointAtExtension() {
	var fault *netfilter.RuleError
	if !errors.As(e.Err, &fault) || fault.Rule == 0 {
		return
	}
	name, _, found := strings.Cut(fault.Err.Error(), ":")
	if !found || strings.ContainsAny(name, " \"") {
		return
	}
	for _, option := range []string{" -m ", " -j "} {
		i := strings.Index(e.Line+" ", option+name+" ")
		if i >= 0 && i+1 >= e.Pos.Col-1 {
			start := i + len(option)
			e.at = word{text: name, start: start, end: start + len(name)}
			e.Pos.Col = start + 1
			return
		}
	}
}

// narrowed narrows the erroneous word down to the part that the cause quotes,
// so that the caret points at one port of a list.
func (e *Error) narrowed() word {
	w := e.at
	if w.end-w.start != len(w.text) || e.Err == nil {
		return w
	}
	_, rest, found := strings.Cut(e.Err.Error(), `"`)
	quoted, _, closed := strings.Cut(rest, `"`)
	if !found || !closed || quoted == "" || strings.Count(w.text, quoted) != 1 {
		return w
	}
	return within(w, strings.Index(w.text, quoted), len(quoted))
}
