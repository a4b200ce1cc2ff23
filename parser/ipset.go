package parser

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// ParseSets parses the input of "ipset restore", which includes all output of
// "ipset save", and returns the resulting sets. It accepts and refuses the same
// commands as ipset 7.17 and the kernel, but reports all errors instead of only
// the first, as [Errors]. Host names are not looked up. The name is used in
// error messages. The limits are the defaults of [ipset.Limits]; RestoreSets
// uses those of the sets it modifies.
func ParseSets(name string, r io.Reader) ([]*ipset.Set, error) {
	text, err := readText(r, DefaultMaxText)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return parseSets(name, text)
}

// ParseSetsString reads sets from a string; see [ParseSets].
func ParseSetsString(text string) ([]*ipset.Set, error) { return parseSets("", text) }

// ParseSetsFile reads sets from a file; see [ParseSets].
func ParseSetsFile(path string) ([]*ipset.Set, error) {
	text, err := readFile(path, DefaultMaxText)
	if err != nil {
		return nil, fmt.Errorf("reading sets: %w", err)
	}
	return parseSets(path, text)
}

func parseSets(name, text string) ([]*ipset.Set, error) {
	sets := &ipset.Sets{}
	if err := RestoreSets(sets, name, text); err != nil {
		return nil, err
	}
	sets.Copy() // so that later copies share it
	return sets.All(), nil
}

// RestoreSets executes the commands of a text on sets, like "ipset restore".
// The name is used in error messages. If it returns errors, the lines without
// errors have been executed. The limits are those of the sets, with one
// [ipset.Limits.Expansion] for the whole text.
func RestoreSets(sets *ipset.Sets, name, text string) error {
	if sets == nil {
		return errors.New("there are no sets to restore to: the sets are nil")
	}
	return sets.Batch(func() error { return restoreSets(sets, name, text) })
}

func restoreSets(sets *ipset.Sets, name, text string) error {
	r := &setReader{name: name, sets: sets, commands: setCommands()}
	for line := range strings.Lines(text) {
		r.num++
		r.line = strings.TrimRight(line, "\n")
		if err := r.read(); err != nil {
			r.place(err)
			r.report.add(err)
		}
		if r.quit {
			break
		}
	}
	return r.report.result(name)
}

// setReader reads commands of ipset line by line.
type setReader struct {
	name   string
	sets   *ipset.Sets
	line   string
	num    int
	quit   bool
	exist  bool // -exist was given on this line or an earlier one
	words  []word
	report report

	commands []setCommand
}

// place sets the position of an error.
func (r *setReader) place(e *Error) {
	if e.Word == "" {
		e.Word = e.at.text
	}
	e.at = e.narrowed()
	e.Pos = netfilter.Pos{File: r.name, Line: r.num, Col: e.at.start + 1}
	e.Line = r.line
}

// Limits of a line (ipset lib/ipset.c, MAX_CMDLINE_CHARS, MAX_ARGS).
const (
	maxSetLine  = 1022
	maxSetWords = 30
)

// read executes one line.
func (r *setReader) read() *Error {
	start := len(r.line) - len(strings.TrimLeft(r.line, spaces))
	rest := r.line[start:]
	if rest == "" || rest[0] == '#' || rest == "COMMIT" || rest == "COMMIT\r" {
		return nil
	}
	if len(r.line) > maxSetLine {
		return &Error{Err: fmt.Errorf("the line is too long: the limit is %d characters", maxSetLine)}
	}
	var err *Error
	if r.words, err = splitSetLine(r.words[:0], rest, start); err != nil {
		return err
	}
	if err := r.globals(); err != nil {
		return err
	}
	if len(r.words) == 0 {
		return &Error{at: word{start: start, end: len(r.line)}, Err: errors.New("the line has no command")}
	}
	return r.command()
}

// splitSetLine cuts a line into words; quotes may begin anywhere, and empty
// words are ignored (ipset lib/ipset.c, build_argv).
func splitSetLine(words []word, s string, off int) ([]word, *Error) {
	var text strings.Builder
	w := word{start: off}
	quoted := false
	for i := 0; i <= len(s); i++ {
		switch {
		case i < len(s) && s[i] == '"':
			quoted = !quoted
		case i < len(s) && (quoted || !strings.ContainsRune(" \r\n\t", rune(s[i]))):
			text.WriteByte(s[i])
		default:
			w.text, w.end = text.String(), off+i
			if quoted {
				return nil, &Error{at: w, Err: errors.New("a quote is not closed")}
			}
			if w.text != "" {
				words = append(words, w)
			}
			text.Reset()
			w.start = off + i + 1
		}
	}
	if len(words) > maxSetWords {
		return nil, &Error{at: words[maxSetWords], Err: fmt.Errorf("the line has more than %d words", maxSetWords)}
	}
	return words, nil
}

// globals removes the options that are allowed anywhere on the line
// (ipset_envopts).
func (r *setReader) globals() *Error {
	kept := r.words[:0]
	for _, w := range r.words {
		name := w.text
		if strings.HasPrefix(name, "--") {
			name = name[1:]
		}
		switch name {
		case "-!", "-exist":
			r.exist = true
		case "-s", "-sorted", "-q", "-quiet", "-r", "-resolve", "-n", "-name", "-t", "-terse":
		case "-o", "-output", "-f", "-file":
			return &Error{at: w, Err: fmt.Errorf("option %s has no meaning here", w.text)}
		default:
			kept = append(kept, w)
		}
	}
	r.words = kept
	return nil
}
