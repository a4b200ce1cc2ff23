package packet

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
)

// String describes the packet in one line that package parser reads back
// (ParsePacket), such as
//
//	tcp 10.0.0.1:1024 > 10.0.0.2:80 syn mark 0x1
//
// Fields with their default value are omitted. A packet that cannot be
// described this way, such as one with a wrong checksum, is printed as the word
// "wire" and its bytes. The output link is not part of the text. The zero value
// gives "no packet".
func (p Packet) String() string {
	if !p.IsValid() {
		return "no packet"
	}
	var b []byte
	if whole, err := Decode(p.wire); err != nil || whole.Len() != p.Len() {
		b = p.appendWire(b)
	} else if spec, ok := p.describe(); ok {
		b = spec.append(b)
	} else {
		b = p.appendWire(append(p.appendEnds(b), ' '))
	}
	return string(p.appendMetadata(b))
}

func (p *Packet) appendWire(b []byte) []byte {
	return hex.AppendEncode(append(b, "wire "...), p.wire)
}

// appendEnds appends protocol, addresses and ports.
func (p *Packet) appendEnds(b []byte) []byte {
	s := Spec{Src: p.Src(), Dst: p.Dst(), Proto: p.NextHeader(), Literal: true}
	if t := p.Transport(); t.Found {
		s.Proto, s.FragOffset = t.Proto, uint16(min(t.FragOff, 1)*8)
	}
	s.SrcPort, s.DstPort = p.SrcPort(), p.DstPort()
	return s.appendEnds(b)
}

// describe returns the Spec from which Build makes the packet; false if there
// is none.
func (p *Packet) describe() (Spec, bool) {
	s := Spec{Src: p.Src(), Dst: p.Dst(), Proto: p.NextHeader(), TTL: p.TTL(), TOS: p.TOS(), ID: p.ID(),
		FlowLabel: p.FlowLabel(), DontFragment: p.DontFragment(), MoreFragments: p.MoreFragments(), Literal: true}
	body := p.wire[p.HeaderLen():]
	switch {
	case p.Family() == IPv4:
		s.FragOffset = binary.BigEndian.Uint16(p.wire[6:]) << 3
	case s.Proto == ProtoFragment && len(body) >= 8:
		s.Proto, s.ID = body[0], binary.BigEndian.Uint16(body[6:])
		f := binary.BigEndian.Uint16(body[2:])
		s.FragOffset, s.MoreFragments = f&^7, f&1 != 0
		body = body[8:]
	}
	s.describeBody(body)
	again, err := s.Build()
	return s, err == nil && bytes.Equal(again.wire, p.wire)
}

// describeBody sets the fields of the transport header as far as the header is
// complete.
func (s *Spec) describeBody(body []byte) {
	n := headerSize(s.Proto)
	if s.Proto == ProtoTCP && len(body) >= n {
		n = max(n, TCPSegment(body).HeaderLen())
	}
	if s.FragOffset != 0 || len(body) < n {
		s.Payload = body
		return
	}
	s.Payload = body[n:]
	if HasPorts(s.Proto) {
		s.SrcPort, s.DstPort = binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])
	}
	switch s.Proto {
	case ProtoTCP:
		s.Seq, s.Ack = binary.BigEndian.Uint32(body[4:]), binary.BigEndian.Uint32(body[8:])
		s.Flags, s.Window = TCPFlags(body[13]), binary.BigEndian.Uint16(body[14:])
		s.TCPOptions = body[20:n]
	case ProtoICMP, ProtoICMPv6:
		s.ICMPType, s.ICMPCode = body[0], body[1]
		s.ICMPID, s.ICMPSeq = binary.BigEndian.Uint16(body[4:]), binary.BigEndian.Uint16(body[6:])
	}
}

// headerSize returns the number of bytes that Build writes before the payload,
// without TCP options.
func headerSize(proto uint8) int {
	switch proto {
	case ProtoTCP:
		return 20
	case ProtoUDP, ProtoUDPLite, ProtoICMP, ProtoICMPv6:
		return 8
	case ProtoSCTP:
		return 12
	case ProtoDCCP:
		return 16
	}
	return 0
}

// append appends the text of a literal specification.
func (s *Spec) append(b []byte) []byte {
	b = s.appendEnds(b)
	if s.FragOffset == 0 {
		b = s.appendTransport(b)
	}
	b = s.appendHeader(b)
	if !s.beginsAssociation() {
		return appendPayload(b, s.Payload)
	}
	switch {
	case len(s.Payload) == 0:
		return append(b, " len 0"...)
	case bytes.Equal(s.Payload, SCTPInit()):
		return b
	}
	return appendPayload(b, s.Payload)
}

// packetWord names the protocols whose headers have words of their own; "" for
// any other.
func packetWord(proto uint8) string {
	switch proto {
	case ProtoICMPv6:
		return "icmp6"
	case ProtoTCP, ProtoUDP, ProtoUDPLite, ProtoSCTP, ProtoDCCP, ProtoICMP:
		return ProtocolName(proto)
	}
	return ""
}

func (s *Spec) appendEnds(b []byte) []byte {
	if word := packetWord(s.Proto); word != "" {
		b = append(b, word...)
	} else {
		b = appendInt(append(b, "proto "...), int(s.Proto))
	}
	b = s.appendEnd(append(b, ' '), s.Src, s.SrcPort)
	return s.appendEnd(append(b, " > "...), s.Dst, s.DstPort)
}

func (s *Spec) appendEnd(b []byte, a netip.Addr, port uint16) []byte {
	if HasPorts(s.Proto) && s.FragOffset == 0 {
		return netip.AddrPortFrom(a, port).AppendTo(b)
	}
	return a.AppendTo(b)
}

func (s *Spec) appendTransport(b []byte) []byte {
	switch s.Proto {
	case ProtoTCP:
		return s.appendTCP(b)
	case ProtoICMP, ProtoICMPv6:
		return s.appendICMP(b)
	}
	return b
}

func (s *Spec) appendTCP(b []byte) []byte {
	b = append(append(b, ' '), s.Flags.String()...)
	b = appendField(b, "seq", uint64(s.Seq), 0)
	b = appendField(b, "ackno", uint64(s.Ack), 0)
	b = appendField(b, "win", uint64(s.Window), uint64(usualWindow(s.Flags)))
	if len(s.TCPOptions) > 0 {
		b = hex.AppendEncode(append(b, " tcpopt hex:"...), s.TCPOptions)
	}
	return b
}

func (s *Spec) appendICMP(b []byte) []byte {
	request, reply := uint8(ICMPEchoRequest), uint8(ICMPEchoReply)
	if s.Proto == ProtoICMPv6 {
		request, reply = ICMPv6EchoRequest, ICMPv6EchoReply
	}
	switch s.ICMPType {
	case request:
		b = append(b, " echo-request"...)
	case reply:
		b = append(b, " echo-reply"...)
	default:
		b = appendInt(append(b, " type "...), int(s.ICMPType))
	}
	b = appendField(b, "code", uint64(s.ICMPCode), 0)
	b = appendField(b, "id", uint64(s.ICMPID), 0)
	return appendField(b, "seq", uint64(s.ICMPSeq), 0)
}

func (s *Spec) appendHeader(b []byte) []byte {
	b = appendField(b, "ttl", uint64(s.TTL), 64)
	if s.TOS != 0 {
		b = append(b, fmt.Sprintf(" tos 0x%02x", s.TOS)...)
	}
	b = appendField(b, "ipid", uint64(s.ID), 0)
	if s.FlowLabel != 0 {
		b = append(b, fmt.Sprintf(" flowlabel 0x%x", s.FlowLabel)...)
	}
	if s.DontFragment {
		b = append(b, " df"...)
	}
	if s.FragOffset != 0 || s.MoreFragments {
		b = appendInt(append(b, " frag "...), int(s.FragOffset))
	}
	if s.MoreFragments {
		b = append(b, '+')
	}
	return b
}

// appendField appends " name value" unless the value is the default.
func appendField(b []byte, name string, v, usual uint64) []byte {
	if v == usual {
		return b
	}
	b = append(append(append(b, ' '), name...), ' ')
	return strconv.AppendUint(b, v, 10)
}

// appendPayload appends the length of a payload of zeros, quoted text, or hex.
func appendPayload(b, payload []byte) []byte {
	switch {
	case len(payload) == 0:
		return b
	case len(bytes.TrimLeft(payload, "\x00")) == 0:
		return appendInt(append(b, " len "...), len(payload))
	case isText(payload):
		return strconv.AppendQuote(append(b, " payload "...), string(payload))
	}
	return hex.AppendEncode(append(b, " payload hex:"...), payload)
}

func isText(s []byte) bool {
	for _, c := range s {
		if (c < ' ' || c > '~') && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

// appendMetadata appends what a host knows about the packet beyond its bytes.
func (p *Packet) appendMetadata(b []byte) []byte {
	if p.Mark != 0 {
		b = append(b, fmt.Sprintf(" mark 0x%x", p.Mark)...)
	}
	if p.Priority != 0 {
		b = append(b, fmt.Sprintf(" priority 0x%x", p.Priority)...)
	}
	if p.SrcMAC != (MAC{}) {
		b = append(append(b, " smac "...), p.SrcMAC.String()...)
	}
	if p.DstMAC != (MAC{}) {
		b = append(append(b, " dmac "...), p.DstMAC.String()...)
	}
	if p.Socket == nil {
		return b
	}
	return p.Socket.append(b)
}

func (s *Socket) append(b []byte) []byte {
	b = append(b, fmt.Sprintf(" uid %d gid %d", s.UID, s.GID)...)
	for _, f := range []struct {
		set  bool
		word string
	}{{s.NoFile, " nofile"}, {s.Bound, " bound"}, {s.Broadcast, " broadcast"}} {
		if f.set {
			b = append(b, f.word...)
		}
	}
	return b
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }
