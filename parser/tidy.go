package parser

import (
	"errors"
	"fmt"
	"strings"
)

// repairs records what was removed from the text before it was parsed.
type repairs struct {
	indent    int     // number of leading blanks of the current line
	marked    bool    // a byte order mark stood before the first line
	blemishes blemish // those that were warned of
}

// blemish is a kind of change that editors and copying make to a text. The tool
// refuses such texts; parsing that is not strict accepts them with one warning
// for each kind.
type blemish uint8

const (
	lineEnds   blemish = 1 << iota // CR LF
	indented                       // blanks before what must stand in the first column
	afterWords                     // blanks after COMMIT
)

const (
	byteOrderMark = "\ufeff"
	utf16LE       = "\xff\xfe"
	utf16BE       = "\xfe\xff"
)

// begin removes a byte order mark at the start of the text, and refuses UTF-16.
func (r *reader) begin() *Error {
	switch text := r.source.text; {
	case strings.HasPrefix(text, utf16LE), strings.HasPrefix(text, utf16BE):
		r.quit = true
		return &Error{Err: errors.New("the text is UTF-16"), Hint: "convert it to UTF-8"}
	case !r.strict && strings.HasPrefix(text, byteOrderMark):
		r.source.all = strings.TrimPrefix(text, byteOrderMark)
		r.source.text = r.source.all
		r.marked = true
	}
	return nil
}

// tidied returns a line without blemishes.
func (r *reader) tidied(s string) string {
	r.indent = 0
	if r.strict {
		return s
	}
	if r.marked {
		r.marked = false
		r.warning(&Error{Err: errors.New("the text begins with a byte order mark"), Hint: "remove it: iptables-restore refuses it"})
	}
	if bare, ok := strings.CutSuffix(s, "\r\n"); ok {
		r.blemished(lineEnds, len(bare), "the line ends in CR LF", "iptables-restore takes only LF")
		s = bare + "\n"
	}
	if s != "" && blank(s[0]) && s != "\n" {
		s = r.withoutIndent(s)
	}
	if word, ok := strings.CutPrefix(s, "COMMIT"); ok && len(word) > 1 && strings.Trim(word, " \t\n") == "" {
		r.blemished(afterWords, len("COMMIT"), "blanks follow COMMIT", "iptables-restore does not take it for one")
		s = "COMMIT\n"
	}
	return s
}

// withoutIndent removes leading blanks of a line, unless the line is a rule,
// which may begin with blanks.
func (r *reader) withoutIndent(s string) string {
	bare := strings.TrimLeft(s, " \t")
	if bare != "\n" && bare != "" && strings.IndexByte("*:#[", bare[0]) < 0 && !strings.HasPrefix(bare, "COMMIT") {
		return s
	}
	r.blemished(indented, 0, "the line begins with blanks", "iptables-restore refuses it")
	r.indent = len(s) - len(bare)
	return bare
}

// blemished warns about the first blemish of a kind.
func (r *reader) blemished(b blemish, col int, what, hint string) {
	if r.blemishes&b != 0 {
		return
	}
	r.blemishes |= b
	r.warning(&Error{at: word{start: col, end: col}, Err: errors.New(what), Hint: hint})
}

// formats are other file formats that may be mistaken for rulesets, by the
// beginning of a line.
var formats = []struct{ prefix, what, hint string }{
	{"Chain ", "this is what iptables -L prints", "it lacks interfaces and more: take what iptables-save prints"},
	{"-P ", "this is what iptables -S prints", "write *filter, or whichever table it is, before it and COMMIT after it"},
	{"-N ", "this is what iptables -S prints", "write *filter, or whichever table it is, before it and COMMIT after it"},
	{"-A ", "rules stand outside a table", "write *filter, or whichever table it is, before them and COMMIT after them"},
	{"iptables ", "this is a script of commands", "run it and take what iptables-save prints"},
	{"ip6tables ", "this is a script of commands", "run it and take what ip6tables-save prints"},
	{"sudo iptables", "this is a script of commands", "run it and take what iptables-save prints"},
	{"table ", "this is what nft prints", "it is no text of iptables"},
	{"flush ruleset", "this is a text for nft", "it is no text of iptables"},
	{"{", "this is JSON", "take what iptables-save prints"},
	{"<", "this is XML", "iptables-xml made it of what iptables-save prints: take that"},
	{"Bridge table:", "this is what ebtables prints", "it is no text of iptables"},
	{"Bridge chain:", "this is what ebtables prints", "it is no text of iptables"},
	{"create ", "this is what ipset save prints", "ParseSets reads it"},
	{"Defaulted container", "a line of kubectl stands in the text", "remove it"},
}

// format returns the error for a line outside a table that belongs to a known
// other format; nil if it does not.
func format(s string) *Error {
	for _, f := range formats {
		if strings.HasPrefix(s, f.prefix) {
			return &Error{Err: errors.New(f.what), Hint: f.hint}
		}
	}
	if i := strings.Index(s, "tables-save"); i >= 0 && strings.ContainsAny(s[:i], "$#>") {
		return &Error{Err: fmt.Errorf("a shell prompt stands in the text"), Hint: "remove the line"}
	}
	return nil
}
