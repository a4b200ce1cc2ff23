// Package scenario reads what testdata/scenarios holds: hosts, their rules, and
// packets with what the kernel makes of them. Nothing but tests imports it.
//
// A scenario is a directory with addr.json, route.json and rule.json as
// "ip -json" prints them, perhaps sets.ipset as "ipset save" prints it, rulesets
// as iptables-save prints them, and cases.txt:
//
//	# Text for the reader. Packets are written as the kernel's log writes them.
//
//	rules: rules.v4
//
//	case: a client asks for the service
//	send: IN=eth0 OUT= MAC=… SRC=192.0.2.7 DST=192.0.2.1 LEN=60 … SYN URGP=0
//	fate: forwarded
//	left: IN= OUT=cni0 SRC=192.0.2.7 DST=10.1.0.5 LEN=60 … SYN URGP=0
//	trace:
//		raw:PREROUTING:policy:2 IN=eth0 …
//		nat:PREROUTING:rule:1 IN=eth0 …
//
// A line "rules:" loads a ruleset and forgets all connections; the cases behind
// it share their connections. A case has
//
//   - send: the packet. With IN it arrives there, else a local process sends it.
//     LEN beyond the headers stands for zeros.
//   - fate: what became of it, and by: the rule that stopped it, if one did.
//   - left: the packet that left, if one did; its mark is not shown.
//   - answer: what the host itself sent because of it, one line each. The
//     identification is left out, for the host draws it at random. Answers
//     to packets that were delivered are not of interest: they depend on who
//     listens.
//   - trace: the lines of TRACE, and said: those that a document shows, if an
//     older kernel or only a part of them was seen there.
//   - chance: how likely what follows is, where luck decides. Each such line
//     begins another way the packet may go. These cases start without
//     connections and leave none.
//
// The results, from chance, left, answer or trace on, come last: "go test
// ./simulate/internal/lab/scenario -update" has the live kernel write them.
package scenario
