package bench

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// firewall returns a filter table whose FORWARD chain lets the connections
// through that it knows and then holds these rules, each given without "-A FORWARD ".
func firewall(n int, rule func(i int) string) string {
	var b strings.Builder
	b.WriteString("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n")
	b.WriteString("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n")
	for i := range n {
		b.WriteString("-A FORWARD ")
		b.WriteString(rule(i))
		b.WriteByte('\n')
	}
	b.WriteString("COMMIT\n")
	return b.String()
}

// Irregular returns a firewall of n rules no two of which need be alike: each has
// two to four conditions drawn from prefixes, single addresses, ranges, ports,
// lists of ports, links, marks, and all of these inverted. No rule matches the
// packet of Unmatched, so that it has to pass all of them.
func Irregular(n int) string {
	rnd := rand.New(rand.NewPCG(uint64(n), 14))
	return firewall(n, func(int) string { return irregularRule(rnd) })
}

// condition writes one condition; ports need -p ahead of them.
type condition func(*rand.Rand) string

// narrow conditions do not hold for the packet of Unmatched.
var narrow = []condition{
	func(r *rand.Rand) string { return fmt.Sprintf("-s %s/%d ", drawAddr(r), 8+r.IntN(25)) },
	func(r *rand.Rand) string { return fmt.Sprintf("-d %s/%d ", drawAddr(r), 8+r.IntN(25)) },
	func(r *rand.Rand) string { return "-i " + drawLink(r) + " " },
	func(r *rand.Rand) string { return "-o " + drawLink(r) + " " },
	func(r *rand.Rand) string { return fmt.Sprintf("-m mark --mark 0x%x/0xff ", 1+r.IntN(255)) },
	func(r *rand.Rand) string {
		a := drawAddr(r)
		return fmt.Sprintf("-m iprange --src-range %s-%s ", a, later(r, a))
	},
	func(r *rand.Rand) string {
		a := drawAddr(r)
		return fmt.Sprintf("-m iprange --dst-range %s-%s ", a, later(r, a))
	},
}

// wide conditions do.
var wide = []condition{
	func(r *rand.Rand) string { return fmt.Sprintf("! -s %s/%d ", drawAddr(r), 8+r.IntN(25)) },
	func(r *rand.Rand) string { return fmt.Sprintf("! -d %s/%d ", drawAddr(r), 8+r.IntN(25)) },
	func(r *rand.Rand) string { return "! -i " + drawLink(r) + " " },
	func(r *rand.Rand) string { return "! -o " + drawLink(r) + " " },
	func(r *rand.Rand) string { return fmt.Sprintf("-m mark ! --mark 0x%x/0xff ", 1+r.IntN(255)) },
}

// ports are on either side.
var ports = []condition{
	func(r *rand.Rand) string { return fmt.Sprintf("--dport %d ", 1+r.IntN(60000)) },
	func(r *rand.Rand) string { return fmt.Sprintf("--sport %d ", 1+r.IntN(65535)) },
	func(r *rand.Rand) string {
		lo := r.IntN(58000)
		return fmt.Sprintf("--dport %d:%d ", lo, lo+r.IntN(5000))
	},
	func(r *rand.Rand) string {
		lo := r.IntN(30000)
		return fmt.Sprintf("! --sport %d:%d ", lo, lo+r.IntN(30000))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("-m multiport --dports %d,%d,%d:%d ", r.IntN(9000), r.IntN(60000), 30000+r.IntN(500), 31000+r.IntN(500))
	},
}

func irregularRule(rnd *rand.Rand) string {
	var b strings.Builder
	seen := map[string]bool{}
	add := func(from []condition) {
		s := from[rnd.IntN(len(from))](rnd)
		if word := option(s); !seen[word] {
			seen[word] = true
			b.WriteString(s)
		}
	}
	if proto := []string{"tcp", "udp", ""}[rnd.IntN(3)]; proto != "" {
		fmt.Fprintf(&b, "-p %s -m %s ", proto, proto)
		add(ports)
	}
	add(narrow)
	for range rnd.IntN(3) {
		add([][]condition{narrow, wide}[rnd.IntN(2)])
	}
	b.WriteString([]string{"-j ACCEPT", "-j DROP", "-j MARK --set-mark 0x77"}[rnd.IntN(3)])
	return b.String()
}

// option returns the word that may stand in a rule but once.
func option(s string) string {
	w := strings.Fields(strings.TrimPrefix(s, "! "))
	if w[0] == "-m" {
		return w[0] + " " + w[1]
	}
	return w[0]
}

// drawAddr draws an address of those that are not the packet's: 10.0.0.0/8 and
// 172.16.0.0/12.
func drawAddr(r *rand.Rand) netip.Addr {
	if r.IntN(2) == 0 {
		return netip.AddrFrom4([4]byte{10, byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))})
	}
	return netip.AddrFrom4([4]byte{172, 16 + byte(r.IntN(16)), byte(r.IntN(256)), byte(r.IntN(256))})
}

// later returns an address behind a, at most 65,535 of them.
func later(r *rand.Rand, a netip.Addr) netip.Addr {
	b := a.As4()
	b[2] = max(b[2], byte(r.IntN(256)))
	b[3] = 255
	return netip.AddrFrom4(b)
}

func drawLink(r *rand.Rand) string {
	return []string{"eth1", "eth2", "cali+", "tun0", "veth+", "wg0"}[r.IntN(6)]
}

// Unmatched returns the packet that none of the rules of Irregular and the
// Shapes matches.
func Unmatched() packet.Spec {
	return packet.Spec{Src: client, SrcPort: 40000, Dst: netip.AddrFrom4([4]byte{198, 51, 100, 77}), DstPort: 64999, Flags: packet.SYN}
}
