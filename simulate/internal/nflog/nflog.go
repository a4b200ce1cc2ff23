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

	// The rest counts only where In is given.
	Link           Link
	DstMAC, SrcMAC packet.MAC
	VLANProto      uint16 // EtherType of a VLAN tag; 0: no tag
	VLANTag        uint16 // priority and identifier, 16 bits
}

// limit is how many bytes a line has room for, from the prefix on: the buffer
// of 1019 less its final zero and the two bytes that say the level
// (net/netfilter/nf_log.c, nf_log_buf_add). What does not fit is cut off.
const limit = 1019 - 1 - 2

// tracePrefix is the prefix of TRACE lines.
const tracePrefix = "TRACE: "

// Append appends the line that a LOG rule writes, prefix first.
func Append(b []byte, cfg netfilter.LogConfig, p *netfilter.Packet, m *Meta) []byte {
	l := line{b: append(b, cfg.Prefix...), end: len(b) + limit, cfg: cfg, p: p, wire: p.Wire()}
	return l.packet(m)
}

// AppendTrace appends the line that TRACE writes when a packet meets a rule,
// without the "TRACE: " in front. Kind is "rule", "return" or "policy"; number
// counts the rules of the chain from 1 (net/ipv4/netfilter/ip_tables.c,
// trace_packet).
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

// packet completes the line behind its prefix (nf_log_ip_packet,
// nf_log_ip6_packet).
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

// owner writes what only the packet itself has, not one that it quotes.
func (l *line) owner() {
	if s := l.p.Socket; l.cfg.UID && s != nil && !s.NoFile {
		l.num("UID=", s.UID)
		l.num("GID=", s.GID)
	}
	if l.p.Mark != 0 {
		l.hex("MARK=0x", l.p.Mark)
	}
}
