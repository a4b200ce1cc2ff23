package opt

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpFlags are the flags iptables can name, by bit.
var tcpFlags = Names{"FIN", "SYN", "RST", "PSH", "ACK", "URG"}

const allTCPFlags = 0x3f

// TCPFlags reads flag names in any case separated by commas, ALL and NONE among
// them; empty words are ignored (iptables extensions/libxt_tcp.c,
// parse_tcp_flag).
func TCPFlags(s string) (set packet.TCPFlags, err error) {
	for word := range strings.SplitSeq(s, ",") {
		switch i := tcpFlags.Find(word); {
		case i >= 0:
			set |= 1 << i
		case strings.EqualFold(word, "ALL"):
			set |= allTCPFlags
		case word != "" && !strings.EqualFold(word, "NONE"):
			return 0, fmt.Errorf("unknown TCP flag %q: need %s, ALL or NONE", word, tcpFlags)
		}
	}
	return set, nil
}

// AppendTCPFlags appends flag names separated by commas, or NONE.
func AppendTCPFlags(b []byte, set packet.TCPFlags) []byte {
	if set&allTCPFlags == 0 {
		return append(b, "NONE"...)
	}
	return AppendSet(b, tcpFlags, set)
}

// FirstHeader returns the first n bytes of the transport header. A later
// fragment has none; a packet too short for them is dropped, also by inverted
// conditions.
func FirstHeader(c *netfilter.Context, n int) ([]byte, bool) {
	if c.Transport.FragOff != 0 {
		return nil, false
	}
	h, ok := c.TransportHeader(n)
	if !ok {
		c.HotDrop()
	}
	return h, ok
}

// ShowHeader returns the first n bytes of the transport header for display,
// without dropping the packet.
func ShowHeader(c *netfilter.Context, n int) ([]byte, bool) {
	if c.Transport.FragOff != 0 {
		return nil, false
	}
	return c.TransportHeader(n)
}

// ObservePorts returns "sport 1024 dport 80" from the first bytes of a
// transport header.
func ObservePorts(h []byte) string {
	return fmt.Sprintf("sport %d dport %d", uint16(h[0])<<8|uint16(h[1]), uint16(h[2])<<8|uint16(h[3]))
}
