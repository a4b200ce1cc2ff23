package netfilter

import "net/netip"

// OutputEngine is how targets have packets sent, or take a packet off its path.
type OutputEngine interface {
	// Reject sends the answer of REJECT.
	Reject(w RejectWith)
	// ParameterProblem answers an IPv6 packet with an ICMPv6 error about the
	// header field at an offset.
	ParameterProblem(offset uint32)
	// AnswerSYN answers a SYN in place of the server, and sends the server a SYN
	// when the client confirms. The packet is Stolen then; it is dropped if it
	// confirms nothing that was sent.
	AnswerSYN(s SynProxy) Verdict
	// Duplicate sends a copy of the packet by way of a gateway; out is the link it
	// is to leave by, "" for the one that routing chooses.
	Duplicate(gateway netip.Addr, out string)
	// Queue hands the packet to the program that reads one of the queues first
	// to last. Without a program the packet is lost or, with bypass, accepted.
	Queue(first, last uint16, bypass bool) Verdict
}

// RejectWith is the answer that REJECT sends (include/uapi/linux/netfilter_ipv4/
// ipt_REJECT.h, netfilter_ipv6/ip6t_REJECT.h).
type RejectWith struct {
	TCPReset bool  // a TCP RST; Type and Code do not count
	Type     uint8 // ICMP or ICMPv6 type
	Code     uint8
}

// SynProxy says which TCP options the host negotiates in place of a server
// (include/uapi/linux/netfilter/nf_synproxy.h, struct nf_synproxy_info). The zero
// value is none.
type SynProxy struct {
	SACK, Timestamp, ECN bool
	HasWScale, HasMSS    bool
	WScale               uint8
	MSS                  uint16
}
