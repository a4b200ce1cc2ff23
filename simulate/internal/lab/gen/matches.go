package gen

import (
	"fmt"
	"strings"
)

// CoreMatches returns the matches of the core set. Those that read a transport
// header weigh more where the rule's protocol has one.
func CoreMatches() []Entry {
	const ports = "tcp udp sctp dccp"
	return []Entry{
		{Name: "tcp", Protocols: "tcp", Weight: 8, Draw: Form("[!] --dport {ports}", "[!] --sport {ports}", "[[!] --sport {ports} ][!] --dport {ports}")},
		{Name: "tcp", Protocols: "tcp", Weight: 4, Draw: tcpFlags},
		{Name: "tcp", Protocols: "tcp", Weight: 2, Draw: Form("[!] --tcp-option {2|3|4|5|8|254|30}", "--dport {ports} [!] --tcp-option {2|8}", "")},
		{Name: "udp", Protocols: "udp", Weight: 10, Draw: Form("[!] --dport {ports}", "[!] --sport {ports}", "[[!] --sport {ports} ][!] --dport {ports}", "")},
		{Name: "sctp", Protocols: "sctp", Weight: 5, Draw: Form("[!] --dport {ports}", "[!] --sport {ports}", "[!] --sport {ports} [!] --dport {ports}")},
		{Name: "sctp", Protocols: "sctp", Weight: 5, Draw: sctpChunks},
		{Name: "dccp", Protocols: "dccp", Weight: 5, Draw: Form("[!] --dport {ports}", "[!] --sport {ports}")},
		{Name: "dccp", Protocols: "dccp", Weight: 5, Draw: Form("[!] --dccp-types {REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK,INVALID,}[ [!] --dccp-option {1|37|128}]")},
		{Name: "multiport", Protocols: ports + " udplite", Weight: 5, Draw: Form("[!] --{dports|sports|ports} {portlist}")},
		{Name: "icmp", Families: "4", Protocols: "icmp", Weight: 10, Draw: Form("[!] --icmp-type {8|0|3|3/1|3/3|11|11/0|13|14|any|echo-request|destination-unreachable|5|12/1}")},
		{Name: "icmp6", Families: "6", Protocols: "ipv6-icmp", Weight: 10, Draw: Form("[!] --icmpv6-type {128|129|1|1/4|1/0|3|3/0|2|4|echo-request|neighbour-solicitation|136}")},
		{Name: "comment", Weight: 2, Draw: Form("--comment {text}")},
		{Name: "mark", Weight: 4, Draw: Form("[!] --mark {mark}")},
		{Name: "connmark", Weight: 3, Draw: Form("[!] --mark {mark}")},
		{Name: "conntrack", Weight: 5, Draw: Form("[!] --ctstate {NEW|ESTABLISHED|RELATED|INVALID|UNTRACKED|DNAT|SNAT|NEW,RELATED}", "[!] --ctstate {NEW,ESTABLISHED,RELATED,INVALID,UNTRACKED,SNAT,DNAT,}")},
		{Name: "conntrack", Weight: 5, Draw: connection},
		{Name: "state", Weight: 2, Draw: Form("[!] --state {NEW,ESTABLISHED,RELATED,INVALID,UNTRACKED,}")},
		{Name: "addrtype", Weight: 3, Draw: addressType},
		{Name: "statistic", Draw: func(r *Rand) string {
			every := r.Between(1, 4)
			return fmt.Sprintf("--mode nth %s--every %d --packet %d", r.Not(), every, r.IntN(every))
		}},
		{Name: "statistic", Draw: Form("--mode random [!] --probability {0|1|0.00000000000|1.00000000000}")},
	}
}

// tcpFlags draws a mask and a comparison, not always one that can be true.
func tcpFlags(r *Rand) string {
	all := []string{"FIN", "SYN", "RST", "PSH", "ACK", "URG"}
	mask := Pick(r, "FIN,SYN,RST,ACK", "SYN,RST", "ALL", "ACK", r.list(6, all...))
	comp := Pick(r, "SYN", "NONE", "ACK", "SYN,RST", mask, r.list(2, all...))
	return Pick(r, r.Not()+"--syn", r.Not()+"--tcp-flags "+mask+" "+comp)
}

// sctpChunks draws a test of chunk types, some with flags.
func sctpChunks(r *Rand) string {
	types := r.list(3, "DATA", "DATA:UBe", "DATA:i", "INIT", "INIT_ACK", "SACK", "HEARTBEAT", "ABORT", "ABORT:T", "ABORT:t",
		"SHUTDOWN", "COOKIE_ECHO", "COOKIE_ACK", "SHUTDOWN_COMPLETE:t", "ERROR")
	seen := map[string]bool{}
	var list []string
	for _, t := range strings.Split(types, ",") {
		name, _, _ := strings.Cut(t, ":")
		if !seen[name] {
			list = append(list, t)
		}
		seen[name] = true
	}
	return r.Not() + "--chunk-types " + Pick(r, "any", "all", "only") + " " + strings.Join(list, ",")
}

// connection draws tests of a connection's entry other than its state alone.
func connection(r *Rand) string {
	return Form(
		"[!] --{ctorigsrc|ctorigdst|ctreplsrc|ctrepldst} {net}",
		"[!] --{ctorigsrcport|ctorigdstport|ctreplsrcport|ctrepldstport} {ports}",
		"[!] --ctproto {6|17|1|58|132|udp}",
		"[!] --ctstatus {NONE|EXPECTED|SEEN_REPLY|ASSURED|CONFIRMED|SEEN_REPLY,ASSURED}",
		"--ctdir {ORIGINAL|REPLY}",
		// Far from the timeouts, and not of an entry that the kernel would judge by its uptime.
		"--ctstatus CONFIRMED [!] --ctexpire {0:20|21:40|50:70|71:125|0|130:400|401:1000|1001:600000}",
		"[!] --ctstate {NEW,ESTABLISHED,RELATED,DNAT,} [--ctproto {6|17} ][[!] --ctorigdst {net} ][[!] --ctrepldstport {ports} ][--ctdir {ORIGINAL|REPLY}]",
	)(r)
}

// addressType draws types that the family has; a limit to the device needs a
// hook where there is one.
func addressType(r *Rand) string {
	types := []string{"LOCAL", "LOCAL", "LOCAL", "UNICAST", "MULTICAST", "ANYCAST", "UNREACHABLE", "UNSPEC"}
	if r.Family == 4 {
		types = append(types, "BROADCAST", "BROADCAST", "BLACKHOLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE")
	}
	kind := func() string { return Pick(r, Pick(r, types...), Pick(r, types...), r.list(3, types...)) }
	text := ""
	if r.Maybe(0.4) {
		text += r.Not() + "--src-type " + kind() + " "
	}
	if text == "" || r.Maybe(0.6) {
		text += r.Not() + "--dst-type " + kind()
	}
	limits := []string{}
	if (Entry{Hooks: "PREROUTING INPUT FORWARD"}).fits(r.Position) {
		limits = append(limits, " --limit-iface-in")
	}
	if (Entry{Hooks: "OUTPUT FORWARD POSTROUTING"}).fits(r.Position) {
		limits = append(limits, " --limit-iface-out")
	}
	if len(limits) > 0 && r.Maybe(0.3) {
		text += Pick(r, limits...)
	}
	return text
}
