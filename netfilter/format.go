package netfilter

import (
	"net/netip"
	"strconv"
)

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// AppendQuoted appends a word as iptables-save does: bare if it is made of
// letters, digits, "_" and "-" only, else in double quotes with quotes,
// backslashes and apostrophes escaped (libxtables, xtables_save_string).
func AppendQuoted(b []byte, s string) []byte {
	if s != "" && isPlain(s) {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' || s[i] == '\'' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c == '_' || c == '-' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return true
}

// AppendAddr appends an address as the C library prints it (inet_ntop): unlike
// netip it writes the last 32 bits of ::a.b.c.d in decimal wherever 96 zero
// bits precede them.
func AppendAddr(b []byte, a netip.Addr) []byte {
	if !a.Is6() || a.Is4In6() {
		return a.AppendTo(b)
	}
	w := a.As16()
	if [12]byte(w[:12]) != [12]byte{} || w[12] == 0 && w[13] == 0 {
		return a.AppendTo(b)
	}
	return netip.AddrFrom4([4]byte(w[12:])).AppendTo(append(b, "::"...))
}
