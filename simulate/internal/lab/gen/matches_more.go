package gen

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// AllMatches returns the matches of the core set and the rest.
func AllMatches() []Entry { return slices.Concat(CoreMatches(), StatefulMatches(), MoreMatches()) }

// MoreMatches returns the matches outside of the core set that keep no memory.
// Conditions on the clock, the processor and the cgroup are drawn so that they
// do not depend on them.
func MoreMatches() []Entry {
	const in = "PREROUTING INPUT FORWARD"
	const out = "FORWARD OUTPUT POSTROUTING"
	return slices.Concat(ipMatches(), headerMatches(), []Entry{
		{Name: "pkttype", Draw: Form("[!] --pkt-type {unicast|broadcast|multicast}")},
		{Name: "mac", Hooks: in, Draw: Form("[!] --mac-source {02:ff:00:00:00:01|02:ff:00:00:00:02|02:ff:00:00:00:03|00:00:00:00:00:00}")},
		{Name: "physdev", Hooks: "PREROUTING INPUT FORWARD POSTROUTING", Draw: Form("[!] --physdev-in {iface}", "[!] --physdev-in {port1|port2|port+}",
			"[!] --physdev-is-in", "[!] --physdev-is-bridged", "! --physdev-out {iface} ! --physdev-is-out", "[!] --physdev-is-bridged [!] --physdev-in {port1|port2}")},
		{Name: "devgroup", Hooks: in, Draw: Form("[!] --src-group {0|1|1/2|0/3}")},
		{Name: "devgroup", Hooks: out, Draw: Form("[!] --dst-group {0|1|1/2|0/3}")},
		{Name: "realm", Families: "4", Hooks: "INPUT FORWARD OUTPUT POSTROUTING", Draw: Form("[!] --realm {0|1|0/0|4/3|4|0x10004|0x10002|0x10000/0xffff0000}")},
		{Name: "policy", Hooks: in, Draw: Form("--dir in --pol {none|ipsec}", "--dir in --pol ipsec[ --strict] [!] --reqid {1|2} --proto {esp|ah} --mode {tunnel|transport}")},
		{Name: "policy", Hooks: out, Draw: Form("--dir out --pol {none|ipsec}", "--dir out --pol ipsec[ --strict] [!] --spi {1|2} --proto {esp|ah}")},
		{Name: "cpu", Draw: Form("[!] --cpu {1000|4294967295}")},
		{Name: "owner", Hooks: "OUTPUT POSTROUTING", Weight: 2, Draw: Form("[!] --uid-owner {0|1|0-9|1-9}[ [!] --gid-owner {0|1|0-9|1-9}]", "[!] --socket-exists", "[!] --gid-owner {0|1-9}[ --suppl-groups]")},
		{Name: "cgroup", Hooks: "INPUT OUTPUT POSTROUTING", Draw: Form("[!] --cgroup {0|7}")},
		{Name: "rpfilter", Tables: "raw mangle", Hooks: "PREROUTING", Weight: 3, Draw: Form("[--loose ][--validmark ][--accept-local ][--invert]")},
		{Name: "helper", Draw: Form("[!] --helper {ftp|tftp|sip}", `[!] --helper ""`)},
		{Name: "osf", Families: "4", Protocols: "tcp", Hooks: in, Draw: Form("[!] --genre Linux")},
		{Name: "time", Draw: Form("--datestart 2020", "--datestop 2020", "--weekdays Mon,Tue,Wed,Thu,Fri,Sat,Sun", "--timestart 9:00 --timestop 9:00", "--timestart 9:00:01 --timestop 9:00:00[ --contiguous]", "--datestart 2020 --kerneltz")},
	})
}

// ipMatches read the IP header and the payload.
func ipMatches() []Entry {
	const ipHeader = `[!] --u32 "{0&0xff=28:60|4&0x1fff=0|6&0xff=6|6&0xff=17|0>>22&0x3c@0>>16=0:1024|0>>22&0x3c@0&0xffff=53,80|0&0xff=1&&6&0xff=6|0@0=0|100=0}"`
	return []Entry{
		{Name: "ttl", Families: "4", Draw: Form("[!] --ttl-eq {1|63|64}", "--ttl-{lt|gt} {2..254}")},
		{Name: "hl", Families: "6", Draw: Form("[!] --hl-eq {1|63|64}", "--hl-{lt|gt} {2..254}")},
		{Name: "tos", Draw: Form("[!] --tos {0x10|0|0x10/0x10|0/0x3|3/3|0xff|Minimize-Delay}")},
		{Name: "dscp", Draw: Form("[!] --dscp {0|4|10|46|63}", "[!] --dscp-class {CS0|EF|AF11}")},
		{Name: "length", Draw: Form("[!] --length {0..70}", "[!] --length {20..60}:{50..100}", "[!] --length 60:")},
		{Name: "iprange", Draw: func(r *Rand) string {
			return Form("[!] --{src|dst}-range ")(r) + " " + r.between()
		}},
		{Name: "iprange", Draw: func(r *Rand) string {
			return r.Not() + "--src-range " + r.between() + " " + r.Not() + "--dst-range " + r.between()
		}},
		{Name: "u32", Families: "4", Weight: 2, Draw: Form(ipHeader)},
		{Name: "u32", Families: "6", Weight: 2, Draw: Form(`[!] --u32 "{4&0xff00=0x600|4&0xff00>>8=17,58|40>>16=0:1024|40&0xffff=53,80|44=0|200=1|4>>16@0=0:4294967295}"`)},
		{Name: "string", Weight: 2, Draw: Form(
			`[!] --string "{ping|aa|bbb|question|PING}" --algo {bm|kmp}[ --icase]`,
			`[!] --hex-string "|{0a01|2001|0000|616161}|" --algo {bm|kmp}[ --from {0..60}]`,
			`[!] --string "{ping|answer|cc}" --algo {bm|kmp} --from {0..40} --to {40..80}`)},
		{Name: "socket", Tables: "mangle", Hooks: "PREROUTING INPUT", Draw: Form("[--nowildcard][ --transparent][ --restore-skmark]")},
		{Name: "bpf", Weight: 2, Draw: func(r *Rand) string { return fmt.Sprintf("--bytecode %q", r.program()) }},
		{Name: "ecn", Draw: Form("[!] --ecn-ip-ect {0..3}")},
	}
}

// between draws a range of addresses, the lower first: iptables has words for
// others.
func (r *Rand) between() string {
	a, b := netip.MustParseAddr(r.Word("addr")), netip.MustParseAddr(r.Word("addr"))
	if b.Less(a) {
		a, b = b, a
	}
	return a.String() + "-" + b.String()
}

// program draws a program of classic BPF.
func (r *Rand) program() string {
	test := Pick(r, "21", "37", "53", "69") // equal, greater, not less, any bit
	return Pick(r,
		fmt.Sprintf("4,48 0 0 %d,%s 0 1 %d,6 0 0 1,6 0 0 0", r.offset(64, 1), test, r.IntN(256)),
		fmt.Sprintf("4,40 0 0 %d,%s 0 1 %d,6 0 0 1,6 0 0 0", r.offset(64, 2), test, r.IntN(65536)),
		fmt.Sprintf("5,177 0 0 0,72 0 0 %d,%s 0 1 %d,6 0 0 1,6 0 0 0", Pick(r, 0, 4, 6), test, r.port()),
		fmt.Sprintf("4,128 0 0 0,%s 0 1 %d,6 0 0 1,6 0 0 0", test, r.IntN(64)),
		fmt.Sprintf("4,32 0 0 4294963220,%s 0 1 %d,6 0 0 1,6 0 0 0", test, Pick(r, 0, 1, 0x10, 0x4000)),
		r.arithmetic(),
	)
}

// offset draws where in the first n bytes of a packet some are read. The kernel
// draws the identification of its own answers, or their flow label, and so what
// is in their checksum, and tells the time in replies to ICMP timestamps: those
// are left out.
func (r *Rand) offset(n, size int) int {
	dice := []int{4, 5, 10, 11, 22, 23, 32, 33, 34, 35, 36, 37, 38, 39}
	if r.Family == 6 {
		dice = []int{1, 2, 3}
	}
	for {
		at := r.IntN(n)
		if !slices.ContainsFunc(dice, func(d int) bool { return at <= d && d < at+size }) {
			return at
		}
	}
}

// arithmetic draws a program that calculates with what it reads of the packet,
// and asks for a bit of what comes out.
func (r *Rand) arithmetic() string {
	code := []string{fmt.Sprintf("32 0 0 %d", r.offset(24, 4)), fmt.Sprintf("1 0 0 %d", r.IntN(40)), "2 0 0 3"}
	for range 1 + r.IntN(8) {
		op := Pick(r, 0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0) // as in BPF_ALU
		code = append(code, Pick(r,
			fmt.Sprintf("%d 0 0 %d", 0x04|op, 1+r.IntN(31)), // A op= K
			fmt.Sprintf("%d 0 0 0", 0x0c|op),                // A op= X
			"132 0 0 0", "7 0 0 0", "135 0 0 0",             // A = -A; X = A; A = X
			"96 0 0 3", "97 0 0 3", "3 0 0 3", // A = M; X = M; M = X
			"128 0 0 0", "129 0 0 0", // A = length; X = length
			fmt.Sprintf("177 0 0 %d", r.offset(20, 1)),                       // X = 4 * (byte & 15)
			fmt.Sprintf("48 0 0 %d", 0xfff00000+uint32(r.offset(40, 1))),     // A = packet[K]
			fmt.Sprintf("%d %d 0 3", Pick(r, 21, 37, 53, 69, 29), r.IntN(2)), // skip the next, or not
		))
	}
	code = append(code, "177 0 0 0", fmt.Sprintf("%d 0 0 %d", Pick(r, 64, 72, 80), uint32(Pick(r, 4, -4, -8)))) // A = packet[X + K]
	code = append(code, "97 0 0 3", "172 0 0 0", fmt.Sprintf("69 0 1 %d", 1<<r.IntN(32)), "6 0 0 1", "6 0 0 0")
	return fmt.Sprintf("%d,%s", len(code), strings.Join(code, ","))
}

// headerMatches read transport and extension headers.
func headerMatches() []Entry {
	return []Entry{
		{Name: "ecn", Protocols: "tcp", Weight: 3, Draw: Form("[!] --ecn-tcp-ece", "[!] --ecn-tcp-cwr[ [!] --ecn-tcp-ece]")},
		{Name: "tcpmss", Protocols: "tcp", Weight: 4, Draw: Form("[!] --mss {1460|536|1:1459|1460:}")},
		{Name: "esp", Protocols: "esp", Weight: 8, Draw: Form("[!] --espspi {0:99999|0x10000:|:}", "")},
		{Name: "ah", Families: "4", Protocols: "ah", Weight: 8, Draw: Form("[!] --ahspi {0:99999|0x10000:|:}", "")},
		{Name: "ipcomp", Protocols: "ipcomp", Weight: 8, Draw: Form("[!] --ipcompspi {0:99|100:|0}[ --compres]", "--compres", "")},
		{Name: "mh", Families: "6", Protocols: "mh", Weight: 8, Draw: Form("[!] --mh-type {0|1:3|bu|5:}", "")},
		{Name: "ah", Families: "6", Draw: Form("[[!] --ahspi {0:99999|0x10000:} ][[!] --ahlen {24|12} ][--ahres]")},
		{Name: "frag", Families: "6", Weight: 2, Draw: Form("[--fragfirst ][--fragmore ][--fragres ][--fraglen 8]", "--fraglast", "[!] --fragid {9|10:}")},
		{Name: "hbh", Families: "6", Draw: Form("[!] --hbh-len {8|16}", "--hbh-opts {1|1:4|5|0,0}", "")},
		{Name: "dst", Families: "6", Draw: Form("[!] --dst-len {8|16}", "--dst-opts {1|1:4|5|0,0}", "")},
		{Name: "rt", Families: "6", Weight: 2, Draw: Form("[!] --rt-type {0|2|4}[ [!] --rt-segsleft {0|1:2}][ [!] --rt-len {8|24|40}]", "--rt-type 0 --rt-0-res", "--rt-type 0 --rt-0-addrs {addr}[ --rt-0-not-strict]", "")},
		{Name: "srh", Families: "6", Weight: 2, Draw: Form("[!] --srh-next-hdr {6|17}", "[!] --srh-segs-left-{eq|gt|lt} {0..2}", "[!] --srh-last-entry-{eq|gt|lt} {0..2}", "[!] --srh-hdr-len-{eq|gt|lt} {0..4}", "[!] --srh-tag {0..2}", "[!] --srh-{psid|nsid|lsid} {addr}/{0|48|64|128}", "")},
		{Name: "ipv6header", Families: "6", Weight: 2, Draw: Form("[!] --header {hop,dst,route,frag,auth,esp,none,prot,} --soft", "[!] --header {prot|hop,prot|dst,prot|frag,prot|route,prot|esp|none}")},
		{Name: "eui64", Families: "6", Hooks: "PREROUTING INPUT FORWARD"},
	}
}
