package netfilter

import "net/netip"

// OutputEngine lets targets send packets and take a packet off its path.
type OutputEngine interface {
	// Reject sends the reply of REJECT to the packet's source.
	Reject(w RejectWith)
	// ParameterProblem sends an ICMPv6 parameter problem about the field at the
	// given offset, in bytes from the start of the IPv6 header.
	ParameterProblem(offset uint32)
	// AnswerSYN answers a SYN in place of the server, and sends the server a SYN
	// when the client confirms. It returns Stolen, or Drop for a packet that has a
	// wrong checksum or does not acknowledge a SYN-ACK sent before.
	AnswerSYN(s SynProxy) Verdict
	// Duplicate sends a copy of the packet to a gateway; out is the output link, ""
	// for the one that routing chooses.
	Duplicate(gateway netip.Addr, out string)
	// Queue passes the packet to one of the nfnetlink queues first to last. If no
	// program listens on the queue, the packet is dropped or, with bypass,
	// accepted.
	Queue(first, last uint16, bypass bool) Verdict
}

// RejectWith selects the reply that REJECT sends
// (include/uapi/linux/netfilter_ipv4/ipt_REJECT.h,
// netfilter_ipv6/ip6t_REJECT.h).
type RejectWith struct {
	TCPReset bool  // reply with a TCP RST; Type and Code are ignored
	Type     uint8 // ICMP or ICMPv6 type
	Code     uint8
}

// SynProxy determines which TCP options the host negotiates in place of a server
// (include/uapi/linux/netfilter/nf_synproxy.h, struct nf_synproxy_info). The
// zero value is no options.
type SynProxy struct {
	SACK, Timestamp, ECN bool
	HasWScale, HasMSS    bool
	WScale               uint8
	MSS                  uint16
}
