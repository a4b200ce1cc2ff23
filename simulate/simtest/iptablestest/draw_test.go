package iptablestest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// drawer draws commands. There is little of each thing, so that much collides.
type drawer struct{ *rand.Rand }

// invocation is a command to run.
type invocation struct {
	name  string
	args  []string
	stdin string
}

func (i invocation) String() string {
	s := i.name + " " + strings.Join(i.args, "|")
	if i.stdin != "" {
		s += " <<\n" + i.stdin
	}
	return s
}

func one[T any](d drawer, from ...T) T { return from[d.IntN(len(from))] }

// in reports true once in n times.
func (d drawer) in(n int) bool { return d.IntN(n) == 0 }

// next draws a command.
func (d drawer) next() invocation {
	six := d.in(4)
	switch d.IntN(12) {
	case 0:
		return invocation{name: family("iptables-save", six), args: one(d, nil, []string{"-c"}, []string{"-t", d.table(six)}, []string{"--counters"}, []string{"-x"})}
	case 1, 2:
		i := invocation{name: family("iptables-restore", six), args: d.restoreArgs(six)}
		tables := 1 + d.IntN(3)
		if slices.Contains(i.args, "--test") || slices.Contains(i.args, "-t") {
			tables = 1 // see the package's documentation
		}
		i.stdin = d.text(six, tables)
		return i
	case 3, 4:
		return invocation{name: "ipset", args: d.setArgs()}
	}
	args := strings.Fields(d.command(six))
	if t := d.table(six); t != "filter" || d.in(2) {
		args = append([]string{"-t", t}, args...)
	}
	switch d.IntN(8) {
	case 0:
		args = append([]string{"-w"}, args...)
	case 1:
		args = append(args, "-w", "5")
	case 2, 3:
		if !slices.ContainsFunc(args, verbose) { // "-v -v" shows what only the C library has
			args = append([]string{one(d, "-v", "--verbose")}, args...)
		}
	}
	return invocation{name: family("iptables", six), args: args}
}

// verbose reports whether an argument has the option -v in it.
func verbose(arg string) bool {
	return strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.Contains(arg, "v")
}

func family(tool string, six bool) string {
	if six {
		return "ip6" + tool[2:]
	}
	return tool
}

func (d drawer) table(six bool) string {
	switch d.IntN(12) {
	case 0:
		return "nat"
	case 1:
		return "mangle"
	case 2:
		return "raw"
	case 3:
		if d.in(4) {
			return "nope"
		}
	}
	return "filter"
}

func (d drawer) chain() string {
	return one(d, "INPUT", "FORWARD", "OUTPUT", "INPUT", "FORWARD", "OUTPUT", "PREROUTING", "POSTROUTING", "web", "db", "web", "db", "x", "nope")
}

func (d drawer) own() string {
	return one(d, "web", "db", "x", "web", "db", "INPUT", "ACCEPT", "DROP", "REJECT", "nope")
}

func (d drawer) number() string { return one(d, "1", "1", "1", "2", "2", "3", "5", "0", "a", "99") }

// command draws the arguments of a command of iptables.
func (d drawer) command(six bool) string {
	switch d.IntN(30) {
	case 0, 1, 2, 3, 4, 5, 6:
		return one(d, "-A ", "-A ", "--append ") + d.chain() + " " + d.rule(six)
	case 7, 8, 9:
		return "-I " + d.chain() + one(d, "", " "+d.number(), " 1") + " " + d.rule(six)
	case 10, 11:
		return "-D " + d.chain() + " " + d.rule(six)
	case 12, 13:
		return "-D " + d.chain() + " " + d.number()
	case 14, 15:
		return "-C " + d.chain() + " " + d.rule(six)
	case 16:
		return "-R " + d.chain() + " " + d.number() + " " + d.rule(six)
	case 17, 18, 19:
		return "-N " + d.own()
	case 20:
		return "-X " + one(d, "", d.own(), d.own())
	case 21:
		return "-E " + d.own() + " " + d.own()
	case 22:
		return "-F " + one(d, "", d.chain(), d.chain())
	case 23:
		return "-P " + d.chain() + " " + one(d, "ACCEPT", "DROP", "ACCEPT", "DROP", "RETURN", "web") + one(d, "", "", " -c 3 4")
	case 24:
		return "-Z " + one(d, "", d.chain(), d.chain()+" "+d.number())
	case 25, 26:
		return one(d, "-S ", "-S ", "-v -S ", "--list-rules ") + one(d, "", d.chain(), d.chain()+" "+d.number())
	case 27, 28:
		return one(d, "-n -L ", "-nvL ", "-n -v -x -L ", "-n --line-numbers -L ", "-nxvL ") + one(d, "", d.chain(), d.chain()+" "+d.number())
	}
	return d.odd()
}

// change draws a command that prints nothing: texts for iptables-restore have no
// others.
func (d drawer) change(six bool) string {
	for {
		if c := d.command(six); !strings.Contains(c, "-S") && !strings.Contains(c, "L ") && !strings.Contains(c, "--list") && !strings.Contains(c, "-V") {
			return c
		}
	}
}

// odd draws what the tool refuses to read, mostly.
func (d drawer) odd() string {
	return one(d, "", "-j ACCEPT", "-A", "-A INPUT -F", "-A INPUT extra", "-N", "-V", "-L -Z -n", "-S -n", "-A INPUT -n -j ACCEPT",
		"-A INPUT -s 1.2.3.4 -s 1.2.3.5", "-A INPUT -m nope", "-A INPUT --nope", "-A INPUT -p tcp --dport", "-4 -S", "-6 -S",
		"-A INPUT -j web -g web", "-P INPUT", "-E web", "-D INPUT", "-R INPUT", "-I INPUT x -j ACCEPT", "-A INPUT ! ! -s 1.1.1.1",
		"-N aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "-N -x", "-F web db", "-W 5 -S", "-W 5 -w -S", "-x -S", "--line-numbers -S",
		"-A INPUT -p 47 -j DROP", "-A FORWARD ! -p icmp", "-I INPUT -p 58", "-A INPUT -f -j DROP", "-C INPUT ! -i eth0 -p esp")
}

// rule draws a rule without its chain.
func (d drawer) rule(six bool) string {
	var words []string
	add := func(s string) { words = append(words, s) }
	addrs := []string{"10.0.0.1", "10.0.0.0/8", "10.1.2.3/255.255.0.0", "0.0.0.0/0", "10.0.0.1,10.0.0.2"}
	if six {
		addrs = []string{"2001:db8::1", "2001:db8::/32", "::/0", "2001:db8::1,2001:db8::2"}
	}
	if d.in(3) {
		add(one(d, "", "", "! ") + "-s " + one(d, addrs...))
	}
	if d.in(5) {
		add(one(d, "", "", "! ") + "-d " + one(d, addrs...))
	}
	if d.in(6) {
		add(one(d, "", "! ") + "-i " + one(d, "eth0", "cni+", "lo"))
	}
	if d.in(6) {
		add("-o " + one(d, "eth0", "cni+", "lo"))
	}
	switch d.IntN(4) {
	case 0:
		add("-p tcp" + one(d, "", " --dport 80", " --dport 80:90", " ! --sport 5", " -m tcp --syn", " -m multiport --dports 80,443,1000:2000", " --tcp-flags SYN,ACK SYN", " -m multiport ! --sports 1,2"))
	case 1:
		add("-p udp" + one(d, "", " --dport 53", " --sport 1:2"))
	case 2:
		if d.in(3) {
			add(one(d, "", "! ") + "-p " + one(d, strconv.Itoa(d.IntN(256)), "icmp", "icmpv6", "58", "135", "mh", "gre", "ah", "0x6", "all", "tcp", "UDP", "256", "nope"))
		}
	}
	if d.in(3) {
		add(d.match())
	}
	if !d.in(10) {
		add(d.target(six))
	}
	if d.in(15) {
		add("-c " + one(d, "1 2", "0 0", "123456 12345678901"))
	}
	return strings.Join(words, " ")
}

func (d drawer) match() string {
	return one(d, "-m comment --comment hello", "-m conntrack --ctstate NEW,ESTABLISHED", "-m conntrack ! --ctstate INVALID", "-m state --state NEW",
		"-m mark --mark 0x4000/0x4000", "-m mark ! --mark 5", "-m addrtype --dst-type LOCAL", "-m set --match-set s src", "-m set ! --match-set p dst,dst",
		"-m set --match-set nope src", "-m limit --limit 5/min", "-m limit --limit 3/sec --limit-burst 9", "-m statistic --mode random --probability 0.5",
		"-m statistic --mode nth --every 3 --packet 1", "-m mac --mac-source 02:00:00:00:00:01", "-m pkttype --pkt-type broadcast", "-m length --length 5:100",
		"-m connmark --mark 7", "-m physdev --physdev-in eth0", "-m connmark ! --mark 7", "-m statistic --mode random ! --probability 0.25", "-m statistic --mode nth --every 2",
		"-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name a", "-m hashlimit --hashlimit-above 512kb/s --hashlimit-name b", "-m length ! --length 5",
		"-m recent --set --name r", "-m recent --update --seconds 5 --hitcount 3 --name r --rdest", "-m string --string a|b --algo bm", "-m string --algo kmp ! --hex-string |00ff|",
		"-m time --timestart 08:00 --weekdays Mon", "-m dscp ! --dscp 0x0a", "-m tos --tos 0x10", "-m connlimit --connlimit-above 5", "-m connbytes --connbytes 5: --connbytes-mode bytes --connbytes-dir both",
		"-m policy --dir in --pol none", "-m conntrack --ctproto udp ! --ctdir REPLY", "-m conntrack --ctproto tcp --ctorigdstport 80", "-m u32 --u32 6&0xff=1", "-m socket --transparent", "-m cpu ! --cpu 1",
		"-m quota --quota 5", "-m helper --helper ftp", "-m limit --limit 20000/s", "-m mark --mark x", "-m mark", "-m conntrack --ctstate FOO", "-m limit --limit 1/day", "-m comment --comment a --comment b",
		"-m addrtype", "-m multiport --dports 80", "-m set --return-nomatch --match-set s src", "-m set --match-set l src --packets-gt 5")
}

func (d drawer) target(six bool) string {
	to := "10.0.0.9"
	if six {
		to = "2001:db8::9"
	}
	return one(d, "-j ACCEPT", "-j ACCEPT", "-j DROP", "-j DROP", "-j RETURN", "-j web", "-j db", "-j x", "-g web", "-g nope", "-j nope", "-j REJECT",
		"-j LOG", "-j MARK --set-mark 5", "-j MARK --set-xmark 0x4000/0x4000", "-j DNAT --to-destination "+to, "-j SNAT --to-source "+to,
		"-j MASQUERADE", "-j MASQUERADE --random-fully", "-j REDIRECT --to-ports 8080", "-j CT --notrack", "-j SET --add-set s src", "-j NFLOG --nflog-group 3", "-j NFLOG --nflog-prefix a:b", "-j LOG --log-prefix x --log-level debug --log-uid", "-j CONNMARK --set-mark 5", "-j CONNMARK --save-mark",
		"-j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf0", "-j NFQUEUE --queue-num 3 --queue-bypass", "-j CLASSIFY --set-class 1:2", "-j DSCP --set-dscp 0x0a", "-j TOS --set-tos 0x10", "-j MARK --and-mark 0xff",
		"-j TCPMSS --set-mss 1000", "-j NOTRACK", "-j CT --zone 5", "-j TEE --gateway "+to, "-j AUDIT --type accept", "-j CHECKSUM --checksum-fill", "-j MARK", "-j LOG --log-level 9", "-j CONNMARK")
}

func (d drawer) restoreArgs(six bool) []string {
	var args []string
	for _, a := range []string{"--noflush", "--noflush", "-n", "--counters", "--test", "-w 5", "-T " + d.table(six), "--wait", "-t"} {
		if d.in(5) {
			args = append(args, strings.Fields(a)...)
		}
	}
	return args
}

// text draws a text for iptables-restore.
func (d drawer) text(six bool, tables int) string {
	var b strings.Builder
	for range tables {
		fmt.Fprintf(&b, "*%s\n", d.table(six))
		for range d.IntN(4) {
			counters := one(d, " [0:0]", " [0:0]", " [7:700]", "")
			b.WriteString(one(d, ":web -", ":db -", ":x -", ":INPUT ACCEPT", ":INPUT DROP", ":FORWARD ACCEPT", ":PREROUTING ACCEPT", ":web ACCEPT", ":INPUT -", ":INPUT nope") + counters + "\n")
		}
		for range d.IntN(5) {
			b.WriteString(one(d, "", "", "[3:4] ") + one(d, "-A "+d.chain()+" "+d.rule(six), "-A "+d.chain()+" "+d.rule(six), d.change(six)) + "\n")
		}
		if !d.in(25) {
			b.WriteString("COMMIT\n")
		}
	}
	return b.String()
}

// setArgs draws the arguments of a command of ipset.
func (d drawer) setArgs() []string {
	set := func() string { return one(d, "s", "s", "p", "q", "l", "nope") }
	element := func() string {
		return one(d, "10.0.0.1", "10.0.0.2", "10.0.0.1,tcp:80", "10.0.0.0/24", "s", "q", "bad!", "10.0.0.1-10.0.0.3", "10.0.0.3,udp:53", "10.0.0.0/8,tcp:80", "10.0.0.1,80-82", "80", "10.0.0.0/8,eth0", "10.0.0.1,tcp:80,10.0.0.2", "2001:db8::1", "2001:db8::/64", "a,b,c,d", "0.0.0.0/0",
			"10.0.0.1,02:00:00:00:00:01", "10.0.0.7,nope:80", "10.0.0.300", "10.0.0.1/33", "http")
	}
	s := ""
	switch d.IntN(14) {
	case 0, 1:
		s = "create " + set() + " " + one(d, "hash:ip", "hash:ip", "hash:ip,port", "hash:net", "hash:ip timeout 500", "hash:ip comment counters", "list:set", "hash:ip family inet6", "bitmap:port range 0-100", "nope", "hash:ip nope", "hash:ip maxelem", "hash:net,port", "hash:net,iface", "hash:ip,port,ip", "hash:net family inet6", "bitmap:ip range 10.0.0.0/24", "bitmap:ip,mac range 10.0.0.0/24", "list:set size 4", "hash:ip skbinfo",
			"hash:net timeout 300 counters", "hash:ip netmask 24", "bitmap:ip", "bitmap:port range x-x", "hash:ip family inet5", "hash:ip maxelem x", "hash:ip timeout 4294968", "hash:ip hashsize 64 hashsize 64")
	case 2, 3, 4, 5:
		s = "add " + set() + " " + element() + one(d, "", "", " timeout 300", " nope", " timeout x", " comment hello", " packets 3 bytes 4", " skbmark 0x5", " nomatch", " before s")
	case 6, 7:
		s = "del " + set() + " " + element()
	case 8:
		s = "test " + set() + " " + element()
	case 9:
		s = one(d, "destroy ", "-X ") + one(d, "", set(), set())
	case 10:
		s = "rename " + set() + " " + set()
	case 11:
		s = "swap " + set() + " " + set()
	case 12:
		s = one(d, "list ", "save ", "list -n ", "list -t ", "-L ", "-o xml list ", "-output xml -t list ", "-n -o xml list ", "-o save list ", "-o nope list ") + one(d, "", set())
	case 13:
		s = one(d, "flush "+set(), "flush", "nope", "", "create", "add s", "version", "-q add s 10.0.0.1")
	}
	if d.in(5) {
		s = one(d, "-exist ", "-! ") + s
	}
	return strings.Fields(s)
}
