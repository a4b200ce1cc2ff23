package opt

import (
	"fmt"
	"strconv"
	"strings"
)

// rateUnits are the units of rates: their names for parsing, which may be
// abbreviated, and for printing, the longest unit first.
var rateUnits = [...]struct {
	long, short string
	seconds     uint64
}{{"day", "day", 86400}, {"hour", "hour", 3600}, {"minute", "min", 60}, {"second", "sec", 1}}

// RateUnit returns the seconds of the unit in "number/unit", 1 without one.
func RateUnit(s string) (uint64, error) {
	_, unit, found := strings.Cut(s, "/")
	if !found {
		return 1, nil
	}
	for _, u := range rateUnits {
		if unit != "" && hasPrefix(u.long, unit) {
			return u.seconds, nil
		}
	}
	return 0, fmt.Errorf("bad rate %q: need number/second, minute, hour or day", s)
}

// AppendRate appends a rate, "number/unit", given by the time between two
// packets in units of 1/scale second. It chooses the unit as iptables does, and
// returns its seconds (iptables extensions/libxt_limit.c, libxt_hashlimit.c,
// print_rate).
func AppendRate(b []byte, period, scale uint64) ([]byte, uint64) {
	if period == 0 {
		return append(b, "inf"...), 0
	}
	i := 0
	for i+1 < len(rateUnits) {
		whole := rateUnits[i+1].seconds * scale
		if period > whole || whole/period < whole%period {
			break
		}
		i++
	}
	u := rateUnits[i]
	b = strconv.AppendUint(b, u.seconds*scale/period, 10)
	return append(append(b, '/'), u.short...), u.seconds
}

// byteUnits are the units of bytes, the largest first.
var byteUnits = [...]struct {
	letter string
	bytes  uint64
}{{"m", 1 << 20}, {"k", 1 << 10}, {"", 1}}

// ByteFactor returns the bytes of the unit that s begins with: k, m, or anything
// else for one byte.
func ByteFactor(s string) uint64 {
	for _, u := range byteUnits {
		if strings.HasPrefix(s, u.letter) {
			return u.bytes
		}
	}
	return 1
}

// AppendBytes appends a number of bytes in the largest unit that is not larger
// than it and that suits accepts (libxt_hashlimit.c, print_bytes).
func AppendBytes(b []byte, n uint64, suits func(unit uint64) bool) []byte {
	for _, u := range byteUnits {
		if u.bytes == 1 || n >= u.bytes && suits(u.bytes) {
			return append(append(strconv.AppendUint(b, n/u.bytes, 10), u.letter...), 'b')
		}
	}
	return b
}
