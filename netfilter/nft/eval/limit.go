package eval

import "time"

// limit is a token bucket (net/netfilter/nft_limit.c). Its tokens are
// nanoseconds.
type limit struct {
	bytes  bool // bytes are limited, not packets
	rate   uint64
	unit   time.Duration
	burst  uint32
	invert bool // "over"
}

// defaultBurst is the default burst in packets (NFT_LIMIT_PKT_BURST_DEFAULT).
const defaultBurst = 5

type limitMemory struct {
	tokens uint64
	last   int64 // nanoseconds; when tokens were added
	begun  bool
}

func (l *limitMemory) clone() memory { d := *l; return &d }

// capacity returns the maximum number of tokens (nft_limit_init).
func (e *limit) capacity() uint64 {
	ns := uint64(e.unit.Nanoseconds())
	if e.bytes {
		return muldiv(ns, e.rate+uint64(e.burst), e.rate)
	}
	burst := uint64(e.burst)
	if burst == 0 {
		burst = defaultBurst
	}
	return ns / e.rate * burst
}

// cost returns the tokens that a packet of this length takes
// (nft_limit_pkts_eval, nft_limit_bytes_eval).
func (e *limit) cost(length int) uint64 {
	ns := uint64(e.unit.Nanoseconds())
	if e.bytes {
		return ns * uint64(length) / e.rate
	}
	return ns / e.rate
}

// muldiv returns a·b/c. The product is truncated to 64 bits, as in the kernel.
func muldiv(a, b, c uint64) uint64 { return a * b / c }

func (e *limit) newMemory() memory { return &limitMemory{tokens: e.capacity()} }

// run deducts the packet's cost from the bucket if there are enough tokens
// (nft_limit_eval).
func (e *limit) run(m *machine, mem memory) bool {
	l := mem.(*limitMemory)
	now := m.c.Engine.Now().UnixNano()
	if !l.begun {
		l.begun, l.last = true, m.state.loaded.UnixNano()
	}
	tokens := min(l.tokens+uint64(now-l.last), e.capacity())
	l.last = now
	if cost := e.cost(m.c.Packet.Len()); tokens >= cost {
		l.tokens = tokens - cost
		return !e.invert
	}
	l.tokens = tokens
	return e.invert
}
