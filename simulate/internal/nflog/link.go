package nflog

import "github.com/packetpath/packetpath/netfilter"

// Link is the kind of link-layer header of a packet.
type Link uint8

const (
	// Bare links have no header, such as tun, ipip and wireguard.
	Bare Link = iota
	// Ethernet links, which include bridges and VLANs, have an Ethernet header, which
	// --log-macdecode decodes.
	Ethernet
	// Loopback has an Ethernet header of zeros, which is never decoded.
	Loopback
	// Headless is an Ethernet link whose packet has no header: the loopback copy of a
	// multicast packet.
	Headless
)

// links writes the links and the link-layer header (nf_log_dump_packet_common,
// dump_mac_header).
func (l *line) links(m *Meta) {
	l.name("IN=", m.In)
	l.name("OUT=", m.Out)
	if m.PhysIn != "" && m.PhysIn != m.In {
		l.name("PHYSIN=", m.PhysIn)
	}
	if m.PhysOut != "" && m.PhysOut != m.Out {
		l.name("PHYSOUT=", m.PhysOut)
	}
	switch {
	case m.In == "", l.cfg.MACDecode && m.Link == Headless:
	case l.cfg.MACDecode && m.Link == Ethernet:
		l.decodedMAC(m)
	default:
		l.rawMAC(m)
	}
}

func (l *line) name(name, link string) {
	l.text(name)
	l.text(link)
	l.text(" ")
}

func (l *line) decodedMAC(m *Meta) {
	l.text("MACSRC=")
	l.joined(m.SrcMAC[:])
	l.text(" MACDST=")
	l.joined(m.DstMAC[:])
	if m.VLANProto != 0 {
		l.text(" VPROTO=")
		l.word(m.VLANProto)
		l.num(" VID=", uint32(m.VLANTag))
	} else {
		l.text(" ")
	}
	l.text("MACPROTO=")
	l.word(l.etherType())
	l.text(" ")
}

func (l *line) rawMAC(m *Meta) {
	l.text("MAC=")
	if m.Link == Ethernet || m.Link == Loopback {
		l.joined(m.DstMAC[:])
		l.text(":")
		l.joined(m.SrcMAC[:])
		kind := l.etherType()
		l.text(":")
		l.joined([]byte{byte(kind >> 8), byte(kind)})
	}
	l.text(" ")
}

// word writes four hexadecimal digits.
func (l *line) word(v uint16) { l.bytes([]byte{byte(v >> 8), byte(v)}, lower) }

func (l *line) etherType() uint16 {
	if len(l.wire) > 0 && l.wire[0]>>4 == 6 {
		return netfilter.IPv6.EtherType()
	}
	return netfilter.IPv4.EtherType()
}
