package netfilter

import "net/netip"

// Detours are the ways in which targets take a packet, or a copy of it, off its
// path.
type Detours interface {
	// Queue hands the packet to the program that reads one of the queues first
	// to last. Without a program the packet is lost or, with bypass, accepted.
	Queue(c *Context, first, last uint16, bypass bool) Verdict
	// PathMTU returns the length of the longest packet, in bytes, that fits both
	// the way the packet goes and the way back to its source.
	PathMTU(c *Context) int
	// Copy sends a copy of the packet by way of a gateway; out is the link it is
	// to leave by, "" for the one that routing chooses.
	Copy(c *Context, gateway netip.Addr, out string)
	// Divert gives the packet to a transparent local socket: one connected to
	// the packet's sender, else one that listens on this address and port; false
	// if there is none. An unspecified address is that of the link.
	Divert(c *Context, a netip.Addr, port uint16) bool
	// ParameterProblem answers an IPv6 packet with an ICMPv6 error about the
	// header field at an offset.
	ParameterProblem(c *Context, offset uint32)
	// AnswerSYN answers a SYN in place of the server, and sends the server a SYN
	// when the client confirms. The packet is Stolen then; it is dropped if it
	// confirms nothing that was sent.
	AnswerSYN(c *Context, s SynProxy) Verdict
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
