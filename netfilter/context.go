package netfilter

import (
	"net/netip"
	"time"

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

// Engine is what extensions may ask of the host and session. Package simulate
// implements it.
type Engine interface {
	Facts
	Detours
	Connections
	// Chance returns true with probability p·2⁻³¹, by the session's luck.
	Chance(p uint32) bool
	// Pick returns a number below n, n > 0, by the session's luck.
	Pick(n uint32) uint32
	// Now returns the session's virtual time.
	Now() time.Time
	// Shared returns the session's memory of this key, made on first use.
	Shared(key string, make func() State) State
	// AddrType returns the type of an address to the routing tables; dev
	// restricts it to a link's own, "" does not.
	AddrType(a netip.Addr, dev string) AddrType
	// SetupNAT decides the address translation of the packet's connection.
	SetupNAT(c *Context, m Manip, r NATRange) Verdict
	// SourceFor returns the address MASQUERADE takes for the packet; false if
	// the host has none.
	SourceFor(c *Context) (netip.Addr, bool)
	// RedirectTo returns the address REDIRECT sends the packet to; false if
	// the link has none.
	RedirectTo(c *Context) (netip.Addr, bool)
	// Reject sends the answer of REJECT.
	Reject(c *Context, w RejectWith)
	// Log writes the packet to the kernel log.
	Log(c *Context, l LogConfig)
	// Trace makes the packet leave TRACE lines from now on.
	Trace(c *Context)
	// Track exempts the packet from connection tracking or says how it is to
	// be tracked; it has no effect on a packet that is tracked already.
	Track(c *Context, t TrackConfig)
	// Assume notes that a fact decided which was not given, such as "the packet
	// came from no local socket"; it shows in the result with the rule.
	Assume(c *Context, fact string)
	// Suppose is Assume for a fact whose opposite has other consequences. It
	// returns true, unless the path of a packet is followed both ways.
	Suppose(c *Context, fact string) bool
	// Ethernet returns the addresses of the Ethernet header the packet arrived
	// with; both are zero if it has none, being sent by the host itself or
	// having come by a link without such a header.
	Ethernet(c *Context) (src, dst packet.MAC)
	// Gather brings the first n bytes of the packet together. If it came in
	// fragments and the first of them held less, it no longer leaves in the same
	// ones (net/core/skbuff.c, skb_ensure_writable).
	Gather(c *Context, n int)
	// Fail gives up on the packet: the answer would be a guess. The error says
	// why.
	Fail(c *Context, err error)
}

// TrackConfig is what the CT target asks of connection tracking.
type TrackConfig struct {
	Untracked bool
	Zone      uint16
	ZoneDir   ZoneDirection
	ZoneMark  bool // the zone is the packet's mark
	Helper    string
	Timeout   string
	SynProxy  bool // the connection is one that SYNPROXY opens
	// Template is what extensions see of the connection until the packet is
	// tracked. Only its mark outlasts the packet; nil begins with none.
	Template *Conn
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
