package parser

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// loading holds the extensions of a line.
type loading struct {
	tables     []optTable // options that are known, in the order in which they are searched
	matches    []*loaded
	target     *loaded
	unknown    *loaded // unknown extension that unknown options belong to
	takesWords bool    // words that are not options belong to it, too
	explicit   *loaded // the extension that the last -m or -j named
	foreign    []foreign
	restart    bool // the words must be parsed again, because foreign changed
	pool       []*loaded
	pooled     int // number of elements of pool in use
}

// loaded is an extension of the current line.
type loaded struct {
	def   *netfilter.Definition // nil: not known
	ext   netfilter.Extension
	at    word    // the word that named it
	given []int32 // by option: 1 + index of the word it stands in; 0: not given
	words []string
	// option is the unknown option of a known extension; "" if the extension itself
	// is unknown.
	option string
}

func (e *loaded) reset() {
	clear(e.given)
	*e = loaded{given: e.given[:0], words: e.words[:0]}
}

// load creates an instance of an extension.
func (l *line) load(def *netfilter.Definition, at word) *loaded {
	if l.pooled == len(l.pool) {
		l.pool = append(l.pool, &loaded{})
	}
	e := l.pool[l.pooled]
	l.pooled++
	e.def, e.at = def, at
	if def == nil {
		return e
	}
	e.ext = def.New()
	for len(e.given) < len(def.Options) {
		e.given = append(e.given, 0)
	}
	return e
}

// addMatch loads a match. Its options are added to those of the line the first
// time, and every time if it is loaded for the protocol. The order is
// significant if two extensions share an option (iptables/xshared.c,
// command_match and command_default).
func (l *line) addMatch(def *netfilter.Definition, at word, implied bool) *loaded {
	e := l.load(def, at)
	l.matches = append(l.matches, e)
	known := false
	for i := range l.tables {
		if l.tables[i].def == def {
			l.tables[i].owner = e
			known = true
		}
	}
	if !known || implied {
		l.tables = append(l.tables, optTable{def: def, owner: e})
	}
	return e
}

// loadUnknown adds an unknown extension.
func (l *line) loadUnknown(at word) *loaded {
	l.unknown = l.load(nil, at)
	l.takesWords = true
	return l.unknown
}

// protocolMatch returns the match that -p loads implicitly, nil if there is
// none.
func (l *line) protocolMatch() *netfilter.Definition {
	if l.protocol == "" || l.protocolUsed {
		return nil
	}
	name := l.protocol
	if n, ok := number(name, 0, 255); ok {
		name = packet.ProtocolName(uint8(n))
	}
	return l.library.find(name, matchKind)
}

// protocolHas reports whether the match of the protocol has the option.
func (l *line) protocolHas(option string) bool {
	def := l.protocolMatch()
	name, long := strings.CutPrefix(option, "--")
	if def == nil || !long {
		return false
	}
	name, _, _ = strings.Cut(name, "=")
	for i := range def.Options {
		if named(&def.Options[i], name) {
			return true
		}
	}
	return false
}

// loadProtocol loads the match of the protocol; false if there is none or it
// has been loaded this way before (iptables/xshared.c, load_proto).
func (l *line) loadProtocol() bool {
	def := l.protocolMatch()
	if def == nil {
		return false
	}
	l.protocolUsed = true
	l.addMatch(def, l.protocolAt, true)
	return true
}

// option passes an option to its extension (libxtables, xtables_option_parse).
func (l *line) option(e *loaded, it *item) *Error {
	o := &e.def.Options[it.index]
	fail := func(w word, err error) *Error {
		return &Error{at: w, Extension: e.def.Name, Option: it.opt.text, Err: err}
	}
	if e.given[it.index] != 0 && !o.Repeatable {
		return fail(it.opt, fmt.Errorf("option --%s can only be used once", o.Name))
	}
	if l.invert && !o.Negatable {
		return fail(l.negation, fmt.Errorf("option --%s cannot be inverted", o.Name))
	}
	e.given[it.index] = int32(it.pos) + 1
	v := &l.value
	*v = netfilter.Value{Args: l.strings.take(), Invert: l.invert, Family: l.family, Table: l.table.Name, Header: &l.header, Reader: &l.context}
	at := it.opt
	if it.hasArg {
		v.Args = append(v.Args, it.value.text)
		at = it.value
	}
	for len(v.Args) < o.Args || o.OptionalArg && len(v.Args) == 0 && l.peekPlain() {
		if !l.peekPlain() {
			return fail(it.opt, fmt.Errorf("option --%s needs %d values", o.Name, o.Args))
		}
		v.Args = append(v.Args, l.take().text)
	}
	l.strings.keep(len(v.Args))
	l.valueAt = at
	if err := o.Set(e.ext, v); err != nil {
		bad := fail(at, err)
		bad.Word = at.text
		l.suggestName(bad)
		return bad
	}
	if err := l.checkSets(e); err != nil {
		return fail(at, err)
	}
	return nil
}

// suggestName suggests which of the names accepted by an option was probably
// meant.
func (l *line) suggestName(e *Error) {
	var names interface{ Candidates() []string }
	if !errors.As(e.Err, &names) {
		return
	}
	if near := l.near(e.narrowed().text, names.Candidates); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	}
}

// finish checks an extension's options together (libxtables,
// xtables_options_fcheck).
func (l *line) finish(e *loaded) *Error {
	if e.def == nil {
		return nil
	}
	for i := range e.def.Options {
		o := &e.def.Options[i]
		switch {
		case e.given[i] == 0 && o.Required:
			return &Error{at: e.at, Extension: e.def.Name, Err: fmt.Errorf("option --%s must be given", o.Name)}
		case e.given[i] == 0:
			continue
		}
		for _, other := range o.Needs {
			if !e.has(other) {
				return &Error{at: l.words[e.given[i]-1], Extension: e.def.Name, Option: "--" + o.Name,
					Err: fmt.Errorf("option --%s also needs --%s", o.Name, other)}
			}
		}
		for _, other := range o.Excludes {
			if other != o.Name && e.has(other) {
				return &Error{at: l.words[e.given[i]-1], Extension: e.def.Name, Option: "--" + o.Name,
					Err: fmt.Errorf("option --%s cannot be used together with --%s", o.Name, other)}
			}
		}
	}
	if e.def.Finish != nil {
		if err := e.def.Finish(e.ext, e.has); err != nil {
			return &Error{at: e.at, Extension: e.def.Name, Err: err}
		}
	}
	return nil
}

// checkSets refuses references to sets that are known not to exist.
func (l *line) checkSets(e *loaded) error {
	referrer, ok := e.ext.(ipset.Referrer)
	if !ok || l.sets == nil {
		return nil
	}
	for _, ref := range referrer.SetRefs() {
		if ref == (ipset.Ref{}) { // the option that names the set is still to come
			continue
		}
		if err := l.sets.CheckRef(ref, l.family); err != nil {
			return err
		}
	}
	return nil
}

// has reports whether an option was given; it goes by its first name.
func (e *loaded) has(option string) bool {
	for i := range e.def.Options {
		if e.def.Options[i].Name == option && e.given[i] != 0 {
			return true
		}
	}
	return false
}

// extension returns the extension for the rule.
func (e *loaded) extension(target bool) netfilter.Extension {
	if e.def != nil {
		return e.ext
	}
	return &netfilter.Unknown{Keyword: e.at.text, Options: strings.Join(e.words, " "), Target: target, Option: e.option}
}
