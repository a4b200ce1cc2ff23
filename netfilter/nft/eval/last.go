package eval

import "time"

// last records the time of its last evaluation (net/netfilter/nft_last.c).
type last struct {
	seen bool
	ago  time.Duration
}

type lastMemory struct {
	seen bool
	at   time.Time // the zero time: as loaded
}

func (l *lastMemory) clone() memory { d := *l; return &d }

func (e *last) newMemory() memory { return &lastMemory{seen: e.seen} }

func (e *last) run(m *machine, mem memory) bool {
	l := mem.(*lastMemory)
	l.seen, l.at = true, m.c.Engine.Now()
	return true
}
