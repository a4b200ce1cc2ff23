package netfilter

import "time"

// Engine gives extensions access to the host, the session and the packet being
// evaluated, which is that of the Context holding the engine. Package simulate
// implements it; package enginetest has an implementation for tests of
// extensions.
type Engine interface {
	SessionEngine
	LinkEngine
	RouteEngine
	ConntrackEngine
	SocketEngine
	OutputEngine
	BufferEngine
	ReportEngine
}

// SessionEngine gives extensions access to the session: the clock, the random
// number generator and the state that rules share.
type SessionEngine interface {
	// Now returns the session's virtual time.
	Now() time.Time
	// Chance returns true with probability p·2⁻³¹.
	Chance(p uint32) bool
	// Pick returns a uniformly distributed number in [0, n); n must be greater than
	// 0.
	Pick(n uint32) uint32
	// Shared returns the session's state stored under key; make creates it on first
	// use.
	Shared(key string, make func() State) State
}

// BufferEngine models the socket buffer that holds the packet, which differs
// for packets reassembled from fragments.
type BufferEngine interface {
	// MakeWritable is called before the first n bytes of the packet are changed. If
	// the packet was reassembled and its first fragment is shorter than n bytes,
	// the buffer is linearized, and the packet no longer leaves in the fragments it
	// arrived in (net/core/skbuff.c, skb_ensure_writable).
	MakeWritable(n int)
	// QuoteWritable reports whether a change to the header quoted in an ICMPv6
	// error, up to byte n of the packet, takes effect. It does not if the packet
	// was reassembled and its first fragment is shorter than n bytes, because a
	// copy is changed then. Nor does it if a process sent the packet with its IP
	// header through a raw socket, because the offset of the transport header is
	// then not set in the buffer unless the packet was reassembled.
	QuoteWritable(n int) bool
}
