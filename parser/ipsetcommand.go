package parser

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/ipset"
)

// setCommand is a command of ipset.
type setCommand struct {
	names []string // any prefix of one of these, also preceded by "--"
	args  int      // words that must follow
	more  int      // words beyond those that may follow; -1 is any number
	do    func(r *setReader, args []word) *Error
}

// setCommands are the commands in the order in which they are tried (ipset
// lib/ipset.c, ipset_commands).
func setCommands() []setCommand {
	return []setCommand{
		{[]string{"create", "new", "-N"}, 2, -1, (*setReader).create},
		{[]string{"add", "-A"}, 2, -1, element(ipset.Add)},
		{[]string{"del", "-D"}, 2, -1, element(ipset.Del)},
		{[]string{"test", "-T"}, 2, -1, element(ipset.Test)},
		{[]string{"destroy", "x", "-X"}, 0, 1, (*setReader).destroy},
		{[]string{"list", "-L"}, 0, 1, (*setReader).list},
		{[]string{"save", "-S"}, 0, 1, (*setReader).list},
		{[]string{"restore", "-R"}, 0, -1, misplaced},
		{[]string{"flush", "-F"}, 0, 1, (*setReader).flush},
		{[]string{"rename", "e", "-E"}, 2, 0, (*setReader).rename},
		{[]string{"swap", "w", "-W"}, 2, 0, (*setReader).swap},
		{[]string{"help", "-h", "-H"}, 0, -1, misplaced},
		{[]string{"version", "-v", "-V"}, 0, -1, misplaced},
		{[]string{"quit"}, 0, -1, (*setReader).stop},
	}
}

// matches reports whether a word denotes the command (ipset_match_cmd).
func (c *setCommand) matches(w string) bool {
	w = strings.TrimPrefix(w, "--")
	if w == "" || w == "-" {
		return false
	}
	for _, n := range c.names {
		if strings.HasPrefix(n, w) {
			return true
		}
	}
	return false
}

// command executes the command.
func (r *setReader) command() *Error {
	for i := range r.commands {
		c := &r.commands[i]
		if !c.matches(r.words[0].text) {
			continue
		}
		args := r.words[1:]
		switch {
		case len(args) < c.args:
			return &Error{at: r.words[0], Err: fmt.Errorf("command %s needs %d arguments", c.names[0], c.args)}
		case c.more >= 0 && len(args) > c.args+c.more:
			return &Error{at: args[c.args+c.more], Err: fmt.Errorf("command %s takes no more arguments", c.names[0])}
		}
		return c.do(r, args)
	}
	return &Error{at: r.words[0], Err: fmt.Errorf("unknown command %q", r.words[0].text), Hint: suggestCommand(r.words[0].text)}
}

func suggestCommand(w string) string {
	if w != "" && w[0] == '*' {
		return "this looks like a ruleset of iptables-save"
	}
	return ""
}

func misplaced(r *setReader, _ []word) *Error {
	return &Error{at: r.words[0], Err: fmt.Errorf("command %q is not possible in a text that is restored", r.words[0].text)}
}

func (r *setReader) stop([]word) *Error {
	r.quit = true
	return nil
}

// named calls do with the name in args, "" if there is none.
func (r *setReader) named(args []word, do func(string) error) *Error {
	name := ""
	if len(args) > 0 {
		name = args[0].text
		if err := ipset.CheckName(name); err != nil {
			return &Error{at: args[0], Err: err}
		}
	}
	if err := do(name); err != nil {
		e := &Error{at: r.words[0], Err: err}
		if len(args) > 0 {
			e.at = args[0]
		}
		return e
	}
	return nil
}

func (r *setReader) destroy(args []word) *Error {
	return r.named(args, func(name string) error { return r.sets.Destroy(name, r.exist) })
}

func (r *setReader) flush(args []word) *Error { return r.named(args, r.sets.Flush) }

// list prints nothing, but checks that the set exists.
func (r *setReader) list(args []word) *Error {
	return r.named(args, func(name string) error {
		if name != "" && r.sets.Get(name) == nil {
			return fmt.Errorf("set %s: %w", name, ipset.ErrNoSuchSet)
		}
		return nil
	})
}

func (r *setReader) rename(args []word) *Error { return r.pair(args, r.sets.Rename) }

func (r *setReader) swap(args []word) *Error { return r.pair(args, r.sets.Swap) }

func (r *setReader) pair(args []word, do func(from, to string) error) *Error {
	for _, a := range args {
		if err := ipset.CheckName(a.text); err != nil {
			return &Error{at: a, Err: err}
		}
	}
	if err := do(args[0].text, args[1].text); err != nil {
		return &Error{at: args[0], Err: err}
	}
	return nil
}
