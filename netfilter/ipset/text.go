package ipset

import (
	"fmt"
	"strings"
)

// cutAt cuts s at the first separator, unless s begins or ends with one (ipset
// lib/parse.c, ipset_strchr).
func cutAt(s, sep string) (before, after string, found bool) {
	if strings.HasPrefix(s, sep) || strings.HasSuffix(s, sep) {
		return s, "", false
	}
	return strings.Cut(s, sep)
}

// cutRange cuts "from-to" at the dash; names containing a dash must be enclosed
// in brackets (find_range_separator).
func cutRange(s string) (from, to string, found bool) {
	if !strings.HasPrefix(s, "[") {
		return cutAt(s, "-")
	}
	end := strings.IndexByte(s, ']')
	if end < 0 || end+1 == len(s) || s[end+1] != '-' {
		return s, "", false
	}
	return s[:end+1], s[end+2:], true
}

// unbracket removes enclosing brackets.
func unbracket(s string) (string, error) {
	inner, found := strings.CutPrefix(s, "[")
	if !found {
		return s, nil
	}
	inner, found = strings.CutSuffix(inner, "]")
	if !found {
		return "", fmt.Errorf("bracket of %q is not closed", s)
	}
	return inner, nil
}
