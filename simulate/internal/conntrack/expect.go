package conntrack

import (
	"net/netip"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Expectation is a connection that a helper expects: its first packet is RELATED to the
// master. An invalid source address and a source port of 0 match any.
type Expectation struct {
	Master    *netfilter.Conn // a confirmed connection; its mark and zone are inherited
	Proto     uint8
	Src       netip.Addr
	SrcPort   uint16
	Dst       netip.Addr
	DstPort   uint16
	Helper    string    // of the expected connection; "" for none
	Permanent bool      // it is not removed by the first matching connection
	Expires   time.Time // zero: when its master expires
}

// expected is an expectation whose Master is a copy that the table keeps.
type expected struct {
	Expectation
	master uint32 // reference of its record; noRef for none
}

// Expect adds an expectation.
func (t *Table) Expect(x Expectation) {
	ref := t.refOf(x.Master)
	x.Master = cloneConn(x.Master)
	t.expected = slices.Insert(t.expected, 0, &expected{x, ref})
}

func cloneConn(c *netfilter.Conn) *netfilter.Conn {
	n := *c
	if c.Proto != nil {
		n.Proto = c.Proto.Clone()
	}
	return &n
}

// Expected returns the expectations, latest first.
func (t *Table) Expected() []Expectation {
	out := make([]Expectation, len(t.expected))
	for i, x := range t.expected {
		out[i] = x.Expectation
	}
	return out
}

// expectation returns the expectation that a new connection matches, nil for none, and
// removes it unless it is permanent (nf_conntrack_expect.c, nf_ct_find_expectation).
func (t *Table) expectation(tuple netfilter.Tuple, z Zone) *expected {
	if len(t.expected) == 0 {
		return nil
	}
	t.expireExpected()
	i := slices.IndexFunc(t.expected, func(x *expected) bool { return x.covers(tuple, z) })
	if i < 0 {
		return nil
	}
	x := t.expected[i]
	if x.master == noRef {
		return nil // the master is not confirmed
	}
	if !x.Permanent {
		t.expected = slices.Delete(t.expected, i, i+1)
	}
	return x
}

func (x *Expectation) covers(t netfilter.Tuple, z Zone) bool {
	const d = netfilter.DirOriginal
	return t.Proto == x.Proto && t.Dst == x.Dst && t.DstPort == x.DstPort &&
		(!x.Src.IsValid() || t.Src == x.Src) && (x.SrcPort == 0 || t.SrcPort == x.SrcPort) &&
		ZoneOf(x.Master).in(d) == z.in(d) && ZoneOf(x.Master).in(netfilter.DirReply) == z.in(netfilter.DirReply)
}

func (t *Table) expireExpected() {
	t.expected = slices.DeleteFunc(t.expected, func(x *expected) bool {
		return !x.Expires.IsZero() && !x.Expires.After(t.now)
	})
}

// forget removes the expectations of a connection (nf_ct_remove_expectations).
func (t *Table) forget(ref uint32) {
	if len(t.expected) > 0 {
		t.expected = slices.DeleteFunc(t.expected, func(x *expected) bool { return x.master == ref })
	}
}
