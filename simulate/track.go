package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// trackingState is the state of a packet before it is tracked.
type trackingState struct {
	template *netfilter.TrackConfig // template of a CT rule or SYNPROXY; nil for none
	noConn   bool                   // it is a reply to an untracked packet
}

// prepare attaches a template to the packet, which takes the place of the connection
// until the packet is tracked.
func (tr *transit) prepare(t *netfilter.TrackConfig) {
	zero := netip.IPv4Unspecified()
	if tr.c.Family == netfilter.IPv6 {
		zero = netip.IPv6Unspecified()
	}
	if t.Template == nil {
		t.Template = new(netfilter.Conn)
	}
	ends := netfilter.Tuple{Src: zero, Dst: zero}
	*t.Template = netfilter.Conn{Tuples: [2]netfilter.Tuple{ends, ends}, Zone: t.Zone, ZoneDir: t.ZoneDir, Mark: t.Template.Mark,
		Status: netfilter.ConnConfirmed | netfilter.ConnTemplate, Helper: t.Helper, Timeout: t.Timeout}
	tr.tracking.template, tr.c.Conn, tr.c.CTState = t, t.Template, netfilter.CTNew
}

// replyTo records that the packet is a reply to one that is untracked.
func (t *trackingState) replyTo(untracked bool) { t.noConn = untracked }

// track looks up the connection of the packet, unless the packet has a connection or is
// untracked (net/netfilter/nf_conntrack_core.c, nf_conntrack_in).
func (tr *transit) track() netfilter.Verdict {
	template := tr.tracking.template
	if template != nil {
		tr.tracking.template, tr.c.Conn = nil, nil
	}
	if tr.c.Conn != nil || tr.c.CTState == netfilter.CTUntracked {
		return netfilter.Accept
	}
	tr.tracking.noConn = tr.tracking.noConn && tr.isICMP() // an ICMP packet without a connection stays marked
	if tr.c.Hook == netfilter.Prerouting && tr.s.node.tracking.Checksum && tr.pkt.NextHeader() == packet.ProtoSCTP {
		tr.walker.Refresh()
		tr.pullTransport() // for the checksum: nf_conntrack_proto_sctp.c, sctp_error
	}
	conn, rel, ok := tr.s.conns.In(tr.s.now, tr.c.Hook, &tr.pkt, template)
	tr.c.Conn, tr.c.CTState = conn, rel
	if tr.c.Hook == netfilter.Prerouting && tr.s.node.tracking.Checksum {
		tr.skb.checksum.Track(&tr.pkt, conn != nil)
	}
	if !ok {
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, detail: refusedByTracking{tr.s.conns.Refusal()}})
		return netfilter.Drop
	}
	if rel == netfilter.CTInvalid {
		tr.note(Step{Kind: StepTrack, detail: invalidState{tr.s.conns.Refusal()}})
	}
	return netfilter.Accept
}

// invalidState is the detail of a packet to which tracking gives the state INVALID.
type invalidState struct{ conntrack.Refusal }

// String returns the reason.
func (i invalidState) String() string { return "its state is INVALID: " + i.Refusal.String() }

// refusedByTracking is the detail of a packet that tracking drops.
type refusedByTracking struct{ conntrack.Refusal }

// String returns the reason.
func (r refusedByTracking) String() string {
	return "connection tracking refuses the packet: " + r.Refusal.String()
}

// confirm inserts a new connection in the table after its first packet has passed the
// other functions of its last hook (nf_conntrack_core.c, __nf_conntrack_confirm).
func (tr *transit) confirm() netfilter.Verdict {
	tr.adjustSeq()
	return tr.confirmConn()
}

// confirmConn inserts the connection of the packet in the table if it is new.
func (tr *transit) confirmConn() netfilter.Verdict {
	if tr.c.Conn == nil || tr.c.Conn.Status&netfilter.ConnConfirmed != 0 {
		return netfilter.Accept
	}
	if most := tr.s.budget.Conns; tr.s.conns.AtLeast(most) {
		tr.fail(&LimitError{Limit: "Conns", Max: int64(most), Family: tr.c.Family, Hook: tr.c.Hook})
		return netfilter.Drop
	}
	conn, ok := tr.s.conns.Confirm(tr.s.now, tr.c.Conn, tr.c.CTState)
	if !ok {
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, detail: words("another connection has taken the same addresses and ports")})
		return netfilter.Drop
	}
	tr.c.Conn = conn
	return netfilter.Accept
}
