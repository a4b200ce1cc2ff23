package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// reject sends an error to the packet's source and drops the packet
// (net/ipv4/netfilter/nft_reject_ipv4.c, net/ipv6/netfilter/nft_reject_ipv6.c,
// net/netfilter/nft_reject_inet.c).
type reject struct {
	kind nft.RejectType
	code uint8
}

func (e *reject) eval(m *machine) {
	w := netfilter.RejectWith{TCPReset: e.kind == nft.RejectTCPReset, Type: 3, Code: e.code}
	if m.c.Family == netfilter.IPv6 {
		w.Type = 1
	}
	if e.kind == nft.RejectICMPX {
		w.Code = e.codeOf(m.c.Family)
	}
	m.c.Engine.Reject(w)
	m.verdict = verdict{code: codeDrop}
}

// codeOf returns the ICMP or ICMPv6 code for a RejectICMPX code
// (net/netfilter/nft_reject.c, nft_reject_icmp_code, nft_reject_icmpv6_code).
func (e *reject) codeOf(f netfilter.Family) uint8 {
	codes := [...]uint8{0, 3, 1, 13}
	if f == netfilter.IPv6 {
		codes = [...]uint8{0, 4, 3, 1}
	}
	return codes[e.code]
}
