package parser

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/packetpath/packetpath/netfilter"
)

// mistake recognizes a common mistake. It examines word i and returns the cause
// and the remedy; both are "" if there is no mistake, and the cause is "" if
// the current error describes it well.
type mistake func(l *line, i int) (cause, hint string)

// mistakes in the order in which they are looked for.
var mistakes = []mistake{
	oddDash, noBreakSpace, singleQuote, shellVariable, oneDash, gluedNegation, lateNegation, listWithBlanks, listOfPorts, policyForProtocol,
}

// explain replaces the error of a line by one about the mistake that caused it,
// if there is one near the erroneous word.
func (l *line) explain(e *Error) *Error {
	if e == nil || l.report.full() || e.clear {
		return e
	}
	at := l.indexOf(e.at)
	for i := max(at-2, 0); i < min(at+2, len(l.words)); i++ {
		if w := l.words[i]; w.end-w.start != len(w.text) || w.text == "" { // quoted
			continue
		}
		for _, m := range mistakes {
			cause, hint := m(l, i)
			if cause == "" && hint != "" {
				e.Hint = hint
				return e
			}
			if cause != "" {
				return &Error{at: l.words[i], Word: l.words[i].text, Err: fmt.Errorf("%s", cause), Hint: hint}
			}
		}
	}
	return e
}

// indexOf returns the index of the word that contains the position of another
// one.
func (l *line) indexOf(at word) int {
	for i, w := range l.words {
		if w.start <= at.start && at.start < max(w.end, w.start+1) {
			return i
		}
	}
	return len(l.words)
}

// around returns the words before and after word i; "" where there is none.
func (l *line) around(i int) (before, after string) {
	if i > 0 {
		before = l.words[i-1].text
	}
	if i+1 < len(l.words) {
		after = l.words[i+1].text
	}
	return before, after
}

func isOption(s string) bool { return len(s) > 1 && s[0] == '-' }

// oddDash finds typographic dashes and quotes inserted by word processors.
func oddDash(l *line, i int) (string, string) {
	w := l.words[i].text
	for _, dash := range []string{"–", "—", "−", "‐", "‑"} {
		if rest, ok := strings.CutPrefix(w, dash); ok {
			return fmt.Sprintf("%q begins with a dash that is no ASCII minus sign", w), "write -" + strings.TrimLeft(rest, "-–—−‐‑") + " or --" + strings.TrimLeft(rest, "-–—−‐‑")
		}
	}
	if r, _ := utf8.DecodeRuneInString(w); r == '“' || r == '”' || r == '„' {
		return fmt.Sprintf("%q begins with a quote of a word processor", w), `quote with "`
	}
	return "", ""
}

func noBreakSpace(l *line, i int) (string, string) {
	if w := l.words[i].text; strings.ContainsAny(w, "\u00a0\u202f\u2007") {
		return fmt.Sprintf("%q holds a no-break space, which separates no words", w), "write a plain blank"
	}
	return "", ""
}

func singleQuote(l *line, i int) (string, string) {
	if w := l.words[i].text; w[0] == '\'' && l.single == nil {
		return fmt.Sprintf("unexpected word %q: single quotes mean nothing here", w), `quote with "`
	}
	return "", ""
}

func shellVariable(l *line, i int) (string, string) {
	if w := l.words[i].text; w[0] == '$' && len(w) > 1 && l.single == nil {
		return fmt.Sprintf("%q is a variable of the shell that was not replaced", w), "write its value"
	}
	return "", ""
}

// oneDash is "-dport" for "--dport".
func oneDash(l *line, i int) (string, string) {
	w := l.words[i].text
	if len(w) < 4 || w[0] != '-' || w[1] == '-' {
		return "", ""
	}
	name := w[1:]
	for _, o := range coreOptions {
		if o.name == name {
			return fmt.Sprintf("unknown option %q", w), fmt.Sprintf("did you mean %q?", "-"+w)
		}
	}
	if len(l.library.withOption(name, matchKind))+len(l.library.withOption(name, targetKind)) > 0 {
		return fmt.Sprintf("unknown option %q", w), fmt.Sprintf("did you mean %q?", "-"+w)
	}
	return "", ""
}

// gluedNegation is "!-s" for "! -s".
func gluedNegation(l *line, i int) (string, string) {
	w := l.words[i].text
	if len(w) < 3 || w[0] != '!' || w[1] != '-' {
		return "", ""
	}
	_, value := l.around(i)
	return fmt.Sprintf("unexpected word %q", w), strings.TrimSpace(fmt.Sprintf(`"!" must be a word of its own before the option: ! %s %s`, w[1:], value))
}

// lateNegation is "-i ! eth0" for "! -i eth0", as iptables took it until 1.4.3.
func lateNegation(l *line, i int) (string, string) {
	option, value := l.around(i)
	if l.words[i].text != "!" || !isOption(option) || value == "" || isOption(value) {
		return "", ""
	}
	return `"!" stands after the option`, fmt.Sprintf(`"!" must stand before the option, not after it: ! %s %s`, option, value)
}

// listWithBlanks is "80, 443" for "80,443".
func listWithBlanks(l *line, i int) (string, string) {
	w := l.words[i].text
	_, after := l.around(i)
	if len(w) < 2 || w[len(w)-1] != ',' || after == "" || isOption(after) {
		return "", ""
	}
	return fmt.Sprintf("the list %q ends in a comma", w), fmt.Sprintf("a list has no blanks: %s%s", w, after)
}

// listOfPorts is "--dport 80,443", or "--dport 80-90" for "80:90".
func listOfPorts(l *line, i int) (string, string) {
	w := l.words[i].text
	option, _ := l.around(i)
	name := strings.TrimPrefix(option, "--")
	if !isOption(option) || !isPortOption(name) || strings.Trim(w, "0123456789,-:") != "" {
		return "", ""
	}
	switch side := strings.TrimSuffix(strings.TrimSuffix(name, "ort"), "orts")[:1]; {
	case strings.Contains(w, ",") && !strings.HasSuffix(name, "s"):
		return "", fmt.Sprintf("write -m multiport --%sports %s", side, w)
	case strings.IndexByte(w, '-') > 0 && !strings.HasSuffix(w, "-"):
		return "", "a range of ports looks like " + strings.ReplaceAll(w, "-", ":")
	}
	return "", ""
}

func isPortOption(name string) bool {
	switch name {
	case "dport", "sport", "dports", "sports", "destination-port", "source-port", "destination-ports", "source-ports":
		return true
	}
	return false
}

// policyForProtocol is "-P tcp" for "-p tcp".
func policyForProtocol(l *line, i int) (string, string) {
	_, value := l.around(i)
	if l.words[i].text != "-P" || !l.commands.rule() {
		return "", ""
	}
	if _, ok := packetProtocol(strings.ToLower(value)); !ok {
		return "", ""
	}
	return "-P sets the policy of a chain", "did you mean -p " + value + "?"
}

// otherTablesHint returns which tables have a built-in chain that this one lacks.
func otherTablesHint(name string) string {
	h, ok := netfilter.HookByName(strings.ToUpper(name))
	if !ok {
		return ""
	}
	var tables []string
	for _, t := range netfilter.TableNames() {
		if info, _ := netfilter.TableInfoFor(t); info.Hooks.Has(h) {
			tables = append(tables, t)
		}
	}
	return fmt.Sprintf("%s is a chain of table %s", h, strings.Join(tables, ", "))
}
