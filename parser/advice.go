package parser

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/packetpath/packetpath/netfilter"
)

// advise gives a fault the hint that its line calls for, where people are known
// to write one thing and mean another.
func (r *reader) advise(e *Error) {
	a := advisor{e: e, words: splitFields(nil, e.Line, 0)}
	if r.table != nil {
		a.table = r.table
	}
	for _, hint := range []func() string{a.typography, a.inversion, a.dashes, a.list, a.ports, a.letters, a.chain} {
		if h := hint(); h != "" {
			e.Hint = h
			return
		}
	}
}

// advisor looks at the words of a line around a fault.
type advisor struct {
	e     *Error
	words []word
	table *table
}

// before returns the word ahead of the one at a place of the line; "" if there is
// none.
func (a *advisor) before(start int) string {
	last := ""
	for _, w := range a.words {
		if w.start >= start {
			return last
		}
		last = w.text
	}
	return last
}

// typography finds characters that word processors put in place of others.
func (a *advisor) typography() string {
	for _, w := range a.words {
		switch c, _ := utf8.DecodeRuneInString(w.text); c {
		case '–', '—', '−', '‐', '‑':
			return fmt.Sprintf("%q is no hyphen: a word processor put it there; write %q", string(c), "-"+strings.TrimLeft(w.text, "–—−‐‑"))
		case '“', '”', '„':
			return fmt.Sprintf(`%q is no quote: a word processor put it there; write "`, string(c))
		case '\'':
			if a.e.Pos.Col-1 >= w.start {
				return `single quotes mean nothing to iptables-restore; write double ones`
			}
		}
	}
	if strings.ContainsRune(a.e.Line, '\u00a0') {
		return "the line holds a no-break space; write a usual one"
	}
	return ""
}

// inversion shows where "!" belongs, with the words that stand there.
func (a *advisor) inversion() string {
	for i, w := range a.words {
		if w.text != "!" || i == 0 || i+1 >= len(a.words) {
			continue
		}
		option, value := a.words[i-1].text, a.words[i+1]
		at := a.e.Pos.Col - 1
		if strings.HasPrefix(option, "-") && !strings.HasPrefix(value.text, "-") && (at == w.start || at == value.start) {
			return fmt.Sprintf(`"!" must stand before the option, not after it: ! %s %s`, option, value.text)
		}
	}
	w := a.e.Word
	if rest, ok := strings.CutPrefix(w, "!"); ok && strings.HasPrefix(rest, "-") {
		for i, x := range a.words {
			if x.text == w && i+1 < len(a.words) {
				return fmt.Sprintf(`"!" must be a word of its own before the option: ! %s %s`, rest, a.words[i+1].text)
			}
		}
	}
	return ""
}

// dashes finds a long option that was given one dash.
func (a *advisor) dashes() string {
	for i, w := range a.words {
		name := strings.TrimPrefix(w.text, "-")
		if len(name) < 3 || len(name)+1 != len(w.text) || name[0] == '-' || !longOptions[name] {
			continue
		}
		if at := a.e.Pos.Col - 1; at == w.start || i+1 < len(a.words) && at == a.words[i+1].start {
			return fmt.Sprintf("a long option has two dashes: --%s", name)
		}
	}
	return ""
}

// longOptions are those that are often written with one dash.
var longOptions = map[string]bool{"dport": true, "sport": true, "dports": true, "sports": true, "state": true, "ctstate": true, "icmp-type": true, "syn": true,
	"tcp-flags": true, "to-destination": true, "to-source": true, "to-ports": true, "reject-with": true, "log-prefix": true, "limit": true, "comment": true, "mark": true, "match-set": true}

// list finds a blank behind the comma of a list.
func (a *advisor) list() string {
	for i, w := range a.words {
		if strings.HasSuffix(w.text, ",") && i+1 < len(a.words) && a.e.Pos.Col-1 >= w.start && a.e.Pos.Col-1 <= a.words[i+1].end && !strings.HasPrefix(a.words[i+1].text, "-") {
			return fmt.Sprintf("no blank may follow the comma of a list: %s%s", w.text, a.words[i+1].text)
		}
	}
	return ""
}

// ports tells lists and ranges of ports, and options that need a protocol ahead
// of them.
func (a *advisor) ports() string {
	w := a.e.Word
	option := a.before(a.e.Pos.Col - 1)
	side, isPort := map[string]string{"--dport": "--dports", "--sport": "--sports", "--destination-port": "--dports", "--source-port": "--sports"}[option]
	switch {
	case isPort && strings.Contains(w, ","):
		return fmt.Sprintf("several ports need -m multiport %s %s", side, w)
	case isPort && strings.Count(w, "-") == 1 && strings.Trim(w, "0123456789-") == "" && w[0] != '-':
		return fmt.Sprintf("a range of ports is written with a colon: %s %s", option, strings.Replace(w, "-", ":", 1))
	case w == "--state" && strings.Contains(a.e.Line, "-m conntrack"):
		return "of -m conntrack the option is --ctstate"
	case w != "--dport" && w != "--sport":
		return ""
	}
	proto, ahead := "", false
	for i, x := range a.words {
		if (x.text == "-p" || x.text == "--protocol") && i+1 < len(a.words) {
			proto, ahead = a.words[i+1].text, x.start < a.e.Pos.Col-1
		}
	}
	switch {
	case proto == "":
		return fmt.Sprintf("%s needs the protocol ahead of it: -p tcp %s", w, w)
	case !ahead:
		return fmt.Sprintf("-p %s must stand ahead of %s", proto, w)
	case proto == "icmp" || proto == "icmpv6" || proto == "ipv6-icmp":
		return proto + " has no ports; it has types: --icmp-type"
	}
	return ""
}

// letters finds names that are right but for their case.
func (a *advisor) letters() string {
	w := a.e.Word
	if w == "" || w == strings.ToUpper(w) && w != strings.ToLower(w) {
		if w == "-P" || a.before(a.e.Pos.Col-1) == "-P" {
			return "-P sets a policy; the protocol is -p"
		}
		return ""
	}
	upper := strings.ToUpper(w)
	switch {
	case a.table != nil && a.table.chains[upper] != nil:
		return fmt.Sprintf("did you mean %q?", upper)
	case upper == "ACCEPT" || upper == "DROP" || upper == "RETURN" || upper == "REJECT" || upper == "LOG" || upper == "DNAT" || upper == "SNAT" || upper == "MASQUERADE" || upper == "MARK":
		if option := a.before(a.e.Pos.Col - 1); option == "-j" || option == "--jump" {
			return fmt.Sprintf("did you mean %q?", upper)
		}
	}
	return ""
}

// chain names the tables that have a built-in chain.
func (a *advisor) chain() string {
	if a.table == nil || a.table.chains[a.e.Word] != nil {
		return ""
	}
	var tables []string
	for _, name := range netfilter.TableNames() {
		if netfilter.NewTable(name).Chain(a.e.Word) != nil {
			tables = append(tables, name)
		}
	}
	if len(tables) == 0 {
		return ""
	}
	return fmt.Sprintf("table %s has no such chain; tables %s have it", a.table.Name, strings.Join(tables, ", "))
}

// pointAtExtension moves the place of a refusal from its rule to the extension
// that it names first.
func pointAtExtension(e *Error) {
	var refusal *netfilter.RuleError
	if !errors.As(e.Err, &refusal) || refusal.Rule == 0 {
		return
	}
	name, _, ok := strings.Cut(refusal.Err.Error(), ": ")
	if !ok {
		return
	}
	last := ""
	for _, w := range splitFields(nil, e.Line, 0) {
		if w.text == name && (last == "-j" || last == "-m" || last == "--jump" || last == "--match") {
			e.at, e.Word, e.Pos.Col = w, w.text, w.start+1
			return
		}
		last = w.text
	}
}
