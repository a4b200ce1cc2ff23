package parse

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// definition parses define, redefine, undefine or include.
func (p *parser) definition() bool {
	switch {
	case p.tok().is("include") && p.peek(1).kind == quoted:
		p.include()
		return true
	case p.tok().is("define"), p.tok().is("redefine"):
		again := p.next().text == "redefine"
		t := p.tok()
		if t.kind != word {
			p.unexpected("string")
		}
		p.pos++
		p.expect("=")
		e := p.initializer()
		if _, ok := p.scope.vars[t.text]; ok && !again {
			p.fail(span(t), "redefinition of symbol '%s'", t.text)
		}
		p.scope.vars[t.text] = e
		p.end()
		return true
	case p.accept("undefine"):
		t := p.next()
		if _, ok := p.scope.vars[t.text]; !ok {
			p.fail(span(t), "undefined symbol '%s'", t.text)
		}
		delete(p.scope.vars, t.text)
		p.end()
		return true
	}
	return false
}

// initializer parses the value of a definition.
func (p *parser) initializer() syntax.Expr {
	if t := p.tok(); t.is("-") && p.peek(1).kind == number {
		p.pos += 2
		s := &syntax.Symbol{Text: "-" + p.toks[p.pos-1].text}
		s.At = p.from(t.start)
		return s
	}
	return p.rhs()
}

// variable parses "$name".
func (p *parser) variable() syntax.Expr {
	start := p.tok().start
	p.expect("$")
	t := p.next()
	at := p.from(start)
	e, ok := p.scope.find(t.text)
	if !ok {
		hint := ""
		if near := p.scope.near(t.text); near != "" {
			hint = "did you mean identifier '" + near + "'?"
		}
		p.failHint(at, hint, "unknown identifier '%s'", t.text)
	}
	return e
}

// near returns a defined name that differs little from name.
func (s *scope) near(name string) string {
	var best []string
	for ; s != nil; s = s.outer {
		for v := range s.vars {
			if d := distance(name, v); d <= 1+len(name)/4 {
				best = append(best, v)
			}
		}
	}
	slices.Sort(best)
	if len(best) == 0 {
		return ""
	}
	return best[0]
}

// distance returns the number of letters that have to be changed, added or removed
// (Levenshtein distance).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost++
			}
			prev = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// maxDepth is the maximum depth of nested includes (nft: MAX_INCLUDE_DEPTH).
const maxDepth = 16

// include replaces an include by the tokens of the files.
func (p *parser) include() {
	p.expect("include")
	t := p.tok()
	if t.kind != quoted {
		p.unexpected("quoted string")
	}
	p.pos++
	if p.tok().kind != eof {
		p.end()
	}
	depth := p.files.Locate(t.start).Depth
	if p.files.FS == nil && strings.ContainsAny(t.text, "*?[") {
		return // as if the file did not exist
	}
	if p.files.FS == nil {
		p.failHint(span(t), "give the files to the reader", "include %q: no files are read", t.text)
	}
	if depth >= maxDepth {
		p.fail(span(t), "include nested too deeply, max %d levels", maxDepth)
	}
	var toks []token
	for _, name := range p.includeNames(t) {
		b, err := fs.ReadFile(p.files.FS, name)
		if err != nil {
			p.fail(span(t), "could not open file %q: %v", t.text, err)
		}
		src := p.files.add(name, string(b), depth+1)
		in := scan(string(b), src.Base)
		in[len(in)-1].kind = newline
		toks = append(toks, in...)
	}
	p.toks = slices.Insert(p.toks, p.pos, toks...)
}

// includeNames finds the files of an include. A pattern may match none.
func (p *parser) includeNames(t token) []string {
	name := t.text
	pattern := strings.ContainsAny(name, "*?[")
	dirs := []string{""}
	if !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "./") && !strings.HasPrefix(name, "../") {
		dirs = append(p.files.Dirs, "", "etc")
	}
	for _, d := range dirs {
		full := strings.TrimPrefix(path.Join(d, name), "/")
		if !fs.ValidPath(full) {
			continue
		}
		if pattern {
			found, err := fs.Glob(p.files.FS, full)
			if err != nil {
				p.fail(span(t), "bad pattern %q", name)
			}
			found = slices.DeleteFunc(found, func(f string) bool {
				i, err := fs.Stat(p.files.FS, f)
				return err != nil || i.IsDir() || strings.HasPrefix(path.Base(f), ".")
			})
			if len(found) > 0 {
				slices.Sort(found)
				return found
			}
			continue
		}
		i, err := fs.Stat(p.files.FS, full)
		if err == nil && !i.IsDir() {
			return []string{full}
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.fail(span(t), "could not open file %q: %v", name, err)
		}
	}
	if pattern {
		return nil
	}
	p.fail(span(t), "File not found: %s", name)
	return nil
}
