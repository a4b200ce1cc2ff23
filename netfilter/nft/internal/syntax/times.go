package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FormatTime writes a time as nft does: 1d2h3m4s5ms, without units that are zero.
func FormatTime(d time.Duration) string {
	ms := uint64(d.Milliseconds())
	var b strings.Builder
	for _, u := range []struct {
		name string
		ms   uint64
	}{{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}} {
		if ms >= u.ms {
			fmt.Fprintf(&b, "%d%s", ms/u.ms, u.name)
			ms %= u.ms
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}

// ParseTime parses such a time, or a number of seconds.
func ParseTime(s string) (time.Duration, bool) {
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return time.Duration(n) * time.Second, n <= 1<<32
	}
	units := []struct {
		name string
		d    time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}
	var total time.Duration
	next := 0
	for s != "" {
		i := 0
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		j := i
		for j < len(s) && (s[j] < '0' || s[j] > '9') {
			j++
		}
		n, err := strconv.ParseUint(s[:i], 10, 32)
		if err != nil {
			return 0, false
		}
		u := next
		for u < len(units) && units[u].name != s[i:j] {
			u++
		}
		if u == len(units) {
			return 0, false
		}
		total += time.Duration(n) * units[u].d
		next, s = u+1, s[j:]
	}
	return total, next > 0
}

func printMillis(p *Printer, n Num) (string, bool) {
	d := time.Duration(n.Lo) * time.Millisecond
	if p.NumericTime {
		return strconv.FormatInt(int64(d/time.Second), 10) + "s", true
	}
	if d == 0 && p.Release < Release117 {
		return "", true
	}
	return FormatTime(d), true
}

func parseMillis(s string) (Num, bool) {
	if n, ok := ParseNum(s); ok {
		return N(n.Lo * 1000), n.Bits() < 40
	}
	d, ok := ParseTime(s)
	return N(uint64(d.Milliseconds())), ok
}

// Points in time are shown in the time zone of the listing.
func printDate(p *Printer, n Num) (string, bool) {
	if p.NumericTime {
		return "", false
	}
	return time.Unix(int64(n.Lo/1e9), 0).In(p.zone()).Format(`"2006-01-02 15:04:05"`), true
}

func parseDate(s string) (Num, bool) {
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		// Text after the time is ignored (strptime).
		if len(s) < len(layout) {
			continue
		}
		if t, err := time.ParseInLocation(layout, s[:len(layout)], time.UTC); err == nil && t.Unix() >= 0 {
			return N(uint64(t.Unix()) * 1e9), true
		}
	}
	if n, ok := ParseNum(s); ok {
		return N(n.Lo * 1e9), true
	}
	return Num{}, false
}

const secondsOfDay = 24 * 60 * 60

func printHour(p *Printer, n Num) (string, bool) {
	if p.NumericTime {
		return "", false
	}
	_, offset := time.Unix(0, 0).In(p.zone()).Zone()
	s := (int64(n.Lo) + int64(offset) + secondsOfDay) % secondsOfDay
	if s%60 != 0 {
		return fmt.Sprintf(`"%02d:%02d:%02d"`, s/3600, s/60%60, s%60), true
	}
	return fmt.Sprintf(`"%02d:%02d"`, s/3600, s/60%60), true
}

func parseHour(s string) (Num, bool) {
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return N(uint64(t.Hour()*3600 + t.Minute()*60 + t.Second())), true
		}
	}
	n, ok := ParseNum(s)
	return n, ok && n.Cmp(N(secondsOfDay)) <= 0
}

func printDay(p *Printer, n Num) (string, bool) {
	if name, ok := days.Text(n.Lo); ok && !p.NumericTime {
		return strconv.Quote(name), true
	}
	return "", false
}
