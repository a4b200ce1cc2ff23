package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
)

var routeTypes = map[string]bool{"unicast": true, "local": true, "broadcast": true, "multicast": true, "anycast": true,
	"blackhole": true, "unreachable": true, "prohibit": true, "throw": true}

// tableNumbers are the names of /etc/iproute2/rt_tables that every system has.
var tableNumbers = map[string]uint32{"default": 253, "main": 254, "local": 255}

func parseRoute(words []string) (r Route, err error) {
	if len(words) > 0 && routeTypes[words[0]] {
		r.Type, words = words[0], words[1:]
	}
	if len(words) == 0 {
		return r, errors.New("no destination")
	}
	dst := words[0]
	words = words[1:]
	for len(words) > 0 {
		if words[0] == "onlink" {
			r.OnLink, words = true, words[1:]
			continue
		}
		if len(words) < 2 {
			return r, fmt.Errorf("%q needs a value", words[0])
		}
		if err := r.setWord(words[0], words[1]); err != nil {
			return r, err
		}
		words = words[2:]
	}
	r.Dst, err = parseDestination(dst, r.Via)
	return r, err
}

func (r *Route) setWord(key, value string) (err error) {
	switch key {
	case "via":
		r.Via, err = netip.ParseAddr(value)
	case "dev":
		r.Dev = value
	case "src":
		r.PrefSrc, err = netip.ParseAddr(value)
	case "metric":
		r.Metric, err = parseUint32(value)
	case "table":
		r.Table, err = parseTable(value)
	case "scope":
		r.Scope = value
	case "proto", "protocol":
		r.Protocol = value
	case "mtu":
		r.MTU, err = strconv.Atoi(value)
	case "tos":
		var n uint64
		n, err = strconv.ParseUint(value, 0, 8)
		r.TOS = uint8(n)
	default:
		return fmt.Errorf("unknown word %q", key)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

func parseUint32(s string) (uint32, error) {
	n, err := strconv.ParseUint(s, 0, 32)
	return uint32(n), err
}

func parseTable(s string) (uint32, error) {
	if n, ok := tableNumbers[s]; ok {
		return n, nil
	}
	return parseUint32(s)
}

// parseDestination reads a prefix, an address or "default", whose family is
// that of the gateway, IPv4 without one.
func parseDestination(s string, via netip.Addr) (netip.Prefix, error) {
	if s == "default" || s == "all" || s == "any" {
		if via.Is6() {
			return netip.PrefixFrom(netip.IPv6Unspecified(), 0), nil
		}
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0), nil
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("destination: %w", err)
	}
	if p.Masked() != p {
		return p, fmt.Errorf("destination %s has bits set behind the prefix: %s is meant?", p, p.Masked())
	}
	return p, nil
}
