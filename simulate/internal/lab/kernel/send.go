package kernel

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
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
		a.sort(line, p.Wire, id)
	}
	if err != nil {
		return a, fmt.Errorf("send: %w", err)
	}
	if a.Out, err = n.capture(); err != nil {
		return a, fmt.Errorf("send: %w", err)
	}
	a.Out = slices.DeleteFunc(a.Out, func(o Out) bool { return givesUp(o.Wire, id) })
	return a, nil
}

// transmit gives the packet to the kernel and returns the complaint of its
// sender, if there is one.
func (n *Node) transmit(p Packet, v6 bool) (complaint string, err error) {
	if p.In == "" {
		return n.space.sendRaw(p, v6)
	}
	for _, t := range n.space.taps {
		if t.name == p.In {
			return "", t.inject(p, v6)
		}
	}
	return "", fmt.Errorf("no interface %q that packets arrive on", p.In)
}

// rawSocket is a raw socket: its family and owner.
type rawSocket struct {
	v6       bool
	uid, gid uint32
}

// sendRaw sends a packet by a raw socket of its sender, which is opened for the
// first of them.
func (s *space) sendRaw(p Packet, v6 bool) (complaint string, err error) {
	key := rawSocket{v6, p.UID, p.GID}
	f, ok := s.raw[key]
	if !ok {
		if err := s.do(func() (err error) { f, err = openRaw(key); return err }); err != nil {
			return "", err
		}
		s.raw[key] = f
	}
	to := netip.AddrFrom4([4]byte(p.Wire[16:]))
	if v6 {
		to = netip.AddrFrom16([16]byte(p.Wire[24:]))
	}
	return f.sendRaw(to, p.Mark, p.Wire)
}

func (n *Node) capture() (outs []Out, err error) {
	for _, t := range n.space.taps {
		if outs, err = t.capture(outs, n.buf); err != nil {
			return outs, err
		}
	}
	return outs, nil
}
