package parser

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// seen is the set of options that a line may have once each, by the letter
// they are known by (iptables/xshared.h, OPT_*). Goto counts as jump.
type seen uint16

const onceOptions = "nsdpjvxio0cf"

func onceBit(letter byte) seen { return onceBits[letter] }

// onceBits are the bits by letter.
var onceBits = func() (bits [256]seen) {
	for i := range len(onceOptions) {
		bits[onceOptions[i]] = 1 << i
	}
	bits['g'] = bits['j']
	return bits
}()

// once marks an option as seen (iptables/xshared.c, set_option).
func (l *line) once(it *item) *Error {
	bit := onceBit(it.letter)
	if l.seen&bit != 0 {
		return &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("a second %s: only one is possible", display(it.letter))}
	}
	l.seen |= bit
	if l.invert && strings.IndexByte("sdpiof", it.letter) < 0 {
		return &Error{at: l.negation, Option: it.opt.text, Err: fmt.Errorf(`"!" is not possible before %s`, display(it.letter))}
	}
	return nil
}

// display returns how an option is named in messages.
func display(letter byte) string {
	if letter == '0' {
		return "--line-numbers"
	}
	return "-" + string(letter)
}

// core acts on an option of iptables itself.
func (l *line) core(it *item) *Error {
	if l.readsWholeWord(it.letter) {
		it.empty = it.value.text == ""
		it.value = l.words[l.next-1]
	}
	switch it.letter {
	case 'p', 's', 'd', 'j', 'g', 'i', 'o', 'f', 'n', 'x', '0', 'c':
		if err := l.once(it); err != nil {
			return err
		}
		return l.condition(it)
	case 'v':
		if l.seen&onceBit('v') == 0 {
			return l.once(it)
		}
		return nil
	case 'm':
		return l.match(it)
	case 't', 'w', 'W':
		if l.single != nil {
			return l.commandOption(it)
		}
		if it.letter != 't' {
			return &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("%s is not possible in a file", display(it.letter))}
		}
		return &Error{at: it.opt, Option: it.opt.text, Err: errors.New("the table is given by the line *TABLE, -t is not possible here")}
	case 'M':
		return nil
	case '4', '6':
		return l.familyOnly(it)
	case 'V', 'h':
		l.quit = true
		if l.single != nil {
			l.single.Letters = string(it.letter)
		}
		return nil
	}
	return l.command(it)
}

// familyOnly acts on -4 and -6: a line for the other family's tool is skipped
// in a text, but is an error as a command.
func (l *line) familyOnly(it *item) *Error {
	l.skip = (it.letter == '4') != (l.family == netfilter.IPv4)
	if l.skip && l.single != nil {
		return &Error{at: it.opt, Option: it.opt.text, Err: fmt.Errorf("%s is not for %s", it.opt.text, l.family)}
	}
	return nil
}

// condition acts on an option that can be given once.
func (l *line) condition(it *item) *Error {
	switch it.letter {
	case 'p':
		return l.setProtocol(it)
	case 's':
		l.src, l.header.InvSrc = it.value, l.invert
	case 'd':
		l.dst, l.header.InvDst = it.value, l.invert
	case 'i':
		l.header.InvIn = l.invert
		return l.setInterface(it, &l.header.In)
	case 'o':
		l.header.InvOut = l.invert
		return l.setInterface(it, &l.header.Out)
	case 'f':
		return l.setFragment(it)
	case 'j':
		return l.jumpTo(it)
	case 'g':
		l.isGoto = true
		return l.setJump(it)
	case 'c':
		return l.setCounters(it)
	}
	return nil
}

// match loads the extension named by -m.
func (l *line) match(it *item) *Error {
	if l.invert {
		return &Error{at: l.negation, Option: it.opt.text, Err: errors.New(`"!" is not possible before -m`), Hint: "put it before the option to invert"}
	}
	l.unknown = nil
	name := it.value.text
	option := l.foreignOption(it.value)
	if def := l.library.find(name, matchKind); def != nil && option == "" {
		l.explicit = l.addMatch(def, it.value, false)
		return nil
	}
	if option != "" {
		l.matches = append(l.matches, l.loadUnknown(it.value))
		l.unknown.option = option
		return nil
	}
	if l.strict || !plausible(name) || l.library.inAnyFamily(name, matchKind) {
		return l.noSuchExtension(it.value, matchKind)
	}
	l.matches = append(l.matches, l.loadUnknown(it.value))
	l.warning(l.noSuchExtension(it.value, matchKind))
	return nil
}

// plausible reports whether a name may be that of an unknown extension.
func plausible(name string) bool {
	return name != "" && len(name) <= maxChainName && name[0] != '-' && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// jumpTo loads the target named by -j. A name declared by a chain line denotes
// a chain from there on, in all tables (libxtables, xtables_announce_chain).
func (l *line) jumpTo(it *item) *Error {
	if err := l.setJump(it); err != nil {
		return err
	}
	name := l.jump.text
	to := l.table.jumpTo(name)
	if to != nil && to.announced || l.announced[name] {
		return nil
	}
	option := l.foreignOption(l.jump)
	if option != "" {
		l.target = l.loadUnknown(l.jump)
		l.target.option = option
		return nil
	}
	if def := l.library.find(name, targetKind); def != nil {
		l.target = l.load(def, l.jump)
		l.explicit = l.target
		l.tables = append(l.tables, optTable{def: def, owner: l.target})
		return nil
	}
	if to != nil || l.strict || !plausible(name) || l.library.inAnyFamily(name, targetKind) {
		return nil
	}
	l.target = l.loadUnknown(l.jump)
	return nil
}

// setJump checks the form of a target's name (iptables/xshared.c,
// xt_parse_target).
func (l *line) setJump(it *item) *Error {
	l.jump = it.value
	l.unknown = nil
	var err error
	switch name := it.value.text; {
	case name == "":
		err = errors.New("the name of the target is empty")
	case len(name) > maxChainName:
		err = fmt.Errorf("target %q: a name has at most %d bytes", name, maxChainName)
	case hasSpace(name):
		err = fmt.Errorf("target %q: a name has no blanks", name)
	}
	if err == nil {
		return nil
	}
	return &Error{at: it.value, Option: it.opt.text, Word: it.value.text, Err: err}
}
