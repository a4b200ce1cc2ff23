package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// trackingState is what CT rules and answers ask of connection tracking.
type trackingState struct {
	template *netfilter.TrackConfig // what CT asked for; nil for nothing
	noConn   bool                   // it belongs to no connection, as the answer to an untracked packet
}

// track classifies the packet, unless it carries a verdict of conntrack
// already (net/netfilter/nf_conntrack_core.c, nf_conntrack_in).
func (tr *transit) track() netfilter.Verdict {
	template := tr.tracking.template
	if template != nil {
		tr.tracking.template, tr.c.Conn = nil, nil
	}
	if tr.c.Conn != nil || tr.c.CTState == netfilter.CTUntracked {
		return netfilter.Accept
	}
	tr.tracking.noConn = tr.tracking.noConn && tr.isICMP() // which keeps it where it has no connection, either
	if tr.c.Hook == netfilter.Prerouting && tr.s.node.tracking.Checksum && tr.pkt.NextHeader() == packet.ProtoSCTP {
		tr.walker.Refresh()
		tr.pullTransport() // for the checksum: nf_conntrack_proto_sctp.c, sctp_error
	}
	conn, rel, ok := tr.s.conns.In(tr.s.now, tr.c.Hook, &tr.pkt, template)
	tr.c.Conn, tr.c.CTState = conn, rel
	tr.checksumFound(conn != nil)
	if !ok {
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, detail: words("connection tracking refuses the packet")})
		return netfilter.Drop
	}
	return netfilter.Accept
}

// confirm enters a new connection in the table once its first packet has come
// through (nf_conntrack_core.c, __nf_conntrack_confirm).
func (tr *transit) confirm() netfilter.Verdict {
	tr.adjustSeq()
	if tr.c.Conn == nil || tr.c.Conn.Status&netfilter.ConnConfirmed != 0 {
		return netfilter.Accept
	}
	conn, ok := tr.s.conns.Confirm(tr.s.now, tr.c.Conn, tr.c.CTState)
	if !ok {
		tr.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, detail: words("another connection has taken the same addresses and ports")})
		return netfilter.Drop
	}
	tr.c.Conn = conn
	return netfilter.Accept
}
