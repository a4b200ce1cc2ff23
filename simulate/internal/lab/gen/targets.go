package gen

// CoreTargets returns the targets of the core set. Jumps are not among them:
// the ruleset knows its chains. Verdicts are rare enough that packets get far.
func CoreTargets() []Entry {
	const (
		ports    = "tcp udp sctp dccp"
		dnat     = "PREROUTING OUTPUT"
		snat     = "POSTROUTING INPUT"
		filtered = "INPUT FORWARD OUTPUT"
	)
	return []Entry{
		{Name: "ACCEPT", Weight: 4},
		{Name: "DROP", Tables: "raw mangle filter security"}, // nat refuses it
		{Name: "RETURN", Weight: 4},
		{Name: "MARK", Weight: 8, Draw: Form("--set-xmark {xmark}", "--set-mark {mark}", "--and-mark {bits}", "--or-mark {bits}", "--xor-mark {bits}", "--set-xmark 0x4000/0x4000")},
		{Name: "CONNMARK", Weight: 4, Draw: Form("--set-xmark {xmark}", "--set-mark {mark}", "--and-mark {bits}", "--or-mark {bits}", "--xor-mark {bits}",
			"--set-xmark {xmark} --{left|right}-shift-mark {1..31}")},
		{Name: "CONNMARK", Weight: 4, Draw: Form("--{save|restore}-mark", "--{save|restore}-mark --mask {bits}", "--{save|restore}-mark --nfmask {bits} --ctmask {bits}",
			"--{save|restore}-mark --nfmask {bits} --ctmask {bits} --{left|right}-shift-mark {1..31}")},
		{Name: "LOG", Weight: 3, Draw: logOptions},
		{Name: "TRACE", Tables: "raw"},
		{Name: "CT", Tables: "raw", Hooks: dnat, Draw: Form("--notrack")},
		{Name: "NOTRACK", Tables: "raw", Hooks: dnat},
		{Name: "REJECT", Families: "4", Tables: "filter", Hooks: filtered, Weight: 2, Draw: Form("", "--reject-with icmp-{net-unreachable|host-unreachable|proto-unreachable|port-unreachable|net-prohibited|host-prohibited|admin-prohibited}")},
		{Name: "REJECT", Families: "6", Tables: "filter", Hooks: filtered, Weight: 2, Draw: Form("", "--reject-with icmp6-{no-route|adm-prohibited|addr-unreachable|port-unreachable|policy-fail|reject-route}")},
		{Name: "REJECT", Tables: "filter", Hooks: filtered, Protocols: "tcp", Weight: 3, Draw: Form("--reject-with tcp-reset")},
		{Name: "DNAT", Tables: "nat", Hooks: dnat, Weight: 5, Draw: destination},
		{Name: "DNAT", Tables: "nat", Hooks: dnat, Protocols: ports, Weight: 15, Draw: destinationPort},
		{Name: "REDIRECT", Tables: "nat", Hooks: dnat, Weight: 2},
		{Name: "REDIRECT", Tables: "nat", Hooks: dnat, Protocols: ports, Weight: 4, Draw: Form("--to-ports {port}[ --random]", "--to-ports {8000-8003|443-445}")},
		{Name: "SNAT", Tables: "nat", Hooks: snat, Weight: 6, Draw: source},
		{Name: "SNAT", Tables: "nat", Hooks: snat, Protocols: ports, Weight: 4, Draw: sourcePort},
		{Name: "MASQUERADE", Tables: "nat", Hooks: "POSTROUTING", Weight: 8},
		{Name: "MASQUERADE", Tables: "nat", Hooks: "POSTROUTING", Protocols: ports, Weight: 2, Draw: Form("--to-ports 1-65535", "--to-ports {4000..4999}[ --random[-fully]]")},
	}
}

// logOptions avoids levels below 4, which fill the console of the machine.
func logOptions(r *Rand) string {
	return Form(`[--log-prefix {"fw: "|x|"a b "|"say \"q\" "|"IN=\\x "} ][--log-level {4|5|6|7|debug|warning|notice|info} ]` +
		`[--log-tcp-sequence ][--log-tcp-options ][--log-ip-options ][--log-uid ][--log-macdecode]`)(r)
}

// byFamily returns v4 or v6.
func (r *Rand) byFamily(v4, v6 string) string {
	if r.Family == 6 {
		return v6
	}
	return v4
}

// target draws an address that a connection may be sent to, or a range.
func (r *Rand) target() string {
	if r.Maybe(0.15) {
		return r.byFamily(Pick(r, "10.1.0.4-10.1.0.9", "10.1.0.0-10.1.3.255"), Pick(r, "2001:db8:10::4-2001:db8:10::9", "2001:db8:10::-2001:db8:12::ffff"))
	}
	return Pick(r, append(r.locals, append(r.remotes, r.byFamily("127.0.0.1", "::1"))...)...)
}

func destination(r *Rand) string {
	return "--to-destination " + r.target() + Pick(r, "", "", "", " --persistent")
}

// destinationPort draws forms with a port. Ranges are tried from their first
// port on, so that the result is not random (net/netfilter/nf_nat_core.c,
// nf_nat_l4proto_unique_tuple).
func destinationPort(r *Rand) string {
	port := Form("{port}", "{port}", "{8000-8010|80-81|30000-30010}", "{8000-8100/22|30000-40000/443}")(r)
	addr := r.target()
	if r.Maybe(0.15) {
		addr = ""
	}
	return "--to-destination " + r.transport(addr, port)
}

func source(r *Rand) string {
	addr := Pick(r, append(r.locals, r.byFamily("192.0.2.50", "2001:db8:2::50"), r.byFamily("198.51.100.0-198.51.100.255", "2001:db8:2::100-2001:db8:2::1ff"),
		r.byFamily("203.0.113.50", "2001:db8:ffff::50"))...)
	return "--to-source " + addr + Pick(r, "", "", "", " --persistent")
}

// sourcePort draws a range that holds every port, which changes none, or a
// single port: anything between would be searched from a random start.
func sourcePort(r *Rand) string {
	return "--to-source " + r.transport(Pick(r, append(r.locals, "")...), Pick(r, "1-65535", "1-65535", Form("{4000..4999}")(r)))
}
