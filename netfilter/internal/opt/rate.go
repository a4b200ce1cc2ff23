package opt

import (
	"fmt"
	"strconv"
	"strings"
)

// rateUnits are the units of rates: their names on reading, of which the
// beginning will do, and on printing, the longest in front.
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

// AppendRate appends a rate, "number/unit", of which the time between two
// packets is known, in parts of a second of which a second has scale. It chooses
// the unit as iptables does, and returns its seconds (iptables
// extensions/libxt_limit.c, libxt_hashlimit.c, print_rate).
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
