package iptablestest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// restoring is how iptables-restore was asked to work.
type restoring struct {
	noflush, counters, test bool
	table                   string // the only one to restore; "" for all
	file                    string
}

// restore runs iptables-restore or ip6tables-restore (iptables/
// iptables-restore.c, ip46tables_restore_main).
func (c *call) restore() {
	r, done := c.restoreOptions()
	if done {
		return
	}
	if r.file != "" {
		b, err := os.ReadFile(r.file)
		if err != nil {
			c.fail(1, "Can't open %s: %s\n", r.file, reason(err))
			return
		}
		c.stdin = string(b)
	}
	text := onlyTable(c.stdin, r.table)
	var warnings []*parser.Error
	rs, err := c.apply(r, text, parser.Warnings(func(e *parser.Error) { warnings = append(warnings, e) }))
	f, failed := fault{}, false
	if err != nil {
		f, failed = firstFault(text, err, r.test)
	}
	for _, w := range warnings {
		if !failed || w.Pos.Line <= f.line {
			c.warn(w)
		}
	}
	if err == nil {
		if !r.test {
			c.setRules(rs)
		}
		c.openNamed(text, 0)
		return
	}
	if !failed {
		c.openNamed(text, 0)
		return
	}
	if kept := upToCommit(text, f.line); kept != "" && !r.test {
		if rs, err := c.apply(r, kept); err == nil {
			c.setRules(rs)
		}
	}
	c.openNamed(text, f.line)
	c.refuseText(f)
}

// reason says why a file could not be opened, as the C library does.
func reason(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist): // which other systems call otherwise
		return "No such file or directory"
	case errors.As(err, &p):
		err = p.Err
	}
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:]
}

func (c *call) restoreOptions() (r restoring, done bool) {
	o := getopt{args: c.args, short: "bcvVthnwWM:T:", waits: "wW", long: map[string]string{
		"counters": "c", "verbose": "v", "version": "V", "test": "t", "help": "h", "noflush": "n",
		"modprobe": "M:", "table": "T:", "wait": "w?", "wait-interval": "W?"}}
	for o.next() {
		switch o.opt {
		case "c":
			r.counters = true
		case "t":
			r.test = true
		case "n":
			r.noflush = true
		case "T":
			r.table = o.value
		case "w", "W":
			if strings.Trim(o.value, "0123456789") != "" {
				c.fail(2, "%s v%s (legacy): wait seconds not numeric\nError occurred at line: 0\n", c.tool("-restore"), iptablesVersion)
				c.tryHelp()
				return r, true
			}
		case "V":
			c.print("%s v%s (legacy)\n", c.tool("-restore"), iptablesVersion)
			return r, true
		case "h":
			c.print("Usage: %s [-c] [-v] [-V] [-t] [-h] [-n] [-w secs] [-W usecs] [-T table] [-M command] [file]\n", c.tool("-restore"))
			return r, true
		case "?":
			c.fail(1, "%s: %s\nTry `%s -h' for more information.\n", c.name, o.problem, c.tool("-restore"))
			return r, true
		}
	}
	if len(o.rest) > 1 {
		c.fail(1, "Unknown arguments found on commandline\n")
		return r, true
	}
	if len(o.rest) == 1 {
		r.file = o.rest[0]
	}
	return r, false
}

// apply reads a text and returns the rules as they would be.
func (c *call) apply(r restoring, text string, more ...parser.Option) (*netfilter.Ruleset, error) {
	opts := append(append(c.options(), parser.Onto(c.rules())), more...)
	if !r.noflush {
		opts = append(opts, parser.Flush())
	}
	if !r.counters {
		opts = append(opts, parser.DiscardCounters())
	}
	return parser.ParseString(text, opts...)
}

// onlyTable empties the lines of all tables but one.
func onlyTable(text, table string) string {
	if table == "" {
		return text
	}
	var b strings.Builder
	inside, skipping := false, false
	for line := range strings.Lines(text) {
		name, begins := tableLine(line)
		switch {
		case begins && !inside: // within a table the tool reads the line as a rule
			skipping = name != table
			inside = !skipping
		case line == "COMMIT\n" && inside:
			inside = false
		}
		if skipping {
			line = "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// tableLine reads "*NAME".
func tableLine(line string) (name string, ok bool) {
	if !strings.HasPrefix(line, "*") {
		return "", false
	}
	words := strings.Fields(line[1:])
	if len(words) == 0 {
		return "", true
	}
	return words[0], true
}

// openNamed makes the tables that lines of the text begin, up to a line; 0 is
// all.
func (c *call) openNamed(text string, upTo int) {
	n, inside := 0, false
	rs := c.rules()
	for line := range strings.Lines(text) {
		if n++; upTo > 0 && n > upTo {
			break
		}
		name, ok := tableLine(line)
		if ok && inside {
			break // the tool reads the line as a rule
		}
		inside = ok || inside && line != "COMMIT\n"
		if _, known := netfilter.TableInfoFor(name); ok && known && rs.Table(name) == nil {
			next := rs.Clone()
			next.Tables = append(next.Tables, netfilter.NewTable(name))
			c.setRules(next)
			rs = c.rules()
		}
	}
}

// upToCommit returns the text up to the last COMMIT ahead of a line.
func upToCommit(text string, line int) string {
	n, at, end := 0, 0, 0
	for l := range strings.Lines(text) {
		if n++; n >= line {
			break
		}
		at += len(l)
		if l == "COMMIT\n" {
			end = at
		}
	}
	return text[:end]
}

// fault is what stops the reading of a text.
type fault struct {
	err      error
	line     int    // where
	text     string // of the line
	inside   bool   // a table
	commit   int    // line of the COMMIT that follows
	lines    int    // of the whole text
	unending bool   // the table has no COMMIT
}

// firstFault returns the fault at which the tool stops: the first as it reads
// the text, which finds a missing COMMIT at the end only. Without commits the
// kernel refuses nothing; then there may be none.
func firstFault(text string, err error, test bool) (first fault, ok bool) {
	var all parser.Errors
	if !errors.As(err, &all) {
		return faultIn(text, err), true
	}
	for _, e := range all {
		f := faultIn(text, e)
		if test && errors.As(f.err, new(*netfilter.RuleError)) {
			continue
		}
		if !ok || first.unending {
			first, ok = f, true
		}
	}
	return first, ok
}

func faultIn(text string, err error) fault {
	f := fault{err: err}
	var e *parser.Error
	if errors.As(err, &e) {
		f.line = e.Pos.Line
	}
	open := false
	for l := range strings.Lines(text) {
		f.lines++
		if f.lines == f.line {
			f.text, f.inside = l, open
		}
		switch {
		case l == "COMMIT\n":
			open = false
			if f.commit == 0 && f.lines >= f.line {
				f.commit = f.lines
			}
		case strings.HasPrefix(l, "*"):
			open = true
		}
	}
	f.unending = errors.Is(err, parser.ErrNoCommit)
	return f
}

// refuseText prints why a text was not restored.
func (c *call) refuseText(f fault) {
	tool := c.tool("-restore")
	chainLine := strings.HasPrefix(f.text, ":")
	switch {
	case errors.Is(f.err, netfilter.ErrNoSuchTable):
		name, _ := tableLine(f.text)
		c.refuseWords(f.line, fmt.Sprintf("%s: unable to initialize table '%s'", tool, name))
	case f.unending:
		c.fail(1, "%s: COMMIT expected at line %d\n", tool, f.lines+1)
	case !f.inside:
		c.fail(1, "%s: line %d failed\n", tool, f.line)
	case chainLine && errors.Is(f.err, parser.ErrChainExists):
		name, _, _ := strings.Cut(f.text[1:], " ")
		c.refuseWords(f.line, fmt.Sprintf("error creating chain '%s':File exists", name))
	case chainLine && parser.ExitStatus(f.err) == 1:
		words := append(strings.Fields(f.text[1:]), "", "")
		reason := "Bad policy name"
		if errors.Is(f.err, parser.ErrNotBuiltin) {
			reason = "Bad built-in chain name"
		}
		c.fail(1, "%s v%s (legacy): Can't set policy `%s' on `%s' line %d: %s\n", tool, iptablesVersion, words[1], words[0], f.line, reason)
	case errors.As(f.err, new(*netfilter.RuleError)):
		c.fail(1, "%s: line %d failed\n", tool, f.commit)
	case parser.ExitStatus(f.err) == 1:
		c.fail(1, "%s: line %d failed\n", tool, f.line)
	default:
		c.refuseWords(f.line, usageMessage(f.err))
	}
}

// refuseWords prints what is wrong with a line that cannot be read.
func (c *call) refuseWords(line int, message string) {
	c.fail(2, "%sError occurred at line: %d\n", about(c.tool("-restore"), message), line)
	c.tryHelp()
}

func (c *call) tryHelp() {
	fmt.Fprintf(&c.stderr, "Try `%s -h' or '%s --help' for more information.\n", c.tool("-restore"), c.tool("-restore"))
}
