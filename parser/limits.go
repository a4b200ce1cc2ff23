package parser

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/packetpath/packetpath/netfilter"
)

// Bounds on what a text may hold, so that one from a stranger cannot use up the
// memory. The options of the same names set others.
const (
	DefaultMaxText   = 256 << 20 // bytes
	DefaultMaxLine   = 16 << 20  // bytes of one line
	DefaultMaxRules  = 4 << 20   // rules that the lines of one text make or look for
	DefaultMaxChains = 1 << 20   // chains that the lines of one text make
	DefaultMaxChecks = 64 << 20  // chains and rules that all COMMIT lines and the like look at
)

// MaxText bounds the text, in bytes; 0 stands for DefaultMaxText, a negative
// number for no bound.
func MaxText(bytes int) Option { return func(o *options) { o.maxText = bytes } }

// MaxLine bounds a line, in bytes; 0 stands for DefaultMaxLine, a negative number
// for no bound.
func MaxLine(bytes int) Option { return func(o *options) { o.maxLine = bytes } }

// MaxRules bounds how many rules the lines of a text make or look for: a line with
// several sources and destinations makes one for each pair. 0 stands for DefaultMaxRules,
// a negative number for no bound.
func MaxRules(n int) Option { return func(o *options) { o.maxRules = n } }

// MaxChains bounds how many chains the lines of a text make; 0 stands for
// DefaultMaxChains, a negative number for no bound.
func MaxChains(n int) Option { return func(o *options) { o.maxChains = n } }

// MaxChecks bounds how many chains and rules are looked at in all where a command
// or COMMIT is about a whole chain or table: each COMMIT checks its table again.
// negative number for no bound.
func MaxChecks(n int) Option { return func(o *options) { o.maxChecks = n } }

// LimitError says that a text is beyond one of the bounds.
type LimitError struct {
	Option string // the option that sets the bound: MaxText, MaxLine, MaxRules, MaxChains or MaxChecks
	Max    int    // the bound
}

// Error names the bound and the option.
func (e *LimitError) Error() string {
	what := map[string]string{"MaxText": "bytes of text", "MaxLine": "bytes in a line", "MaxRules": "rules", "MaxChains": "chains", "MaxChecks": "chains and rules to check"}[e.Option]
	return fmt.Sprintf("more than %d %s: %s sets another bound", e.Max, what, e.Option)
}

// bound returns what a bound of an option comes to.
func bound(n, usual int) int {
	switch {
	case n == 0:
		return usual
	case n < 0:
		return math.MaxInt
	}
	return n
}

// readText reads a text of at most max bytes.
func readText(r io.Reader, max int) (string, error) {
	if r == nil {
		return "", errors.New("the reader is nil")
	}
	limit := int64(max)
	if limit < math.MaxInt64 {
		limit++ // one more byte shows that there is too much
	}
	text, err := io.ReadAll(io.LimitReader(r, limit))
	if err == nil && len(text) > max {
		err = &LimitError{"MaxText", max}
	}
	return string(text), err
}

func readFile(path string, max int) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return readText(f, max)
}

// made counts what the text makes; the error says that it is too much.
func (r *reader) made(count *int, max, usual int, option string) *Error {
	*count++
	if max = bound(max, usual); *count <= max {
		return nil
	}
	r.quit = true
	return &Error{Err: &LimitError{option, max}}
}

func (r *reader) madeRule() *Error {
	return r.made(&r.rules, r.maxRules, DefaultMaxRules, "MaxRules")
}

func (r *reader) madeChain() *Error {
	return r.made(&r.newChains, r.maxChains, DefaultMaxChains, "MaxChains")
}

// checks counts the chains and rules that are looked at when a table is opened or
// committed.
func (r *reader) checks(t *netfilter.Table) *Error {
	if t == nil {
		return nil
	}
	n := len(t.Chains)
	for _, c := range t.Chains {
		n += len(c.Rules)
	}
	return r.looked(n)
}

// looked counts chains and rules that are looked at one by one.
func (r *reader) looked(n int) *Error {
	r.checked += n
	most := bound(r.maxChecks, DefaultMaxChecks)
	if r.checked <= most {
		return nil
	}
	r.quit = true
	return &Error{Err: &LimitError{"MaxChecks", most}}
}

// tooLong reports a line beyond its bound.
func (r *reader) tooLong() *Error {
	most := bound(r.maxLine, DefaultMaxLine)
	if r.source.off+len(r.source.line) <= most {
		return nil
	}
	r.quit = true
	return &Error{Err: &LimitError{"MaxLine", most}}
}
