package conntrack

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SetClosing tells the table that the host itself refused a TCP connection with
// an RST (nf_conntrack_core.c, nf_conntrack_set_closing;
// nf_conntrack_proto_tcp.c, nf_conntrack_tcp_set_closing). It does nothing to
// other connections, to new ones that are not in the table yet, and for nil.
func (t *Table) SetClosing(now time.Time, c *netfilter.Conn) {
	if c == nil || c.Tuples[netfilter.DirOriginal].Proto != packet.ProtoTCP || c.Status&netfilter.ConnConfirmed == 0 {
		return
	}
	t.now = now
	tcpOf(c).state = TCPClose
	c.Expires = now.Add(t.timeouts(c).TCP[TCPClose])
}
