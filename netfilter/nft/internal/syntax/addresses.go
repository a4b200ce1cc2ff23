package syntax

import (
	"net/netip"
	"strconv"
	"strings"
)

func printIPv4(_ *Printer, n Num) (string, bool) {
	var room [16]byte
	b := room[:0]
	for i := 3; i >= 0; i-- {
		b = strconv.AppendUint(b, n.Lo>>(8*i)&0xff, 10)
		if i > 0 {
			b = append(b, '.')
		}
	}
	return string(b), true
}

// parseIPv4 parses four numbers as inet_aton does: a number with a leading zero is
// octal.
func parseIPv4(s string) (Num, bool) {
	if s == "localhost" {
		return N(127<<24 | 1), true
	}
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return Num{}, false
	}
	var a Num
	for _, p := range parts {
		n, ok := ParseNum(p)
		if !ok || n.Cmp(N(255)) > 0 {
			return Num{}, false
		}
		a = a.Shl(8).Or(n)
	}
	return a, true
}

// printIPv6 writes an address as inet_ntop does: one whose first 96 bits are
// zero ends in an IPv4 address.
func printIPv6(_ *Printer, n Num) (string, bool) {
	var b [16]byte
	copy(b[:], n.Append(nil, 16))
	a := netip.AddrFrom16(b)
	if n.Hi == 0 && n.Lo>>32 == 0 && n.Lo>>16 != 0 {
		v4, _ := printIPv4(nil, n)
		return "::" + v4, true
	}
	return a.String(), true
}

func parseIPv6(s string) (Num, bool) {
	if s == "localhost" {
		return N(1), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is6() || a.Zone() != "" {
		return Num{}, false
	}
	b := a.As16()
	return FromBytes(string(b[:]), Big), true
}

func printMAC(_ *Printer, n Num) (string, bool) {
	h := n.Hex(12)
	var b strings.Builder
	for i := 0; i < len(h); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(h[i : i+2])
	}
	return b.String(), true
}

func parseMAC(s string) (Num, bool) {
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 16 {
		return Num{}, false
	}
	var a Num
	for _, p := range parts {
		v, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) > 2 {
			return Num{}, false
		}
		a = a.Shl(8).Or(N(v))
	}
	return a, true
}
