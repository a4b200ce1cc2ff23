package listing

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// form is the text of an extension in a listing. It begins with a match of open, which
// is followed by its parts in any order, each after blanks. Both are converted to
// options as iptables-save prints them.
//
// In the options, $1 to $9 are replaced by the text of the groups, and "!1 " by "! " if
// group 1 is not empty.
type form struct {
	name    string // as after -m or -j
	target  bool
	open    *regexp.Regexp
	options string
	parts   []part
	lost    string // the information that the listing never contains
	as      string // the name of the target, if it differs from the one printed
	// finish completes the options where patterns do not suffice.
	finish func(options string) string
}

type part struct {
	re      *regexp.Regexp
	options string
}

// details parses the text after the addresses: the matches in order, and then the
// target.
func (r *reader) details(c *scanner, out *rule) {
	if out.target != "" {
		out.jump = []string{"-j", out.target}
	}
	for {
		c.blanks()
		if c.at >= len(c.s) {
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

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

// form returns the form that a text begins with. As matches precede the target, the form
// of the rule's target is used only if none of a match applies.
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

// read returns the length of the form at the beginning of the text, and its options.
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

// expand inserts the groups into options. The result begins with a space unless it is
// empty.
func expand(options string, m []string) string {
	if options == "" {
		return ""
	}
	trailing := strings.HasSuffix(options, " $1") && len(m) > 1 && m[1] != "" // free text keeps its blanks
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

// end is a pattern for the end of a word.
const end = `(?:\s|$)`

func re(pattern string) *regexp.Regexp { return regexp.MustCompile(`^` + pattern) }

func p(pattern, options string) part { return part{re(pattern), options} }
