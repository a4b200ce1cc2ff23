package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// Queue implements netfilter.Detours. Which of several queues it is depends on
// a seed that the kernel draws when it starts, so it is left to chance where it matters
// (net/netfilter/nf_queue.c, nf_queue; include/net/netfilter/nf_queue.h,
// nfqueue_hash).
func (f *flow) Queue(c *netfilter.Context, first, last uint16, bypass bool) netfilter.Verdict {
	if !bypass {
		return netfilter.Queue
	}
	served, n := 0, int(last)-int(first)+1
	for q := range f.s.node.queues {
		if q >= first && q <= last {
			served++
		}
	}
	switch {
	case served == n:
		return netfilter.Queue
	case served == 0:
		if !f.Suppose(c, fmt.Sprintf("no program reads %s", queues(first, last))) {
			return netfilter.Queue
		}
		f.bypassed = true
		return netfilter.Accept
	}
	if f.s.chance.Weighted(2, func(i int) uint64 { return uint64([2]int{served, n}[i]) }) == 0 {
		return netfilter.Queue
	}
	f.bypassed = true
	return netfilter.Accept
}

func queues(first, last uint16) string {
	if first == last {
		return fmt.Sprintf("queue %d", first)
	}
	return fmt.Sprintf("the queues %d to %d", first, last)
}

// PathMTU implements netfilter.Detours (net/netfilter/xt_TCPMSS.c,
// tcpmss_reverse_mtu).
func (f *flow) PathMTU(*netfilter.Context) int {
	mtu := f.mtu()
	if back, errno := f.s.node.fib.Output(fib.Key{Dst: f.pkt.Src(), AnySource: true}); errno == 0 && back.MTU > 0 {
		mtu = min(mtu, back.MTU)
	}
	return mtu
}

// TupleOf implements netfilter.Connections.
func (f *flow) TupleOf(*netfilter.Context) (netfilter.Tuple, bool) { return conntrack.TupleOf(&f.pkt) }

// FindConn implements netfilter.Connections.
func (f *flow) FindConn(t netfilter.Tuple, zone uint16, dir netfilter.ZoneDirection) *netfilter.Conn {
	conn, _ := f.s.conns.Find(t, conntrack.Zone{ID: zone, Dir: dir})
	return conn
}
