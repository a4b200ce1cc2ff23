package parse

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Fault is an error with its position in a text.
type Fault struct {
	File string
	Text string // of the file
	At   syntax.Span
	Msg  string
	Hint string
}

// Error returns the message alone.
func (f *Fault) Error() string { return f.Msg }

// Source is a file that was read.
type Source struct {
	Name, Text string
	Base       int // added to offsets in this file
	Depth      int // number of files by which it is included
}

// Files are the files of a run, each with its own range of offsets.
type Files struct {
	FS      fs.FS // for include; nil for none
	Dirs    []string
	Sources []Source
	next    int
}

// Locate returns the file that contains an offset.
func (f *Files) Locate(off int) Source {
	for i := len(f.Sources) - 1; i >= 0; i-- {
		if s := f.Sources[i]; s.Base <= off {
			return s
		}
	}
	return Source{}
}

func (f *Files) add(name, text string, depth int) Source {
	s := Source{name, text, f.next, depth}
	f.next += len(text) + 1
	f.Sources = append(f.Sources, s)
	return s
}

// scope holds the definitions of a block.
type scope struct {
	outer *scope
	vars  map[string]syntax.Expr
	depth int // number of enclosing blocks
}

func (s *scope) find(name string) (syntax.Expr, bool) {
	for ; s != nil; s = s.outer {
		if e, ok := s.vars[name]; ok {
			return e, true
		}
	}
	return nil, false
}

// parser parses one file.
type parser struct {
	files  *Files
	src    Source
	toks   []token
	pos    int
	scope  *scope
	faults *[]*Fault
	depth  int // operators of the expression being read
	nested int // parentheses around it
}

// Text parses a text. Vars are the predefined variables.
func Text(files *Files, name, text string, vars map[string]string) ([]*Command, []*Fault) {
	var faults []*Fault
	p := &parser{files: files, scope: &scope{vars: map[string]syntax.Expr{}}, faults: &faults}
	for k, v := range vars {
		q := &parser{files: files, src: files.add("-D "+k, v, 0), scope: p.scope, faults: &faults}
		q.toks = scan(v, q.src.Base)
		q.try(func() { p.scope.vars[k] = q.initializer() })
	}
	p.src = files.add(name, text, 0)
	p.toks = scan(text, p.src.Base)
	return p.commands(), faults
}

// stop is the panic value that aborts the parsing of a statement.
type stop struct{}

// try runs f and reports whether it came to its end.
func (p *parser) try(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(stop); !is {
				panic(r)
			}
		}
	}()
	f()
	return true
}

func (p *parser) fault(at syntax.Span, hint, format string, args ...any) {
	*p.faults = append(*p.faults, &Fault{At: at, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// fail reports a fault and aborts the statement.
func (p *parser) fail(at syntax.Span, format string, args ...any) {
	p.fault(at, "", format, args...)
	panic(stop{})
}

func (p *parser) failHint(at syntax.Span, hint, format string, args ...any) {
	p.fault(at, hint, format, args...)
	panic(stop{})
}

func (p *parser) tok() token { return p.toks[p.pos] }

func (p *parser) peek(n int) token {
	if p.pos+n < len(p.toks) {
		return p.toks[p.pos+n]
	}
	return p.toks[len(p.toks)-1]
}

func (p *parser) next() token {
	t := p.toks[p.pos]
	if t.kind != eof {
		p.pos++
	}
	return t
}

// last returns the end of the previous token.
func (p *parser) last() int {
	if p.pos == 0 {
		return p.src.Base
	}
	return p.toks[p.pos-1].end
}

func span(t token) syntax.Span { return syntax.Span{Start: t.start, End: t.end} }

func (p *parser) from(start int) syntax.Span { return syntax.Span{Start: start, End: p.last()} }

// accept consumes a word or sign if it is the next token.
func (p *parser) accept(text string) bool {
	if p.tok().is(text) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) acceptAny(texts ...string) (string, bool) {
	for _, t := range texts {
		if p.accept(t) {
			return t, true
		}
	}
	return "", false
}

// expect consumes a word or sign, or aborts the statement.
func (p *parser) expect(texts ...string) string {
	if t, ok := p.acceptAny(texts...); ok {
		return t
	}
	p.unexpected(texts...)
	return ""
}

// unexpected reports the next token as an error.
func (p *parser) unexpected(want ...string) {
	t := p.tok()
	what := fmt.Sprintf("%q", t.text)
	switch t.kind {
	case eof:
		what = "end of file"
	case newline:
		what = "newline"
	}
	if len(want) == 0 {
		p.fail(span(t), "syntax error, unexpected %s", what)
	}
	p.fail(span(t), "syntax error, unexpected %s, expecting %s", what, strings.Join(want, " or "))
}

// newlines consumes empty lines.
func (p *parser) newlines() {
	for p.tok().kind == newline {
		p.pos++
	}
}

// ends consumes separators between statements.
func (p *parser) ends() {
	for p.tok().kind == newline || p.tok().is(";") {
		p.pos++
	}
}

// end consumes the end of a statement: a newline or a semicolon.
func (p *parser) end() {
	if t := p.tok(); t.kind == newline || t.is(";") {
		p.pos++
		return
	}
	if p.tok().kind != eof {
		p.unexpected("newline", `";"`)
	}
}

// recoverLine skips the rest of a statement that began at a token and could not
// be parsed, with its blocks.
func (p *parser) recoverLine(start int) {
	depth := 0
	for _, t := range p.toks[start:p.pos] {
		if t.is("{") {
			depth++
		} else if t.is("}") {
			depth--
		}
	}
	for ; ; p.pos++ {
		switch t := p.tok(); {
		case t.kind == eof:
			return
		case t.is("{"):
			depth++
		case t.is("}"):
			if depth <= 0 {
				return
			}
			depth--
		case t.kind == newline && depth <= 0:
			p.pos++
			return
		}
	}
}

// ident parses a name.
func (p *parser) ident() Ident {
	t := p.tok()
	if t.kind != word {
		p.unexpected("string")
	}
	if reserved[t.text] {
		p.failHint(span(t), "it is a word of the language: choose another name", "syntax error, unexpected %s, expecting string", t.text)
	}
	p.pos++
	return Ident{t.text, span(t)}
}

// text parses a string with or without quotation marks.
func (p *parser) text() Ident {
	t := p.tok()
	if t.kind == sign && t.text == "$" {
		return p.variableText()
	}
	if t.kind != word && t.kind != quoted && t.kind != star {
		p.unexpected("string")
	}
	p.pos++
	return Ident{t.text, span(t)}
}

func (p *parser) variableText() Ident {
	start := p.tok().start
	e := p.variable()
	if s, ok := e.(*syntax.Symbol); ok {
		return Ident{s.Text, p.from(start)}
	}
	p.fail(p.from(start), "a name is expected here")
	return Ident{}
}

// uint parses a number of at most the given number of bits.
func (p *parser) uint(bits int) uint64 {
	t := p.tok()
	n, ok := syntax.ParseNum(t.text)
	if t.kind != number || !ok {
		p.unexpected("number")
	}
	if n.Bits() > bits {
		p.fail(span(t), "value %s exceeds valid range 0-%s", n, syntax.Ones(bits))
	}
	p.pos++
	return n.Lo
}
