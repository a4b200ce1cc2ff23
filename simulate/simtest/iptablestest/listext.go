package iptablestest

import (
	"fmt"
	"slices"
	"strconv"
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
	if f := listForms()[e.Name()]; f != nil {
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

// listForms are the forms of the extensions that many rules have (iptables
// extensions/libxt_*.c, libipt_*.c, libip6t_*.c, the functions print).
func listForms() map[string]listForm {
	return map[string]listForm{
		"tcp":       header(" tcp", listPorts),
		"udp":       header(" udp", listPorts),
		"sctp":      header(" sctp", listPorts),
		"multiport": listMultiport,
		"comment":   each("", map[string]string{"comment": " /* %s */"}, unquoted),
		"conntrack": listConntrack,
		"state":     each("", map[string]string{"state": "%! state %s"}, nil),
		"mark":      each("", map[string]string{"mark": " mark match%! %s"}, nil),
		"connmark":  each("", map[string]string{"mark": " connmark match %! %s"}, nil),
		"set":       each("", map[string]string{"match-set": "%! match-set %s", "return-nomatch": " return-nomatch"}, nil),
		"mac":       each("", map[string]string{"mac-source": " MAC%! %s"}, nil),
		"pkttype":   each("", map[string]string{"pkt-type": " PKTTYPE %!= %s"}, nil),
		"length":    each("", map[string]string{"length": " length %s"}, nil),
		"iprange":   each("", map[string]string{"src-range": " source IP range%! %s", "dst-range": " destination IP range%! %s"}, nil),
		"addrtype":  header(" ADDRTYPE match", listAddrtype),
		"limit":     listLimit,
		"statistic": header(" statistic", each("", map[string]string{
			"mode": " mode %s", "probability": " probability%! %s", "every": " every%! %s", "packet": " packet %s"}, nil)),
		"physdev": header(" PHYSDEV match", each("", map[string]string{
			"physdev-in": "%! --physdev-in %s", "physdev-out": "%! --physdev-out %s", "physdev-is-in": "%! --physdev-is-in",
			"physdev-is-out": "%! --physdev-is-out", "physdev-is-bridged": "%! --physdev-is-bridged"}, nil)),
		"DNAT":       each("", natForm("to-destination", " to:%s"), nil),
		"SNAT":       each("", natForm("to-source", " to:%s"), nil),
		"MASQUERADE": each("", natForm("to-ports", " masq ports: %s"), nil),
		"REDIRECT":   each("", natForm("to-ports", " redir ports %s"), nil),
		"NETMAP":     each("", map[string]string{"to": " to:%s"}, nil),
		"REJECT":     each("", map[string]string{"reject-with": " reject-with %s"}, nil),
		"MARK":       listMark,
		"LOG":        listLog,
		"CT":         header(" CT", each("", map[string]string{"notrack": " notrack", "zone": " zone %s", "helper": " helper %s"}, nil)),
		"TCPMSS":     header(" TCPMSS", each("", map[string]string{"set-mss": " set %s", "clamp-mss-to-pmtu": " clamp to PMTU"}, nil)),
		"SET":        listSET,
		"NFLOG":      each("", map[string]string{"nflog-prefix": " nflog-prefix %s", "nflog-group": " nflog-group %s"}, alwaysQuoted("nflog-prefix")),
	}
}

// header puts words ahead of a form.
func header(words string, f listForm) listForm {
	return func(opts []savedOption, numeric bool) (string, bool) {
		s, ok := f(opts, numeric)
		return words + s, ok
	}
}

// each lists option by option: "%s" in the form of an option is its value, "%!"
// a " !" if it is inverted.
func each(words string, forms map[string]string, value func(name, v string) string) listForm {
	return func(opts []savedOption, _ bool) (string, bool) {
		b := words
		for _, o := range opts {
			form, ok := forms[o.name]
			if !ok {
				return "", false
			}
			v, inverted := o.value(), ""
			if value != nil {
				v = value(o.name, v)
			}
			if o.invert {
				inverted = " !"
			}
			b += strings.NewReplacer("%!=", strings.TrimLeft(inverted+"=", " "), "%!", inverted, "%s", v).Replace(form)
		}
		return b, true
	}
}

func natForm(option, form string) map[string]string {
	return map[string]string{option: form, "random": " random", "random-fully": " random-fully", "persistent": " persistent"}
}

func alwaysQuoted(option string) func(name, v string) string {
	return func(name, v string) string {
		if name != option || strings.HasPrefix(v, `"`) {
			return v
		}
		return `"` + v + `"`
	}
}

// listPorts lists ports, flags and options of TCP, and ports of others.
func listPorts(opts []savedOption, numeric bool) (string, bool) {
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

// listConntrack lists the option that nearly all rules have.
func listConntrack(opts []savedOption, _ bool) (string, bool) {
	if len(opts) != 1 || opts[0].name != "ctstate" {
		return "", false
	}
	return each("", map[string]string{"ctstate": "%! ctstate %s"}, nil)(opts, false)
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

// listMark says what a mark and a mask come to (iptables
// extensions/libxt_MARK.c, mark_tg_print).
func listMark(opts []savedOption, _ bool) (string, bool) {
	if len(opts) != 1 {
		return "", false
	}
	v, m, _ := strings.Cut(opts[0].value(), "/")
	value, err := strconv.ParseUint(v, 0, 32)
	mask, err2 := strconv.ParseUint(m, 0, 32)
	switch {
	case err != nil || err2 != nil:
		return "", false
	case value == 0:
		return fmt.Sprintf(" MARK and %#x", uint32(^mask)), true
	case value == mask:
		return fmt.Sprintf(" MARK or %#x", value), true
	case mask == 0:
		return fmt.Sprintf(" MARK xor %#x", value), true
	case mask == 0xffffffff:
		return fmt.Sprintf(" MARK set %#x", value), true
	}
	return fmt.Sprintf(" MARK xset %#x/%#x", value, mask), true
}

// logFlags are the options of LOG by the bit that stands for each
// (include/uapi/linux/netfilter/nf_log.h), with what a listing calls them.
var logFlags = []struct{ option, word string }{
	{"log-tcp-sequence", " tcp-sequence"}, {"log-tcp-options", " tcp-options"}, {"log-ip-options", " ip-options"},
	{"log-uid", " uid"}, {"nflog", ""}, {"log-macdecode", " macdecode"},
}

func listLog(opts []savedOption, numeric bool) (string, bool) {
	flags, level, words, prefix := 0, 4, "", ""
	for _, o := range opts {
		switch o.name {
		case "log-prefix":
			prefix = o.value()
		case "log-level":
			level, _ = strconv.Atoi(o.value())
		}
		for i, f := range logFlags {
			if f.option == o.name {
				flags |= 1 << i
				words += f.word
			}
		}
	}
	if prefix != "" {
		prefix = " prefix " + alwaysQuoted("log-prefix")("log-prefix", prefix)
	}
	if numeric {
		return fmt.Sprintf(" LOG flags %d level %d%s", flags, level, prefix), true
	}
	levels := []string{"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"}
	return fmt.Sprintf(" LOG level %s%s%s", levels[level&7], words, prefix), true
}

func listSET(opts []savedOption, _ bool) (string, bool) {
	b := ""
	for _, o := range opts {
		if !slices.Contains([]string{"add-set", "del-set", "map-set", "exist", "timeout"}, o.name) {
			return "", false
		}
		b += strings.TrimRight(" "+o.name+" "+o.value(), " ")
	}
	return b, true
}
