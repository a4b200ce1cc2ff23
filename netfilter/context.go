package netfilter

import (
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Context is what a match or target sees of the packet and the world. The
// engine fills it; extensions read its fields, change the packet through its
// methods, and ask Engine for what needs the host.
type Context struct {
	Engine Engine
	Family Family
	Hook   Hook
	Table  string
	Rule   *Rule
	In     string // name of the link it came in by; "" if there is none at this hook
	Out    string // name of the link it leaves by; "" if there is none at this hook

	// Packet is the packet under judgement. Change it through the Context's
	// Edit method only, so that the engine notices.
	Packet *Packet
	// Serial tells the packets of a session apart.
	Serial uint64
	// Transport says where the rule sees the transport header: for IPv6 only
	// rules with -p look for it, and Offset is 0 otherwise (net/ipv6/netfilter/
	// ip6_tables.c, ip6_packet_match).
	Transport packet.Transport

	Conn    *Conn   // nil when CTState is CTInvalid or CTUntracked
	CTState CTState // as conntrack has it at this hook

	state   State
	hotDrop bool
	edits   int
}

// Begin readies the context for a rule's extension with this memory; for the
// engine.
func (c *Context) Begin(s State) { c.state = s }

// State returns the memory of the stateful extension that is being asked.
func (c *Context) State() State { return c.state }

// HotDrop asks for the packet to be dropped as soon as the match returns
// (xt_action_param.hotdrop).
func (c *Context) HotDrop() { c.hotDrop = true }

// TakeHotDrop reports and clears the request; for the engine.
func (c *Context) TakeHotDrop() bool {
	h := c.hotDrop
	c.hotDrop = false
	return h
}

// Edit returns the packet for changing.
func (c *Context) Edit() *Packet {
	c.edits++
	return c.Packet
}

// Edits counts the calls of Edit; for the engine.
func (c *Context) Edits() int { return c.edits }

// TransportHeader returns n bytes of the transport header; false if the packet
// is too short.
func (c *Context) TransportHeader(n int) ([]byte, bool) {
	return c.Bytes(c.Transport.Offset, n)
}

// Bytes returns n bytes of the packet from offset off, counted from the IP
// header; false if the packet is too short.
func (c *Context) Bytes(off, n int) ([]byte, bool) {
	w := c.Packet.Wire()
	if off < 0 || n < 0 || off > len(w)-n {
		return nil, false
	}
	return w[off : off+n], true
}
