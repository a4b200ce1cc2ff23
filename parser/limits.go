package parser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/packetpath/packetpath/netfilter"
)

// limits are the values of the options whose names begin with Max; 0 stands for the
// default.
type limits struct {
	text   int
	line   int
	rules  int
	chains int
	checks int
}

// spent is what the text has used of the limits.
type spent struct {
	rules     int // rules that it added
	newChains int // chains that it added
	visited   int // chains and rules that were visited one by one
}

// Default limits for texts, so that untrusted input cannot exhaust memory. The
// options of the same names set other limits.
const (
	DefaultMaxText   = 256 << 20 // bytes
	DefaultMaxLine   = 16 << 20  // bytes of one line
	DefaultMaxRules  = 4 << 20   // rules created or searched for by the lines of one text
	DefaultMaxChains = 1 << 20   // chains created by the lines of one text
	DefaultMaxChecks = 64 << 20  // chains and rules visited by all COMMIT lines and similar commands
)

// MaxText limits the length of the text in bytes; 0 stands for DefaultMaxText,
// a negative number for no limit.
func MaxText(bytes int) Option { return func(o *options) { o.limits.text = bytes } }

// MaxLine limits the length of a line in bytes; 0 stands for DefaultMaxLine, a
// negative number for no limit.
func MaxLine(bytes int) Option { return func(o *options) { o.limits.line = bytes } }

// MaxRules limits the number of rules that the lines of a text create or search
// for: a line with several sources and destinations creates one for each pair.
// 0 stands for DefaultMaxRules, a negative number for no limit.
func MaxRules(n int) Option { return func(o *options) { o.limits.rules = n } }

// MaxChains limits the number of chains that the lines of a text create; 0
// stands for DefaultMaxChains, a negative number for no limit.
func MaxChains(n int) Option { return func(o *options) { o.limits.chains = n } }

// MaxChecks limits the number of chains and rules that are visited by commands and
// COMMIT lines that concern a whole chain or table: each COMMIT checks its table
// again. 0 stands for DefaultMaxChecks, a negative number for no limit.
func MaxChecks(n int) Option { return func(o *options) { o.limits.checks = n } }

// Context makes reading stop with the error of ctx when ctx is done; it is asked at each
// line.
func Context(ctx context.Context) Option { return func(o *options) { o.ctx = ctx } }

// stopped returns the error of the context, nil if it is not done.
func (o *options) stopped() error {
	if o.ctx == nil {
		return nil
	}
	return o.ctx.Err()
}

// LimitError reports that a text exceeds one of the limits.
type LimitError struct {
	Option string // the option that sets the limit: MaxText, MaxLine, MaxRules, MaxChains or MaxChecks
	Max    int    // the bound
}

// Error names the limit and the option.
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

// made counts the rules or chains that the text creates; it returns an error if
// the limit is exceeded.
func (r *reader) made(count *int, max, usual int, option string) *Error {
	*count++
	if max = bound(max, usual); *count <= max {
		return nil
	}
	r.quit = true
	return &Error{Err: &LimitError{option, max}}
}

func (r *reader) madeRule() *Error {
	return r.made(&r.rules, r.limits.rules, DefaultMaxRules, "MaxRules")
}

func (r *reader) madeChain() *Error {
	return r.made(&r.newChains, r.limits.chains, DefaultMaxChains, "MaxChains")
}

// checks counts the chains and rules that are visited when a table is opened or
// committed. Of a table that was checked, or is like one that was, only the chains are.
func (r *reader) checks(t *netfilter.Table, checked *netfilter.CheckedTable) *Error {
	if t == nil {
		return nil
	}
	n := len(t.Chains)
	if checked != nil {
		return r.looked(n)
	}
	for _, c := range t.Chains {
		n += len(c.Rules)
	}
	return r.looked(n)
}

// looked counts individually visited chains and rules.
func (r *reader) looked(n int) *Error {
	r.visited += n
	most := bound(r.limits.checks, DefaultMaxChecks)
	if r.visited <= most {
		return nil
	}
	r.quit = true
	return &Error{Err: &LimitError{"MaxChecks", most}}
}

// tooLong reports a line that exceeds its limit.
func (r *reader) tooLong() *Error {
	most := bound(r.limits.line, DefaultMaxLine)
	if r.source.off+len(r.source.line) <= most {
		return nil
	}
	r.quit = true
	return &Error{Err: &LimitError{"MaxLine", most}}
}
