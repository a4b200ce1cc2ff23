package nft_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// drawer draws rulesets around the packets that are to meet them.
type drawer struct {
	*gen.Rand
	family int
	addrs  []netip.Addr
	ports  []uint16
}

// newDrawer takes addresses and ports from the packets of a case.
func newDrawer(r *gen.Rand, family int, c *gen.Case) *drawer {
	d := &drawer{Rand: r, family: family, ports: []uint16{80}}
	for p := range c.Packets(func(int) []kernel.Out { return nil }) {
		v := packet.View(p.Packet.Wire)
		d.addrs = append(d.addrs, v.Src(), v.Dst())
		if h := v.From(v.Transport()); len(h) >= 4 {
			d.ports = append(d.ports, binary.BigEndian.Uint16(h), binary.BigEndian.Uint16(h[2:]))
		}
	}
	return d
}

func (d *drawer) ip() string {
	if d.family == 6 {
		return "ip6"
	}
	return "ip"
}

func (d *drawer) addr() string  { return gen.Pick(d.Rand, d.addrs...).String() }
func (d *drawer) port() string  { return fmt.Sprint(gen.Pick(d.Rand, d.ports...)) }
func (d *drawer) proto() string { return gen.Pick(d.Rand, "tcp", "udp", "sctp") }

// prefix draws a network of an address.
func (d *drawer) prefix() string {
	a := gen.Pick(d.Rand, d.addrs...)
	p, _ := a.Prefix(gen.Pick(d.Rand, a.BitLen()/4*3, a.BitLen()/2, a.BitLen()-9))
	return p.String()
}

func (d *drawer) ports2() string {
	a, b := gen.Pick(d.Rand, d.ports...), gen.Pick(d.Rand, d.ports...)
	if a == b {
		return fmt.Sprint(a)
	}
	return fmt.Sprintf("%d-%d", min(a, b), max(a, b))
}

// condition draws what a rule asks.
func (d *drawer) condition() string {
	not := gen.Pick(d.Rand, "", "", "!= ")
	switch d.IntN(22) {
	case 0:
		return fmt.Sprintf("%s %s %s%s", d.ip(), gen.Pick(d.Rand, "saddr", "daddr"), not, d.addr())
	case 1:
		return fmt.Sprintf("%s %s %s%s", d.ip(), gen.Pick(d.Rand, "saddr", "daddr"), not, d.prefix())
	case 2:
		return fmt.Sprintf("%s saddr %s@addrs", d.ip(), not)
	case 3:
		return fmt.Sprintf("%s %s %s%s", d.proto(), gen.Pick(d.Rand, "sport", "dport"), not, d.port())
	case 4:
		return fmt.Sprintf("%s dport %s%s", d.proto(), not, d.ports2())
	case 5:
		return "meta l4proto { tcp, udp } th dport " + d.ports2()
	case 6:
		return "ct state " + gen.Pick(d.Rand, "new", "established", "related", "invalid", "established,related", "untracked")
	case 7:
		return gen.Pick(d.Rand, "iifname", "oifname") + " " + not + gen.Pick(d.Rand, `"eth0"`, `"cni0"`, `"eth*"`)
	case 8:
		return "meta mark " + not + gen.Pick(d.Rand, "0", "1", "0x10")
	case 9:
		return "meta mark and 1 == " + gen.Pick(d.Rand, "0", "1")
	case 10:
		return "tcp flags " + gen.Pick(d.Rand, "syn", "& (syn|ack) == syn", "! ack", "== rst", "syn,ack")
	case 11:
		return "meta length " + gen.Pick(d.Rand, "< 60", "> 40", "40-80")
	case 12:
		return "fib " + gen.Pick(d.Rand, "saddr", "daddr") + " type " + gen.Pick(d.Rand, "local", "unicast", "{ local, multicast }")
	case 13:
		return "ct direction " + gen.Pick(d.Rand, "original", "reply")
	case 14:
		return "ct mark " + not + gen.Pick(d.Rand, "0", "5")
	case 15:
		return "numgen inc mod 3 " + gen.Pick(d.Rand, "0", "1-2")
	case 16:
		return "limit rate " + gen.Pick(d.Rand, "2/day", "over 3/day", "5/day burst 2 packets")
	case 17:
		return "quota " + gen.Pick(d.Rand, "", "over ") + gen.Pick(d.Rand, "80 bytes", "200 bytes")
	case 18:
		return fmt.Sprintf("%s saddr . %s dport { %s . %s, %s . %s }", d.ip(), "tcp", d.addr(), d.port(), d.addr(), d.port())
	case 19:
		return "ct status " + gen.Pick(d.Rand, "confirmed", "seen-reply", "assured", "dnat", "snat")
	case 20:
		return "jhash " + d.ip() + " saddr mod 4 seed 0x5 " + gen.Pick(d.Rand, "0", "1", "2-3")
	}
	return "tcp option maxseg " + gen.Pick(d.Rand, "exists", "missing", "size > 1000")
}

// act draws what a rule does.
func (d *drawer) act(user string) string {
	switch d.IntN(14) {
	case 0, 1:
		return "accept"
	case 2:
		return "drop"
	case 3:
		return "meta mark set " + gen.Pick(d.Rand, "1", "0x10", "meta mark | 2")
	case 4:
		return "ct mark set " + gen.Pick(d.Rand, "5", "meta mark")
	case 5:
		if d.family == 6 {
			return "ip6 hoplimit set 40"
		}
		return "ip ttl set 40"
	case 6:
		return d.ip() + " dscp set cs2"
	case 7:
		return fmt.Sprintf("add @seen { %s saddr }", d.ip())
	case 8:
		return fmt.Sprintf("%s @seen { %s daddr }", gen.Pick(d.Rand, "update", "update", "delete"), d.ip())
	case 9, 10:
		if user != "" {
			return gen.Pick(d.Rand, "jump ", "goto ") + user
		}
		return "return"
	case 11:
		return "tcp dport vmap { " + d.port() + " : drop }"
	}
	return ""
}

func (d *drawer) rule(user string) string {
	var words []string
	for range 1 + d.IntN(2) {
		words = append(words, d.condition())
	}
	return strings.TrimSpace(strings.Join(append(words, "counter", d.act(user)), " "))
}

// natRule draws a translation.
func (d *drawer) natRule(hook string) string {
	to := d.addr()
	if d.family == 6 {
		to = "[" + to + "]"
	}
	acts := []string{"dnat to " + to, "dnat to " + to + ":8080", "redirect to :8080", "accept"}
	if hook == "postrouting" {
		acts = []string{"snat to " + to, "masquerade", "accept"}
	}
	return "meta l4proto { tcp, udp } " + d.condition() + " counter " + gen.Pick(d.Rand, acts...)
}

// ruleset draws a table.
func (d *drawer) ruleset() string {
	var b strings.Builder
	typ := map[int]string{4: "ipv4_addr", 6: "ipv6_addr"}[d.family]
	fmt.Fprintf(&b, "table %s t {\n\tset addrs {\n\t\ttype %s\n\t\tflags interval\n\t\tauto-merge\n\t\telements = { %s, %s }\n\t}\n", d.ip(), typ, d.addr(), d.prefix())
	fmt.Fprintf(&b, "\tset seen {\n\t\ttype %s\n\t\tflags dynamic\n\t\tsize %d\n\t}\n", typ, 1+d.IntN(6))
	b.WriteString("\tchain user {\n")
	for range 1 + d.IntN(3) {
		b.WriteString("\t\t" + d.rule("") + "\n")
	}
	b.WriteString("\t}\n")
	for i, hook := range []string{"prerouting", "input", "forward", "output", "postrouting", gen.Pick(d.Rand, "forward", "input")} {
		policy := "accept"
		if d.Maybe(0.1) {
			policy = "drop"
		}
		fmt.Fprintf(&b, "\tchain f%d {\n\t\ttype filter hook %s priority %d; policy %s;\n", i, hook, gen.Pick(d.Rand, -310, -150, -50, 0, 10, 120), policy)
		for range d.IntN(4) {
			b.WriteString("\t\t" + d.rule("user") + "\n")
		}
		b.WriteString("\t}\n")
	}
	for _, hook := range []string{"prerouting", "postrouting", "output"} {
		if !d.Maybe(0.5) {
			continue
		}
		fmt.Fprintf(&b, "\tchain nat_%s {\n\t\ttype nat hook %s priority %d; policy accept;\n", hook, hook, gen.Pick(d.Rand, -100, 0, 100))
		for range 1 + d.IntN(2) {
			b.WriteString("\t\t" + d.natRule(hook) + "\n")
		}
		b.WriteString("\t}\n")
	}
	return b.String() + "}\n"
}
