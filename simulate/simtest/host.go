package simtest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// Host describes a host in lines, which semicolons may stand for:
//
//	link eth0 192.168.0.5/24 2001:db8::5/64 mtu 1400   also: mac MAC, group N, master BRIDGE, noarp, noheader, down
//	route default via 192.168.0.1                      as after "ip route add"
//	rule fwmark 0x1 lookup 100                         as after "ip rule add"
//	sysctl net.ipv4.conf.all.rp_filter=1
//	queue 5                                            a program reads this NFQUEUE
//	create bad hash:ip                                 and other lines of "ipset save"
//
// Lines that begin with # are comments. The test ends if something is wrong.
func Host(tb testing.TB, text string) simulate.Host {
	tb.Helper()
	h, err := parseHost(text)
	if err != nil {
		tb.Fatalf("host: %v", err)
	}
	return h
}

func parseHost(text string) (simulate.Host, error) {
	r := hostReader{host: simulate.Host{Sysctl: map[string]string{}}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		for part := range strings.SplitSeq(line, ";") {
			if err := r.read(strings.TrimSpace(part)); err != nil {
				return r.host, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	if len(r.rules) > 0 {
		r.host.Rules = simulate.PolicyRules(r.rules...)
	}
	var err error
	if r.sets != "" {
		r.host.Sets, err = parser.ParseSetsString(r.sets)
	}
	return r.host, err
}

type hostReader struct {
	host  simulate.Host
	rules []string
	sets  string // lines of ipset save
}

func (r *hostReader) read(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "link":
		return r.link(strings.Fields(rest))
	case "route":
		route, err := simulate.ParseRoute(rest)
		r.host.Routes = append(r.host.Routes, route)
		return err
	case "rule":
		_, err := simulate.ParsePolicyRule(rest)
		r.rules = append(r.rules, rest)
		return err
	case "sysctl":
		name, value, ok := strings.Cut(rest, "=")
		if !ok {
			return fmt.Errorf("%q: need name=value", line)
		}
		r.host.Sysctl[strings.TrimSpace(name)] = strings.TrimSpace(value)
	case "queue":
		n, err := strconv.ParseUint(rest, 10, 16)
		r.host.Queues = append(r.host.Queues, uint16(n))
		return err
	case "create", "add":
		r.sets += line + "\n"
	default:
		if line != "" && !strings.HasPrefix(line, "#") {
			return fmt.Errorf("unknown word %q: a line begins with link, route, rule, sysctl, queue, create or add", word)
		}
	}
	return nil
}

// link reads the words behind "link".
func (r *hostReader) link(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("the name of the link is missing")
	}
	l := simulate.Link{Name: words[0]}
	for words = words[1:]; len(words) > 0; words = words[1:] {
		switch words[0] {
		case "noarp":
			l.NoARP = true
		case "noheader":
			l.NoHeader = true
		case "down":
			l.Down = true
		case "mtu", "group", "mac", "master":
			if len(words) < 2 {
				return fmt.Errorf("link %s: %s needs a value", l.Name, words[0])
			}
			if err := setLink(&l, words[0], words[1]); err != nil {
				return fmt.Errorf("link %s: %s: %w", l.Name, words[0], err)
			}
			words = words[1:]
		default:
			p, err := netip.ParsePrefix(words[0])
			if err != nil {
				return fmt.Errorf("link %s: %q is neither an address such as 10.0.0.1/24 nor noarp, noheader, down, mtu, group, mac or master", l.Name, words[0])
			}
			l.Addrs = append(l.Addrs, simulate.Address{Prefix: p})
		}
	}
	r.host.Links = append(r.host.Links, l)
	return nil
}

func setLink(l *simulate.Link, word, value string) (err error) {
	var n uint64
	switch word {
	case "mtu":
		l.MTU, err = strconv.Atoi(value)
	case "group":
		n, err = strconv.ParseUint(value, 0, 32)
		l.Group = uint32(n)
	case "master":
		l.Master = value
	case "mac":
		l.MAC, err = simulate.ParseMAC(value)
	}
	return err
}
