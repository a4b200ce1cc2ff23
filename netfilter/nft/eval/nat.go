package eval

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// natRegisters are the registers with the addresses and ports of a translation.
type natRegisters struct {
	hasAddr, hasAddrMax bool
	addrMin, addrMax    register
	hasPort, hasPortMax bool
	portMin, portMax    register
}

// ports sets the ports of a range (nft_nat_setup_proto).
func (e *natRegisters) ports(m *machine, r *netfilter.NATRange) {
	if !e.hasPort {
		return
	}
	r.Ports = true
	r.MinPort = m.regs.loadBE16(e.portMin)
	r.MaxPort = r.MinPort
	if e.hasPortMax {
		r.MaxPort = m.regs.loadBE16(e.portMax)
	}
}

// natRange returns a range with the options given by flags
// (include/uapi/linux/netfilter/nf_nat.h, NF_NAT_RANGE_*).
func natRange(flags uint32) netfilter.NATRange {
	return netfilter.NATRange{
		Random:      flags&nft.NATRandom != 0,
		RandomFully: flags&nft.NATFullyRandom != 0,
		Persistent:  flags&nft.NATPersistent != 0,
		Netmap:      flags&nft.NATNetmap != 0,
	}
}

// nat translates the packet's connection (net/netfilter/nft_nat.c).
type nat struct {
	natRegisters
	manip  netfilter.Manip
	family netfilter.Family
	any    bool // both families
	flags  netfilter.NATRange
}

func (e *nat) eval(m *machine) {
	if !e.any && e.family != m.c.Family {
		return // nft_nat_inet_eval
	}
	r := e.flags
	if e.hasAddr {
		r.MinAddr = m.loadAddr(e.addrMin)
		r.MaxAddr = r.MinAddr
		if e.hasAddrMax {
			r.MaxAddr = m.loadAddr(e.addrMax)
		}
	}
	if r.Netmap {
		r.Netmap = false
		r.MinAddr = e.netmap(m, r.MinAddr, r.MaxAddr)
		r.MaxAddr = r.MinAddr
	}
	e.ports(m, &r)
	m.decide(m.c.Engine.SetupNAT(e.manip, r))
}

// netmap returns the packet's address with the bits in which both ends of the
// range agree replaced (nft_nat_setup_netmap).
func (e *nat) netmap(m *machine, lo, hi netip.Addr) netip.Addr {
	a := m.c.Packet.Dst()
	if e.manip == netfilter.ManipSrc {
		a = m.c.Packet.Src()
	}
	b, from, to := a.AsSlice(), lo.AsSlice(), hi.AsSlice()
	for i := range b {
		mask := ^(from[i] ^ to[i])
		b[i] = b[i]&^mask | from[i]&mask
	}
	a, _ = netip.AddrFromSlice(b)
	return a
}

// loadAddr loads an address of the packet's family.
func (m *machine) loadAddr(r register) netip.Addr {
	a, _ := netip.AddrFromSlice(m.regs.bytes(r, m.c.Family.Bits()/8))
	return a
}

// decide sets the verdict returned by the engine.
func (m *machine) decide(v netfilter.Verdict) {
	switch v {
	case netfilter.Accept:
		m.verdict = verdict{code: codeAccept}
	case netfilter.Queue:
		m.verdict = verdict{code: codeQueue}
	case netfilter.Stolen:
		m.verdict = verdict{code: codeStolen}
	case netfilter.Continue:
	default:
		m.verdict = verdict{code: codeDrop}
	}
}

// masquerade translates the source to an address of the output link
// (net/netfilter/nft_masq.c).
type masquerade struct {
	natRegisters
	flags netfilter.NATRange
}

func (e *masquerade) eval(m *machine) {
	if m.c.Conn == nil {
		return
	}
	if src := m.c.Conn.Tuples[netfilter.DirOriginal].Src; src.Is4() && src.IsUnspecified() {
		m.verdict = verdict{code: codeAccept}
		return
	}
	a, ok := m.c.Engine.MasqueradeAddr()
	if !ok {
		m.verdict = verdict{code: codeDrop}
		return
	}
	m.c.Conn.OutDev = m.c.Out
	r := e.flags
	r.MinAddr, r.MaxAddr = a, a
	e.ports(m, &r)
	m.decide(m.c.Engine.SetupNAT(netfilter.ManipSrc, r))
}

// redirect translates the destination to an address of the host (net/netfilter/
// nft_redir.c).
type redirect struct {
	natRegisters
	flags netfilter.NATRange
}

func (e *redirect) eval(m *machine) {
	a, ok := m.c.Engine.RedirectAddr()
	if !ok {
		m.verdict = verdict{code: codeDrop}
		return
	}
	r := e.flags
	r.MinAddr, r.MaxAddr = a, a
	e.ports(m, &r)
	m.decide(m.c.Engine.SetupNAT(netfilter.ManipDst, r))
}
