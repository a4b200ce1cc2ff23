package conntrack

import "github.com/packetpath/packetpath/netfilter"

// genericPacket processes packets of protocols without a tracker
// (nf_conntrack_core.c, generic_packet).
func (t *Table) genericPacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	t.refresh(c, rel, s, t.timeouts(c).Generic)
	return accept
}
