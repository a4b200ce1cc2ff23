package host

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// addLinkLines reads the output of "ip addr".
func (h *Host) addLinkLines(lines []dumpLine) error {
	for i := 0; i < len(lines); {
		first := lines[i]
		l, err := readLinkLine(first.words)
		if err != nil {
			return first.wrap(err)
		}
		for i++; i < len(lines) && !lines[i].begins; i++ {
			if lines[i].ofRules {
				return lines[i].wrap(errNotWhole)
			}
			if err := l.readDetail(lines[i].words); err != nil {
				return lines[i].wrap(err)
			}
		}
		if err := h.addLink(l); err != nil {
			return first.wrap(err)
		}
	}
	return nil
}

var errNotWhole = errors.New("the line of a link is not whole: it has its flags in <> and what follows")

// readLinkLine reads "2: eth0@if3: <UP,…> mtu 1500 … master br0 … group 7 …".
func readLinkLine(words []string) (*shownLink, error) {
	flags, whole := strings.CutSuffix(strings.TrimPrefix(words[2], "<"), ">")
	if !whole {
		return nil, errNotWhole
	}
	l := &shownLink{IfName: strings.TrimSuffix(words[1], ":"), Flags: strings.Split(flags, ",")}
	var err error
	if l.IfIndex, err = parseIndex(strings.TrimSuffix(words[0], ":")); err != nil {
		return nil, err
	}
	for i := 3; i+1 < len(words); i += 2 {
		switch value := words[i+1]; words[i] {
		case "mtu":
			if l.MTU, err = strconv.Atoi(value); err != nil {
				return nil, fmt.Errorf("mtu %q is not a number", value)
			}
		case "master":
			l.Master = value
		case "group":
			l.Group = value
		}
	}
	return l, nil
}

// parseIndex reads the number of a link.
func parseIndex(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("the number of the link is %s: need 1 to 2147483647", s)
	}
	return int(n), nil
}

// addrFlags are the words of an address that stand alone.
var addrFlags = map[string]func(*shownAddr){
	"deprecated":    func(a *shownAddr) { a.Deprecated = true },
	"tentative":     func(a *shownAddr) { a.Tentative = true },
	"optimistic":    func(a *shownAddr) { a.Optimistic = true },
	"temporary":     func(a *shownAddr) { a.Temporary = true },
	"noprefixroute": func(a *shownAddr) { a.NoPrefixRoute = true },
}

// readDetail reads a line below that of a link: its hardware address, an address
// of it, or one of those that tell of its kind and of how long addresses stay.
func (l *shownLink) readDetail(words []string) error {
	if typ, ok := strings.CutPrefix(words[0], "link/"); ok {
		l.LinkType = typ
		if len(words) > 1 {
			l.Address = words[1]
		}
		return nil
	}
	switch words[0] {
	case "inet", "inet6":
		return l.readAddr(words)
	case "vrf", "vrf_slave":
		l.LinkInfo.Kind = "vrf"
	case "bridge_slave":
		return l.port.read(words)
	case "bridge":
		l.LinkInfo.Data.read(words)
	case "bond_slave", "team_slave":
		l.LinkInfo.SlaveKind = words[0]
	}
	return nil
}

// readAddr reads "inet 10.0.0.1 peer 10.0.0.2/32 brd 10.0.0.255 scope link eth0".
func (l *shownLink) readAddr(words []string) error {
	if len(words) < 2 {
		return fmt.Errorf("the address is missing")
	}
	a := shownAddr{Local: words[1]}
	prefix := words[1]
	for i := 2; i < len(words); i++ {
		if set := addrFlags[words[i]]; set != nil {
			set(&a)
			continue
		}
		if i+1 == len(words) {
			break // the label
		}
		switch value := words[i+1]; words[i] {
		case "peer":
			prefix = value
			a.Peer, _, _ = strings.Cut(value, "/")
		case "brd":
			a.Broadcast = value
		case "scope":
			a.Scope = value
		case "metric":
			n, err := parseUint32(value)
			if err != nil {
				return fmt.Errorf("metric: %w", err)
			}
			a.Metric = n
		default:
			continue
		}
		i++
	}
	p, err := parsePrefix(prefix, false)
	if err != nil {
		return err
	}
	a.Local, _, _ = strings.Cut(a.Local, "/")
	if _, err := netip.ParseAddr(a.Local); err != nil {
		return err
	}
	a.PrefixLen = p.Bits()
	l.AddrInfo = append(l.AddrInfo, a)
	return nil
}
