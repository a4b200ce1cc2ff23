package commands

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/internal/rewritten"
)

// Command is a command line of iptables or ip6tables, split into words, without the name
// of the program.
type Command struct {
	Line  int // line in the text, from 1
	Words []string
}

// List is the commands of one family in the order in which they run.
type List struct {
	commands []Command
	text     rewritten.Text
	name     string
}

// NewList returns a list without commands; the name is used as the file name in
// positions.
func NewList(name string) *List { return &List{name: name} }

// Len returns the number of commands that change rules.
func (l *List) Len() int { return len(l.commands) }

// ErrNoChange reports that a command changes no rules: it lists, counts or checks.
var ErrNoChange = errors.New("the command changes no rules")

// Add appends a command. It returns ErrNoChange for commands that change no
// rules, and another error for those that cannot be parsed.
func (l *List) Add(c Command) error {
	table, words, err := split(c.Words)
	if err != nil {
		return fmt.Errorf("%s:%d: %w", l.name, c.Line, err)
	}
	l.commands = append(l.commands, c)
	l.text.Add(table, c.Line, join(words), "")
	return nil
}

// Has reports whether a rule was appended or inserted with the same words as
// those of a command with -C.
func (l *List) Has(c Command) bool {
	table, words, err := split(c.Words)
	if err != nil && !errors.Is(err, ErrNoChange) {
		return false
	}
	want := rest(words)
	for i := len(l.commands) - 1; i >= 0; i-- {
		t, w, err := split(l.commands[i].Words)
		if err != nil || t != table || rest(w) != want {
			continue
		}
		switch w[0] {
		case "-A", "-I", "--append", "--insert":
			return true
		case "-D", "--delete":
			return false
		}
	}
	return false
}

// rest joins the words after the command's letter.
func rest(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return join(words[1:])
}

// waits are options that affect only the program, and whether a number may follow.
var waits = map[string]bool{"-w": true, "--wait": true, "-W": true, "--wait-interval": true,
	"-v": false, "--verbose": false, "-n": false, "--numeric": false, "-x": false, "--exact": false, "--line-numbers": false}

// shows are the commands that change no rules.
var shows = map[string]bool{"-L": true, "--list": true, "-S": true, "--list-rules": true, "-C": true, "--check": true,
	"-Z": true, "--zero": true, "-h": true, "--help": true, "-V": true, "--version": true}

// split removes the table from the words and moves the command to the front.
func split(words []string) (table string, rest []string, err error) {
	table = "filter"
	show := len(words) == 0
	command := -1
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "-t" || w == "--table":
			if i+1 == len(words) {
				return "", nil, fmt.Errorf("%s needs the name of a table", w)
			}
			table = words[i+1]
			i++
			continue
		case strings.HasPrefix(w, "-t") && len(w) > 2 && w[2] != '-' && isTable(w[2:]):
			table = w[2:]
			continue
		case strings.HasPrefix(w, "--table="):
			table = strings.TrimPrefix(w, "--table=")
			continue
		}
		if number, ok := waits[w]; ok && !inValue(rest) {
			if number && i+1 < len(words) && isNumber(words[i+1]) {
				i++
			}
			continue
		}
		if shows[w] || len(w) > 2 && w[0] == '-' && w[1] != '-' && strings.ContainsAny(w[1:], "LSZ") && strings.Trim(w[1:], "LSvnxZ") == "" {
			show = true
		}
		if command < 0 && isCommand(w) {
			command = len(rest)
		}
		rest = append(rest, w)
	}
	if !isTable(table) {
		return "", nil, fmt.Errorf("there is no table %q: the tables are %s", table, strings.Join(netfilter.TableNames(), ", "))
	}
	if command > 0 {
		rest = putFirst(rest, command)
	}
	if show {
		return table, rest, ErrNoChange
	}
	return table, rest, nil
}

// inValue reports whether the next word is the value of the last one and therefore not
// an option, as in "--comment -v".
func inValue(rest []string) bool {
	return len(rest) > 0 && strings.HasPrefix(rest[len(rest)-1], "--") && strings.Contains(rest[len(rest)-1], "comment")
}

func isTable(s string) bool {
	for _, n := range netfilter.TableNames() {
		if s == n {
			return true
		}
	}
	return false
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func isCommand(w string) bool {
	switch w {
	case "-A", "-I", "-D", "-R", "-N", "-X", "-P", "-E", "-F", "-C", "--append", "--insert", "--delete", "--replace", "--new-chain", "--new",
		"--delete-chain", "--policy", "--rename-chain", "--flush", "--check":
		return true
	}
	return false
}

// putFirst moves a command and its chain to the front, because options such as
// -t or -p may precede them.
func putFirst(words []string, at int) []string {
	n := at + 1
	for n < len(words) && n < at+3 && words[n] != "" && words[n][0] != '-' && words[n] != "!" {
		n++
	}
	out := append([]string{}, words[at:n]...)
	out = append(out, words[:at]...)
	return append(out, words[n:]...)
}

// join quotes the words as iptables-save does.
func join(words []string) string {
	var b []byte
	for i, w := range words {
		if i > 0 {
			b = append(b, ' ')
		}
		if w == "" || strings.ContainsAny(w, " \t\"'\\#\n") {
			b = append(b, '"')
			for _, c := range []byte(w) {
				if c == '"' || c == '\\' || c == '\'' {
					b = append(b, '\\')
				}
				b = append(b, c)
			}
			b = append(b, '"')
			continue
		}
		b = append(b, w...)
	}
	return string(b)
}

// Parse executes the commands on empty tables. Errors have the type
// [parser.Errors], with the lines of the commands.
func (l *List) Parse(warn func(*parser.Error), opts ...parser.Option) (*netfilter.Ruleset, error) {
	return l.text.Parse(l.name, warn, opts...)
}

// Run executes the commands as a shell does, which continues after one that
// fails. It returns the resulting rules and the errors of the failed commands.
func (l *List) Run(warn func(*parser.Error), opts ...parser.Option) (*netfilter.Ruleset, parser.Errors, error) {
	text := &l.text
	var failed parser.Errors
	for {
		rs, err := text.Parse(l.name, warn, opts...)
		if err == nil {
			return rs, failed, nil
		}
		warn = nil
		var faults parser.Errors
		rest, dropped := text.Without(err)
		if !dropped || !errors.As(err, &faults) {
			return nil, failed, err
		}
		failed = append(failed, faults...)
		if text = rest; text.Empty() {
			return &netfilter.Ruleset{}, failed, nil
		}
	}
}
