package nflog

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Meta holds the fields of a line that are not part of netfilter.Packet. The zero value is
// a packet without links.
type Meta struct {
	In, Out         string // links, as the hook has them; "" for none
	PhysIn, PhysOut string // bridge ports behind In and Out; "" if not bridged

	// The following fields are used only if In is set.
	Link           Link
	DstMAC, SrcMAC packet.MAC
	VLANProto      uint16 // EtherType of a VLAN tag; 0: no tag
	VLANTag        uint16 // priority and identifier, 16 bits
}

// limit is the maximum length of a line in bytes, including the prefix: that of the
// buffer, 1019, without the final zero and the two bytes of the level
// (net/netfilter/nf_log.c, nf_log_buf_add). The rest is truncated.
const limit = 1019 - 1 - 2

// tracePrefix is the prefix of TRACE lines.
const tracePrefix = "TRACE: "

// Append appends the line that a LOG rule writes, which begins with the prefix.
func Append(b []byte, cfg netfilter.LogConfig, p *netfilter.Packet, m *Meta) []byte {
	l := line{b: append(b, cfg.Prefix...), end: len(b) + limit, cfg: cfg, p: p, wire: p.Wire()}
	return l.packet(m)
}

// AppendTrace appends the line that TRACE writes for a step, without the prefix
// "TRACE: ". Kind is "rule", "return" or "policy"; number is the 1-based number of the
// rule in the chain (net/ipv4/netfilter/ip_tables.c, trace_packet).
func AppendTrace(b []byte, table, chain, kind string, number int, p *netfilter.Packet, m *Meta) []byte {
	cfg := netfilter.LogConfig{Level: 4, TCPSequence: true, TCPOptions: true, IPOptions: true, UID: true}
	l := line{b: b, end: len(b) + limit - len(tracePrefix), cfg: cfg, p: p, wire: p.Wire()}
	l.text(table)
	l.text(":")
	l.text(chain)
	l.text(":")
	l.text(kind)
	l.num(":", uint32(number))
	return l.packet(m)
}

// packet writes the line after its prefix (nf_log_ip_packet, nf_log_ip6_packet).
func (l *line) packet(m *Meta) []byte {
	l.links(m)
	if len(l.wire) > 0 && l.wire[0]>>4 == 6 {
		l.ipv6(0)
	} else {
		l.ipv4(0)
	}
	if len(l.b) > l.end {
		return l.b[:l.end]
	}
	return l.b
}

// owner writes the fields that a quoted packet does not have: owner and mark.
func (l *line) owner() {
	if s := l.p.Socket; l.cfg.UID && s != nil && !s.NoFile {
		l.num("UID=", s.UID)
		l.num("GID=", s.GID)
	}
	if l.p.Mark != 0 {
		l.hex("MARK=0x", l.p.Mark)
	}
}
