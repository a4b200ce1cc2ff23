package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// instruction is one expression of the kernel's (struct nft_expr).
type instruction interface {
	// eval acts on the machine. It says in the verdict register what comes next.
	eval(m *machine)
}

// machine walks one base chain with one packet.
type machine struct {
	regs    registers
	verdict verdict
	c       *netfilter.Context
	state   *State
	base    *baseChain
	info    packetInfo
	step    int // number of the step that the rule has already; -1 for none yet
}

// breakRule ends the rule: what its instructions did already stays done
// (NFT_BREAK).
func (m *machine) breakRule() { m.verdict = verdict{code: codeBreak} }

// fail gives up on the packet: the answer would be a guess.
func (m *machine) fail(err error) {
	m.c.Engine.Fail(err)
	m.verdict = verdict{code: codeDrop}
}

// packetInfo is what is known of the packet when the walk of a base chain begins.
// It is not looked at again, whatever rules change (include/net/netfilter/
// nf_tables.h, struct nft_pktinfo).
type packetInfo struct {
	hasTransport bool
	proto        uint8
	transport    int // offset of the transport header; 0 in IPv6 fragments after the first
	fragment     bool
}

// newPacketInfo looks at a packet that the stack has checked (include/net/
// netfilter/nf_tables_ipv4.h, nft_set_pktinfo_ipv4, and nf_tables_ipv6.h).
func newPacketInfo(p *netfilter.Packet) packetInfo {
	w := p.Wire()
	if w[0]>>4 == 4 {
		return packetInfo{hasTransport: true, proto: w[9], transport: int(w[0]&15) * 4, fragment: (uint(w[6])<<8|uint(w[7]))&0x1fff != 0}
	}
	return findTransport6(w)
}

// findTransport6 walks the extension headers of an IPv6 packet. Of each only the
// first bytes have to be there (net/ipv6/exthdrs_core.c, ipv6_find_hdr without a
// target, with IP6_FH_F_AUTH).
func findTransport6(w []byte) packetInfo {
	next, off := w[6], 40
	for {
		switch next {
		case packet.ProtoHopByHop, packet.ProtoRouting, packet.ProtoDestOpts, packet.ProtoFragment:
		default:
			return packetInfo{hasTransport: true, proto: next, transport: off}
		}
		if off+8 > len(w) && off+2 > len(w) {
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
