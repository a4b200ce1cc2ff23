package netfilter

import (
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Context is the argument of Match and Apply: the packet with its hook, links
// and connection. The engine fills it in; extensions read its fields, change
// the packet through its methods, and use Engine for everything that depends on
// the host or the session. Match, Apply and Observe of the extensions of this
// module panic if the context, its Engine or its Packet is nil; the contexts of
// package enginetest have all three.
type Context struct {
	Engine Engine
	Family Family
	Hook   Hook
	Table  string
	Rule   *Rule
	In     string // name of the input link; "" if the hook has none
	Out    string // name of the output link; "" if the hook has none

	// Packet is the packet being evaluated. It must be changed through Edit only,
	// so that the engine notices the change.
	Packet *Packet
	// Serial is a number that is unique among the packets of a session.
	Serial uint64
	// Transport is the location of the transport header as the rule sees it. For
	// IPv6 it is found only for rules with -p; for others Offset is 0
	// (net/ipv6/netfilter/ip6_tables.c, ip6_packet_match).
	Transport packet.Transport

	Conn    *Conn   // nil when CTState is CTInvalid or CTUntracked
	CTState CTState // conntrack state of the packet at this hook

	state   State
	hotDrop bool
	edits   int
}

// Begin sets the state that State returns to the next extension. It is called
// by the engine only.
func (c *Context) Begin(s State) { c.state = s }

// State returns the per-rule state of the stateful extension being called; nil
// for others.
func (c *Context) State() State { return c.state }

// HotDrop asks for the packet to be dropped as soon as the match returns
// (xt_action_param.hotdrop).
func (c *Context) HotDrop() { c.hotDrop = true }

// TakeHotDrop reports whether HotDrop was called and clears the request. It is
// called by the engine only.
func (c *Context) TakeHotDrop() bool {
	h := c.hotDrop
	c.hotDrop = false
	return h
}

// Edit returns the packet, to be modified by the caller.
func (c *Context) Edit() *Packet {
	c.edits++
	return c.Packet
}

// Edits returns the number of calls of Edit so far. It is used by the engine
// only.
func (c *Context) Edits() int { return c.edits }

// TransportHeader returns n bytes of the transport header; false if the packet
// is too short.
func (c *Context) TransportHeader(n int) ([]byte, bool) {
	return c.Bytes(c.Transport.Offset, n)
}

// Bytes returns n bytes of the packet from offset off, counted from the IP
// header; false if the packet is too short.
func (c *Context) Bytes(off, n int) ([]byte, bool) {
	if c.Packet == nil {
		return nil, false
	}
	w := c.Packet.Wire()
	if off < 0 || n < 0 || off > len(w)-n {
		return nil, false
	}
	return w[off : off+n], true
}
