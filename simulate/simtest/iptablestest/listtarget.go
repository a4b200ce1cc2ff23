package iptablestest

import (
	"fmt"
	"strconv"
	"strings"
)

// targetForms are the forms of the targets (iptables extensions/libxt_*.c, libipt_*.c,
// libip6t_*.c, the functions print).
var targetForms = map[string]listForm{
	"AUDIT":       each(map[string]string{"type": " AUDIT %s"}),
	"CHECKSUM":    each(map[string]string{"checksum-fill": " CHECKSUM fill"}),
	"CLASSIFY":    with(shortClass, each(map[string]string{"set-class": " CLASSIFY set %s"})),
	"CONNMARK":    listConnmark,
	"CONNSECMARK": each(map[string]string{"save": " CONNSECMARK save", "restore": " CONNSECMARK restore"}),
	"CT": header(" CT", each(map[string]string{"notrack": " notrack", "zone": " zone %s", "zone-orig": " zone-orig %s", "zone-reply": " zone-reply %s",
		"helper": " helper %s", "timeout": " timeout %s", "ctevents": " ctevents %s", "expevents": " expevents %s"})),
	"DNAT":       each(translation("to-destination", " to:%s")),
	"DNPT":       each(map[string]string{"src-pfx": " DNPT src-pfx %s", "dst-pfx": " dst-pfx %s"}),
	"DSCP":       each(map[string]string{"set-dscp": " DSCP set %s"}),
	"ECN":        header(" ECN", each(map[string]string{"ecn-tcp-remove": " TCP remove", "ecn-tcp-ece": " ECE=%s", "ecn-tcp-cwr": " CWR=%s", "ecn-ip-ect": " ECT codepoint=%s"})),
	"HL":         listSteps("HL", "hl"),
	"HMARK":      header(" HMARK mod ", closing(ordered(with(hmarkValue, each(hmarkForms())), "hmark-mod", "hmark-offset", "hmark-tuple"), " ")),
	"IDLETIMER":  each(map[string]string{"timeout": " timeout:%s", "label": " label:%s", "alarm": " alarm"}),
	"LOG":        listLog,
	"MARK":       listMark("MARK", "set-xmark"),
	"MASQUERADE": each(translation("to-ports", " masq ports: %s")),
	"NETMAP":     each(map[string]string{"to": " to:%s"}),
	"NOTRACK":    header(" NOTRACK", each(nil)),
	"NFLOG": each(map[string]string{"nflog-prefix": " nflog-prefix %s", "nflog-group": " nflog-group %s", "nflog-range": " nflog-range %s",
		"nflog-size": " nflog-size %s", "nflog-threshold": " nflog-threshold %s"}),
	"NFQUEUE":  each(map[string]string{"queue-num": " NFQUEUE num %s", "queue-balance": " NFQUEUE balance %s", "queue-bypass": " bypass", "queue-cpu-fanout": " cpu-fanout"}),
	"RATEEST":  each(map[string]string{"rateest-name": " name %s", "rateest-interval": " interval %s", "rateest-ewmalog": " ewmalog %s"}),
	"REDIRECT": each(translation("to-ports", " redir ports %s")),
	"SECMARK":  each(map[string]string{"selctx": " SECMARK selctx %s"}),
	"REJECT":   each(map[string]string{"reject-with": " reject-with %s"}),
	"SET": each(map[string]string{"add-set": " add-set %s", "del-set": " del-set %s", "map-set": " map-set %s", "exist": " exist", "timeout": " timeout %s",
		"map-mark": " map-mark", "map-prio": " map-prio", "map-queue": " map-queue"}),
	"SNAT":        each(translation("to-source", " to:%s")),
	"SNPT":        each(map[string]string{"src-pfx": " SNPT src-pfx %s", "dst-pfx": " dst-pfx %s"}),
	"SYNPROXY":    header(" SYNPROXY ", each(map[string]string{"sack-perm": "sack-perm ", "timestamp": "timestamp ", "wscale": "wscale %s ", "mss": "mss %s ", "ecn": "ecn "})),
	"TCPMSS":      header(" TCPMSS", each(map[string]string{"set-mss": " set %s", "clamp-mss-to-pmtu": " clamp to PMTU"})),
	"TCPOPTSTRIP": each(map[string]string{"strip-options": " TCPOPTSTRIP options %s"}),
	"TEE":         each(map[string]string{"gateway": " TEE gw:%s", "oif": " oif=%s"}),
	"TOS":         each(map[string]string{"set-tos": " TOS set %s"}),
	"TPROXY":      ordered(listTPROXY, "on-ip", "on-port", "tproxy-mark"),
	"TTL":         listSteps("TTL", "ttl"),
}

// translation is the form of an option that says what an address or a port becomes, with
// those of the options about how it is chosen.
func translation(option, form string) map[string]string {
	return map[string]string{option: form, "random": " random", "random-fully": " random-fully", "persistent": " persistent"}
}

func hmarkForms() map[string]string {
	forms := map[string]string{"hmark-mod": "%s", "hmark-offset": " + %s", "hmark-tuple": " %s,"}
	for _, o := range []string{"src-prefix", "dst-prefix", "sport-mask", "dport-mask", "spi-mask", "sport", "dport", "spi", "proto-mask", "rnd"} {
		forms["hmark-"+o] = " " + o + " %s"
	}
	return forms
}

// hmarkValue shows numbers in hexadecimal, and no length of a prefix that is a whole
// address of IPv6.
func hmarkValue(option, v string, _ bool) string {
	n, err := strconv.ParseUint(v, 0, 32)
	switch {
	case err == nil && (strings.HasPrefix(v, "0x") || option == "hmark-offset"):
		return fmt.Sprintf("%#x", n)
	case strings.HasSuffix(option, "-prefix") && n == 128:
		return ""
	}
	return v
}

// listSteps lists changes of the TTL or the hop limit.
func listSteps(name, option string) listForm {
	return each(map[string]string{option + "-set": " " + name + " set to %s", option + "-inc": " " + name + " increment by %s", option + "-dec": " " + name + " decrement by %s"})
}

// listMark says what a mark and a mask come to (extensions/libxt_MARK.c, mark_tg_print).
func listMark(name, option string) listForm {
	return func(opts []savedOption, _ bool) (string, bool) {
		if len(opts) != 1 || opts[0].name != option {
			return "", false
		}
		v, m, _ := strings.Cut(opts[0].value(), "/")
		value, err := strconv.ParseUint(v, 0, 32)
		mask, err2 := strconv.ParseUint(m, 0, 32)
		op := ""
		switch {
		case err != nil || err2 != nil:
			return "", false
		case value == 0:
			op = fmt.Sprintf("and %#x", ^uint32(mask))
		case value == mask:
			op = fmt.Sprintf("or %#x", value)
		case mask == 0:
			op = fmt.Sprintf("xor %#x", value)
		case mask == 0xffffffff:
			op = fmt.Sprintf("set %#x", value)
		default:
			op = fmt.Sprintf("xset %#x/%#x", value, mask)
		}
		return " " + name + " " + op, true
	}
}

// listConnmark lists what is done to the mark of a connection, with its masks if they do
// not cover all (extensions/libxt_CONNMARK.c, connmark_tg_print).
func listConnmark(opts []savedOption, numeric bool) (string, bool) {
	if len(opts) == 0 {
		return "", false
	}
	b, rest := "", opts[1:]
	switch what := opts[0].name; what {
	case "save-mark", "restore-mark":
		if len(opts) < 3 {
			return "", false
		}
		of := map[string]string{opts[1].name: opts[1].value(), opts[2].name: opts[2].value()}
		b = " CONNMARK " + strings.TrimSuffix(what, "-mark") + masks(what, of["nfmask"], of["ctmask"])
		rest = opts[3:]
	default:
		words, ok := listMark("CONNMARK", "set-xmark")(opts[:1], numeric)
		if !ok {
			return "", false
		}
		b = words
	}
	for _, o := range rest {
		b += o.fill(" " + o.name + " %s")
	}
	return b, true
}

// masks returns the masks of a mark that is saved or restored.
func masks(what, packet, connection string) string {
	switch {
	case packet == connection && packet == "0xffffffff":
		return ""
	case packet == connection:
		return " mask " + packet
	case what == "save-mark":
		return " nfmask " + packet + " ctmask ~" + connection
	}
	return " ctmask " + connection + " nfmask ~" + packet
}

func listTPROXY(opts []savedOption, numeric bool) (string, bool) {
	return each(map[string]string{"on-ip": " TPROXY redirect %s", "on-port": ":%s", "tproxy-mark": " mark %s"})(opts, numeric)
}

// shortClass leaves out the zeros at the beginning of both numbers.
func shortClass(_, v string, _ bool) string {
	major, minor, _ := strings.Cut(v, ":")
	short := func(s string) string {
		if s = strings.TrimLeft(s, "0"); s == "" {
			return "0"
		}
		return s
	}
	return short(major) + ":" + short(minor)
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
		prefix = ` prefix "` + raw("", prefix, numeric) + `"`
	}
	if numeric {
		return fmt.Sprintf(" LOG flags %d level %d%s", flags, level, prefix), true
	}
	levels := []string{"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"}
	return fmt.Sprintf(" LOG level %s%s%s", levels[level&7], words, prefix), true
}
