package netfilter

// LogConfig says how a packet is written to the kernel log (net/netfilter/
// nf_log_syslog.c). The zero value is level 0 without prefix.
type LogConfig struct {
	Level       uint8  // syslog level, 0 to 7
	Prefix      string // up to 29 bytes
	TCPSequence bool   // --log-tcp-sequence
	TCPOptions  bool   // --log-tcp-options
	IPOptions   bool   // --log-ip-options
	UID         bool   // --log-uid
	MACDecode   bool   // --log-macdecode
}

// RejectWith is the answer that REJECT sends (include/uapi/linux/netfilter_ipv4/
// ipt_REJECT.h, netfilter_ipv6/ip6t_REJECT.h).
type RejectWith struct {
	TCPReset bool  // a TCP RST; Type and Code do not count
	Type     uint8 // ICMP or ICMPv6 type
	Code     uint8
}
