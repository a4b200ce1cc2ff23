// Package peer knows what the far end of a conversation answers.
package peer

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// ISN is the sequence number with which the far end of every TCP connection
// begins, and its verification tag in SCTP.
const ISN = 1000000000

// Reply answers a packet as its receiver would: SYN with SYN ACK, data with ACK,
// FIN with a FIN, a datagram with its own payload, an echo or timestamp request
// with its answer, an SCTP chunk with the one that follows it, a DCCP request with
// a response. It returns the zero Packet if no answer is due.
func Reply(p *netfilter.Packet) netfilter.Packet {
	if !p.IsValid() {
		return netfilter.Packet{}
	}
	t := p.Transport()
	if !t.Found || t.Fragment || t.Offset > p.Len() {
		return netfilter.Packet{}
	}
	body := p.From(t)
	spec := packet.Spec{Src: p.Dst(), Dst: p.Src(), Proto: t.Proto, TTL: 64, Literal: true}
	if packet.HasPorts(t.Proto) && len(body) >= 4 {
		spec.SrcPort, spec.DstPort = binary.BigEndian.Uint16(body[2:]), binary.BigEndian.Uint16(body)
	}
	answered := false
	switch t.Proto {
	case packet.ProtoTCP:
		answered = tcpReply(&spec, body)
	case packet.ProtoUDP, packet.ProtoUDPLite:
		if answered = len(body) >= 8; answered {
			spec.Payload = body[8:]
		}
	case packet.ProtoICMP, packet.ProtoICMPv6:
		answered = icmpReply(&spec, body)
	case packet.ProtoSCTP:
		return sctpReply(spec, body)
	case packet.ProtoDCCP:
		return dccpReply(spec, body)
	}
	if !answered {
		return netfilter.Packet{}
	}
	return build(spec)
}

// build builds a packet; the zero Packet if it would be too long.
func build(spec packet.Spec) netfilter.Packet {
	p, err := spec.Build()
	if err != nil {
		return netfilter.Packet{}
	}
	return p
}

// tcpReply answers a segment (RFC 9293, 3.10.7); false if it asks for nothing.
func tcpReply(spec *packet.Spec, b []byte) bool {
	seg, ok := packet.ReadTCP(b)
	if !ok {
		return false
	}
	const syn, ack, fin = packet.SYN, packet.ACK, packet.FIN
	flags, data := seg.Flags(), seg.Payload()
	spec.Window, spec.DontFragment = 64240, true
	spec.Seq = seg.Ack()
	spec.Ack = seg.Seq() + uint32(len(data))
	switch {
	case flags&packet.RST != 0:
		return false
	case flags&(syn|ack) == syn:
		spec.Flags, spec.Seq = syn|ack, ISN
		spec.Ack++
		spec.TCPOptions = tcp.AcceptOptions(seg.Options())
	case flags&ack == 0:
		return false
	case flags&syn != 0:
		spec.Flags = ack
		spec.Ack++
	case flags&fin != 0:
		spec.Flags = fin | ack
		spec.Ack++
	default:
		spec.Flags = ack
		return len(data) > 0
	}
	return true
}

// icmpAnswers are the queries that are answered, with the type of the answer.
var icmpAnswers = []struct{ proto, query, answer uint8 }{
	{packet.ProtoICMP, packet.ICMPEchoRequest, packet.ICMPEchoReply},
	{packet.ProtoICMP, packet.ICMPTimestamp, packet.ICMPTimestampReply},
	{packet.ProtoICMPv6, packet.ICMPv6EchoRequest, packet.ICMPv6EchoReply},
}

func icmpReply(spec *packet.Spec, b []byte) bool {
	if len(b) < 8 {
		return false
	}
	for _, a := range icmpAnswers {
		if a.proto == spec.Proto && a.query == b[0] {
			spec.ICMPType = a.answer
			spec.ICMPID, spec.ICMPSeq, spec.Payload = binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]), b[8:]
			return true
		}
	}
	return false
}
