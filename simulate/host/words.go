package host

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// The readers below take values in the words of iproute2, which it prints as it
// reads them.

// tableNumbers are the names of /etc/iproute2/rt_tables that every system has.
var tableNumbers = map[string]uint32{"default": 253, "main": 254, "local": 255}

// dsfieldNumbers are the names of /etc/iproute2/rt_dsfield.
var dsfieldNumbers = map[string]uint8{"default": 0, "AF11": 0x28, "AF12": 0x30, "AF13": 0x38, "AF21": 0x48, "AF22": 0x50, "AF23": 0x58,
	"AF31": 0x68, "AF32": 0x70, "AF33": 0x78, "AF41": 0x88, "AF42": 0x90, "AF43": 0x98, "CS1": 0x20, "CS2": 0x40, "CS3": 0x60,
	"CS4": 0x80, "CS5": 0xa0, "CS6": 0xc0, "CS7": 0xe0, "EF": 0xb8}

func parseUint32(s string) (uint32, error) {
	n, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number from 0 to 4294967295", s)
	}
	return uint32(n), nil
}

func parseTable(s string) (uint32, error) {
	if n, ok := tableNumbers[s]; ok {
		return n, nil
	}
	n, err := strconv.ParseUint(s, 0, 32)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is neither a number nor main, local or default: only that host's rt_tables knows the number, "+
			"which \"ip -N\" prints", s)
	case n == 0:
		return 0, fmt.Errorf("there is no table 0")
	}
	return uint32(n), nil
}

// parseGroup reads a device group.
func parseGroup(s string) (uint32, error) {
	if s == "default" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		return 0, fmt.Errorf("group %q is not a number: only that host's table of groups knows it, \"ip -N\" prints the number", s)
	}
	return uint32(n), nil
}

func parseDSField(s string) (uint8, error) {
	if n, ok := dsfieldNumbers[s]; ok {
		return n, nil
	}
	n, err := strconv.ParseUint(s, 0, 8)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a number from 0 to 255 nor a class such as AF11 or EF", s)
	}
	return uint8(n), nil
}

// parseRealms reads "DESTINATION" or "SOURCE/DESTINATION".
func parseRealms(s string) (uint32, error) {
	from, to, both := strings.Cut(s, "/")
	if !both {
		from, to = "0", from
	}
	var realms uint32
	for _, name := range []string{from, to} {
		n, err := strconv.ParseUint(name, 0, 16)
		switch {
		case name == "cosmos":
			n = 0
		case err != nil:
			return 0, fmt.Errorf("realm %q is not a number from 0 to 65535: only that host's rt_realms knows it, \"ip -N\" prints the number", name)
		}
		realms = realms<<16 | uint32(n)
	}
	return realms, nil
}

// parseIPProto reads a protocol, also as "ip -N" prints it.
func parseIPProto(s string) (uint8, error) {
	if n, ok := packet.ProtocolByName(s); ok {
		return n, nil
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "ipproto-"), 0, 8)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a protocol nor a number from 0 to 255", s)
	}
	return uint8(n), nil
}

// parseSpan reads "N" or "N-M".
func parseSpan(s string) (cond.Range, error) {
	first, last, ranged := strings.Cut(s, "-")
	least, err := parseUint32(first)
	if err != nil {
		return cond.Range{}, err
	}
	most := least
	if ranged {
		if most, err = parseUint32(last); err != nil {
			return cond.Range{}, err
		}
	}
	return cond.NewRange(least, most), nil
}

// parseDestination reads a prefix, an address or "default", whose family is that
// of the gateway, IPv4 without one.
func parseDestination(s string, via netip.Addr) (netip.Prefix, error) {
	p, err := parsePrefix(s, via.Is6())
	if err != nil {
		return p, fmt.Errorf("destination: %w", err)
	}
	if p.Masked() != p {
		return p, fmt.Errorf("destination %s has bits set behind the prefix: %s is meant?", p, p.Masked())
	}
	return p, nil
}

// parsePrefix reads a prefix, an address, or a word for everything of a family.
func parsePrefix(s string, v6 bool) (netip.Prefix, error) {
	if s == "default" || s == "all" || s == "any" {
		if v6 {
			return netip.PrefixFrom(netip.IPv6Unspecified(), 0), nil
		}
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0), nil
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("%q is neither an address nor a prefix such as 10.0.0.0/8", s)
	}
	return p, nil
}
