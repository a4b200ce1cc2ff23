package parser

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// splitFields appends the words of s, which begins at offset off of its line;
// quotes mean nothing here.
func splitFields(out []word, s string, off int) []word {
	for i := 0; i < len(s); {
		if blank(s[i]) {
			i++
			continue
		}
		start := i
		for i < len(s) && !blank(s[i]) {
			i++
		}
		out = append(out, word{text: s[start:i], start: off + start, end: off + i})
	}
	return out
}

// offset is the offset of the current text in the line.
func (r *reader) offset() int { return r.source.off + r.indent }

// chainLine reads ":CHAIN POLICY [PACKETS:BYTES]".
func (r *reader) chainLine(s string) *Error {
	r.fields = splitFields(r.fields[:0], s[1:], r.offset()+1)
	f := r.fields
	if len(f) == 0 {
		return &Error{Err: errors.New("the name of the chain is missing")}
	}
	if err := r.declare(f[0]); err != nil {
		return &Error{at: f[0], Word: f[0].text, Err: err}
	}
	if len(f) == 1 {
		return &Error{at: f[0], Err: fmt.Errorf("chain %s has no policy", f[0].text), Hint: `write "-" for a chain that is not built in`}
	}
	if f[1].text == "-" {
		return nil
	}
	n, err := r.policyCounters(f)
	if err != nil {
		return err
	}
	if err := r.table.setPolicy(f[0].text, f[1].text, n); err != nil {
		return &Error{at: f[1], Word: f[1].text, Err: err}
	}
	return nil
}

// declare makes the chain of a chain line; one that exists is emptied when the
// text is applied to a ruleset.
func (r *reader) declare(name word) error {
	if len(name.text) > maxChainName {
		return fmt.Errorf("chain %q: a name has at most %d bytes", name.text, maxChainName)
	}
	c := r.table.lookup(name.text)
	if c != nil && c.Builtin() {
		c.own().Pos = r.pos(name)
		return nil
	}
	r.announced[name.text] = true
	r.table.changed = true
	if c != nil && r.keeps() {
		r.table.redeclare(c, r.pos(name))
		c.announced = true
		return nil
	}
	if err := r.madeChain(); err != nil {
		return err.Err
	}
	if err := r.table.create(name.text, r.pos(name)); err != nil {
		return err
	}
	r.table.lookup(name.text).announced = true
	return nil
}

// policyCounters reads the counters of a policy. Strict parsing requires them,
// as the tool does with --counters.
func (r *reader) policyCounters(f []word) (n netfilter.Counters, err *Error) {
	if r.discard {
		return n, nil
	}
	ok := false
	if len(f) > 2 {
		n, ok = parseCounters(f[2].text)
	}
	if ok || !r.strict {
		return n, nil
	}
	e := &Error{at: f[1], Err: fmt.Errorf("chain %s has no valid counters", f[0].text), Hint: "they look like [0:0]"}
	if len(f) > 2 {
		e.at = f[2]
	}
	return n, e
}

// parseCounters reads "[packets:bytes]" as sscanf does: text after the numbers
// is ignored (iptables/xshared.c, parse_counters).
func parseCounters(s string) (n netfilter.Counters, ok bool) {
	s, ok = strings.CutPrefix(s, "[")
	if !ok {
		return n, false
	}
	packets, rest, ok := scanNumber(s)
	rest, colon := strings.CutPrefix(rest, ":")
	bytes, _, ok2 := scanNumber(rest)
	if !ok || !colon || !ok2 {
		return netfilter.Counters{}, false
	}
	return netfilter.Counters{Packets: packets, Bytes: bytes}, true
}

// ruleLine reads "[PACKETS:BYTES] COMMAND …".
func (r *reader) ruleLine(s string) *Error {
	prefix, from, to, err := cutCounters(s, r.offset())
	if err != nil {
		return err
	}
	l := &r.line
	l.words, l.table = l.words[:0], r.table
	keep := !r.discard && prefix.given
	if keep && r.strict {
		l.words = append(l.words, word{text: "--set-counters"}, prefix.packets, prefix.bytes)
	}
	l.words, err = splitWords(l.words, s[from:to], r.offset()+from)
	if err != nil {
		return err
	}
	l.reset()
	if err := l.read(); err != nil || l.skip || r.quit {
		switch {
		case r.quit:
			r.table = nil
		case err != nil && l.commands.has('N'):
			_ = r.table.create(l.chain.text, r.pos(l.chain)) // so that its rules are not reported, too
		}
		return l.explain(err)
	}
	r.warnOpenQuote()
	if keep && (l.commands.rule() || l.commands.has('P')) && l.seen&onceBit('c') == 0 {
		l.counters = prefix.counters()
	}
	err = l.run()
	if err != nil && r.table.broken && mayFollow(err.Err) {
		return nil
	}
	return l.explain(err)
}

// warnOpenQuote warns of a quote that is never closed: what follows it on the
// line is part of the word.
func (r *reader) warnOpenQuote() {
	if n := len(r.line.words); n > 0 && r.line.words[n-1].open {
		r.warning(&Error{at: r.line.words[n-1], Err: errors.New("the quote is not closed: the rest of the line is part of the word")})
	}
}

// prefixCounters are the counters before a rule.
type prefixCounters struct {
	given          bool
	packets, bytes word
}

// counters returns the numbers, zero unless both are numbers and nothing else.
func (p prefixCounters) counters() netfilter.Counters {
	packets, rest, ok := scanNumber(p.packets.text)
	bytes, rest2, ok2 := scanNumber(p.bytes.text)
	if !ok || !ok2 || rest != "" || rest2 != "" {
		return netfilter.Counters{}
	}
	return netfilter.Counters{Packets: packets, Bytes: bytes}
}

// cutCounters splits off "[PACKETS:BYTES]" and returns where the rest of the
// line begins and ends. As in the tool, the colon and the second bracket are
// looked for in the whole line, which is cut off there (iptables/xshared.c,
// tokenize_rule_counters).
func cutCounters(s string, off int) (p prefixCounters, from, to int, err *Error) {
	if s == "" || s[0] != '[' {
		return p, 0, len(s), nil
	}
	from = strings.IndexByte(s, ']') + 1
	if from == 0 {
		return p, 0, 0, badCounters(off, `"]"`)
	}
	start, colon, ok := token(s, 1, ':')
	if !ok || colon == len(s) {
		return p, 0, 0, badCounters(off, `":"`)
	}
	second, end, ok := token(s, min(colon+1, len(s)), ']')
	if !ok {
		return p, 0, 0, badCounters(off, "the number of bytes")
	}
	p.given = true
	p.packets = word{text: s[start:colon], start: off + start, end: off + colon}
	p.bytes = word{text: s[second:end], start: off + second, end: off + end}
	to = len(s)
	for _, cut := range []int{colon, end} {
		if from <= cut {
			to = min(to, cut)
		}
	}
	return p, from, to, nil
}

// token returns where the text up to the next delimiter, or to the end, begins
// and ends; delimiters in front are skipped. It is false if there is none
// (strtok).
func token(s string, i int, delimiter byte) (start, end int, ok bool) {
	for i < len(s) && s[i] == delimiter {
		i++
	}
	n := strings.IndexByte(s[i:], delimiter)
	if n < 0 {
		n = len(s) - i
	}
	return i, i + n, i < len(s)
}

func badCounters(off int, what string) *Error {
	return &Error{at: word{start: off, end: off + 1},
		Err: fmt.Errorf("counters before a rule look like [0:0]: %s is missing", what)}
}
