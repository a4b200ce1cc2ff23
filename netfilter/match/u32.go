package match

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// U32 matches 32-bit words of the packet, counted from its IP header
// (net/netfilter/xt_u32.c, u32_mt). Every test must hold. The zero value
// matches every packet.
type U32 struct {
	Tests  []U32Test // at most 10
	Invert bool
}

// U32Test compares a word with ranges: it holds if the word is in one of them.
type U32Test struct {
	Start  uint32    // offset of the word read first, bytes
	Steps  []U32Step // at most 9
	Ranges []U32Range
}

// U32Step modifies the word, or loads another one.
type U32Step struct {
	Op     U32Op
	Number uint32
}

// U32Range is the range of words from Min to Max, both included.
type U32Range struct{ Min, Max uint32 }

// U32Op is the operation of a step. The zero value is U32And.
type U32Op uint8

// The operations. U32At adds the word to the base of offsets, and loads the
// word at offset Number from the new base.
const (
	U32And U32Op = iota
	U32Left
	U32Right
	U32At
)

var u32Ops = [...]string{U32And: "&", U32Left: "<<", U32Right: ">>", U32At: "@"}

// maxU32 is the maximum number of tests, of numbers in a location, and of
// ranges (XT_U32_MAXSIZE).
const maxU32 = 10

var u32Definition = netfilter.Definition{
	Name:     "u32",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &U32{} },
	Options: []netfilter.OptionDef{
		{Name: "u32", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*U32).setTests)},
	},
}

// setTests reads "location = ranges [&& location = ranges]...", blanks
// anywhere between (iptables extensions/libxt_u32.c, u32_parse).
func (m *U32) setTests(v *netfilter.Value) error {
	m.Invert = v.Invert
	s := u32Scanner{text: v.Arg()}
	for {
		var t U32Test
		if err := s.location(&t); err != nil {
			return err
		}
		more, err := s.ranges(&t)
		if err != nil {
			return err
		}
		m.Tests = append(m.Tests, t)
		switch {
		case !more:
			return nil
		case len(m.Tests) == maxU32:
			return s.fail("at most %d tests fit", maxU32)
		}
	}
}

// u32Scanner reads the text of --u32.
type u32Scanner struct {
	text string
	at   int
}

func (s *u32Scanner) fail(format string, args ...any) error {
	return fmt.Errorf("at character %d: %w", s.at, fmt.Errorf(format, args...))
}

// rest skips blanks and returns what follows.
func (s *u32Scanner) rest() string {
	s.at = len(s.text) - len(opt.TrimBlanks(s.text[s.at:]))
	return s.text[s.at:]
}

// take skips blanks and then word, if it is there.
func (s *u32Scanner) take(word string) bool {
	if !strings.HasPrefix(s.rest(), word) {
		return false
	}
	s.at += len(word)
	return true
}

func (s *u32Scanner) number() (uint32, error) {
	n, rest, ok := opt.UintPrefix(s.text[s.at:])
	if !ok || n > math.MaxUint32 {
		return 0, s.fail("need a number of 32 bits")
	}
	s.at = len(s.text) - len(rest)
	return uint32(n), nil
}

// location reads "start [op number]... =".
func (s *u32Scanner) location(t *U32Test) (err error) {
	switch rest := s.rest(); {
	case rest == "":
		return errors.New("a test needs a location")
	case rest[0] == '=':
		return s.fail("a location is missing")
	}
	if t.Start, err = s.number(); err != nil {
		return err
	}
	for !s.take("=") {
		op := -1
		for i, word := range u32Ops {
			if s.take(word) {
				op = i
				break
			}
		}
		if op < 0 {
			return s.fail("need one of & << >> @ or =")
		}
		n, err := s.number()
		if err != nil {
			return err
		}
		if t.Steps = append(t.Steps, U32Step{U32Op(op), n}); len(t.Steps) == maxU32 {
			return s.fail("at most %d numbers fit a location", maxU32)
		}
	}
	return nil
}

// ranges reads "min[:max][,min[:max]]..." up to the end or past "&&".
func (s *u32Scanner) ranges(t *U32Test) (more bool, err error) {
	for {
		rest := s.rest()
		switch {
		case rest == "" && len(t.Ranges) == 0:
			return false, errors.New("a test needs a value")
		case rest == "":
			return false, nil
		case rest[0] == '&' && len(t.Ranges) > 0:
			if s.take("&&") {
				return true, nil
			}
			return false, s.fail("need a second &")
		case len(t.Ranges) > 0 && !s.take(","):
			return false, s.fail("need a comma or &&")
		case len(t.Ranges) == maxU32:
			return false, s.fail("at most %d ranges fit", maxU32)
		}
		var r U32Range
		if r.Min, err = s.number(); err != nil {
			return false, err
		}
		r.Max = r.Min
		if s.take(":") {
			if r.Max, err = s.number(); err != nil {
				return false, err
			}
		}
		t.Ranges = append(t.Ranges, r)
	}
}

// Definition returns the extension's definition.
func (m *U32) Definition() *netfilter.Definition { return &u32Definition }

// Name returns "u32".
func (m *U32) Name() string { return "u32" }

// AppendOptions appends "[!] --u32 "tests"" with all numbers in hex.
func (m *U32) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "u32", m.Invert), ` "`...)
	for i := range m.Tests {
		if i > 0 {
			b = append(b, "&&"...)
		}
		b = m.Tests[i].append(b)
	}
	return append(b, '"')
}

func (t *U32Test) append(b []byte) []byte {
	b = opt.AppendHex(b, t.Start)
	for _, s := range t.Steps {
		b = opt.AppendHex(append(b, opt.NameAt(u32Ops[:], s.Op)...), s.Number)
	}
	b = append(b, '=')
	for i, r := range t.Ranges {
		if i > 0 {
			b = append(b, ',')
		}
		b = opt.AppendHex(b, r.Min)
		if r.Min != r.Max {
			b = opt.AppendHex(append(b, ':'), r.Max)
		}
	}
	return b
}

// Check refuses undefined operations and, like recent kernels, shifts of 32 and
// more (u32_mt_checkentry).
func (m *U32) Check(netfilter.CheckContext) error {
	for _, t := range m.Tests {
		for _, s := range t.Steps {
			if err := opt.Named("operation", s.Op, u32Ops[:]); err != nil {
				return err
			}
			if (s.Op == U32Left || s.Op == U32Right) && s.Number > 31 {
				return fmt.Errorf("a word of 32 bits cannot be shifted by %d", s.Number)
			}
		}
	}
	return nil
}

// Match runs the tests. A load beyond the end of the packet makes all of them
// false, so that the inverted match holds.
func (m *U32) Match(c *netfilter.Context) bool {
	for i := range m.Tests {
		if !m.Tests[i].holds(c) {
			return m.Invert
		}
	}
	return !m.Invert
}

func (t *U32Test) holds(c *netfilter.Context) bool {
	base := uint64(0)
	word, ok := word32(c, uint64(t.Start))
	for i := 0; ok && i < len(t.Steps); i++ {
		switch n := t.Steps[i].Number; t.Steps[i].Op {
		case U32And:
			word &= n
		case U32Left:
			word <<= n
		case U32Right:
			word >>= n
		case U32At:
			base += uint64(word)
			word, ok = word32(c, base+uint64(n))
		}
	}
	if !ok {
		return false
	}
	for _, r := range t.Ranges {
		if r.Min <= word && word <= r.Max {
			return true
		}
	}
	return false
}

// word32 reads four bytes; false if the packet ends before.
func word32(c *netfilter.Context, at uint64) (uint32, bool) {
	if at > math.MaxUint16 {
		return 0, false
	}
	b, ok := c.Bytes(int(at), 4)
	if !ok {
		return 0, false
	}
	return be32(b), true
}
