package host

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
)

var routeTypes = map[string]bool{"unicast": true, "local": true, "broadcast": true, "multicast": true, "anycast": true,
	"blackhole": true, "unreachable": true, "prohibit": true, "throw": true}

func parseRoute(words []string) (r Route, err error) {
	v6 := len(words) > 0 && words[0] == "-6"
	if v6 || len(words) > 0 && words[0] == "-4" {
		words = words[1:]
	}
	if len(words) > 0 && (routeTypes[words[0]] || typeNumbers[words[0]] != "") {
		r.Type, words = cmp.Or(typeNumbers[words[0]], words[0]), words[1:]
	}
	if len(words) == 0 {
		return r, errors.New("no destination")
	}
	dst := words[0]
	for words = words[1:]; len(words) > 0; {
		n, err := r.take(words)
		if err != nil {
			return r, err
		}
		words = words[n:]
	}
	r.Dst, err = parseDestination(dst, r.familyOf(v6))
	return r, err
}

// familyOf returns an address of the family that the route shows to be of; the
// zero Addr for IPv4.
func (r *Route) familyOf(v6 bool) netip.Addr {
	if v6 || r.Pref != "" || r.From.IsValid() || r.PrefSrc.Is6() {
		return netip.IPv6Unspecified()
	}
	for _, n := range r.Nexthops {
		if n.Via.IsValid() {
			return n.Via
		}
	}
	return r.Via
}

// routeFlags are words that say what follows from the links, or how hardware
// does it.
var routeFlags = map[string]bool{"dead": true, "linkdown": true, "pervasive": true, "offload": true, "trap": true, "notify": true,
	"offload_failed": true, "rt_offload": true, "rt_trap": true, "rt_offload_failed": true, "unresolved": true}

// typeNumbers, scopeNumbers and protocolNumbers are what "ip -N" prints for those
// that matter.
var (
	typeNumbers = map[string]string{"1": "unicast", "2": "local", "3": "broadcast", "4": "anycast", "5": "multicast",
		"6": "blackhole", "7": "unreachable", "8": "prohibit", "9": "throw"}
	scopeNumbers    = map[string]string{"0": "global", "200": "site", "253": "link", "254": "host"}
	protocolNumbers = map[string]string{"2": "kernel", "9": "ra"}
)

// routeExtras are attributes with a value that no packet's way depends on: they
// tune the host's own connections, or tell how long a route stays.
var routeExtras = map[string]bool{"advmss": true, "window": true, "rtt": true, "rttvar": true, "rto_min": true, "ssthresh": true,
	"cwnd": true, "initcwnd": true, "initrwnd": true, "reordering": true, "features": true, "quickack": true, "congctl": true,
	"fastopen_no_cookie": true, "expires": true, "hoplimit": true, "nhid": true, "error": true, "ttl-propagate": true}

// refusedRouteWords are words of iproute2 that routes may not hold here.
var refusedRouteWords = map[string]string{
	"encap": "lightweight tunnels are not modelled",
	"as":    "MPLS is not modelled",
	"vrf":   "VRFs are not modelled",
	"cache": "what the kernel remembers of single hosts is not read, list routes without it",
}

// take reads the next attribute and returns how many words it has.
func (r *Route) take(words []string) (n int, err error) {
	key := words[0]
	switch {
	case key == "onlink":
		r.OnLink = true
		return 1, nil
	case routeFlags[key]:
		return 1, nil
	case refusedRouteWords[key] != "":
		return 0, fmt.Errorf("%s: %s", key, refusedRouteWords[key])
	case key == "nexthop":
		return r.takeNexthop(words)
	}
	// "via inet6 ADDRESS", "mtu lock 1400" and the like
	n = 2
	if len(words) > 1 && (key == "via" && (words[1] == "inet" || words[1] == "inet6") || words[1] == "lock") {
		n = 3
	}
	if len(words) < n {
		return 0, fmt.Errorf("%q needs a value", key)
	}
	r.MTULock = r.MTULock || key == "mtu" && n == 3
	return n, r.setWord(key, words[n-1])
}

// takeNexthop reads "nexthop" and the attributes of a next hop up to the next one.
func (r *Route) takeNexthop(words []string) (n int, err error) {
	var h Nexthop
	for n = 1; n < len(words) && words[n] != "nexthop"; {
		key, value := words[n], 1
		if key == "onlink" || routeFlags[key] {
			n++
			continue
		}
		if key == "via" && n+1 < len(words) && (words[n+1] == "inet" || words[n+1] == "inet6") {
			value = 2
		}
		if n+value >= len(words) {
			return n, fmt.Errorf("nexthop: %q needs a value", key)
		}
		if err := h.setWord(key, words[n+value]); err != nil {
			return n, fmt.Errorf("nexthop: %s: %w", key, err)
		}
		n += 1 + value
	}
	r.Nexthops = append(r.Nexthops, h)
	return n, nil
}

func (h *Nexthop) setWord(key, value string) (err error) {
	switch key {
	case "via":
		h.Via, err = netip.ParseAddr(value)
	case "dev":
		h.Dev = value
	case "weight":
		if h.Weight, err = strconv.Atoi(value); err != nil || h.Weight < 1 || h.Weight > 65536 {
			err = fmt.Errorf("%q is not a number from 1 to 65536", value)
		}
	case "realms", "realm":
		h.Realm, err = parseRealms(value)
	default:
		err = errors.New("unknown word")
	}
	return err
}

func (r *Route) setWord(key, value string) (err error) {
	switch key {
	case "via":
		r.Via, err = netip.ParseAddr(value)
	case "dev":
		r.Dev = value
	case "src":
		r.PrefSrc, err = netip.ParseAddr(value)
	case "from":
		r.From, err = parsePrefix(value, true)
	case "metric", "priority", "preference":
		r.Metric, err = parseUint32(value)
	case "table":
		r.Table, err = parseTable(value)
	case "scope":
		r.Scope = cmp.Or(scopeNumbers[value], value)
	case "proto", "protocol":
		r.Protocol = cmp.Or(protocolNumbers[value], value)
	case "mtu":
		r.MTU, err = strconv.Atoi(value)
	case "tos", "dsfield":
		r.TOS, err = parseDSField(value)
	case "realms", "realm":
		r.Realm, err = parseRealms(value)
	case "pref":
		r.Pref = value
	default:
		if !routeExtras[key] {
			return fmt.Errorf("unknown word %q", key)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}
