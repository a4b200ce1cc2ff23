package match

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// String matches packets that contain a pattern, IP header included
// (net/netfilter/xt_string.c, string_mt). The zero value is invalid: the kernel
// requires a pattern.
type String struct {
	Pattern []byte // 1 to 128 bytes
	Algo    string // "bm" or "kmp"; both give the same result
	// The pattern must lie between these offsets from the IP header, To not
	// included.
	From, To uint16
	IgnoreCase,
	Invert bool
}

const maxPattern = 128

var stringDefinition = netfilter.Definition{
	Name:     "string",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &String{To: math.MaxUint16} },
	Options: []netfilter.OptionDef{
		opt.Number("from", 0, math.MaxUint16, func(m *String) *uint16 { return &m.From }),
		opt.Number("to", 0, math.MaxUint16, func(m *String) *uint16 { return &m.To }),
		{Name: "algo", Args: 1, Required: true,
			Set: netfilter.Into(func(m *String, v *netfilter.Value) error { m.Algo = v.Arg(); return nil })},
		{Name: "string", Args: 1, Negatable: true, Excludes: []string{"hex-string"}, Set: netfilter.Into((*String).setString)},
		{Name: "hex-string", Args: 1, Negatable: true, Excludes: []string{"string"}, Set: netfilter.Into((*String).setHex)},
		opt.Flag("icase", func(m *String) *bool { return &m.IgnoreCase }),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "string", "hex-string")
	},
}

func (m *String) setString(v *netfilter.Value) error {
	m.Pattern, m.Invert = []byte(v.Arg()), v.Invert
	if len(m.Pattern) > maxPattern {
		return fmt.Errorf("%d bytes are too long: at most %d fit", len(m.Pattern), maxPattern)
	}
	return nil
}

// setHex reads text with blocks of hex digits between bars; outside of them a
// backslash escapes the next byte. The byte after a closing bar is always text
// (iptables extensions/libxt_string.c, parse_hex_string).
func (m *String) setHex(v *netfilter.Value) error {
	s := v.Arg()
	if s == "" {
		return errors.New("at least one byte is needed")
	}
	m.Invert = v.Invert
	inHex := false
	for i := 0; i < len(s); {
		literal := false
		switch {
		case s[i] == '\\' && inHex:
			return fmt.Errorf("%q: no backslash may stand in a hex block", s)
		case s[i] == '\\':
			literal = true
		case s[i] == '|':
			if inHex = !inHex; inHex {
				for i+1 < len(s) && s[i+1] == ' ' {
					i++
				}
			}
			if i+1 >= len(s) {
				return nil
			}
			i++
		}
		n, c, err := patternByte(s[i:], literal, inHex)
		if err != nil {
			return fmt.Errorf("%q: %w", s, err)
		}
		i += n
		if m.Pattern = append(m.Pattern, c); len(m.Pattern) > maxPattern {
			return fmt.Errorf("pattern too long: at most %d bytes fit", maxPattern)
		}
	}
	return nil
}

// patternByte decodes the first byte of s and returns the length of its
// encoding.
func patternByte(s string, literal, hex bool) (n int, c byte, err error) {
	switch {
	case literal && len(s) < 2:
		return 0, 0, errors.New("nothing follows the backslash")
	case literal:
		return 2, s[1], nil
	case !hex:
		return 1, s[0], nil
	case len(s) < 3:
		return 0, 0, errors.New("a hex block has pairs of digits and ends with a bar")
	}
	v, err := strconv.ParseUint(s[:2], 16, 8)
	if err != nil {
		return 0, 0, fmt.Errorf("bad hex digits %q", s[:2])
	}
	if s[2] == ' ' {
		return 3, byte(v), nil
	}
	return 2, byte(v), nil
}

// Definition returns the extension's definition.
func (m *String) Definition() *netfilter.Definition { return &stringDefinition }

// Name returns "string".
func (m *String) Name() string { return "string" }

// AppendOptions appends the options given: the pattern as text if it is
// printable and does not end with a backslash, else in hex.
func (m *String) AppendOptions(b []byte) []byte {
	if m.printable() {
		b = append(opt.AppendOption(b, "string", m.Invert), ` "`...)
		for _, c := range m.Pattern {
			if c == '"' || c == '\\' {
				b = append(b, '\\')
			}
			b = append(b, c)
		}
		b = append(b, '"')
	} else {
		b = fmt.Appendf(opt.AppendOption(b, "hex-string", m.Invert), ` "|%x|"`, m.Pattern)
	}
	b = append(append(b, " --algo "...), m.Algo...)
	if m.From != 0 {
		b = opt.AppendNumber(b, "from", m.From)
	}
	if m.To != math.MaxUint16 {
		b = opt.AppendNumber(b, "to", m.To)
	}
	if m.IgnoreCase {
		b = opt.AppendOption(b, "icase", false)
	}
	return b
}

func (m *String) printable() bool {
	for _, c := range m.Pattern {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return !bytes.HasSuffix(m.Pattern, []byte{'\\'})
}

// Check refuses an empty pattern, reversed offsets, and unknown algorithms
// (string_mt_check).
func (m *String) Check(netfilter.CheckContext) error {
	switch {
	case len(m.Pattern) == 0:
		return errors.New("the pattern is empty")
	case len(m.Pattern) > maxPattern:
		return fmt.Errorf("a pattern has at most %d bytes", maxPattern)
	case m.From > m.To:
		return fmt.Errorf("--from %d is behind --to %d", m.From, m.To)
	case m.Algo != "bm" && m.Algo != "kmp":
		return fmt.Errorf("unknown algorithm %q: need bm or kmp", m.Algo)
	}
	return nil
}

// Cost implements netfilter.Coster.
func (m *String) Cost(c *netfilter.Context) int { return c.Packet.Len() / 64 }

// Match looks for the pattern.
func (m *String) Match(c *netfilter.Context) bool {
	w := c.Packet.Wire()
	from, to := min(int(m.From), len(w)), min(int(m.To), len(w))
	text := w[from:max(from, to)]
	if m.IgnoreCase {
		return containsFold(text, m.Pattern) != m.Invert
	}
	return bytes.Contains(text, m.Pattern) != m.Invert
}

func containsFold(text, pattern []byte) bool {
	for i := 0; i+len(pattern) <= len(text); i++ {
		n := 0
		for n < len(pattern) && upper(text[i+n]) == upper(pattern[n]) {
			n++
		}
		if n == len(pattern) {
			return true
		}
	}
	return false
}

// upper is the kernel's toupper, which includes Latin-1 (lib/ctype.c).
func upper(c byte) byte {
	if 'a' <= c && c <= 'z' || c >= 0xdf && c != 0xf7 {
		return c - 0x20
	}
	return c
}
