package opt

import (
	"fmt"
	"strconv"
	"strings"
)

// ICMPType is a condition on the type and code of an ICMP message.
type ICMPType struct{ Type, MinCode, MaxCode uint8 }

// ICMP reads a type name, which may be abbreviated if it is unambiguous, or
// "type[/code[:code]]" in numbers with base 0 (libxtables, xtables_parse_icmp).
// Without a code all codes match. names are words "name=type[/code]"; newer are
// those of releases after 1.8.9, which make none of names ambiguous.
func ICMP(names, newer []string, s string) (ICMPType, error) {
	for _, list := range [][]string{names, newer} {
		found, err := icmpName(list, s)
		if err != nil {
			return ICMPType{}, err
		}
		if _, number, ok := cutName(found); ok {
			t, _ := icmpNumber(number)
			return t, nil
		}
	}
	t, ok := icmpNumber(s)
	if !ok {
		return ICMPType{}, unknownType(s, names, newer)
	}
	return t, nil
}

// cutName splits a word "name=type[/code]".
func cutName(word string) (name, number string, ok bool) { return strings.Cut(word, "=") }

// icmpName returns the only word whose name begins with s; "" if there is none.
func icmpName(names []string, s string) (found string, err error) {
	for _, name := range names {
		switch {
		case !hasPrefix(name[:strings.IndexByte(name, '=')], s):
		case found != "":
			return "", fmt.Errorf("ambiguous type %q: may be %s or %s", s, found, name)
		default:
			found = name
		}
	}
	return found, nil
}

func icmpNumber(s string) (t ICMPType, ok bool) {
	typ, code, hasCode := strings.Cut(s, "/")
	lo, hi, isRange := strings.Cut(code, ":")
	switch {
	case !hasCode:
		lo, hi = "0", "255"
	case !isRange:
		hi = lo
	}
	words := [3]string{typ, lo, hi}
	for i, field := range []*uint8{&t.Type, &t.MinCode, &t.MaxCode} {
		n, err := Uint(words[i], 0, 255)
		if err != nil {
			return t, false
		}
		*field = uint8(n)
	}
	return t, true
}

// AppendICMP appends "type[/code]", without the upper end of a range of codes.
func AppendICMP(b []byte, t ICMPType) []byte {
	b = strconv.AppendUint(b, uint64(t.Type), 10)
	if t.MinCode != 0 || t.MaxCode != 255 {
		b = strconv.AppendUint(append(b, '/'), uint64(t.MinCode), 10)
	}
	return b
}
