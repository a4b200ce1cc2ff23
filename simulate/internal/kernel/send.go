package kernel

import (
	"errors"
	"fmt"
	"net/netip"
)

// Send lets a packet arrive, or a local process send it, and reports what
// became of it. The error is ErrLost, or a failure of the oracle itself: a
// packet that the kernel drops or refuses to send is an Answer.
func (n *Node) Send(p Packet) (a Answer, err error) {
	v6, id, err := identity(p.Wire)
	if err != nil {
		return a, fmt.Errorf("send: %w", err)
	}
	if err := n.log.lock(); err != nil {
		return a, fmt.Errorf("send: wait for the kernel log: %w", err)
	}
	defer func() { err = errors.Join(err, n.log.unlock()) }()
	if _, err := n.capture(); err != nil { // what left late belongs to nobody
		return a, fmt.Errorf("send: %w", err)
	}
	if err := n.log.seekEnd(); err != nil {
		return a, fmt.Errorf("send: skip the kernel log: %w", err)
	}
	if a.Err, err = n.transmit(p, v6); err != nil {
		return a, fmt.Errorf("send: %w", err)
	}
	lines, err := n.log.drain(n.buf)
	for _, line := range lines {
		a.sort(line, v6, id)
	}
	if err != nil {
		return a, fmt.Errorf("send: %w", err)
	}
	a.Out, err = n.capture()
	return a, err
}

// transmit gives the packet to the kernel and returns the complaint of its
// sender, if there is one.
func (n *Node) transmit(p Packet, v6 bool) (complaint string, err error) {
	if p.In == "" {
		if v6 {
			return n.space.raw6.sendRaw(netip.AddrFrom16([16]byte(p.Wire[24:40])), p.Mark, p.Wire)
		}
		return n.space.raw4.sendRaw(netip.AddrFrom4([4]byte(p.Wire[16:20])), p.Mark, p.Wire)
	}
	for _, t := range n.space.taps {
		if t.name == p.In {
			return "", t.inject(p, v6)
		}
	}
	return "", fmt.Errorf("no interface %q that packets arrive on", p.In)
}

func (n *Node) capture() (outs []Out, err error) {
	for _, t := range n.space.taps {
		if outs, err = t.capture(outs, n.buf); err != nil {
			return outs, err
		}
	}
	return outs, nil
}
