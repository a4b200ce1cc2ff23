package simulate

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Now implements netfilter.SessionEngine.
func (tr *transit) Now() time.Time { return tr.s.now }

// Chance implements netfilter.SessionEngine.
func (tr *transit) Chance(p uint32) bool { return tr.s.chance.Event(p) }

// Pick implements netfilter.SessionEngine.
func (tr *transit) Pick(n uint32) uint32 { return tr.s.chance.Pick(n) }

// Shared implements netfilter.SessionEngine.
func (tr *transit) Shared(key string, make func() netfilter.State) netfilter.State {
	st, ok := tr.s.shared[key]
	if !ok {
		st = make()
		tr.s.shared[key] = st
	}
	return st
}
