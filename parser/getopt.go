package parser

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// A line is read as the C library's getopt_long reads an argument list,
// including words that are not options, in order (glibc, posix/getopt.c,
// RETURN_IN_ORDER). The set of long options grows as extensions are loaded.

// itemKind is the kind of an item of a line.
type itemKind uint8

const (
	itemEnd      itemKind = iota
	itemWord              // no option
	itemCore              // an option of iptables itself
	itemExt               // an option of an extension
	itemUnknown           // an unknown or ambiguous option
	itemNoValue           // an option that lacks its value
	itemNotTaken          // an option with a value although it takes none
)

// item is one step of reading a line.
type item struct {
	kind   itemKind
	letter byte // of itemCore
	table  int  // of itemExt: which option table
	index  int  // of itemExt: which of its options
	opt    word // the word the option stands in
	pos    int  // index of that word
	value  word // what follows, if hasArg
	hasArg bool
	empty  bool // the value itself is empty, even if value has been replaced
}

// optTable is an extension's option table on this line, and the instance that
// its options go to.
type optTable struct {
	def   *netfilter.Definition
	owner *loaded
}

// words of a line as they are consumed.
type cursor struct {
	words   []word
	next    int // index of the word to look at next
	cluster int // offset in that word after the short options that were read; 0 outside
}

// peekPlain reports whether the next word can be a value that is not asked for:
// it begins with neither "-" nor "!" (iptables/xshared.c, xs_has_arg).
func (c *cursor) peekPlain() bool {
	if c.next >= len(c.words) {
		return false
	}
	t := c.words[c.next].text
	return t == "" || t[0] != '-' && t[0] != '!'
}

// take returns the next word.
func (c *cursor) take() word {
	c.next++
	return c.words[c.next-1]
}

// step reads the next item.
func (l *line) step() item {
	pos := l.next
	it := l.scan()
	it.pos = pos
	return it
}

func (l *line) scan() item {
	c := &l.cursor
	if c.cluster > 0 {
		return l.short()
	}
	if c.next >= len(c.words) {
		return item{}
	}
	w := c.words[c.next]
	switch {
	case w.text == "--":
		c.next++
		return item{}
	case len(w.text) < 2 || w.text[0] != '-':
		c.next++
		return item{kind: itemWord, opt: w}
	case w.text[1] == '-':
		c.next++
		return l.long(w)
	}
	c.cluster = 1
	return l.short()
}

// short reads one letter of a word of short options.
func (l *line) short() item {
	c := &l.cursor
	w := c.words[c.next]
	letter := w.text[c.cluster]
	c.cluster++
	rest := w.text[c.cluster:]
	if rest == "" {
		c.next, c.cluster = c.next+1, 0
	}
	arg, ok := byLetter(letter)
	if !ok {
		return item{kind: itemUnknown, opt: w}
	}
	it := item{kind: itemCore, letter: letter, opt: w}
	switch {
	case arg == noArg:
	case rest != "":
		it.value, it.hasArg = word{text: rest, start: w.start, end: w.end}, true
		c.next, c.cluster = c.next+1, 0
	case arg == mayArg:
	case c.next >= len(c.words):
		it.kind = itemNoValue
	default:
		it.value, it.hasArg = c.take(), true
	}
	return it
}

// long reads an option that begins with two dashes.
func (l *line) long(w word) item {
	name, glued, hasGlued := strings.Cut(w.text[2:], "=")
	it := l.find(name)
	it.opt = w
	var arg int
	switch it.kind {
	case itemCore:
		arg = coreOptions[it.index].arg
	case itemExt:
		if l.tables[it.table].def.Options[it.index].Args > 0 {
			arg = needsArg
		}
	default:
		return it
	}
	c := &l.cursor
	switch {
	case hasGlued && arg == noArg:
		it.kind = itemNotTaken
	case hasGlued:
		it.value, it.hasArg = word{text: glued, start: w.start, end: w.end}, true
	case arg != needsArg:
	case c.next >= len(c.words):
		it.kind = itemNoValue
	default:
		it.value, it.hasArg = c.take(), true
	}
	return it
}

// find looks a long option up: an exact name first, then a beginning that only
// one option has. The core's options come first, then those of the extension
// loaded last (libxtables, xtables_options_xfrm).
func (l *line) find(name string) item {
	for i := range coreOptions {
		if o := &coreOptions[i]; o.name == name && !l.hidden(o) {
			return item{kind: itemCore, letter: o.letter, index: i}
		}
	}
	for t := len(l.tables) - 1; t >= 0; t-- {
		for i := range l.tables[t].def.Options {
			if named(&l.tables[t].def.Options[i], name) {
				return item{kind: itemExt, table: t, index: i}
			}
		}
	}
	if l.unknown != nil {
		return item{kind: itemUnknown}
	}
	return l.abbreviation(name)
}

// hidden reports whether the family lacks the long option.
func (l *line) hidden(o *coreOption) bool {
	return o.letter == fragmentOption && l.family == netfilter.IPv6
}

func named(o *netfilter.OptionDef, name string) bool {
	if o.Name == name {
		return true
	}
	for _, a := range o.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// abbreviation finds the one option whose name begins so.
func (l *line) abbreviation(name string) item {
	found := item{kind: itemUnknown}
	for i := range coreOptions {
		o := &coreOptions[i]
		if !strings.HasPrefix(o.name, name) || l.hidden(o) || found.kind == itemCore && found.letter == o.letter {
			continue
		}
		if found.kind != itemUnknown {
			return item{kind: itemUnknown}
		}
		found = item{kind: itemCore, letter: o.letter, index: i}
	}
	for t := range l.tables {
		for i := range l.tables[t].def.Options {
			if !begins(&l.tables[t].def.Options[i], name) {
				continue
			}
			if found.kind != itemUnknown {
				return item{kind: itemUnknown}
			}
			found = item{kind: itemExt, table: t, index: i}
		}
	}
	return found
}

// begins reports whether one of the option's names begins with prefix.
func begins(o *netfilter.OptionDef, prefix string) bool {
	if strings.HasPrefix(o.Name, prefix) {
		return true
	}
	for _, a := range o.Aliases {
		if strings.HasPrefix(a, prefix) {
			return true
		}
	}
	return false
}
