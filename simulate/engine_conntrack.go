package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

// Tuple implements netfilter.ConntrackEngine.
func (tr *transit) Tuple() (netfilter.Tuple, bool) { return conntrack.TupleOf(&tr.pkt) }

// FindConn implements netfilter.ConntrackEngine.
func (tr *transit) FindConn(t netfilter.Tuple, zone uint16, dir netfilter.ZoneDirection) *netfilter.Conn {
	conn, _ := tr.s.conns.Find(t, conntrack.Zone{ID: zone, Dir: dir})
	return conn
}

// Track implements netfilter.ConntrackEngine. Only the first CT rule has an effect: it
// attaches a template to the packet, and a packet with a template or connection is
// skipped by later CT rules. A reply of the host to an untracked packet is skipped as
// well (net/netfilter/xt_CT.c, xt_ct_target, xt_ct_tg_check).
func (tr *transit) Track(t netfilter.TrackConfig) {
	switch {
	case tr.c.Conn != nil || tr.c.CTState == netfilter.CTUntracked || tr.tracking.noConn:
	case t.Untracked:
		tr.c.CTState = netfilter.CTUntracked
	default:
		tr.prepare(&t)
	}
}

// AssignTimeouts implements netfilter.ConntrackEngine (net/netfilter/nft_ct.c,
// nft_ct_timeout_obj_eval).
func (tr *transit) AssignTimeouts(p *netfilter.TimeoutPolicy) { tr.s.conns.Assign(tr.c.Conn, p) }

// SetupNAT implements netfilter.ConntrackEngine (net/netfilter/nf_nat_core.c,
// nf_nat_setup_info).
func (tr *transit) SetupNAT(m netfilter.Manip, r netfilter.NATRange) netfilter.Verdict {
	if tr.c.Conn == nil || tr.c.Conn.Status&netfilter.ConnConfirmed != 0 {
		return netfilter.Accept
	}
	if !nat.Setup(tr.s.conns, tr.c.Conn, r, m, tr.drawPort(r, m)) {
		return netfilter.Drop
	}
	return netfilter.Accept
}
