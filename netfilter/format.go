package netfilter

import "strconv"

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
