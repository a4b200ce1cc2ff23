package eval

// quota matches until a number of bytes is used up, or with over from then on
// (net/netfilter/nft_quota.c).
type quota struct {
	bytes, used uint64
	over        bool
}

type quotaMemory struct{ used uint64 }

func (q *quotaMemory) clone() memory { d := *q; return &d }

func (e *quota) newMemory() memory { return &quotaMemory{e.used} }

// run counts the packet first (nft_overquota, nft_quota_do_eval).
func (e *quota) run(m *machine, mem memory) bool {
	q := mem.(*quotaMemory)
	q.used += uint64(m.c.Packet.Len())
	return (q.used > e.bytes) == e.over
}
