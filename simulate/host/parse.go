package host

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/parser"
)

// Parse reads a host written in lines, which semicolons may stand for:
//
//	link eth0 192.168.0.5/24 2001:db8::5/64 mtu 1400   also: mac MAC, group N, master BRIDGE, hairpin, isolated, noarp, noheader, down
//	route default via 192.168.0.1                      as after "ip route add"
//	rule fwmark 0x1 lookup 100                         as after "ip rule add"
//	sysctl net.ipv4.conf.all.rp_filter=1
//	queue 5                                            a program reads this NFQUEUE
//	socket tcp 192.168.0.5:80                          a socket that listens; also: *:80, to ADDRESS:PORT, dev LINK, uid N, gid N, transparent, mark N
//	socket none                                        there are no sockets but those given, and maybe none
//	create bad hash:ip                                 and other lines of "ipset save"
//
// Lines that begin with # are comments. An error names the line.
func Parse(text string) (Host, error) {
	r := lineReader{host: Host{Sysctl: map[string]string{}}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		for part := range strings.SplitSeq(line, ";") {
			if err := r.read(strings.TrimSpace(part)); err != nil {
				return Host{}, fmt.Errorf("host: line %d: %w", n, err)
			}
		}
	}
	if r.sets == "" {
		return r.host, nil
	}
	var err error
	if r.host.Sets, err = parser.ParseSetsString(r.sets); err != nil {
		return Host{}, fmt.Errorf("host: %w", err)
	}
	return r.host, nil
}

// MustParse is Parse for literals: it panics on a bad text.
func MustParse(text string) Host {
	h, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return h
}

// lineReader takes the lines that Parse reads.
type lineReader struct {
	host Host
	sets string // lines of ipset save
}

func (r *lineReader) read(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "link":
		return r.link(strings.Fields(rest))
	case "route":
		route, err := ParseRoute(rest)
		r.host.Routes = append(r.host.Routes, route)
		return err
	case "rule":
		rule, err := ParsePolicyRule(rest)
		if err == nil {
			r.host.AddPolicyRule(rule)
		}
		return err
	case "sysctl":
		name, value, ok := strings.Cut(rest, "=")
		if !ok {
			return fmt.Errorf("%q: need name=value", line)
		}
		r.host.Sysctl[strings.TrimSpace(name)] = strings.TrimSpace(value)
	case "queue":
		n, err := strconv.ParseUint(strings.TrimSpace(rest), 10, 16)
		if err != nil {
			return fmt.Errorf("queue %q: need a number from 0 to 65535", rest)
		}
		r.host.Queues = append(r.host.Queues, uint16(n))
	case "socket":
		return r.socket(strings.Fields(rest))
	case "create", "add":
		r.sets += line + "\n"
	default:
		if line != "" && !strings.HasPrefix(line, "#") {
			return fmt.Errorf("unknown word %q: a line begins with link, route, rule, sysctl, queue, socket, create or add", word)
		}
	}
	return nil
}
