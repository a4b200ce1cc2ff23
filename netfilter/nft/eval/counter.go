package eval

// counter counts packets and bytes (net/netfilter/nft_counter.c).
type counter struct{ packets, bytes uint64 } // as loaded

type counterMemory struct{ packets, bytes uint64 }

func (c *counterMemory) clone() memory { d := *c; return &d }

func (e *counter) newMemory() memory { return &counterMemory{e.packets, e.bytes} }

func (e *counter) run(m *machine, mem memory) bool {
	c := mem.(*counterMemory)
	c.packets++
	c.bytes += uint64(m.c.Packet.Len())
	return true
}
