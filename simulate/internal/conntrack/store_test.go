package conntrack

import (
	"maps"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// model is a table as a plain list of connections.
type model struct {
	table *Table
	conns []netfilter.Conn
}

func (m *model) clone() *model { return &model{m.table.Clone(), slices.Clone(m.conns)} }

// find returns the place of a connection with this tuple in either direction; -1
// if there is none.
func (m *model) find(t netfilter.Tuple) int {
	return slices.IndexFunc(m.conns, func(c netfilter.Conn) bool { return c.Tuples[0] == t || c.Tuples[1] == t })
}

func drawTuple(r *rand.Rand) netfilter.Tuple {
	src, dst := [4]byte{10, 0, 0, byte(r.IntN(4))}, [4]byte{10, 0, 1, byte(r.IntN(4))}
	t := netfilter.Tuple{Src: netip.AddrFrom4(src), Dst: netip.AddrFrom4(dst), Proto: packet.ProtoUDP, SrcPort: uint16(r.IntN(6)), DstPort: uint16(r.IntN(6))}
	if r.IntN(2) == 0 {
		t.Src, t.Dst = netip.AddrFrom16(t.Src.As16()), netip.AddrFrom16(t.Dst.As16())
	}
	return t
}

// step does the same to the table and the list.
func (m *model) step(t *testing.T, r *rand.Rand) {
	tuple := drawTuple(r)
	at := m.find(tuple)
	switch r.IntN(8) {
	case 0, 1, 2:
		c := netfilter.Conn{Tuples: [2]netfilter.Tuple{tuple}, Mark: r.Uint32(), Expires: epoch.Add(time.Hour),
			Status: netfilter.ConnStatus(r.IntN(2)) * netfilter.ConnSrcNATDone, OutDev: []string{"", "eth0", "eth1"}[r.IntN(3)],
			SeqOffset: [2]uint32{uint32(r.IntN(2)), 0}}
		c.Tuples[1], _ = Invert(tuple)
		free := at < 0 && m.find(c.Tuples[1]) < 0
		require.Equal(t, free, m.table.Add(&c))
		if free {
			m.conns = append(m.conns, c)
		}
	case 3:
		if c, _ := m.table.Find(tuple, Zone{}); c != nil {
			m.table.Kill(c)
			require.GreaterOrEqual(t, at, 0)
			m.conns = slices.Delete(m.conns, at, at+1)
		}
	case 4, 5:
		c, _ := m.table.Find(tuple, Zone{})
		require.Equal(t, at >= 0, c != nil)
		if c != nil {
			c.Mark, c.HasLabels = r.Uint32(), r.IntN(4) == 0
			m.conns[at].Mark, m.conns[at].HasLabels = c.Mark, c.HasLabels
		}
	case 6:
		m.table.Release()
	}
}

// compare compares the table with the list.
func (m *model) compare(t *testing.T) {
	var got []netfilter.Conn
	for c := range m.table.All() {
		got = append(got, *c)
	}
	require.Equal(t, len(m.conns), len(got))
	sources := map[netfilter.Tuple][]uint32{}
	for i := range got {
		got[i].Expires = m.conns[i].Expires // the same moment in another zone
		require.Equal(t, m.conns[i], got[i])
		s := netfilter.Tuple{Src: got[i].Tuples[0].Src, SrcPort: got[i].Tuples[0].SrcPort, Proto: got[i].Tuples[0].Proto}
		if got[i].Status&netfilter.ConnSrcNATDone != 0 {
			sources[s] = slices.Insert(sources[s], 0, got[i].Mark)
		}
	}
	for s, marks := range maps.All(sources) {
		s.Dst = s.Src
		var like []uint32
		for c := range m.table.SameSource(s, Zone{}) {
			like = append(like, c.Mark)
		}
		require.Equal(t, marks, like)
	}
	m.table.Release()
}

// TestAgainstList draws what is done to tables and to copies of them, and compares
// them with plain lists.
func TestAgainstList(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		all := []*model{{table: New(DefaultConfig())}}
		for range 800 {
			m := all[r.IntN(len(all))]
			m.step(t, r)
			switch {
			case r.IntN(100) == 0:
				all = append(all, m.clone())
			case r.IntN(200) == 0:
				m.table.Reset()
				m.conns = nil
			}
		}
		for _, m := range all {
			m.compare(t)
		}
	}
}

// fill enters n TCP connections.
func fill(tb testing.TB, n int) *Table {
	cfg := DefaultConfig()
	cfg.Max = 0
	t := New(cfg)
	t.now = epoch
	for i := range n {
		c := netfilter.Conn{Tuples: [2]netfilter.Tuple{{Src: netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), Dst: server,
			Proto: packet.ProtoTCP, SrcPort: 40000, DstPort: 80}}, Expires: epoch.Add(time.Hour), OutDev: "eth0",
			Status: netfilter.ConnSeenReply | netfilter.ConnAssured | netfilter.ConnSrcNATDone | netfilter.ConnDstNATDone}
		require.True(tb, t.Add(&c))
	}
	return t
}

// TestMemory holds what a connection takes.
func TestMemory(t *testing.T) {
	const n = 100_000
	var before, behind runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	table := fill(t, n)
	runtime.GC()
	runtime.ReadMemStats(&behind)
	each := (behind.HeapAlloc - before.HeapAlloc) / n
	t.Logf("%d bytes a connection", each)
	assert.Less(t, each, uint64(250))
	assert.Equal(t, n, table.Len())
}

func BenchmarkTable(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		table := fill(b, n)
		h := &host{Table: table, t: b, now: epoch}
		p := h.build(packet.Spec{Src: netip.AddrFrom4([4]byte{10, byte(n / 2 >> 16), byte(n / 2 >> 8), byte(n / 2)}), Dst: server, SrcPort: 40000, DstPort: 80, Flags: packet.ACK})
		b.Run(map[bool]string{true: "connections=1000000", false: "connections=1000"}[n > 1000], func(b *testing.B) {
			b.Run("packet", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c, rel, _ := table.In(epoch, netfilter.Prerouting, &p, nil)
					table.Confirm(epoch, c, rel)
					table.Release()
				}
			})
			b.Run("clone", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					table.Clone()
				}
			})
			b.Run("packet of a clone", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c := table.Clone()
					conn, rel, _ := c.In(epoch, netfilter.Prerouting, &p, nil)
					c.Confirm(epoch, conn, rel)
					c.Release()
				}
			})
		})
	}
}
