package netfilter

import "time"

// Engine is what extensions may ask of the host, the session and the packet that
// is being judged: that of the Context which holds the engine. Package simulate
// implements it; package enginetest has one for tests of extensions.
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

// SessionEngine is what extensions may ask of the session: the clock, the random source
// and the memories that rules share.
type SessionEngine interface {
	// Now returns the session's virtual time.
	Now() time.Time
	// Chance returns true with probability p·2⁻³¹.
	Chance(p uint32) bool
	// Pick returns a number below n, n > 0, each equally likely.
	Pick(n uint32) uint32
	// Shared returns the session's memory of this key, made on first use.
	Shared(key string, make func() State) State
}

// BufferEngine is what extensions may ask of the memory that holds the packet, which
// differs for packets that were put together from fragments.
type BufferEngine interface {
	// MakeWritable is called ahead of a change to the first n bytes of the packet.
	// If it came in fragments and the first of them held less, it no longer leaves
	// in the same ones (net/core/skbuff.c, skb_ensure_writable).
	MakeWritable(n int)
	// QuoteWritable reports whether a change to the header which an ICMPv6 error
	// quotes, up to byte n of the packet, takes effect. It does not where the packet
	// was put together from fragments and the first of them ends before, for then a
	// copy is changed, nor where a process sent the packet, header and all, for the
	// kernel then does not know where the transport header is, unless it put the
	// packet together.
	QuoteWritable(n int) bool
}
