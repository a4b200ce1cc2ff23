package opt

import (
	"fmt"
	"strings"
)

// users and groups are those that every Debian system has with fixed numbers
// (base-passwd). Others are not looked up.
var users = map[string]uint32{
	"root": 0, "daemon": 1, "bin": 2, "sys": 3, "sync": 4, "games": 5, "man": 6, "lp": 7, "mail": 8, "news": 9, "uucp": 10,
	"proxy": 13, "www-data": 33, "backup": 34, "list": 38, "irc": 39, "nobody": 65534,
}

var groups = map[string]uint32{
	"root": 0, "daemon": 1, "bin": 2, "sys": 3, "adm": 4, "tty": 5, "disk": 6, "lp": 7, "mail": 8, "news": 9, "uucp": 10,
	"man": 12, "proxy": 13, "kmem": 15, "dialout": 20, "fax": 21, "voice": 22, "cdrom": 24, "floppy": 25, "tape": 26,
	"sudo": 27, "audio": 29, "dip": 30, "www-data": 33, "backup": 34, "operator": 37, "list": 38, "irc": 39, "src": 40,
	"shadow": 42, "utmp": 43, "video": 44, "sasl": 45, "plugdev": 46, "staff": 50, "games": 60, "users": 100, "nogroup": 65534,
}

// UserID returns the number of a user that every system has.
func UserID(name string) (uint32, bool) { id, ok := users[name]; return id, ok }

// GroupID returns the number of a group that every system has.
func GroupID(name string) (uint32, bool) { id, ok := groups[name]; return id, ok }

// IsAccountName reports whether s may be the name of a user or a group: it
// begins with a letter or an underscore, followed by letters, digits,
// underscores, dots and dashes.
func IsAccountName(s string) bool {
	for i, c := range []byte(s) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '.' && c != '-') {
			return false
		}
	}
	return s != ""
}

// DashRange reads "low[-high]" or "low:high" of numbers up to max.
func DashRange(s string, max uint64) (lo, hi uint64, err error) {
	low, high, isRange := s, "", false
	if i := strings.IndexAny(s, "-:"); i > 0 {
		low, high, isRange = s[:i], s[i+1:], true
	}
	if lo, err = Uint(low, 0, max); err == nil {
		if hi = lo; isRange {
			hi, err = Uint(high, 0, max)
		}
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%w (names of users and groups are not looked up)", err)
	}
	return lo, hi, nil
}
