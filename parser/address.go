package parser

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// addresses reads the value of -s or -d, a list separated by commas
// (libxtables, xtables_ipparse_multiple). Without the option it is the one
// address mask that covers everything.
func (l *line) addresses(w word, out []netfilter.AddrMask) ([]netfilter.AddrMask, *Error) {
	if w == (word{}) {
		return append(out, netfilter.AddrMask{}), nil
	}
	list, off := w.text, 0
	for {
		one, rest, more := strings.Cut(list, ",")
		trimmed := strings.TrimLeft(one, spaces)
		var err error
		if out, err = l.address(trimmed, out); err != nil {
			e := &Error{at: within(w, off+len(one)-len(trimmed), len(trimmed)), Word: trimmed, Err: err}
			if errors.As(err, new(*familyError)) {
				e.Hint = otherFamilyHint(l.family)
			}
			return nil, e
		}
		if !more {
			return out, nil
		}
		off += len(one) + 1
		list = rest
	}
}

// within returns the n bytes of a word from offset off. In a quoted word their
// position is not known, and it returns the whole word.
func within(w word, off, n int) word {
	if w.end-w.start != len(w.text) {
		return w
	}
	return word{text: w.text[off : off+n], start: w.start + off, end: w.start + off + n}
}

// address appends what "host[/mask]" stands for, which for a name may be
// several addresses.
func (l *line) address(s string, out []netfilter.AddrMask) ([]netfilter.AddrMask, error) {
	if len(s) > 255 {
		return nil, errors.New("an address has at most 255 bytes")
	}
	host, mask := s, fullMask(l.family)
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		var ok bool
		if mask, ok = parseMask(s[i+1:], l.family); !ok {
			if a, err := netip.ParseAddr(s[:i]); err == nil && packet.FamilyOf(a) != l.family {
				return nil, l.noSuchHost(s[:i])
			}
			return nil, fmt.Errorf("bad mask %q: need a length of 0-%d or a mask in the form of an address", s[i+1:], l.family.Bits())
		}
		host = s[:i]
	}
	if mask.IsUnspecified() {
		return append(out, netfilter.AddrMask{Addr: mask, Mask: mask}), nil
	}
	if a, ok := parseHost(host, l.family); ok {
		return append(out, netfilter.AddrMask{Addr: netfilter.Masked(a, mask), Mask: mask}), nil
	}
	found := l.lookup(host)
	if len(found) == 0 {
		return nil, l.noSuchHost(host)
	}
	for _, a := range found {
		out = append(out, netfilter.AddrMask{Addr: netfilter.Masked(a, mask), Mask: mask})
	}
	return out, nil
}

// fullMask returns the mask of a single address.
func fullMask(f netfilter.Family) netip.Addr {
	if f == netfilter.IPv6 {
		return netip.AddrFrom16([16]byte(slices.Repeat([]byte{0xff}, 16)))
	}
	return netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// parseMask reads a mask, as an address or as a length.
func parseMask(s string, f netfilter.Family) (netip.Addr, bool) {
	if f == netfilter.IPv4 {
		if a, ok := dotted(s, true); ok {
			return a, true
		}
	} else if a, err := netip.ParseAddr(s); err == nil && !a.Is4() && a.Zone() == "" {
		return a, true
	}
	n, ok := number(s, 0, uint64(f.Bits()))
	if !ok {
		return netip.Addr{}, false
	}
	full := fullMask(f)
	return netfilter.PrefixMask(netip.PrefixFrom(full, int(n))).Mask, true
}

// parseHost reads an address in numbers. IPv4 addresses are parsed in two ways,
// first as iptables itself does, which fills missing parts with zeros, then as
// the C library does, whose last number fills all remaining bytes. The scope of
// an IPv6 address is dropped.
func parseHost(s string, f netfilter.Family) (netip.Addr, bool) {
	if f == netfilter.IPv4 {
		if a, ok := dotted(s, false); ok {
			return a, true
		}
		return inetAton(s)
	}
	return packet.ParseScoped(s)
}

// dotted reads up to four numbers with base 0, all four if strict (libxtables,
// __numeric_to_ipaddr, which looks at 19 bytes).
func dotted(s string, strict bool) (netip.Addr, bool) {
	s = s[:min(len(s), 19)]
	var b [4]byte
	for i := range b {
		part, rest, more := strings.Cut(s, ".")
		if i == 3 {
			part, more = s, false
		}
		n, ok := number(part, 0, 255)
		if !ok || strict && !more && i < 3 {
			return netip.Addr{}, false
		}
		b[i] = byte(n)
		if !more {
			break
		}
		s = rest
	}
	return netip.AddrFrom4(b), true
}

// inetAton reads what inet_aton of the C library reads.
func inetAton(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var v uint64
	for i, p := range parts {
		last := i == len(parts)-1
		room := uint64(255)
		if last {
			room = 1<<(8*(4-i)) - 1
		}
		n, ok := number(p, 0, room)
		if !ok || p[0] < '0' || p[0] > '9' {
			return netip.Addr{}, false
		}
		if !last {
			n <<= 24 - 8*i
		}
		v |= n
	}
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(v)))), true
}

// lookup returns the family's addresses of a name.
func (l *line) lookup(name string) []netip.Addr {
	addrs, ok := l.hosts[name]
	if !ok && name == "localhost" {
		addrs = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	}
	var out []netip.Addr
	for _, a := range addrs {
		if a.IsValid() && packet.FamilyOf(a) == l.family {
			out = append(out, a.WithZone(""))
		}
	}
	return out
}

// noSuchHost returns the error for a word that is not an address or a known
// name.
func (l *line) noSuchHost(name string) error {
	if a, err := netip.ParseAddr(name); err == nil {
		return &familyError{fmt.Sprintf("%s is no %s address", a, l.family)}
	}
	if why := notHost(name); why != "" {
		return fmt.Errorf("bad address %q: %s", name, why)
	}
	return fmt.Errorf("host name %q is not looked up: give its address, or tell it with the option Hosts", name)
}

// notHost returns the reason why a word is neither an address nor a host name;
// "" if it may be a name.
func notHost(s string) string {
	low, high, isRange := strings.Cut(s, "-")
	_, errLow := netip.ParseAddr(low)
	_, errHigh := netip.ParseAddr(high)
	switch {
	case s == "":
		return "there is none"
	case strings.ContainsAny(s, "$`"):
		return "this is a variable of the shell that was not replaced"
	case strings.ContainsRune(s, '*'):
		return "an address has no wildcard, a network looks like 192.168.1.0/24"
	case isRange && errLow == nil && (errHigh == nil || !strings.Contains(high, ".")):
		return "a range needs -m iprange with --src-range or --dst-range"
	case s[0] == '-':
		return "this looks like an option: a value is missing before it, or stands in the same word"
	case strings.EqualFold(s, "any") || strings.EqualFold(s, "anywhere") || strings.EqualFold(s, "all"):
		return "leave the option out, which means any address"
	case strings.Trim(s, "0123456789.") == "":
		return badNumbers(s)
	case strings.Count(s, ":") == 1:
		return "a port needs an option of its own, such as --dport"
	}
	return ""
}

// badNumbers describes the error in a word of numbers and dots.
func badNumbers(s string) string {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		switch n, ok := number(p, 0, math.MaxUint64); {
		case p == "":
			return "a number is missing beside a dot"
		case !ok:
			return fmt.Sprintf("%s is no number: one that begins with 0 is octal", p)
		case n > 255:
			return fmt.Sprintf("%s is more than 255", p)
		}
	}
	return fmt.Sprintf("it has %d numbers, an address has 4", len(parts))
}
