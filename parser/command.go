package parser

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// operation holds the commands of a line with their arguments.
type operation struct {
	commands commandSet
	chain    word
	number   int // rule number; 0: none given
	newName  word
	policy   word
}

// commandSet is a set of commands by their letter.
type commandSet uint32

func commandBit(letter byte) commandSet { return 1 << (letter - 'A') }

func (s commandSet) has(letter byte) bool { return s&commandBit(letter) != 0 }

// each yields the commands in alphabetic order.
func (s commandSet) each(yield func(byte) bool) {
	for ; s != 0; s &= s - 1 {
		if !yield('A' + byte(bits.TrailingZeros32(uint32(s)))) {
			return
		}
	}
}

// letters returns the commands in alphabetic order.
func (s commandSet) letters() string { return string(slices.Collect(s.each)) }

// ruleCommands are those that hold a rule.
const ruleCommands = "ACDIR"

func (s commandSet) rule() bool {
	for i := range len(ruleCommands) {
		if s.has(ruleCommands[i]) {
			return true
		}
	}
	return false
}

// command records a command and its words (iptables/xshared.c, do_parse,
// add_command). Listing goes together with setting counters to zero.
func (l *line) command(it *item) *Error {
	c := it.letter
	if l.invert {
		return &Error{at: l.negation, Option: it.opt.text, Err: fmt.Errorf(`"!" is not possible before -%c`, c)}
	}
	var others commandSet
	switch c {
	case 'L', 'S':
		others = commandBit('Z')
	case 'Z':
		others = commandBit('L') | commandBit('S')
	}
	if clash := l.commands &^ others; clash != 0 {
		return &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("-%c cannot go together with -%s", c, clash.letters())}
	}
	l.commands |= commandBit(c)
	if it.hasArg {
		l.chain = it.value
	} else if l.peekPlain() {
		l.chain = l.take()
	}
	return l.commandWords(c, it)
}

// commandWords reads what follows the chain.
func (l *line) commandWords(c byte, it *item) *Error {
	missing := func(what string) *Error {
		return &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("-%c needs %s", c, what)}
	}
	switch c {
	case 'N':
		return l.newChainName()
	case 'E', 'P':
		what, into := "the chain's new name", &l.newName
		if c == 'P' {
			what, into = "a policy", &l.policy
		}
		if !l.peekPlain() {
			return missing(what)
		}
		*into = l.take()
	case 'D', 'I', 'R', 'L', 'S', 'Z':
		if l.peekPlain() {
			return l.ruleNumber(l.take())
		}
		if c == 'R' {
			return missing("the number of the rule")
		}
		if c == 'I' {
			l.number = 1
		}
	}
	return nil
}

func (l *line) ruleNumber(w word) *Error {
	n, ok := number(w.text, 1, math.MaxInt32)
	if !ok {
		return &Error{at: w, Word: w.text, Err: fmt.Errorf("bad rule number %q: rules are counted from 1", w.text)}
	}
	l.number = int(n)
	return nil
}

// newChainName checks the name that -N gives (iptables/xshared.c, parse_chain).
func (l *line) newChainName() *Error {
	name := l.chain.text
	var err error
	switch {
	case len(name) > maxChainName:
		err = fmt.Errorf("chain %q: a name has at most %d bytes", name, maxChainName)
	case name != "" && (name[0] == '-' || name[0] == '!'):
		err = fmt.Errorf(`chain %q: a name cannot begin with "-" or "!"`, name)
	case name == "" || name == "standard" || !l.announced[name] && l.library.find(name, targetKind) != nil:
		err = fmt.Errorf("chain %q: there is a target of this name", name)
	case strings.ContainsAny(name, spaces):
		err = fmt.Errorf("chain %q: a name has no blanks", name)
	}
	if err == nil {
		return nil
	}
	return &Error{at: l.chain, Word: name, Err: err}
}

// allowed returns the letters of the options that a command may be combined
// with (iptables/xshared.c, commands_v_options).
func allowed(command byte, numbered bool) string {
	switch {
	case command == 'D' && numbered:
		return "v"
	case command == 'C' || command == 'D':
		return "sdpjviof"
	case command == 'A' || command == 'I' || command == 'R':
		return "sdpjviocf"
	case command == 'L':
		return "nvx0"
	case command == 'P':
		return "vc"
	}
	return "v"
}

// checkOptions checks the options against the commands.
func (l *line) checkOptions() *Error {
	if numbered := l.number > 0; l.commands.has('Z') && numbered {
		l.commands = commandBit('Z')
	}
	for i := range len(onceOptions) {
		c := onceOptions[i]
		if l.seen&onceBit(c) == 0 {
			continue
		}
		legal := false
		for command := range l.commands.each {
			legal = legal || strings.IndexByte(allowed(command, l.number > 0), c) >= 0
		}
		if !legal {
			return &Error{Err: fmt.Errorf("option %s is not possible with -%s", display(c), l.commands.letters())}
		}
	}
	if len(l.chain.text) > maxChainName {
		return &Error{at: l.chain, Word: l.chain.text, Err: fmt.Errorf("chain %q: a name has at most %d bytes", l.chain.text, maxChainName)}
	}
	if l.commands.rule() {
		return l.checkDirection()
	}
	return nil
}

// checkDirection refuses an interface that a built-in chain's packets cannot
// have. It goes by the name of the chain alone.
func (l *line) checkDirection() *Error {
	name := l.chain.text
	switch {
	case l.seen&onceBit('o') != 0 && (name == "PREROUTING" || name == "INPUT"):
		return &Error{at: l.chain, Word: name, Err: fmt.Errorf("-o is not possible in %s: no outgoing interface is known there", name)}
	case l.seen&onceBit('i') != 0 && (name == "POSTROUTING" || name == "OUTPUT"):
		return &Error{at: l.chain, Word: name, Err: fmt.Errorf("-i is not possible in %s: no incoming interface is known there", name)}
	}
	return nil
}

// run executes the command on the table.
func (l *line) run() *Error {
	for c := range l.commands.each {
		if err := l.runOne(c); err != nil {
			if err.at == (word{}) {
				err.at, err.Word = l.chain, l.chain.text
			}
			return err
		}
	}
	return nil
}

func (l *line) runOne(c byte) *Error {
	t, name := l.table, l.chain.text
	if strings.IndexByte("CLSX", c) < 0 { // -X may have nothing to delete
		t.changed = true
	}
	all := l.chain == word{}
	if err := l.countLooks(c, name, all); err != nil {
		return err
	}
	switch c {
	case 'A', 'C', 'I', 'R':
		return l.runRule(c)
	case 'D':
		if l.number == 0 {
			return l.runRule(c)
		}
		return l.fault(t.deleteAt(name, l.number))
	case 'F':
		return l.fault(t.flush(name, all))
	case 'L', 'S':
		if !all {
			_, err := t.chain(name)
			return l.fault(err)
		}
		return nil
	case 'Z':
		return l.fault(t.zero(name, all, l.number))
	case 'N':
		if err := l.madeChain(); err != nil {
			return err
		}
		return l.fault(t.create(name, l.pos(l.chain)))
	case 'X':
		return l.fault(t.remove(name, all))
	case 'E':
		return l.fault(t.rename(name, l.newName.text))
	case 'P':
		return l.fault(t.setPolicy(name, l.policy.text, l.counters))
	}
	return l.fault(errors.New("the command is not possible here"))
}

// countLooks counts the chains and rules that -F, -X and -Z visit.
func (l *line) countLooks(c byte, name string, all bool) *Error {
	switch {
	case strings.IndexByte("FXZ", c) < 0:
		return nil
	case all:
		return l.looked(len(l.table.chains.all()))
	case c == 'Z' && l.number == 0:
		if known := l.table.lookup(name); known != nil {
			return l.looked(known.length())
		}
	}
	return nil
}

// fault converts an error to an *Error; nil stays nil.
func (l *line) fault(err error) *Error {
	if err == nil {
		return nil
	}
	e := &Error{Err: err}
	var missing *missingChainError
	if errors.As(err, &missing) {
		if near := l.near(missing.name, l.table.names); near != "" {
			e.Hint = fmt.Sprintf("did you mean %q?", near)
		} else {
			e.Hint = otherTablesHint(missing.name)
		}
	}
	return e
}
