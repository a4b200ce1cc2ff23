package listing

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// form is how an extension prints itself in a listing. It begins with what open
// matches, and goes on with its parts in any order, each behind blanks. Both are
// turned into options as iptables-save prints them.
//
// In the options $1 to $9 stand for what the groups hold; "!1 " stands for "! "
// if group 1 holds anything.
type form struct {
	name    string // as after -m or -j
	target  bool
	open    *regexp.Regexp
	options string
	parts   []part
	lost    string // what the listing never says of it
	as      string // the target that is meant, if it is not the one that is shown
	// finish completes the options where patterns do not do.
	finish func(options string) string
}

type part struct {
	re      *regexp.Regexp
	options string
}

// details reads what stands behind the addresses: the matches one after the
// other, and then the target.
func (r *reader) details(c *scanner, out *rule) {
	if out.target != "" {
		out.jump = []string{"-j", out.target}
	}
	for {
		c.blanks()
		if c.at >= len(c.s) {
			r.complete(out)
			return
		}
		rest := c.s[c.at:]
		if strings.HasPrefix(rest, "[goto]") {
			out.jump[0] = "-g"
			c.at += len("[goto]")
			continue
		}
		f, n, options := r.form(out, rest)
		if f == nil {
			r.fail(out.line, c.at, c.s, firstWord(rest), "what %q says in a listing is not known; print the rules with iptables-save", firstWord(rest))
			return
		}
		c.at += n
		if f.lost != "" {
			r.note(out.line, fmt.Sprintf("rule on line %d: %s", out.line, f.lost))
		}
		if f.target {
			if f.as != "" {
				out.jump[1] = f.as
			}
			out.jump = append(out.jump, options)
			continue
		}
		out.words = append(out.words, strings.TrimSpace("-m "+f.name+options))
	}
}

// complete says what a target that printed nothing leaves open.
func (r *reader) complete(*rule) {}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

// form finds the form that a text begins with. That of the rule's target goes
// first only where no match fits, for matches come first.
func (r *reader) form(out *rule, s string) (f *form, n int, options string) {
	for i := range forms {
		g := &forms[i]
		if g.target && (g.name != out.target || len(out.jump) > 2) {
			continue
		}
		if n, options, ok := g.read(s); ok {
			return g, n, options
		}
	}
	return nil, 0, ""
}

// read returns how much of the text the form takes and the options it stands for.
func (f *form) read(s string) (n int, options string, ok bool) {
	m := f.open.FindStringSubmatch(s)
	if m == nil {
		return 0, "", false
	}
	n = len(m[0])
	options = expand(f.options, m)
	for more := true; more; {
		more = false
		rest := strings.TrimLeft(s[n:], " ")
		skip := len(s) - n - len(rest)
		for _, p := range f.parts {
			m := p.re.FindStringSubmatch(rest)
			if m == nil || m[0] == "" {
				continue
			}
			n += skip + len(m[0])
			options += expand(p.options, m)
			more = true
			break
		}
	}
	if f.finish != nil {
		options = f.finish(options)
	}
	return n, options, true
}

// expand puts the groups into options; there is a blank ahead unless they are
// empty.
func expand(options string, m []string) string {
	if options == "" {
		return ""
	}
	trailing := strings.HasSuffix(options, " $1") && len(m) > 1 && m[1] != "" // text keeps its blanks
	for i := len(m) - 1; i > 0; i-- {
		neg := ""
		if m[i] != "" {
			neg = "! "
		}
		options = strings.ReplaceAll(options, "!"+itoa(i)+" ", neg)
		options = strings.ReplaceAll(options, "$"+itoa(i), m[i])
	}
	if trailing {
		return " " + strings.TrimLeft(options, " ")
	}
	return " " + strings.TrimSpace(options)
}

// end ends a word.
const end = `(?:\s|$)`

func re(pattern string) *regexp.Regexp { return regexp.MustCompile(`^` + pattern) }

func p(pattern, options string) part { return part{re(pattern), options} }
