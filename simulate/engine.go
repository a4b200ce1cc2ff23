package simulate

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/frag"
)

// Now implements netfilter.SessionEngine.
func (tr *transit) Now() time.Time { return tr.s.now }

// Chance implements netfilter.SessionEngine.
func (tr *transit) Chance(p uint32) bool { return tr.s.chance.Event(p) }

// Pick implements netfilter.SessionEngine.
func (tr *transit) Pick(n uint32) uint32 { return tr.s.chance.Pick(n) }

// Shared implements netfilter.SessionEngine.
func (tr *transit) Shared(key string, make func() netfilter.State) netfilter.State {
	return tr.s.table(key, make)
}

// MakeWritable implements netfilter.BufferEngine.
func (tr *transit) MakeWritable(n int) {
	if !tr.skb.frag.Whole() {
		tr.skb.frag.Pull(n - frag.HeadLen(&tr.pkt))
	}
}

// QuoteWritable implements netfilter.BufferEngine (net/ipv6/netfilter/ip6t_NPT.c,
// icmpv6_bounced_ipv6hdr; net/ipv6/raw.c, rawv6_send_hdrinc; net/ipv6/netfilter/
// nf_conntrack_reasm.c, nf_ct_frag6_reasm).
func (tr *transit) QuoteWritable(n int) bool {
	if tr.origin == rawSend && !tr.loopback.returned && tr.skb.frag.Whole() {
		return false
	}
	return tr.skb.frag.Whole() || n <= frag.HeadLen(&tr.pkt)+tr.skb.frag.First()
}
