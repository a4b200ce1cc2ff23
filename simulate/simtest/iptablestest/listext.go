package iptablestest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// savedOption is an option of an extension as iptables-save prints it.
type savedOption struct {
	name   string
	values []string
	invert bool
}

// value returns what follows the option, joined by blanks.
func (o *savedOption) value() string { return strings.Join(o.values, " ") }

// savedOptions takes apart what an extension saves.
func savedOptions(e netfilter.Extension) (opts []savedOption) {
	invert := false
	for _, w := range savedWords(string(e.AppendOptions(nil))) {
		switch {
		case w == "!":
			invert = true
		case strings.HasPrefix(w, "--"):
			opts = append(opts, savedOption{name: w[2:], invert: invert})
			invert = false
		case len(opts) > 0:
			o := &opts[len(opts)-1]
			o.values = append(o.values, w)
		}
	}
	return opts
}

// savedWords cuts at blanks that are not between quotes; quotes stay.
func savedWords(s string) (words []string) {
	quoted, start := false, 0
	for i := 0; i <= len(s); i++ {
		switch {
		case i < len(s) && s[i] == '\\':
			i++
		case i < len(s) && s[i] == '"':
			quoted = !quoted
		case i == len(s) || s[i] == ' ' && !quoted:
			if i > start {
				words = append(words, s[start:min(i, len(s))])
			}
			start = i + 1
		}
	}
	return words
}

// listed returns what a listing shows of an extension, with the blank ahead. It
// is what is saved where the tool's own form is not known here.
func listed(e netfilter.Extension, numeric bool) string {
	opts := savedOptions(e)
	if f := formOf(e); f != nil {
		if s, ok := f(opts, numeric); ok {
			return s
		}
	}
	if len(opts) == 0 {
		return ""
	}
	return " " + e.Name() + string(e.AppendOptions(nil))
}

// listForm lists the options of an extension; false if it has one that the form
// does not know.
type listForm func(opts []savedOption, numeric bool) (string, bool)

// header puts words ahead of a form.
func header(words string, f listForm) listForm {
	return func(opts []savedOption, numeric bool) (string, bool) {
		s, ok := f(opts, numeric)
		return words + s, ok
	}
}

// each lists option by option: "%s" in the form of an option is its value, "%!" a " !"
// if it is inverted, "%~" a "!", "%r" an "s" if the value is a range.
func each(forms map[string]string) listForm {
	return func(opts []savedOption, _ bool) (string, bool) {
		b := ""
		for _, o := range opts {
			form, ok := forms[o.name]
			if !ok {
				return "", false
			}
			b += o.fill(form)
		}
		return b, true
	}
}

// fill puts an option into its form.
func (o *savedOption) fill(form string) string {
	inverted, space, several := "", "", ""
	if o.invert {
		inverted, space = "!", " !"
	}
	if strings.Contains(o.value(), ":") {
		several = "s"
	}
	return strings.NewReplacer("%!", space, "%~", inverted, "%r", several, "%s", o.value()).Replace(form)
}

// with changes the values of options ahead of a form.
func with(change func(option, value string, numeric bool) string, f listForm) listForm {
	return func(opts []savedOption, numeric bool) (string, bool) {
		changed := slices.Clone(opts)
		for i, o := range opts {
			changed[i].values = []string{change(o.name, o.value(), numeric)}
		}
		return f(changed, numeric)
	}
}

// raw takes quotes and backslashes away that are only there so that a value is read
// again.
func raw(_, v string, _ bool) string {
	if len(v) < 2 || v[0] != '"' {
		return v
	}
	var b strings.Builder
	for i := 1; i < len(v)-1; i++ {
		if v[i] == '\\' && i < len(v)-2 {
			i++
		}
		b.WriteByte(v[i])
	}
	return b.String()
}

// numbered shows names of values by their numbers if numbers are asked for.
func numbered(numbers map[string]string) func(option, v string, numeric bool) string {
	return func(_, v string, numeric bool) string {
		names := strings.Split(v, ",")
		for i, n := range names {
			name, _, _ := strings.Cut(n, ":")
			if to, ok := numbers[name]; ok && numeric {
				names[i] = to + n[len(name):]
			}
		}
		return strings.Join(names, ",")
	}
}

// ordered lists some options ahead of the others.
func ordered(f listForm, first ...string) listForm {
	return func(opts []savedOption, numeric bool) (string, bool) {
		place := func(o savedOption) int {
			if i := slices.Index(first, o.name); i >= 0 {
				return i - len(first)
			}
			return 0
		}
		opts = slices.Clone(opts)
		slices.SortStableFunc(opts, func(a, b savedOption) int { return place(a) - place(b) })
		return f(opts, numeric)
	}
}

// closing puts words behind a form.
func closing(f listForm, words string) listForm {
	return func(opts []savedOption, numeric bool) (string, bool) {
		s, ok := f(opts, numeric)
		return s + words, ok
	}
}

// listTCP lists ports, flags and options of TCP.
func listTCP(opts []savedOption, numeric bool) (string, bool) {
	b := ""
	for _, o := range opts {
		v, inv := o.value(), ""
		if o.invert {
			inv = "!"
		}
		switch o.name {
		case "sport", "dport":
			word := " " + o.name[:1] + "pt"
			if strings.Contains(v, ":") {
				word += "s"
			}
			b += word + ":" + inv + v
		case "tcp-option":
			b += " option=" + inv + v
		case "tcp-flags":
			if numeric && len(o.values) == 2 {
				v = flagNumber(o.values[0]) + "/" + flagNumber(o.values[1])
			}
			b += " flags:" + inv + strings.Replace(v, " ", "/", 1)
		default:
			return "", false
		}
	}
	return b, true
}

// flagNumber returns "SYN,ACK" as a number.
func flagNumber(names string) string {
	var all packet.TCPFlags
	for name := range strings.SplitSeq(names, ",") {
		if f, ok := packet.TCPFlagByName(strings.ToLower(name)); ok {
			all |= f
		}
	}
	return fmt.Sprintf("0x%02X", uint8(all))
}

func listMultiport(opts []savedOption, _ bool) (string, bool) {
	if len(opts) != 1 {
		return "", false
	}
	inv := ""
	if opts[0].invert {
		inv = " !"
	}
	return " multiport " + opts[0].name + " " + inv + opts[0].value(), true
}

func listAddrtype(opts []savedOption, _ bool) (string, bool) {
	b := ""
	for _, o := range opts {
		inv := ""
		if o.invert {
			inv = "!"
		}
		switch o.name {
		case "src-type", "dst-type":
			b += " " + o.name + " " + inv + o.value()
		case "limit-iface-in":
			b += " limit-in"
		case "limit-iface-out":
			b += " limit-out"
		default:
			return "", false
		}
	}
	return b, true
}

// listLimit shows the burst that is not saved.
func listLimit(opts []savedOption, _ bool) (string, bool) {
	rate, burst := "", "5"
	for _, o := range opts {
		if o.name == "limit" {
			rate = o.value()
		} else {
			burst = o.value()
		}
	}
	return " limit: avg " + rate + " burst " + burst, true
}
