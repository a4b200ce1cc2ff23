package parser

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Error is a fault in a text. Its zero value is of no use.
type Error struct {
	Pos       netfilter.Pos
	Extension string // name of the match or target that complains; "" if none does
	Option    string // the option at fault, as it is written; "" if it is none
	Word      string // the word at fault; "" if it is the whole line
	Err       error  // the cause
	Hint      string // what to do about it; "" where that is not known
	Line      string // the line as it stands in the text, without its newline

	at    word // where in the line it is
	clear bool // the cause is certain, and nothing else can be meant
}

// Error returns place, cause and hint in one line.
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
	b.WriteString(oneLine(e.Err.Error()))
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

// Format prints the error; with %+v the line and a caret under the fault
// follow it.
func (e *Error) Format(s fmt.State, verb rune) {
	io.WriteString(s, e.Error())
	if verb == 'v' && s.Flag('+') {
		if snippet := e.Snippet(); snippet != "" {
			io.WriteString(s, "\n"+snippet)
		}
	}
}

// Errors are all faults of a text in the order of their places. Beyond a
// hundred, the last entry says how many more there are.
type Errors []*Error

// maxErrors bounds how many faults are reported.
const maxErrors = 100

// Error returns one line for each.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
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

// report collects faults.
type report struct {
	errs Errors
	more int
}

// full reports whether further faults are only counted.
func (r *report) full() bool { return len(r.errs) >= maxErrors }

func (r *report) add(e *Error) {
	if r.full() && !errors.As(e.Err, new(*LimitError)) {
		r.more++
		return
	}
	r.errs = append(r.errs, e)
}

// result returns the faults of the text called name, nil if there are none.
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

// refusals takes apart what Ruleset.Check returns.
func refusals(err error) []error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		return list.Unwrap()
	}
	return []error{err}
}

// refused makes an Error of what the kernel says of a rule, and returns the
// rule; it is nil where a chain or the table is at fault.
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

// pointAtExtension moves the place of a kernel's refusal from the rule to the
// words that name the extension it is about.
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

// narrowed narrows the word at fault down to what the cause quotes, so that the
// caret stands under one port of a list.
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
