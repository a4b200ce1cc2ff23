package gen

import "slices"

// AllTargets returns the targets that are drawn unless a Config says otherwise.
func AllTargets() []Entry { return slices.Concat(CoreTargets(), MoreTargets()) }

// MoreTargets returns targets beyond the core set whose effect on a packet is not random
// and does not need a program on the host. SYNPROXY, TEE and SET have tests of
// their own.
func MoreTargets() []Entry {
	const leaving = "FORWARD OUTPUT POSTROUTING"
	return []Entry{
		{Name: "CT", Tables: "raw", Hooks: "PREROUTING OUTPUT", Weight: 3, Draw: Form("--zone{|-orig|-reply} {1|2|65535|mark}[ --ctevents {new|destroy,mark}]",
			"--ctevents {new|reply,assured}[ --expevents new]", "--zone-orig {1|2} --zone-reply {1|2}")},
		{Name: "CT", Tables: "raw", Hooks: "PREROUTING OUTPUT", Protocols: "tcp", Draw: Form("--helper {ftp|sip}[ --zone {1|2}]")},
		{Name: "CT", Tables: "raw", Hooks: "PREROUTING OUTPUT", Protocols: "udp", Draw: Form("--helper {tftp|amanda}[ --zone {1|2}]")},
		{Name: "TTL", Families: "4", Tables: "mangle", Draw: Form("--ttl-set {0..255}", "--ttl-set {1|2|64}", "--ttl-{inc|dec} {1..255}", "--ttl-dec {1|2|63}")},
		{Name: "HL", Families: "6", Tables: "mangle", Draw: Form("--hl-set {0..255}", "--hl-set {1|2|64}", "--hl-{inc|dec} {1..255}", "--hl-dec {1|2|63}")},
		{Name: "TOS", Tables: "mangle", Draw: Form("--set-tos {0..255}", "--set-tos {0..255}/{0..255}", "--{and|or|xor}-tos {0..255}", "--set-tos {Minimize-Delay|normal-service}")},
		{Name: "DSCP", Tables: "mangle", Draw: Form("--set-dscp {0..63}", "--set-dscp-class {EF|be|AF11|CS7}")},
		{Name: "ECN", Families: "4", Tables: "mangle", Draw: Form("--ecn-ip-ect {0..3}")},
		{Name: "ECN", Families: "4", Tables: "mangle", Protocols: "tcp", Draw: Form("--ecn-tcp-remove", "--ecn-tcp-ece {0|1}[ --ecn-tcp-cwr {0|1}][ --ecn-ip-ect {0..3}]")},
		{Name: "TCPMSS", Protocols: "tcp", Tables: "filter mangle nat raw security", Weight: 2, Draw: Form("--set-mss {0|40|536|1000|1460|9000} -m tcp --tcp-flags SYN,RST SYN")},
		{Name: "TCPMSS", Protocols: "tcp", Hooks: leaving, Draw: Form("--clamp-mss-to-pmtu -m tcp --tcp-flags SYN {SYN|SYN,ACK}")},
		{Name: "TCPOPTSTRIP", Protocols: "tcp", Tables: "mangle", Weight: 2, Draw: Form("--strip-options {2,3,4,8,254,30,}", "--strip-options {mss,wscale,sack-permitted,timestamp,}")},
		{Name: "CLASSIFY", Hooks: leaving, Draw: Form("--set-class {0..9}:{0..9}")},
		{Name: "HMARK", Draw: Form("--hmark-tuple {src,dst,sport,dport,proto,ct,} --hmark-mod {1..9999} --hmark-rnd {bits}[ --hmark-offset {0..99}]",
			"--hmark-src-prefix {0..32} --hmark-dst-prefix {0..32} --hmark-sport-mask {0..65535} --hmark-dport {0..65535} --hmark-proto-mask {0..255} --hmark-mod {1..9999} --hmark-rnd {bits}",
			"--hmark-tuple src,dst,spi,proto --hmark-mod {1..9999} --hmark-rnd {bits}",
			"--hmark-spi{ |-mask }{bits} --hmark-proto-mask {0..255} --hmark-mod {1..9999} --hmark-rnd {bits}",
			"--hmark-sport {0..65535} --hmark-dport-mask {0..65535} --hmark-mod {1..9999} --hmark-rnd {bits}")},
		{Name: "SNPT", Families: "6", Tables: "mangle", Hooks: "INPUT POSTROUTING", Draw: Form("--src-pfx 2001:db8:{2|10}::/{48|64} --dst-pfx {fd00:1::/48|2001:db8:11::/64|fd00:1:2:30::/60}")},
		{Name: "DNPT", Families: "6", Tables: "mangle", Hooks: "PREROUTING OUTPUT", Draw: Form("--src-pfx 2001:db8:{2|96}::/{48|64} --dst-pfx 2001:db8:{10|11|96}::/{48|64}")},
		{Name: "NETMAP", Families: "4", Tables: "nat", Hooks: "PREROUTING OUTPUT POSTROUTING INPUT", Draw: Form("--to {10.1.0.0/24|198.51.100.0/28|192.0.2.2/32|10.96.0.0/16}")},
		{Name: "NETMAP", Families: "6", Tables: "nat", Hooks: "PREROUTING OUTPUT POSTROUTING INPUT", Draw: Form("--to {2001:db8:10::/64|2001:db8:11::/112|2001:db8:2::2/128}")},
		{Name: "QUEUE", Draw: Form("")},
		{Name: "AUDIT", Draw: Form("--type {accept|drop|reject}")},
		{Name: "CHECKSUM", Tables: "mangle", Draw: Form("--checksum-fill")},
		{Name: "CONNSECMARK", Tables: "mangle security", Draw: Form("--{save|restore}")},
		{Name: "IDLETIMER", Draw: Form("--timeout {1..999} --label {gen1|gen2}", "--timeout {1..999} --label gen3 --alarm")},
		{Name: "TPROXY", Families: "4", Tables: "mangle", Hooks: "PREROUTING", Protocols: "tcp udp", Draw: Form("--on-port {port}[ --on-ip {192.0.2.2|10.1.0.1}][ --tproxy-mark {xmark}]")},
		{Name: "TPROXY", Families: "6", Tables: "mangle", Hooks: "PREROUTING", Protocols: "tcp udp", Draw: Form("--on-port {port}[ --on-ip {2001:db8:2::2|2001:db8:10::1}][ --tproxy-mark {xmark}]")},
		{Name: "RATEEST", Draw: Form("--rateest-name {gen1|gen2} --rateest-interval 1s --rateest-ewmalog 8s")},
		{Name: "NFLOG", Draw: Form("[--nflog-group {0..9} ][--nflog-prefix {x|a-b} ][--nflog-{size|threshold} {1..99}]")},
		{Name: "NFQUEUE", Draw: Form("--queue-num {0..9} --queue-bypass", "--queue-balance {0..3}:{4..9} --queue-bypass[ --queue-cpu-fanout]", "--queue-num {0..9}")},
	}
}
