package nfttext_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator draws rules.
type generator struct {
	*rand.Rand
	family string
}

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }
func (g *generator) chance(n int) bool       { return g.IntN(n) == 0 }
func (g *generator) num(n int) string        { return fmt.Sprint(g.IntN(n)) }

// values draw constants of a type.
func (g *generator) v4() string {
	return fmt.Sprintf("%d.%d.%d.%d", g.IntN(224), g.IntN(3), g.IntN(256), g.IntN(256))
}
func (g *generator) v6() string { return fmt.Sprintf("2001:db8:%x::%x", g.IntN(16), 1+g.IntN(0xfff0)) }
func (g *generator) mac() string {
	return fmt.Sprintf("00:%02x:22:33:%02x:%02x", g.IntN(256), g.IntN(256), g.IntN(256))
}
func (g *generator) port() string {
	return g.one(fmt.Sprint(g.IntN(65536)), "22", "80", "443", "ssh", "domain", "0x50")
}
func (g *generator) mark() string {
	return g.one(fmt.Sprintf("0x%x", g.IntN(1<<20)), g.num(300), "0xffffffff")
}

// fact is an expression with what it can be compared with.
type fact struct {
	text   string
	value  func() string
	ranges bool // of numbers, so that "<" and ranges fit
	prefix int  // length of a prefix at most
	flags  bool
}

func (g *generator) facts() []fact {
	proto := func() string { return g.one("tcp", "udp", "icmp", "ipv6-icmp", "sctp", "esp", "gre", "6", "200") }
	n := func(m int) func() string { return func() string { return g.num(m) } }
	of := func(words ...string) func() string { return func() string { return g.one(words...) } }
	out := []fact{
		{"tcp dport", g.port, true, 0, false}, {"tcp sport", g.port, true, 0, false}, {"udp dport", g.port, true, 0, false},
		{"udp sport", g.port, true, 0, false}, {"th dport", g.port, true, 0, false}, {"sctp dport", g.port, true, 0, false},
		{"tcp flags", of("syn", "ack", "fin", "rst", "psh", "urg"), false, 0, true}, {"tcp window", n(65536), true, 0, false},
		{"tcp sequence", n(1 << 30), true, 0, false}, {"tcp doff", n(16), true, 0, false}, {"udp length", n(65536), true, 0, false},
		{"tcp urgptr", n(65536), true, 0, false}, {"udp checksum", n(65536), true, 0, false},
		{"meta l4proto", proto, true, 0, false}, {"meta mark", g.mark, true, 32, false}, {"ct mark", g.mark, true, 32, false},
		{"meta length", n(65536), true, 0, false}, {"iifname", of("eth0", "lo", "wlan*", "br-lan"), false, 0, false},
		{"oifname", of("eth0", "eth1", "tun*"), false, 0, false}, {"iif", of("lo"), false, 0, false},
		{"ct state", of("new", "established", "related", "invalid", "untracked"), false, 0, true},
		{"ct status", of("snat", "dnat", "assured", "confirmed", "dying"), false, 0, true},
		{"ct direction", of("original", "reply"), false, 0, false}, {"ct zone", n(65536), true, 0, false},
		{"ct original bytes", n(1 << 30), true, 0, false}, {"ct packets", n(1 << 20), true, 0, false},
		{"ct expiration", of("30s", "1h", "2d3h", "90s"), true, 0, false}, {"ct helper", of(`"ftp"`, `"sip"`), false, 0, false},
		{"ct original ip saddr", g.v4, true, 32, false}, {"ct reply ip6 daddr", g.v6, true, 128, false},
		{"meta skuid", n(5000), true, 0, false}, {"meta pkttype", of("broadcast", "multicast", "host"), true, 0, false},
		{"meta cpu", n(64), true, 0, false}, {"meta cgroup", n(1 << 20), true, 0, false}, {"meta priority", of("1:2", "0:5", "abcd:1"), false, 0, false},
		{"meta day", of("Monday", `"Sunday"`, "3"), false, 0, false}, {"meta hour", of(`"10:00"`, `"23:30"`, `"07:15:30"`), false, 0, false},
		{"iifgroup", n(100), true, 32, false}, {"oifgroup", n(100), true, 32, false}, {"meta iiftype", of("ether", "ppp", "loopback", "5"), true, 0, false},
		{"meta protocol", of("ip", "ip6", "arp", "8021q", "0x1234"), true, 0, false}, {"meta random", n(1 << 30), true, 0, false},
		{"@nh,8,8", n(256), true, 0, false}, {"@th,0,32", n(1 << 30), true, 0, false}, {"@ll,0,48", n(1 << 30), true, 0, false},
		{"@th,16,8", n(256), true, 0, false},
		{"numgen inc mod 10", n(10), true, 0, false}, {"numgen random mod 7 offset 3", n(10), true, 0, false}, {"symhash mod 5", n(5), true, 0, false},
		{"fib daddr type", of("local", "unicast", "broadcast", "multicast"), false, 0, false},
		{"tcp option maxseg size", n(65536), true, 0, false}, {"tcp option timestamp tsval", n(1 << 30), true, 0, false},
		{"tcp option window count", n(15), true, 0, false}, {"socket mark", g.mark, true, 32, false},
		{"ether saddr", g.mac, true, 0, false}, {"ether daddr", g.mac, true, 0, false},
		{"icmp type", of("echo-request", "echo-reply", "time-exceeded", "redirect", "200"), true, 0, false},
		{"icmp code", n(16), true, 0, false}, {"icmpv6 type", of("echo-request", "nd-redirect", "nd-router-solicit"), true, 0, false},
		{"ah spi", n(1 << 20), true, 0, false}, {"esp spi", n(1 << 20), true, 0, false}, {"comp cpi", n(65536), true, 0, false},
		{"dccp type", of("request", "data", "reset"), true, 0, false},
		{"sctp chunk data tsn", n(1 << 20), true, 0, false},
	}
	v4 := []fact{{"ip saddr", g.v4, true, 32, false}, {"ip daddr", g.v4, true, 32, false}, {"ip ttl", n(256), true, 0, false},
		{"ip protocol", proto, true, 0, false}, {"ip dscp", of("cs1", "af21", "ef", "3"), true, 0, false}, {"ip ecn", of("ce", "ect0"), true, 0, false},
		{"ip length", n(65536), true, 0, false}, {"ip id", n(65536), true, 0, false}, {"ip frag-off", n(8192), true, 0, false},
		{"ip hdrlength", n(16), true, 0, false}, {"ip version", of("4"), true, 0, false}, {"ip checksum", n(65536), true, 0, false}}
	v6 := []fact{{"ip6 saddr", g.v6, true, 128, false}, {"ip6 daddr", g.v6, true, 128, false}, {"ip6 hoplimit", n(256), true, 0, false},
		{"ip6 nexthdr", proto, true, 0, false}, {"ip6 flowlabel", n(1 << 20), true, 0, false},
		{"ip6 length", n(65536), true, 0, false}, {"frag frag-off", n(8192), true, 0, false}, {"frag more-fragments", n(2), true, 0, false},
		{"hbh nexthdr", proto, true, 0, false}, {"rt type", n(5), true, 0, false}, {"mh type", of("home-test", "binding-update"), true, 0, false}}
	switch g.family {
	case "ip":
		return append(out, append(v4, v4...)...)
	case "ip6":
		return append(out, append(v6, v6...)...)
	}
	return append(out, append(v4, v6...)...)
}

func (g *generator) right(f fact) string {
	switch k := g.IntN(10); {
	case k < 4:
		return f.value()
	case k == 4 && f.prefix > 0:
		return fmt.Sprintf("%s/%d", f.value(), 1+g.IntN(f.prefix))
	case k == 5 && f.ranges:
		return f.value() + "-" + f.value()
	case k == 6 && f.flags:
		return f.value() + "," + f.value()
	case k == 7 && f.flags:
		return f.value() + " | " + f.value()
	case k >= 8:
		var xs []string
		for range 1 + g.IntN(4) {
			x := f.value()
			if f.ranges && g.chance(4) {
				x += "-" + f.value()
			} else if f.prefix > 0 && g.chance(3) {
				x += fmt.Sprintf("/%d", 1+g.IntN(f.prefix))
			}
			xs = append(xs, x)
		}
		return "{ " + strings.Join(xs, ", ") + " }"
	}
	return f.value()
}

func (g *generator) match() string {
	fs := g.facts()
	f := fs[g.IntN(len(fs))]
	switch g.IntN(14) {
	case 0:
		return f.text + " != " + g.right(f)
	case 1:
		return f.text + " == " + g.right(f)
	case 2:
		if f.ranges {
			return f.text + " " + g.one("<", ">", "<=", ">=") + " " + f.value()
		}
	case 3:
		if f.ranges && !strings.Contains(f.text, "addr") {
			return fmt.Sprintf("%s & 0x%x %s 0x%x", f.text, 1+g.IntN(255), g.one("==", "!=", "<"), g.IntN(16))
		}
	case 4:
		if narrow(f.text) {
			break // nft 1.0.6 lists such concatenations wrongly
		}
		h := fs[g.IntN(len(fs))]
		if narrow(h.text) {
			break
		}
		return fmt.Sprintf("%s . %s { %s . %s, %s . %s }", f.text, h.text, f.value(), h.value(), f.value(), h.value())
	case 5:
		return fmt.Sprintf("%s vmap { %s : accept, %s : drop }", f.text, f.value(), f.value())
	case 6:
		if f.flags {
			return f.text + " ! " + f.value()
		}
	case 8:
		return g.one("exthdr frag exists", "exthdr hbh missing", "tcp option sack-perm exists", "tcp option timestamp missing",
			"fib saddr . iif oif missing", "fib daddr . iif oif exists", "ip option rr exists", "tcp flags syn / syn,ack",
			"tcp flags & (fin|syn) == (fin|syn)", "tcp flags & (syn|ack) != syn", "tcp flags & (fin|syn|rst|ack) == syn")
	}
	return f.text + " " + g.right(f)
}

// narrow reports whether a field does not fill whole bytes.
func narrow(text string) bool {
	switch text {
	case "iifname", "oifname": // with a star such concatenations are of ranges
		return true
	case "ip version", "ip hdrlength", "ip dscp", "ip ecn", "ip6 flowlabel", "tcp doff", "dccp type", "frag frag-off", "frag more-fragments":
		return true
	}
	return false
}

func (g *generator) statement() string {
	return g.one("counter", "notrack", "log", `log prefix "x: " level info`, "log group "+g.num(10)+` prefix "y"`, "limit rate "+g.num(50)+"/second",
		"limit rate over "+g.num(9)+"/minute burst "+g.num(20)+" packets", "limit rate 10 mbytes/second burst 5 kbytes",
		"meta mark set "+g.mark(), "ct mark set "+g.mark(), "meta mark set ct mark", "ct mark set meta mark and "+g.mark()+" or "+g.mark(),
		"meta mark set meta mark xor "+g.mark(), "meta priority set 1:"+g.num(10), "meta nftrace set 1", "meta pkttype set host",
		"ip dscp set "+g.one("cs1", "af42", "0"), "ip ttl set "+g.num(256), "tcp dport set "+g.port(), "ip6 hoplimit set "+g.num(256), "ip saddr set "+g.v4(),
		"tcp option maxseg size set "+g.num(1500), "tcp option maxseg size set rt mtu", "ct count over "+g.num(10), "quota over "+g.num(100)+" mbytes",
		"ct zone set "+g.num(100), "ct event set new,destroy", "meta mark set numgen inc mod "+g.num(10)+" offset 5", "meta mark set jhash ip saddr . tcp sport mod 16 seed 0xa",
		"meta mark set tcp dport map { "+g.port()+" : 1, "+g.port()+" : 2 }", "meta mark set ip saddr map { "+g.v4()+" : "+g.mark()+", 10.0.0.0/8 : 5 }",
		"ip6 dscp set cs3", "udp sport set "+g.port(), "ether daddr set "+g.mac(), "meta mark set ip dscp", "add @dyn { ip saddr }", "update @dyn { ip saddr timeout 10s }",
		"delete @dyn { ip daddr }", "reset tcp option sack", "ct label set 5", "meta mark set 0x1 | 0x2", "ip id set 0", "tcp window set 5", "dccp sport set 4",
		"vlan id set 5", "ip ecn set ce", "frag id 5", "vlan id 7", "vlan pcp 3 vlan id 5")
}

func (g *generator) end() string {
	return g.one("", "", "accept", "drop", "return", "continue", "jump u", "goto u", "reject", "reject with tcp reset",
		"reject with icmpx no-route")
}

// rule draws the statements of a rule.
func (g *generator) rule() string {
	var parts []string
	for range 1 + g.IntN(3) {
		parts = append(parts, g.match())
	}
	if g.chance(2) {
		parts = append(parts, g.statement())
	}
	if g.chance(4) {
		parts = append(parts, g.match())
	}
	if g.chance(4) {
		parts = append(parts, g.statement())
	}
	if e := g.end(); e != "" {
		parts = append(parts, e)
	}
	return strings.Join(parts, " ")
}

// text writes a table in which each rule has a chain of its own. Rules are
// commands, of which nft tells all errors at once.
func (g *generator) text(rules []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "table %s t {\nset dyn {\ntype ipv4_addr; flags dynamic,timeout; size 1000\n}\nchain u {\n}\n", g.family)
	for i := range rules {
		fmt.Fprintf(&b, "chain c%d {\n}\n", i)
	}
	b.WriteString("}\n")
	for i, r := range rules {
		fmt.Fprintf(&b, "add rule %s t c%d %s\n", g.family, i, r)
	}
	return b.String()
}

// ruleAt returns which of n rules stands on a line of such a text.
func ruleAt(line, n int) int { return line - 2*n - 8 }
