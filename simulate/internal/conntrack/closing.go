package conntrack

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SetClosing sets the state of a TCP connection after REJECT has sent an RST for it
// (nf_conntrack_core.c, nf_conntrack_set_closing; nf_conntrack_proto_tcp.c,
// nf_conntrack_tcp_set_closing). It has no effect on connections of other protocols, on
// unconfirmed ones, and for nil.
func (t *Table) SetClosing(now time.Time, c *netfilter.Conn) {
	if c == nil || c.Tuples[netfilter.DirOriginal].Proto != packet.ProtoTCP || c.Status&netfilter.ConnConfirmed == 0 {
		return
	}
	t.now = now
	tcpOf(c).state = TCPClose
	c.Expires = now.Add(t.timeouts(c).TCP[TCPClose])
}
