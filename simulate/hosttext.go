package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

var (
	linkLine = regexp.MustCompile(`^[0-9]+: \S+: <`)
	ruleLine = regexp.MustCompile(`^[0-9]+:\s`)
)

// dumpLine is a line of a dump, in words.
type dumpLine struct {
	number  int
	words   []string
	goes    bool // on with the line above: it begins with a blank
	begins  bool // with a link
	ofRules bool
}

// linesOf returns the lines that say something; those that begin with # are
// remarks.
func linesOf(text string) (list []dumpLine) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if words := strings.Fields(line); len(words) > 0 && words[0][0] != '#' {
			list = append(list, dumpLine{n, words, line[0] == ' ' || line[0] == '\t', linkLine.MatchString(line), ruleLine.MatchString(line)})
		}
	}
	return list
}

// wrap says where an error is.
func (l *dumpLine) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d (%s): %w", l.number, strings.Join(l.words, " "), err)
}

// addLines reads what ip prints without -json; the first line shows what it is.
func (h *Host) addLines(text string) error {
	lines := linesOf(text)
	switch {
	case len(lines) == 0:
		return errors.New("nothing but remarks: need the output of ip addr, ip route or ip rule")
	case lines[0].begins:
		return h.addLinkLines(lines)
	case !lines[0].ofRules:
		return h.addRouteLines(lines)
	}
	var rules [][]string
	for _, l := range lines {
		rules = append(rules, l.words)
	}
	return h.addRules(rules)
}

// addRouteLines reads the output of "ip route".
func (h *Host) addRouteLines(lines []dumpLine) error {
	for i := 0; i < len(lines); {
		first := lines[i]
		words := first.words
		for i++; i < len(lines) && lines[i].goes; i++ {
			if lines[i].words[0] != "nh_info" {
				words = append(words, lines[i].words...)
			}
		}
		if err := h.addRoute(words); err != nil {
			return first.wrap(err)
		}
	}
	return nil
}

// addLinkLines reads the output of "ip addr".
func (h *Host) addLinkLines(lines []dumpLine) error {
	for i := 0; i < len(lines); {
		first := lines[i]
		l := readLinkLine(first.words)
		for i++; i < len(lines) && !lines[i].begins; i++ {
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

// readLinkLine reads "2: eth0@if3: <UP,…> mtu 1500 … master br0 … group 7 …".
func readLinkLine(words []string) *shownLink {
	l := &shownLink{IfName: strings.TrimSuffix(words[1], ":"), Flags: strings.Split(strings.Trim(words[2], "<>"), ",")}
	l.IfIndex, _ = strconv.Atoi(strings.TrimSuffix(words[0], ":")) // digits, as the expression found
	for i := 3; i+1 < len(words); i += 2 {
		switch value := words[i+1]; words[i] {
		case "mtu":
			l.MTU, _ = strconv.Atoi(value)
		case "master":
			l.Master = value
		case "group":
			l.Group = value
		}
	}
	return l
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
