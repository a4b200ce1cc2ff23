package conntrack

import (
	"strconv"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// protoName returns the name of the protocol in conntrack -L.
func protoName(proto uint8) string {
	switch proto {
	case packet.ProtoTCP:
		return "tcp"
	case packet.ProtoUDP:
		return "udp"
	case packet.ProtoUDPLite:
		return "udplite"
	case packet.ProtoICMP:
		return "icmp"
	case packet.ProtoICMPv6:
		return "icmpv6"
	case packet.ProtoSCTP:
		return "sctp"
	case packet.ProtoGRE:
		return "gre"
	case packet.ProtoDCCP:
		return "dccp"
	}
	return "unknown"
}

// AppendLine appends a connection as conntrack -L prints it, without newline; uses
// is its reference count.
func AppendLine(b []byte, c *netfilter.Conn, now time.Time, uses int) []byte {
	proto := c.Tuples[netfilter.DirOriginal].Proto
	name := protoName(proto)
	b = append(b, name...)
	for i := len(name); i < 8; i++ {
		b = append(b, ' ')
	}
	b = append(b, ' ')
	b = strconv.AppendUint(b, uint64(proto), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(max(c.Expires.Sub(now), 0)/time.Second), 10)
	b = append(b, ' ')
	if c.Proto != nil {
		if state := c.Proto.String(); state != "" {
			b = append(append(b, state...), ' ')
		}
	}
	b = appendSide(b, c, netfilter.DirOriginal)
	if c.Status&netfilter.ConnSeenReply == 0 {
		b = append(b, "[UNREPLIED] "...)
	}
	b = appendSide(b, c, netfilter.DirReply)
	if c.Status&netfilter.ConnAssured != 0 {
		b = append(b, "[ASSURED] "...)
	}
	b = append(b, "mark="...)
	b = strconv.AppendUint(b, uint64(c.Mark), 10)
	if c.Zone != 0 && c.ZoneDir == netfilter.ZoneBoth {
		b = append(b, " zone="...)
		b = strconv.AppendUint(b, uint64(c.Zone), 10)
	}
	if c.Helper != "" {
		b = append(append(b, " helper="...), c.Helper...)
	}
	return strconv.AppendInt(append(b, " use="...), int64(uses), 10)
}

// appendSide appends the tuple of one direction, its zone if that applies to this
// direction only, and its counters.
func appendSide(b []byte, c *netfilter.Conn, d netfilter.Direction) []byte {
	t := c.Tuples[d]
	b = append(b, "src="...)
	b = t.Src.AppendTo(b)
	b = append(b, " dst="...)
	b = t.Dst.AppendTo(b)
	b = append(b, ' ')
	switch t.Proto {
	case packet.ProtoICMP, packet.ProtoICMPv6:
		b = appendNumber(b, "type=", uint64(t.DstPort>>8))
		b = appendNumber(b, "code=", uint64(t.DstPort&0xff))
		b = appendNumber(b, "id=", uint64(t.SrcPort))
	case packet.ProtoGRE:
		b = append(b, "srckey=0x"...)
		b = strconv.AppendUint(b, uint64(t.SrcPort), 16)
		b = append(b, " dstkey=0x"...)
		b = strconv.AppendUint(b, uint64(t.DstPort), 16)
		b = append(b, ' ')
	case packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoSCTP, packet.ProtoDCCP:
		b = appendNumber(b, "sport=", uint64(t.SrcPort))
		b = appendNumber(b, "dport=", uint64(t.DstPort))
	}
	if z := ZoneOf(c); z.Dir != netfilter.ZoneBoth && z.Dir.Has(d) && z.ID != 0 {
		b = appendNumber(b, [...]string{"zone-orig=", "zone-reply="}[d], uint64(z.ID))
	}
	if c.HasCounters {
		b = appendNumber(b, "packets=", c.Counters[d].Packets)
		b = appendNumber(b, "bytes=", c.Counters[d].Bytes)
	}
	return b
}

// appendNumber appends a field and a space.
func appendNumber(b []byte, name string, n uint64) []byte {
	return append(strconv.AppendUint(append(b, name...), n, 10), ' ')
}
