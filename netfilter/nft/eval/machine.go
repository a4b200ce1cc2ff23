package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
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
	step    int // number of the rule's step; -1 if none was added yet
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
	w := p.Wire()
	if w[0]>>4 == 4 {
		return packetInfo{hasTransport: true, proto: w[9], transport: int(w[0]&15) * 4, fragment: (uint(w[6])<<8|uint(w[7]))&0x1fff != 0}
	}
	return findTransport6(w)
}

// findTransport6 walks the extension headers of an IPv6 packet. Of each only
// the first bytes must be present (net/ipv6/exthdrs_core.c, ipv6_find_hdr
// without a target, with IP6_FH_F_AUTH).
func findTransport6(w []byte) packetInfo {
	next, off := w[6], 40
	for {
		switch next {
		case packet.ProtoHopByHop, packet.ProtoRouting, packet.ProtoDestOpts, packet.ProtoFragment:
		default:
			return packetInfo{hasTransport: true, proto: next, transport: off}
		}
		if off+2 > len(w) {
			return packetInfo{}
		}
		if next == packet.ProtoFragment {
			if off+4 > len(w) {
				return packetInfo{}
			}
			if (uint(w[off+2])<<8|uint(w[off+3]))&^7 != 0 {
				return packetInfo{hasTransport: true, proto: w[off], fragment: true}
			}
		}
		next, off = w[off], off+packet.ExtensionHeaderLen(next, w[off:])
	}
}
