package iptablestest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// portForms are the forms of ports with those of other options.
func portForms(others map[string]string) map[string]string {
	forms := map[string]string{"sport": " spt%r:%~%s", "dport": " dpt%r:%~%s"}
	maps.Copy(forms, others)
	return forms
}

// exceptAllPorts does not list ports that may be any.
func exceptAllPorts(f listForm) listForm {
	return func(opts []savedOption, numeric bool) (string, bool) {
		return f(slices.DeleteFunc(opts, func(o savedOption) bool { return !o.invert && o.value() == "0:65535" }), numeric)
	}
}

// srhForms are those of srh, of which each number is listed alike.
func srhForms() map[string]string {
	forms := map[string]string{"srh-next-hdr": " next-hdr:%~%s", "srh-tag": " tag:%~%s"}
	for _, number := range []string{"hdr-len", "segs-left", "last-entry"} {
		for _, op := range []string{"eq", "gt", "lt"} {
			forms["srh-"+number+"-"+op] = " " + number + "-" + op + ":%~%s"
		}
	}
	for _, sid := range []string{"psid", "nsid", "lsid"} {
		forms["srh-"+sid] = " " + sid + " %~ %s"
	}
	return forms
}

// listICMP lists type and codes, of which the end of a range is not saved.
func listICMP(name string, typ, first, last uint8) listForm {
	return func(opts []savedOption, _ bool) (string, bool) {
		b := name
		if len(opts) > 0 && opts[0].invert {
			b += " !"
		}
		b += fmt.Sprintf("type %d", typ)
		switch {
		case first == last:
			b += fmt.Sprintf(" code %d", first)
		case first != 0 || last != 255:
			b += fmt.Sprintf(" codes %d-%d", first, last)
		}
		return b, true
	}
}

// listTTL lists a condition on the TTL or the hop limit.
func listTTL(name, option string) listForm {
	return func(opts []savedOption, _ bool) (string, bool) {
		if len(opts) != 1 {
			return "", false
		}
		o := &opts[0]
		sign := map[string]string{option + "-eq": "==", option + "-lt": "<", option + "-gt": ">"}[o.name]
		if o.invert {
			sign = "!="
		}
		return " " + name + " match " + name + " " + sign + " " + o.value(), sign != ""
	}
}

func listConnlimit(opts []savedOption, _ bool) (string, bool) {
	sign, limit, mask, side := "", "", "", "src"
	for _, o := range opts {
		switch o.name {
		case "connlimit-above":
			sign, limit = ">", o.value()
		case "connlimit-upto":
			sign, limit = "<=", o.value()
		case "connlimit-mask":
			mask = o.value()
		case "connlimit-daddr":
			side = "dst"
		}
	}
	return fmt.Sprintf(" #conn %s/%s %s %s", side, mask, sign, limit), true
}

var hashlimitForms = map[string]string{
	"hashlimit-upto": " up to %s", "hashlimit-above": " above %s", "hashlimit-burst": " burst %s", "hashlimit-mode": " mode %s", "hashlimit-name": "",
	"hashlimit-srcmask": " srcmask %s", "hashlimit-dstmask": " dstmask %s", "hashlimit-rate-match": " rate-match", "hashlimit-rate-interval": " rate-interval %s",
	"hashlimit-htable-size": " htable-size %s", "hashlimit-htable-max": " htable-max %s", "hashlimit-htable-gcinterval": " htable-gcinterval %s", "hashlimit-htable-expire": " htable-expire %s",
}

func listHashlimit(opts []savedOption, numeric bool) (string, bool) {
	dashes := func(option, v string, _ bool) string {
		if option == "hashlimit-mode" {
			return strings.ReplaceAll(v, ",", "-")
		}
		return v
	}
	return header(" limit:", with(dashes, each(hashlimitForms)))(opts, numeric)
}

// listPolicy numbers the elements if there are several.
func listPolicy(opts []savedOption, numeric bool) (string, bool) {
	several := false
	for _, o := range opts {
		several = several || o.name == "next"
	}
	b, element := " policy match", 0
	for _, o := range opts {
		form := "%! " + o.name + " %s"
		switch o.name {
		case "strict":
			form = " strict"
			if several {
				form += " [0]"
			}
		case "next":
			element++
			form = fmt.Sprintf(" [%d]", element)
		case "proto":
			o.values = []string{numbered(map[string]string{"esp": "50", "ah": "51", "ipcomp": "108"})("", o.value(), numeric)}
		}
		b += o.fill(form)
	}
	return b, true
}

func listRecent(opts []savedOption, _ bool) (string, bool) {
	forms := map[string]string{"set": "%! recent: SET", "rcheck": "%! recent: CHECK", "update": "%! recent: UPDATE", "remove": "%! recent: REMOVE",
		"seconds": " seconds: %s", "reap": " reap", "hitcount": " hit_count: %s", "rttl": " TTL-Match", "name": " name: %s", "rsource": " side: source",
		"rdest": " side: dest", "mask": " mask: %s"}
	return each(forms)(opts, false)
}

// listString has a blank where "!" would be.
func listString(opts []savedOption, numeric bool) (string, bool) {
	forms := map[string]string{"string": " %~ %s", "hex-string": " %~ %s", "algo": " ALGO name %s", "from": " FROM %s", "to": " TO %s", "icase": " ICASE"}
	return each(forms)(opts, numeric)
}

// listTime says UTC where the time is not that of the kernel's zone, and nothing of the
// last moment that there is.
func listTime(opts []savedOption, numeric bool) (string, bool) {
	b, zone, contiguous := " TIME", " UTC", ""
	for _, o := range opts {
		switch o.name {
		case "timestart":
			b += o.fill(" from %s")
		case "timestop":
			b += o.fill(" to %s")
		case "weekdays":
			b += o.fill("%! on %s")
		case "monthdays":
			b += " on " + ordinals(o.value())
		case "datestart":
			b += " starting from " + strings.Replace(o.value(), "T", " ", 1)
		case "datestop":
			if o.value() != "2038-01-19T03:14:07" {
				b += " until date " + strings.Replace(o.value(), "T", " ", 1)
			}
		case "kerneltz":
			zone = ""
		case "contiguous":
			contiguous = " contiguous"
		}
	}
	return b + zone + contiguous, true
}

// ordinals writes days of the month as time does, which goes by the last digit.
func ordinals(days string) string {
	all := strings.Split(days, ",")
	for i, d := range all {
		suffix := "th"
		if n, err := strconv.Atoi(d); err == nil && n%10 >= 1 && n%10 <= 3 {
			suffix = []string{"st", "nd", "rd"}[n%10-1]
		}
		all[i] = d + suffix
	}
	return strings.Join(all, ",")
}

// withoutCount leaves out how many instructions a program has.
func withoutCount(option, v string, _ bool) string {
	if option != "bytecode" {
		return v
	}
	_, program, _ := strings.Cut(strings.Trim(v, `"`), ",")
	return program
}

// exceptFirst shows the packet of statistic's counter if it is not the first.
func exceptFirst(option, v string, _ bool) string {
	switch {
	case option != "packet":
		return v
	case v == "0":
		return ""
	}
	return " packet " + v
}

// signedType shows the type of a routing header as a number with a sign.
func signedType(option, v string, _ bool) string {
	if n, err := strconv.ParseUint(v, 10, 32); err == nil && option == "rt-type" {
		return strconv.Itoa(int(int32(n)))
	}
	return v
}

// defaultGroup and defaultRealm are the names that files of iproute2 give to 0.
func defaultGroup(_, v string, numeric bool) string {
	return numbered(map[string]string{"default": "0x0"})("", v, numeric)
}

func defaultRealm(_, v string, numeric bool) string {
	return numbered(map[string]string{"cosmos": "0x0"})("", v, numeric)
}

var dccpTypes = map[string]string{"REQUEST": "0", "RESPONSE": "1", "DATA": "2", "ACK": "3", "DATAACK": "4", "CLOSEREQ": "5", "CLOSE": "6", "RESET": "7",
	"SYNC": "8", "SYNCACK": "9", "INVALID": "10,11,12,13,14,15"}

// chunks are the chunk types of SCTP that have a name.
var chunks = map[string]string{
	"DATA": "0x0000", "INIT": "0x0001", "INIT_ACK": "0x0002", "SACK": "0x0003", "HEARTBEAT": "0x0004", "HEARTBEAT_ACK": "0x0005", "ABORT": "0x0006",
	"SHUTDOWN": "0x0007", "SHUTDOWN_ACK": "0x0008", "ERROR": "0x0009", "COOKIE_ECHO": "0x000A", "COOKIE_ACK": "0x000B", "ECN_ECNE": "0x000C",
	"ECN_CWR": "0x000D", "SHUTDOWN_COMPLETE": "0x000E", "I_DATA": "0x0040", "ASCONF_ACK": "0x0080", "RE_CONFIG": "0x0082", "PAD": "0x0084",
	"FORWARD_TSN": "0x00C0", "ASCONF": "0x00C1", "I_FORWARD_TSN": "0x00C2",
}

// chunkTypes shows the numbers of chunk types behind the word for their scope.
func chunkTypes(option, v string, numeric bool) string {
	scope, names, ok := strings.Cut(v, " ")
	if !ok || option != "chunk-types" {
		return v
	}
	return scope + " " + numbered(chunks)("", names, numeric)
}

// headerBits shows headers of IPv6 as the bits that stand for them (extensions/
// libip6t_ipv6header.c, chain_flags).
func headerBits(option, v string, numeric bool) string {
	if option != "header" || !numeric {
		return v
	}
	bits := 0
	for name := range strings.SplitSeq(v, ",") {
		bits |= map[string]int{"hop-by-hop": 0x80, "ipv6-opts": 0x40, "ipv6-route": 0x20, "ipv6-frag": 0x10, "ah": 0x08, "esp": 0x04, "ipv6-nonxt": 0x02, "protocol": 0x01}[name]
	}
	return fmt.Sprintf("0x%02X", bits)
}
