package match

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Time matches the time at which the packet is processed
// (net/netfilter/xt_time.c, time_mt). All times are in UTC, or with KernelZone
// in the zone of the session's clock. The zero value matches only the first
// second of 1970.
type Time struct {
	DateStart, DateStop uint32 // seconds since 1970, both included
	// DayStart and DayStop are seconds since midnight, both included. If DayStart
	// is not less than DayStop the range includes midnight.
	DayStart, DayStop uint32
	WeekDays          uint8  // bit n is day n of the week, Monday being 1
	MonthDays         uint32 // bit n is day n of the month
	// Contiguous treats the hours after midnight as part of the previous day.
	Contiguous bool
	KernelZone bool
}

// Values of the fields that are no condition.
const (
	allWeekDays  = 0xfe
	allMonthDays = 0xfffffffe
	lastDate     = math.MaxInt32
	secondsADay  = 24 * 60 * 60
)

// weekDays are the days by number; the first two letters are unique.
var weekDays = [...]string{1: "Mon", 2: "Tue", 3: "Wed", 4: "Thu", 5: "Fri", 6: "Sat", 7: "Sun"}

var timeDefinition = netfilter.Definition{
	Name:     "time",
	Families: netfilter.BothFamilies,
	New: func() netfilter.Extension {
		return &Time{DateStop: lastDate, DayStop: secondsADay - 1, WeekDays: allWeekDays, MonthDays: allMonthDays}
	},
	Options: []netfilter.OptionDef{
		timeOption("datestart", dateSeconds, func(m *Time) *uint32 { return &m.DateStart }),
		timeOption("datestop", dateSeconds, func(m *Time) *uint32 { return &m.DateStop }),
		timeOption("timestart", daySeconds, func(m *Time) *uint32 { return &m.DayStart }),
		timeOption("timestop", daySeconds, func(m *Time) *uint32 { return &m.DayStop }),
		opt.Flag("contiguous", func(m *Time) *bool { return &m.Contiguous }),
		{Name: "weekdays", Args: 1, Negatable: true, Set: netfilter.Into((*Time).setWeekDays)},
		{Name: "monthdays", Args: 1, Negatable: true, Set: netfilter.Into((*Time).setMonthDays)},
		opt.Without(opt.Flag("localtz", func(m *Time) *bool { return &m.KernelZone }), "utc"),
		opt.Without(opt.Flag("utc", func(*Time) *bool { return new(bool) }), "localtz", "kerneltz"),
		opt.Without(opt.Flag("kerneltz", func(m *Time) *bool { return &m.KernelZone }), "utc"),
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		if m := e.(*Time); m.Contiguous && m.DayStart < m.DayStop {
			return errors.New("--contiguous needs a --timestart behind --timestop")
		}
		return nil
	},
}

func timeOption(name string, read func(string) (uint32, error), field func(*Time) *uint32) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(m *Time, v *netfilter.Value) (err error) {
		*field(m), err = read(v.Arg())
		return err
	})}
}

// timePart is a number of a date or a time, with the characters that may follow.
type timePart struct {
	max   uint32
	until byte // separator before the next part
}

// timeParts reads numbers as strtoul does; an empty number is 0. It returns how
// many there are, 0 if the text is malformed.
func timeParts(s string, parts []timePart, into []uint32) int {
	for i, p := range parts {
		v, rest, _ := opt.ScanDecimal(s)
		if v > p.max {
			return 0
		}
		into[i] = v
		switch {
		case rest == "":
			return i + 1
		case rest[0] != p.until:
			return 0
		}
		s = rest[1:]
	}
	return 0
}

// daySeconds reads "hh:mm[:ss]" (iptables extensions/libxt_time.c,
// time_parse_minutes).
func daySeconds(s string) (uint32, error) {
	var n [3]uint32
	if timeParts(s, []timePart{{23, ':'}, {59, ':'}, {59, 0}}, n[:]) < 2 {
		return 0, fmt.Errorf("bad time %q: need hh:mm[:ss]", s)
	}
	return n[0]*3600 + n[1]*60 + n[2], nil
}

// dateSeconds reads "YYYY[-MM[-DD[Thh[:mm[:ss]]]]]" in UTC; a month or day of 0
// is the one preceding the first (time_parse_date).
func dateSeconds(s string) (uint32, error) {
	n := [6]uint32{1: 1, 2: 1}
	const lastYear = 2038
	parts := []timePart{{lastYear, '-'}, {12, '-'}, {31, 'T'}, {23, ':'}, {59, ':'}, {59, 0}}
	if timeParts(s, parts, n[:]) == 0 || n[0] < 1970 {
		return 0, fmt.Errorf("bad date %q: need YYYY[-MM[-DD[Thh[:mm[:ss]]]]] from 1970 to %d", s, lastYear)
	}
	t := time.Date(int(n[0]), time.Month(n[1]), int(n[2]), int(n[3]), int(n[4]), int(n[5]), 0, time.UTC).Unix()
	if t < 0 {
		return 0, fmt.Errorf("date %q is ahead of 1970", s)
	}
	return uint32(t), nil
}

// setWeekDays reads names, of which the first two letters are significant, and
// numbers of up to three digits; numbers above 7 are not stored
// (time_parse_weekdays).
func (m *Time) setWeekDays(v *netfilter.Value) error {
	var set uint32
	for word := range timeWords(v.Arg(), 3) {
		n, rest, _ := opt.SignedPrefix(word)
		if rest != "" {
			n = 0
			for i, name := range weekDays {
				if i > 0 && len(word) > 1 && word[:2] == name[:2] {
					n = uint64(i)
				}
			}
		}
		if n == 0 {
			return fmt.Errorf("bad day %q: need Mon, Tue, Wed, Thu, Fri, Sat, Sun or 1-7", word)
		}
		set |= 1 << (n & 31)
	}
	m.WeekDays = uint8(set) & allWeekDays
	if v.Invert {
		m.WeekDays ^= allWeekDays
	}
	return nil
}

// setMonthDays reads numbers of up to two digits (time_parse_monthdays).
func (m *Time) setMonthDays(v *netfilter.Value) error {
	m.MonthDays = 0
	for word := range timeWords(v.Arg(), 2) {
		n, rest, _ := opt.SignedPrefix(word)
		if rest != "" || n > 31 {
			return fmt.Errorf("bad day %q: need 1-31", word)
		}
		m.MonthDays |= 1 << n
	}
	m.MonthDays &= allMonthDays
	if v.Invert {
		m.MonthDays ^= allMonthDays
	}
	return nil
}

// timeWords yields the words of a list, each truncated to max bytes; a trailing
// comma does not begin another word.
func timeWords(s string, max int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for s != "" {
			var word string
			word, s, _ = strings.Cut(s, ",")
			if !yield(word[:min(len(word), max)]) {
				return
			}
		}
	}
}

// Definition returns the extension's definition.
func (m *Time) Definition() *netfilter.Definition { return &timeDefinition }

// Name returns "time".
func (m *Time) Name() string { return "time" }

// AppendOptions appends the conditions; the last date always, as iptables does.
func (m *Time) AppendOptions(b []byte) []byte {
	if m.DayStart != 0 || m.DayStop != secondsADay-1 {
		b = appendDayTime(append(b, " --timestart "...), m.DayStart)
		b = appendDayTime(append(b, " --timestop "...), m.DayStop)
	}
	if m.MonthDays != allMonthDays {
		b = appendDays(append(b, " --monthdays "...), m.MonthDays, func(b []byte, n int) []byte {
			return strconv.AppendInt(b, int64(n), 10)
		})
	}
	if m.WeekDays != allWeekDays {
		b = appendDays(append(b, " --weekdays "...), uint32(m.WeekDays), func(b []byte, n int) []byte {
			return append(b, weekDays[n]...)
		})
	}
	b = appendDate(b, " --datestart ", m.DateStart)
	b = appendDate(b, " --datestop ", m.DateStop)
	b = opt.AppendFlag(b, "kerneltz", m.KernelZone)
	return opt.AppendFlag(b, "contiguous", m.Contiguous)
}

func appendDayTime(b []byte, s uint32) []byte {
	return fmt.Appendf(b, "%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// appendDays appends the days in a set. For the empty set it appends an empty
// word, which can be parsed again, unlike the output of iptables.
func appendDays(b []byte, set uint32, day func([]byte, int) []byte) []byte {
	start := len(b)
	for n := 1; n < 32; n++ {
		if set>>n&1 == 0 {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = day(b, n)
	}
	if len(b) == start {
		b = append(b, `""`...)
	}
	return b
}

// appendDate omits the first second of 1970.
func appendDate(b []byte, option string, s uint32) []byte {
	if s == 0 {
		return b
	}
	return time.Unix(int64(s), 0).UTC().AppendFormat(append(b, option...), "2006-01-02T15:04:05")
}

// Match compares the session's clock with the conditions.
func (m *Time) Match(c *netfilter.Context) bool {
	now := c.Engine.Now()
	stamp := now.Unix()
	if m.KernelZone {
		_, offset := now.Zone()
		stamp += int64(offset)
	}
	if stamp < int64(m.DateStart) || stamp > int64(m.DateStop) {
		return false
	}
	day := uint32(stamp % secondsADay)
	if m.DayStart < m.DayStop {
		if day < m.DayStart || day > m.DayStop {
			return false
		}
	} else {
		if day < m.DayStart && day > m.DayStop {
			return false
		}
		if m.Contiguous && day <= m.DayStop {
			stamp -= secondsADay
		}
	}
	t := time.Unix(stamp, 0).UTC()
	weekday := (int(t.Weekday())+6)%7 + 1
	return m.WeekDays>>weekday&1 != 0 && m.MonthDays>>t.Day()&1 != 0
}

// Observe returns the clock in UTC.
func (m *Time) Observe(c *netfilter.Context) string {
	return c.Engine.Now().UTC().Format("Mon 2006-01-02T15:04:05")
}
