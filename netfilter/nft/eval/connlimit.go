package eval

import (
	"github.com/packetpath/packetpath/netfilter/internal/conncount"
)

// connLimit matches while the number of connections is at most a limit, or with
// over above it (net/netfilter/nft_connlimit.c).
type connLimit struct {
	count uint32
	over  bool
}

type connLimitMemory struct{ list conncount.List }

func (c *connLimitMemory) clone() memory { return &connLimitMemory{c.list.Clone()} }

func (e *connLimit) newMemory() memory { return &connLimitMemory{} }

func (e *connLimit) run(m *machine, mem memory) bool {
	n, ok := mem.(*connLimitMemory).list.Add(m.c)
	if !ok {
		m.verdict = verdict{code: codeDrop}
		return true
	}
	return (uint64(n) > uint64(e.count)) == e.over
}
