package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/watch"
)

// instruction is a compiled expression (struct nft_expr).
type instruction interface {
	// eval evaluates the expression. It sets the verdict register to end or leave
	// the rule.
	eval(m *machine)
}

// machine evaluates one base chain for one packet.
type machine struct {
	regs    registers
	verdict verdict
	c       *netfilter.Context
	state   *State
	base    *baseChain
	info    packetInfo
	watcher watch.Watcher // nil if nobody asks
	step    int           // number of the rule's step; -1 if none was added yet
}

// breakRule ends the rule; side effects of its earlier instructions are kept
// (NFT_BREAK).
func (m *machine) breakRule() { m.verdict = verdict{code: codeBreak} }

// fail aborts the evaluation of the packet with an error, because its outcome
// cannot be determined.
func (m *machine) fail(err error) {
	m.c.Engine.Fail(err)
	m.verdict = verdict{code: codeDrop}
}

// packetInfo is the packet information determined before the evaluation of a
// base chain. It is not updated when rules change the packet
// (include/net/netfilter/nf_tables.h, struct nft_pktinfo).
type packetInfo struct {
	hasTransport bool
	proto        uint8
	transport    int // offset of the transport header; 0 in IPv6 fragments after the first
	fragment     bool
}

// newPacketInfo returns the information for a packet whose header has been
// validated (include/net/netfilter/nf_tables_ipv4.h, nft_set_pktinfo_ipv4, and
// nf_tables_ipv6.h).
func newPacketInfo(p *netfilter.Packet) packetInfo {
	t := p.TransportOrAH()
	if !t.Found {
		return packetInfo{}
	}
	i := packetInfo{hasTransport: true, proto: t.Proto, transport: t.Offset, fragment: t.FragOff != 0}
	if i.fragment && p.Family() == netfilter.IPv6 {
		i.transport = 0
	}
	return i
}
