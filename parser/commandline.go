package parser

import (
	"errors"
	"fmt"
	"math"

	"github.com/packetpath/packetpath/netfilter"
)

// Command describes the command of an iptables command line. The zero value is
// no command.
type Command struct {
	Table string // the table of -t; filter without it
	// Letters are the commands in alphabetic order, each by its short option: "A",
	// "D", or "LZ", because -L can be combined with -Z. "V" and "h" are the
	// requests for version and help; the rest of the line is ignored then.
	Letters string
	Chain   string // empty if the command applies to all chains
	Rule    int    // number of the rule, from 1; 0 if not given
	Target  string // of the rule, as given by -j or -g; empty if not given

	// Rules are those that -A, -C, -D, -I or -R is about, one for each pair of addresses,
	// once the line has been read, also if the command fails then. They must not be
	// changed.
	Rules []*netfilter.Rule

	Numeric, Verbose, Exact, LineNumbers bool // -n, -v, -x, --line-numbers

	wait     bool // -w was given
	interval word // -W
}

// ApplyCommand executes one command line of iptables or, if base is an IPv6
// ruleset, of ip6tables. The arguments are those after the program's name:
//
//	rs, _, err := parser.ApplyCommand(rs, []string{"-t", "nat", "-N", "web"})
//
// It returns the resulting ruleset; base is not changed, and nil stands for an
// empty ruleset of the family given by [Family]. Like the tool, every command
// creates the table it refers to. -L and -S print nothing and -V and -h have no
// effect: the caller executes these according to [Command].
//
// The error is nil if the tool exits with status 0, and otherwise has the type
// [Errors]; [ExitStatus] returns the tool's exit status. The returned ruleset
// is then base, with the table added if the command fails after opening it. The
// option [Onto] is ignored.
func ApplyCommand(base *netfilter.Ruleset, args []string, opts ...Option) (*netfilter.Ruleset, *Command, error) {
	if base == nil {
		base = &netfilter.Ruleset{Family: optionsOf(opts).family}
	}
	words, text := argumentWords(args)
	r, err := newReader("", text, append(opts[:len(opts):len(opts)], func(o *options) { o.base = base }))
	if err != nil {
		return base, nil, err
	}
	r.single = &Command{Table: "filter"}
	r.source.next()
	r.line.words = words
	opened, fault := r.applyOne()
	fault = r.line.explain(fault)
	if fault != nil {
		r.fail(fault)
	}
	if err := r.report.result(""); err != nil {
		return withTable(base, opened), r.single, err
	}
	return r.rs, r.single, nil
}

// argumentWords returns arguments as the words of a line, and the line, in
// which arguments are quoted where necessary.
func argumentWords(args []string) ([]word, string) {
	words := make([]word, len(args))
	var line []byte
	for i, a := range args {
		if i > 0 {
			line = append(line, ' ')
		}
		start := len(line)
		line = appendArgument(line, a)
		words[i] = word{text: a, start: start, end: len(line)}
	}
	return words, string(line)
}

func appendArgument(line []byte, arg string) []byte {
	if w, n := cutWord(arg); arg != "" && n == len(arg) && w.text == arg {
		return append(line, arg...)
	}
	line = append(line, '"')
	for i := range len(arg) {
		if arg[i] == '"' || arg[i] == '\\' {
			line = append(line, '\\')
		}
		line = append(line, arg[i])
	}
	return append(line, '"')
}

// applyOne parses the command and executes it. It returns the name of the table
// once that is opened (iptables/iptables.c, do_command4).
func (r *reader) applyOne() (string, *Error) {
	l, c := &r.line, r.single
	l.table = r.openTable(c.Table)
	l.reset()
	if err := l.read(); err != nil || r.quit {
		return "", err
	}
	if c.interval != (word{}) && !c.wait {
		return "", &Error{at: c.interval, Option: "-W", Err: errors.New("-W is only possible together with -w")}
	}
	c.note(l)
	if _, ok := netfilter.TableInfoFor(c.Table); !ok {
		return "", &Error{Word: c.Table, Err: fmt.Errorf("%w: %q", netfilter.ErrNoSuchTable, c.Table)}
	}
	if r.table = l.table; l.skip {
		return "", nil
	}
	if err := l.run(); err != nil {
		return c.Table, err
	}
	if !l.commands.changes() {
		r.rs = withTable(r.rs, c.Table)
		return c.Table, nil
	}
	return c.Table, r.commit()
}

// openTable opens a table of the ruleset. It is not flushed, because only
// iptables-restore does so.
func (r *reader) openTable(name string) *table {
	return openTable(name, r.rs.Table(name), nil, false)
}

// changes reports whether one of the commands may change the table.
func (s commandSet) changes() bool {
	return s&^(commandBit('C')|commandBit('L')|commandBit('S')) != 0
}

// note records the parsed command.
func (c *Command) note(l *line) {
	c.Letters, c.Chain, c.Rule, c.Target = l.commands.letters(), l.chain.text, l.number, l.jump.text
	c.Numeric, c.Verbose = l.seen&onceBit('n') != 0, l.seen&onceBit('v') != 0
	c.Exact, c.LineNumbers = l.seen&onceBit('x') != 0, l.seen&onceBit('0') != 0
}

// withTable returns the ruleset with a table of this name, made if there is
// none; the name may be empty.
func withTable(rs *netfilter.Ruleset, name string) *netfilter.Ruleset {
	if name == "" || rs.Table(name) != nil {
		return rs
	}
	with := *rs
	with.Tables = append(rs.Tables[:len(rs.Tables):len(rs.Tables)], netfilter.NewTable(name))
	return &with
}

// commandOption acts on an option of iptables that a text for iptables-restore
// cannot hold (iptables/xshared.c, do_parse).
func (l *line) commandOption(it *item) *Error {
	switch it.letter {
	case 't':
		if l.invert {
			return &Error{at: l.negation, Option: it.opt.text, Err: errors.New(`"!" is not possible before -t`)}
		}
		l.single.Table = it.value.text
		if err := l.checks(l.rs.Table(it.value.text), nil); err != nil {
			return err
		}
		l.table = l.openTable(it.value.text)
	case 'w':
		l.single.wait = true
		return l.waitTime(it)
	case 'W':
		l.single.interval = it.opt
		return l.waitTime(it)
	}
	return nil
}

// waitTime reads the number after -w or -W, which may be missing after -w
// (iptables/xshared.c, parse_wait_time, parse_wait_interval).
func (l *line) waitTime(it *item) *Error {
	if !it.hasArg {
		if !l.peekPlain() {
			if it.letter == 'W' {
				return &Error{at: it.opt, Option: it.opt.text, Err: errors.New("-W needs a number of microseconds")}
			}
			return nil
		}
		it.value = l.take()
	}
	if _, ok := number(it.value.text, 0, math.MaxInt32); !ok {
		return &Error{at: it.value, Option: it.opt.text, Word: it.value.text, Err: fmt.Errorf("bad time %q: need a number", it.value.text)}
	}
	return nil
}
