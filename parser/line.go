package parser

import (
	"errors"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// line is the state of parsing one command line. It is reused for the next
// line.
type line struct {
	*reader
	cursor
	table      *table
	invert     bool // a "!" is pending
	negation   word
	skip       bool // the line is for the other family's tool
	seen       seen
	loading    // extension.go
	operation  // command.go
	conditions // header.go
	jump       word
	isGoto     bool
	counters   netfilter.Counters
	value      netfilter.Value
	valueAt    word // position of value
}

// reset prepares the line for new words.
func (l *line) reset() {
	for _, e := range l.pool[:l.pooled] {
		e.reset()
	}
	*l = line{reader: l.reader, cursor: cursor{words: l.words}, table: l.table,
		loading: loading{tables: l.tables[:0], matches: l.matches[:0], pool: l.pool}}
}

// foreign is a known extension with an unknown option: all its options are kept
// as written.
type foreign struct {
	at     int // where the word begins that names the extension
	option string
}

// maxForeign is the maximum number of times that a line is parsed again for
// them.
const maxForeign = 8

// foreignOption returns the option that is not known of the extension that a
// word names.
func (l *line) foreignOption(name word) string {
	for _, f := range l.foreign {
		if f.at == name.start {
			return f.option
		}
	}
	return ""
}

// read reads the words.
func (l *line) read() *Error {
	err := l.readWords()
	for l.restart {
		found := l.foreign
		l.reset()
		l.foreign = found
		err = l.readWords()
	}
	return err
}

// readWords parses the words (iptables/xshared.c, do_parse).
func (l *line) readWords() *Error {
	for {
		it := l.step()
		if it.kind == itemEnd {
			break
		}
		again, err := l.one(&it)
		if err != nil || l.skip || l.quit {
			return err
		}
		if again {
			continue
		}
		l.invert = false
	}
	return l.atEnd()
}

// one processes an item; it returns true if a "!" remains pending.
func (l *line) one(it *item) (bool, *Error) {
	switch it.kind {
	case itemWord:
		return l.plainWord(it)
	case itemCore:
		l.takesWords = false
		return false, l.core(it)
	case itemExt:
		l.takesWords = false
		t := &l.tables[it.table]
		return false, l.option(t.owner, it)
	case itemUnknown:
		return l.unknownOption(it)
	case itemNoValue:
		return false, &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("option %q needs a value", it.opt.text)}
	}
	return false, &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("option %q takes no value", it.opt.text)}
}

func (l *line) plainWord(it *item) (bool, *Error) {
	switch {
	case it.opt.text == "!" && l.invert:
		return false, &Error{at: it.opt, Word: "!", Err: errors.New(`only one "!" may stand before an option`)}
	case it.opt.text == "!":
		l.invert, l.negation = true, it.opt
		return true, nil
	case l.takesWords:
		l.keep(it.opt)
		return false, nil
	}
	return false, l.badWord(it.opt)
}

// badWord returns the error for a misplaced word.
func (l *line) badWord(w word) *Error {
	e := &Error{at: w, Word: w.text, Err: fmt.Errorf("unexpected word %q", w.text)}
	switch {
	case w.text != "" && w.text[0] == '#':
		e.Hint = `a comment must begin in the first column of its own line`
	case w.text == "COMMIT" || w.text == "COMMIT\r":
		e.Hint = "COMMIT must stand alone on its line, without blanks around it and with a newline after it"
	case w.text != "" && w.text[0] == '!':
		e.Hint = `"!" must be a word of its own before the option: ! -s 10.0.0.1`
	case l.next > 1 && l.words[l.next-2].text == "!":
		e.Hint = fmt.Sprintf(`"!" must stand before the option, not after it: ! -s %s`, w.text)
	}
	return e
}

// keep adds a word to the unknown extension, as it is written.
func (l *line) keep(w word) {
	if l.invert {
		l.unknown.words = append(l.unknown.words, l.written(l.negation))
		l.invert = false
	}
	l.unknown.words = append(l.unknown.words, l.written(w))
}

// written returns a word as it occurs in the text; a quote that is never
// closed is closed.
func (l *line) written(w word) string {
	if w.open {
		return string(netfilter.AppendQuoted(nil, w.text))
	}
	return l.source.raw(w)
}

// unknownOption tries the match of the protocol, then gives the option to an
// extension that is not known.
func (l *line) unknownOption(it *item) (bool, *Error) {
	if l.unknown == nil || l.protocolHas(it.opt.text) {
		if l.loadProtocol() {
			l.next, l.cluster = it.pos, 0
			return true, nil
		}
	}
	if l.unknown == nil {
		return false, l.keepForeign(it.opt)
	}
	l.next, l.cluster = it.pos+1, 0
	l.keep(it.opt)
	l.takesWords = true
	return false, nil
}

// keepForeign handles an option that no extension of the line has. Unless it
// looks like a typing error, or parsing is strict, it is treated as an option
// that a newer or patched iptables has for the last extension named.
func (l *line) keepForeign(w word) *Error {
	err := l.noSuchOption(w)
	if l.strict || len(l.foreign) == maxForeign || l.explicit == nil || l.explicit.def == nil || err.Hint != "" || err.clear {
		return err
	}
	l.foreign = append(l.foreign, foreign{at: l.explicit.at.start, option: w.text})
	l.restart = true
	l.warning(&Error{at: w, Extension: l.explicit.def.Name, Option: w.text, Err: fmt.Errorf("option %q is not known: the extension is kept as it is written", w.text)})
	return err
}

// atEnd checks what must hold once all words are read.
func (l *line) atEnd() *Error {
	if l.invert && l.takesWords {
		l.unknown.words = append(l.unknown.words, l.written(l.negation))
		l.invert = false
	}
	if l.table.Name == "nat" && (l.policy.text == "DROP" || l.jump.text == "DROP") {
		w := l.jump
		if l.policy.text == "DROP" {
			w = l.policy
		}
		return &Error{at: w, Word: w.text, Err: errors.New("DROP is not possible in table nat"), Hint: "drop in table filter"}
	}
	for _, m := range l.matches {
		if err := l.finish(m); err != nil {
			return err
		}
	}
	if l.target != nil {
		if err := l.finish(l.target); err != nil {
			return err
		}
	}
	switch {
	case l.next < len(l.words):
		return &Error{at: l.words[l.next], Word: l.words[l.next].text, Err: errors.New(`nothing may follow "--"`)}
	case l.commands == 0:
		e := &Error{Err: ErrNoCommand, Hint: "a rule begins with -A CHAIN"}
		if len(l.words) > 0 {
			e.at = l.words[0]
		}
		return e
	case l.invert:
		return &Error{at: l.negation, Word: "!", Err: errors.New(`"!" must stand before an option`)}
	}
	if l.commands.rule() {
		if err := l.readAddresses(); err != nil {
			return err
		}
	}
	return l.checkOptions()
}
