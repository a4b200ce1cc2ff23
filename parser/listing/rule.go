package listing

import (
	"regexp"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// rule is a line of a chain.
type rule struct {
	line           int
	text           string
	packets, bytes string
	words          []string // as in iptables-save, before the target
	target         string
	jump           []string // -j TARGET and its options
}

func (r *rule) save(chain string) string {
	s := "-A " + chain
	if len(r.words) > 0 {
		s += " " + strings.Join(r.words, " ")
	}
	if len(r.jump) > 0 {
		s += " " + strings.Join(r.jump, " ")
	}
	if r.packets != "" {
		s = "[" + number(r.packets) + ":" + number(r.bytes) + "] " + s
	}
	return s
}

// scanner parses the columns of a line.
type scanner struct {
	s  string
	at int
}

func (c *scanner) blanks() {
	for c.at < len(c.s) && (c.s[c.at] == ' ' || c.s[c.at] == '\t') {
		c.at++
	}
}

func (c *scanner) word() string {
	c.blanks()
	start := c.at
	for c.at < len(c.s) && c.s[c.at] != ' ' && c.s[c.at] != '\t' {
		c.at++
	}
	return c.s[start:c.at]
}

func (c *scanner) peek() string {
	at := c.at
	w := c.word()
	c.at = at
	return w
}

var counter = regexp.MustCompile(`^\d+[KMGT]?$`)

// rule parses a line of a chain (iptables/iptables.c, print_rule).
func (r *reader) rule(n int, l string) {
	c := &scanner{s: l}
	out := &rule{line: n, text: l}
	if r.head.numbers && !counter.MatchString(c.word()) {
		r.fail(n, 0, l, "", "the number of the rule is missing")
		return
	}
	if r.head.counters {
		out.packets, out.bytes = c.word(), c.word()
		if !counter.MatchString(out.packets) || !counter.MatchString(out.bytes) {
			r.fail(n, 0, l, "", "the counters of the rule are missing")
			return
		}
		if strings.ContainsAny(out.packets+out.bytes, "KMGT") && !r.short {
			r.short = true
			r.note(n, "the listing was made without -x: its counters are rounded")
		}
	}
	// One space ends the column before the target; a second one means that there is
	// no target.
	if (r.head.numbers || r.head.counters) && c.at < len(l) {
		c.at++
	}
	if c.at < len(l) && l[c.at] != ' ' {
		out.target = c.word()
	}
	r.header(c, out)
	if len(r.errs) == 0 {
		r.details(c, out)
	}
	g := r.groups[len(r.groups)-1]
	last := g.chains[len(g.chains)-1]
	last.rules = append(last.rules, out)
}

// header parses the columns from the protocol to the destination.
func (r *reader) header(c *scanner, out *rule) {
	at := c.at
	proto, neg := cutNegation(c.word())
	if proto == "" {
		r.fail(out.line, at, c.s, "", "the protocol is missing")
		return
	}
	opt := ""
	if w := c.peek(); w == "--" || w == "-f" || w == "!f" {
		opt = c.word()
	}
	in, out2 := "*", "*"
	if r.head.links {
		in, out2 = c.word(), c.word()
	}
	src, dst := c.word(), c.word()
	if dst == "" {
		r.fail(out.line, at, c.s, "", "the addresses are missing")
		return
	}
	r.address(out, "-s", src)
	r.address(out, "-d", dst)
	link(out, "-i", in)
	link(out, "-o", out2)
	switch proto {
	case "all", "0", "ip":
	default:
		out.add(neg, "-p", protocol(proto))
	}
	switch opt {
	case "-f":
		out.words = append(out.words, "-f")
	case "!f":
		out.words = append(out.words, "! -f")
	}
}

// protocol returns the name of a protocol as iptables-save prints it.
func protocol(s string) string {
	switch s {
	case "icmpv6":
		return "ipv6-icmp"
	}
	for n := range 256 {
		if s == itoa(n) {
			if name := packet.ProtocolName(uint8(n)); name != "" {
				return name
			}
		}
	}
	return s
}

func (r *reader) address(out *rule, option, s string) {
	addr, neg := cutNegation(s)
	switch addr {
	case "0.0.0.0/0", "::/0", "anywhere":
		if neg {
			out.add(neg, option, map[bool]string{true: "::/0", false: "0.0.0.0/0"}[r.Family == netfilter.IPv6])
		}
		return
	}
	if strings.ContainsAny(addr, "ghijklmnopqrstuvwxyz") {
		r.note(out.line, "the listing was made without -n: names stand for addresses and ports")
	}
	out.add(neg, option, addr)
}

func link(out *rule, option, s string) {
	name, neg := cutNegation(s)
	if name == "*" || name == "any" {
		return
	}
	out.add(neg, option, name)
}

func cutNegation(s string) (rest string, neg bool) {
	rest, neg = strings.CutPrefix(s, "!")
	return rest, neg
}

func (r *rule) add(neg bool, option, value string) {
	if neg {
		r.words = append(r.words, "!")
	}
	r.words = append(r.words, option, value)
}
