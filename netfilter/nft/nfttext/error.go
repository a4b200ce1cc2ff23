package nfttext

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Error is an error in a text, with its position, cause and, where known,
// remedy.
type Error struct {
	Pos  netfilter.Pos
	Word string // the erroneous word, as written
	Msg  string // the cause, with the message of nft if it has one
	Hint string // how to fix it; "" if that is not known
	Line string // the line of the text, without its newline
}

// Error returns position, cause and hint in one line.
func (e *Error) Error() string {
	s := e.Msg
	if e.Pos.File != "" || e.Pos.IsValid() {
		s = e.Pos.String() + ": " + s
	}
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return printable(s)
}

// printable makes control characters visible.
func printable(s string) string {
	q := fmt.Sprintf("%q", s)
	q = q[1 : len(q)-1]
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(q)
}

// Snippet returns the line with a caret under the erroneous word, in two lines
// without a final newline. It is empty if the error has no line.
func (e *Error) Snippet() string {
	if e.Pos.Line == 0 {
		return ""
	}
	const room = 120
	line, col := e.Line, max(e.Pos.Col-1, 0)
	if from := col - room/2; from > 0 && len(line) > room {
		from = min(from, len(line))
		line, col = line[from:], col-from
	}
	if len(line) > room {
		line = line[:room]
	}
	line = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, line)
	n := min(max(len(e.Word), 1), max(len(line)-col, 1))
	return "    " + line + "\n    " + strings.Repeat(" ", min(col, len(line))) + "^" + strings.Repeat("~", n-1)
}

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

// Errors are the errors of a text in the order of their positions.
type Errors []*Error

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

// report collects the errors of the files of one run.
type report struct {
	files *parse.Files
	errs  Errors
	lines map[int][]int // offsets of the lines of each file
}

// maxErrors is the maximum number of errors reported.
const maxErrors = 100

func (r *report) add(at syntax.Span, hint, format string, args ...any) {
	if len(r.errs) >= maxErrors {
		return
	}
	e := &Error{Msg: fmt.Sprintf(format, args...), Hint: hint}
	if e.Msg == format && len(args) == 0 {
		e.Msg = format
	}
	src := r.files.Locate(at.Start)
	e.Pos, e.Line = r.position(src, at.Start)
	start := at.Start - src.Base
	if end := at.End - src.Base; 0 <= start && start < end && end <= len(src.Text) {
		e.Word, _, _ = strings.Cut(src.Text[start:end], "\n")
	}
	r.errs = append(r.errs, e)
}

// position returns line and column of an offset, and the line.
func (r *report) position(src parse.Source, off int) (netfilter.Pos, string) {
	off = min(max(off-src.Base, 0), len(src.Text))
	starts := r.lines[src.Base]
	if starts == nil {
		starts = []int{0}
		for i := range len(src.Text) {
			if src.Text[i] == '\n' {
				starts = append(starts, i+1)
			}
		}
		if r.lines == nil {
			r.lines = make(map[int][]int)
		}
		r.lines[src.Base] = starts
	}
	number := sort.SearchInts(starts, off+1)
	start := starts[number-1]
	line := src.Text[start:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	return netfilter.Pos{File: src.Name, Line: number, Col: off - start + 1}, line
}

func (r *report) result() error {
	if len(r.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(r.errs, func(a, b *Error) int {
		if a.Pos.File != b.Pos.File {
			return 0
		}
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Col - b.Pos.Col
	})
	return r.errs
}
