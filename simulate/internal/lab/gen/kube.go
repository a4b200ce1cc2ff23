package gen

import (
	"fmt"
	"net/netip"
	"strings"
)

// service is what a cluster offers at a virtual address.
type service struct {
	name, proto, addr    string
	port, nodePort, dest int // nodePort 0: there is none
	endpoints            []string
	local                bool // an endpoint's pod may not be masqueraded
}

// cluster is drawn for a ruleset in the manner of kube-proxy and flannel.
type cluster struct {
	pods, nodeAddr string
	services       []service
	lb             bool // endpoints are chosen by chance
}

func (r *Rand) cluster(services int, lb bool) cluster {
	k := cluster{pods: r.byFamily("10.1.0.0/16", "2001:db8:10::/47"), nodeAddr: r.locals[0], lb: lb}
	for i := range services {
		s := service{
			name: fmt.Sprintf("ns%d/svc-%d:p", i%3, i), proto: Pick(r, "tcp", "tcp", "udp", "sctp"),
			addr: fmt.Sprintf("%s%d", r.byFamily("10.96.0.", "2001:db8:96::"), 10+i),
			port: Pick(r, 53, 80, 443, 8080), dest: Pick(r, 53, 80, 8443, 9090), local: r.Maybe(0.4),
		}
		if r.Maybe(0.5) {
			s.nodePort = 30000 + i
		}
		for j := range Pick(r, 0, 1, 1, 2, 3, 5) {
			net := Pick(r, r.byFamily("10.1.0.", "2001:db8:10::"), r.byFamily("10.1.1.", "2001:db8:11::"))
			s.endpoints = append(s.endpoints, fmt.Sprintf("%s%d", net, 4+j*10+r.IntN(10)))
		}
		k.services = append(k.services, s)
	}
	return k
}

// chains collects a table: heads in order, then rules.
type chains struct {
	heads, rules []string
}

func (c *chains) head(names ...string) {
	for _, n := range names {
		c.heads = append(c.heads, ":"+n+" - [0:0]\n")
	}
}

func (c *chains) rule(chain, format string, args ...any) {
	c.rules = append(c.rules, "-A "+chain+" "+fmt.Sprintf(format, args...)+"\n")
}

func (c *chains) text(table string, policies ...string) string {
	var b strings.Builder
	b.WriteString("*" + table + "\n")
	for i, h := range hooks(table) {
		policy := "ACCEPT"
		if i < len(policies) && policies[i] != "" {
			policy = policies[i]
		}
		b.WriteString(":" + h + " " + policy + " [0:0]\n")
	}
	b.WriteString(strings.Join(c.heads, "") + strings.Join(c.rules, "") + "COMMIT\n")
	return b.String()
}

// ruleset writes the cluster's rules.
func (k cluster) ruleset(r *Rand) string {
	raw := &chains{rules: []string{"-A PREROUTING -j TRACE\n", "-A OUTPUT -j TRACE\n"}}
	nat, filter := &chains{}, &chains{}
	nat.head("SERVICES", "NODEPORTS", "MARK-MASQ", "POST", "FLANNEL-POSTRTG")
	filter.head("FIREWALL", "FORWARDING", "SERVICES", "FLANNEL-FWD")
	for _, hook := range []string{"PREROUTING", "OUTPUT"} {
		nat.rule(hook, `-m comment --comment "service portals" -j SERVICES`)
	}
	nat.rule("POSTROUTING", `-m comment --comment "cluster postrouting" -j POST`)
	nat.rule("POSTROUTING", `-m comment --comment "flanneld masq" -j FLANNEL-POSTRTG`)
	for i, s := range k.services {
		k.service(r, nat, filter, i, s)
	}
	nat.rule("SERVICES", `-m comment --comment "node ports; must be last" -m addrtype --dst-type LOCAL -j NODEPORTS`)
	nat.rule("MARK-MASQ", "-j MARK --set-xmark 0x4000/0x4000")
	nat.rule("POST", "-m mark ! --mark 0x4000/0x4000 -j RETURN")
	nat.rule("POST", "-j MARK --set-xmark 0x4000/0x0")
	nat.rule("POST", `-m comment --comment "service traffic requiring SNAT" -j MASQUERADE`)
	k.flannel(r, nat, filter)
	k.firewall(r, filter)
	return raw.text("raw") + (&chains{}).text("mangle") + nat.text("nat") + filter.text("filter", "", Pick(r, "ACCEPT", "DROP"))
}

// service writes the chains of one service: its portal, its node port, and a
// chain per endpoint, chosen by a probability that is real only with lb.
func (k cluster) service(r *Rand, nat, filter *chains, i int, s service) {
	head := fmt.Sprintf(`-d %s -p %s -m comment --comment "%s cluster IP" -m %s --dport %d`, s.addr, s.proto, s.name, s.proto, s.port)
	if len(s.endpoints) == 0 {
		filter.rule("SERVICES", "%s -j REJECT --reject-with %s", head, r.byFamily("icmp-port-unreachable", "icmp6-port-unreachable"))
		if s.nodePort != 0 {
			filter.rule("SERVICES", "-p %s -m addrtype --dst-type LOCAL -m %s --dport %d -j DROP", s.proto, s.proto, s.nodePort)
		}
		return
	}
	svc := fmt.Sprintf("SVC-%04d", i)
	nat.head(svc)
	nat.rule("SERVICES", "%s -j %s", head, svc)
	if s.nodePort != 0 {
		ext := fmt.Sprintf("EXT-%04d", i)
		nat.head(ext)
		nat.rule("NODEPORTS", `-p %s -m comment --comment "%s" -m %s --dport %d -j %s`, s.proto, s.name, s.proto, s.nodePort, ext)
		if !s.local {
			nat.rule(ext, `-m comment --comment "masquerade traffic for %s" -j MARK-MASQ`, s.name)
		}
		nat.rule(ext, "-j %s", svc)
	}
	if r.Maybe(0.7) {
		nat.rule(svc, "! -s %s %s -j MARK-MASQ", k.pods, head)
	}
	for n, e := range s.endpoints {
		sep := fmt.Sprintf("SEP-%04d-%d", i, n)
		nat.head(sep)
		chance := ""
		if left := len(s.endpoints) - n; left > 1 {
			chance = fmt.Sprintf("-m statistic --mode random --probability %.11f ", k.probability(r, left))
		}
		nat.rule(svc, `-m comment --comment "%s -> %s" %s-j %s`, s.name, r.transport(e, fmt.Sprint(s.dest)), chance, sep)
		nat.rule(sep, `-s %s -m comment --comment "%s" -j MARK-MASQ`, e, s.name)
		nat.rule(sep, `-p %s -m comment --comment "%s" -m %s -j DNAT --to-destination %s`, s.proto, s.name, s.proto, r.transport(e, fmt.Sprint(s.dest)))
	}
}

func (k cluster) probability(r *Rand, left int) float64 {
	if k.lb {
		return 1 / float64(left)
	}
	return Pick(r, 0.0, 0.0, 1.0)
}

// flannel writes what an overlay's daemon adds.
func (k cluster) flannel(r *Rand, nat, filter *chains) {
	const comment = `-m comment --comment "flanneld masq"`
	if r.Maybe(0.5) {
		nat.rule("FLANNEL-POSTRTG", "-m mark --mark 0x4000/0x4000 %s -j RETURN", comment)
	}
	nat.rule("FLANNEL-POSTRTG", "-s %s -d %s %s -j RETURN", k.pods, k.pods, comment)
	nat.rule("FLANNEL-POSTRTG", "-s %s ! -d %s %s -j MASQUERADE", k.pods, r.byFamily("224.0.0.0/4", "ff00::/8"), comment)
	nat.rule("FLANNEL-POSTRTG", "! -s %s -d %s %s -j RETURN", k.pods, r.byFamily("10.1.0.0/24", "2001:db8:10::/64"), comment)
	nat.rule("FLANNEL-POSTRTG", "! -s %s -d %s %s -j MASQUERADE", k.pods, k.pods, comment)
	filter.rule("FLANNEL-FWD", "-s %s -j ACCEPT", k.pods)
	filter.rule("FLANNEL-FWD", "-d %s -j ACCEPT", k.pods)
}

func (k cluster) firewall(r *Rand, filter *chains) {
	for _, hook := range []string{"INPUT", "FORWARD", "OUTPUT"} {
		filter.rule(hook, `-m conntrack --ctstate NEW -m comment --comment "service portals" -j SERVICES`)
	}
	filter.rule("INPUT", "-j FIREWALL")
	filter.rule("OUTPUT", "-j FIREWALL")
	filter.rule("FORWARD", `-m comment --comment "forwarding rules" -j FORWARDING`)
	filter.rule("FORWARD", "-j FLANNEL-FWD")
	filter.rule("FORWARDING", "-m conntrack --ctstate INVALID -j DROP")
	filter.rule("FORWARDING", "-m mark --mark 0x4000/0x4000 -j ACCEPT")
	filter.rule("FORWARDING", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
	filter.rule("FIREWALL", "-m mark --mark 0x8000/0x8000 -j DROP")
	if r.Family == 4 {
		filter.rule("FIREWALL", `! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" `+
			"-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP")
	}
}

// ask draws a first packet to one of the services.
func (k cluster) ask(r *Rand, seq int) fresh {
	s := Pick(r, k.services...)
	var f fresh
	f.in, f.src = r.sender()
	f.dst, f.ttl = netip.MustParseAddr(s.addr), 64
	port := s.port
	if s.nodePort != 0 && r.Maybe(0.4) {
		f.dst, port = netip.MustParseAddr(Pick(r, r.locals...)), s.nodePort
	}
	sport, dport := r.clientPort(seq), uint16(port)
	switch s.proto {
	case "tcp":
		f.proto, f.body = protoTCP, tcpSegment(sport, dport, clientISN, 0, syn, nil, nil)
	case "udp":
		f.proto, f.body = protoUDP, udpDatagram(sport, dport, []byte("question"))
	default:
		f.proto, f.body = protoSCTP, sctpPacket(sport, dport, 0, clientTag, 0, sctpInit)
	}
	f.datagram = f.seal()
	return f
}

// Kube draws a case of conversations with the services of a cluster. Of
// cfg only Family and Packets count.
func Kube(seed uint64, cfg Config) *Case {
	var k cluster
	c, r := newCase("kube", seed, cfg.Family, func(r *Rand) string {
		k = r.cluster(12, false)
		return k.ruleset(r)
	})
	r.conversations(c, cfg.withDefaults().Packets, k.ask)
	return c
}

// LoadBalanced is Kube with endpoints chosen by real chance: the kernel's path
// is one of the possible ones, and over many packets each occurs as often as
// its probability says. Its packets are first packets only.
func LoadBalanced(seed uint64, cfg Config) *Case {
	var k cluster
	c, r := newCase("lb", seed, cfg.Family, func(r *Rand) string {
		k = r.cluster(5, true)
		return k.ruleset(r)
	})
	c.Random = true
	for i := range cfg.withDefaults().Packets {
		c.steps = append(c.steps, step{fresh: k.ask(r, i)})
	}
	return c
}
