package live_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// setGen draws commands of ipset that often meet: few names, few values, and now
// and then something that is refused.
type setGen struct {
	*rand.Rand
	kinds map[string]string // type of each set made, " 6" behind it for IPv6
	// roomy makes hashes that do not get full, nor their buckets. When such a hash
	// takes a packet's element depends on what else is in its bucket.
	roomy bool
}

func newSetGen(seed uint64) *setGen {
	return &setGen{Rand: rand.New(rand.NewPCG(seed, 1)), kinds: map[string]string{}}
}

func (g *setGen) of(words ...string) string { return words[g.IntN(len(words))] }

// chance is true once in n times.
func (g *setGen) chance(n int) bool { return g.IntN(n) == 0 }

// kernelTypes are the types of sets that the kernels have that tests run on.
var kernelTypes = []string{"bitmap:ip", "bitmap:ip,mac", "bitmap:port", "hash:ip", "hash:ip,port", "hash:ip,port,ip",
	"hash:ip,port,net", "hash:net", "hash:net,port", "hash:net,iface", "list:set"}

// name draws the name of a set, of one that was made if there is any.
func (g *setGen) name() string { return fmt.Sprintf("s%d", g.IntN(4)) }

func (g *setGen) create(name string) string {
	kind := g.of(kernelTypes...)
	var b strings.Builder
	fmt.Fprintf(&b, "create %s %s", name, kind)
	v6 := false
	switch {
	case strings.HasPrefix(kind, "hash:"):
		if v6 = g.chance(3); v6 {
			b.WriteString(g.of(" family inet6", " -6"))
		}
		if !g.roomy {
			fmt.Fprintf(&b, " maxelem %s", g.of("1", "3", "20", "300"))
		}
		if g.chance(4) && !g.roomy {
			b.WriteString(g.of(" hashsize 64", " hashsize 100", " hashsize 0", " bucketsize 3"))
		}
		if g.chance(3) && (kind == "hash:ip" || kind == "hash:ip,port" || g.chance(9)) {
			b.WriteString(g.of(" netmask 24", " netmask 30", " netmask 0", " netmask 32", " netmask 64", " bitmask 255.0.255.255",
				" bitmask ffff::ffff", " bitmask 0.0.0.0"))
		}
	case kind == "bitmap:port":
		b.WriteString(" range " + g.of("0-65535", "1-10", "80-10", "udp:5-http", "5", "tcp:80-90"))
	case kind == "list:set":
		b.WriteString(g.of("", " size 1", " size 9"))
	default:
		b.WriteString(" range " + g.of("10.0.0.0/24", "10.0.0.1-10.0.0.9", "10.0.0.9-10.0.0.1", "0.0.0.0/16", "10.0.0.0/8", "10.0.0.5", "10.0.0.0/32"))
		if kind == "bitmap:ip" && g.chance(3) {
			b.WriteString(g.of(" netmask 30", " netmask 24", " netmask 28", " netmask 31"))
		}
	}
	for _, o := range []string{"timeout 0", "timeout 1000", "counters", "comment", "skbinfo"} {
		if g.chance(4) {
			b.WriteString(" " + o)
		}
	}
	if g.chance(30) {
		b.WriteString(g.of(" foo", " timeout", " timeout x", " family any", " markmask 1", " timeout 2147484"))
	}
	g.kinds[name] = kind
	if v6 {
		g.kinds[name] += " 6"
	}
	return b.String()
}

func (g *setGen) addr(v6 bool) string {
	if v6 != g.chance(60) {
		return g.of("1::1", "1::2", "1::3", "1::10", "::", "::1", "fe80::1", "1:0:0:1::5")
	}
	if g.chance(12) {
		return g.of("0.0.0.0", "0.0.0.1", "10.0.0.255", "10.1", "010.0.0.1", "1.2.3", "x", "10.0.0.256")
	}
	return fmt.Sprintf("10.0.%d.%d", g.IntN(20)/18, g.IntN(12))
}

// addrs draws an address, a network or a range.
func (g *setGen) addrs(v6, net bool) string {
	a := g.addr(v6)
	n := 3
	if net {
		n = 1
	}
	switch k := g.IntN(6); {
	case k == 0:
		if !strings.HasPrefix(a, "10.0.") && !v6 { // ranges from elsewhere are long
			a = "10.0.0.0"
		}
		return fmt.Sprintf("%s-10.0.0.%d", a, g.IntN(20))
	case k <= 2 && g.IntN(n) == 0 && v6:
		return a + g.of("/0", "/16", "/64", "/126", "/127", "/128", "/129")
	case k <= 2 && g.IntN(n) == 0 && net:
		return a + g.of("/0", "/1", "/8", "/16", "/24", "/28", "/30", "/31", "/32", "/33")
	case k <= 2 && g.IntN(n) == 0:
		return a + g.of("/0", "/24", "/30", "/31", "/32", "/33")
	}
	return a
}

func (g *setGen) port() string {
	if g.chance(8) {
		return g.of("icmp:0/0", "icmp:ping", "icmp:8/0", "icmp:3/4", "icmpv6:128/0", "icmpv6:ping", "icmp:1", "gre:0", "gre:1", "47:0",
			"0:0", "http", "foo", "65536", "-1", "tcp:", "250:0", "tcp:http", "udp:domain", "[http]", "[ftp-data]", "UDP:80", "6:7", "all:0", "icmp:300/1")
	}
	p := g.of("", "", "tcp:", "udp:", "sctp:", "udplite:") + fmt.Sprint(g.IntN(6))
	if g.chance(5) {
		p += fmt.Sprintf("-%d", g.IntN(9))
	}
	return p
}

func (g *setGen) mac() string {
	return g.of("01:02:03:04:05:06", "1:2:3:4:5:6", "0a:0B:0c:00:00:01", "00:00:00:00:00:00", "1:2:3", "1:2:3:4:5:g")
}

func (g *setGen) iface() string {
	return g.of("eth0", "eth1", "eth", "eth01", "physdev:eth0", "e", "interface1234567")
}

// element draws an element for a set.
func (g *setGen) element(name string) string {
	kind, six, _ := strings.Cut(g.kinds[name], " ")
	v6 := six != ""
	if kind == "list:set" || kind == "" {
		return g.of("s0", "s1", "s2", "s3", "s9")
	}
	_, parts, _ := strings.Cut(kind, ":")
	var words []string
	for i, p := range strings.Split(parts, ",") {
		switch p {
		case "ip":
			if i == 2 && !g.chance(20) {
				words = append(words, g.addr(v6))
				continue
			}
			words = append(words, g.addrs(v6, false))
		case "net":
			words = append(words, g.addrs(v6, true))
		case "port":
			words = append(words, g.port())
		case "mac":
			if !g.chance(3) {
				words = append(words, g.mac())
			}
		case "iface":
			words = append(words, g.iface())
		}
	}
	if g.chance(60) {
		words = append(words, "1")
	}
	return strings.Join(words, ",")
}

// command draws a line.
func (g *setGen) command() string {
	name := g.name()
	if g.kinds[name] == "" || g.chance(60) {
		return g.create(name)
	}
	list := g.kinds[name] == "list:set"
	switch k := g.IntN(100); {
	case k < 60:
		return "add " + name + " " + g.element(name) + g.options(list)
	case k < 75:
		return "del " + name + " " + g.element(name) + g.reference(list)
	case k < 96:
		line := "test " + name + " " + g.element(name) + g.reference(list)
		if g.chance(5) {
			line += " nomatch"
		}
		return line
	case k == 96:
		return "flush " + name
	case k == 97:
		return "swap " + name + " " + g.name()
	case k == 98:
		delete(g.kinds, name)
		return "destroy " + name
	}
	return "rename " + name + " " + g.name()
}

func (g *setGen) reference(list bool) string {
	if list && g.chance(2) {
		return g.of(" before ", " after ") + g.name()
	}
	return ""
}

func (g *setGen) options(list bool) string {
	s := g.reference(list)
	for _, o := range []string{"timeout 0", "timeout 100", "timeout 20000", "nomatch", "wildcard", "packets 5", "bytes 7", "comment x",
		`comment "a b"`, "skbmark 0x1", "skbmark 0x10/0xf0", "skbprio 1:10", "skbqueue 3"} {
		if g.chance(14) {
			s += " " + o
		}
	}
	if g.chance(60) {
		s += g.of(" timeout -1", " foo", " packets x", " skbmark 1", " skbprio 1", " comment")
	}
	return s
}
