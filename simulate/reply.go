package simulate

import (
	"bytes"
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// peerISN is the sequence number with which the far end of every TCP connection
// begins, and its verification tag in SCTP.
const peerISN = 1000000000

// Reply returns what the far end would answer to the packet as it left, so that
//
//	back := session.Receive(r.OutDev, r.Reply())
//
// continues the conversation. The far end listens and has nothing to say of its
// own: SYN gets SYN ACK, data ACK, FIN a FIN of its own, a datagram its own
// payload, an echo or timestamp request its answer, an SCTP chunk the one that
// follows it, a DCCP request a response. The zero Packet says that no answer is
// due: to a bare ACK, an RST, an ICMP error, a lone fragment, a group, a
// protocol not named here, or a packet that did not leave by a link (answers of
// the host itself are in Answers).
func (r *Result) Reply() netfilter.Packet {
	if r.Fate != Sent && r.Fate != Forwarded || packet.IsMulticast(r.Packet.Dst()) {
		return netfilter.Packet{}
	}
	return replyTo(&r.Packet)
}

// replyTo answers a packet as its receiver would.
func replyTo(p *netfilter.Packet) netfilter.Packet {
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
	return built(spec)
}

// built builds a packet; the zero Packet if it would be too long.
func built(spec packet.Spec) netfilter.Packet {
	p, err := spec.Build()
	if err != nil {
		return netfilter.Packet{}
	}
	return p
}

// tcpReply answers a segment (RFC 9293, 3.10.7); false if it asks for nothing.
func tcpReply(spec *packet.Spec, b []byte) bool {
	if len(b) < 20 || int(b[12]>>4)*4 < 20 || int(b[12]>>4)*4 > len(b) {
		return false
	}
	const syn, ack, fin = packet.SYN, packet.ACK, packet.FIN
	flags, head := packet.TCPFlags(b[13]), int(b[12]>>4)*4
	spec.Window, spec.DontFragment = 64240, true
	spec.Seq = binary.BigEndian.Uint32(b[8:])
	spec.Ack = binary.BigEndian.Uint32(b[4:]) + uint32(len(b)-head)
	switch {
	case flags&packet.RST != 0:
		return false
	case flags&(syn|ack) == syn:
		spec.Flags, spec.Seq = syn|ack, peerISN
		spec.Ack++
		spec.TCPOptions = synAckOptions(b[20:head])
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
		return len(b) > head
	}
	return true
}

// synAckOptions takes up what a SYN offers: the same options, the time stamp
// echoed (RFC 7323).
func synAckOptions(offered []byte) []byte {
	const end, nop, timestamps = 0, 1, 8
	o := bytes.Clone(offered)
	for i := 0; i < len(o); {
		switch {
		case o[i] == end:
			return o
		case o[i] == nop:
			i++
			continue
		case i+1 >= len(o) || o[i+1] < 2 || i+int(o[i+1]) > len(o):
			return o[:i]
		case o[i] == timestamps && o[i+1] == 10:
			copy(o[i+6:i+10], o[i+2:i+6])
		}
		i += int(o[i+1])
	}
	return o
}

// icmpAnswers are the queries that are answered, with the type of the answer.
var icmpAnswers = []struct{ proto, query, answer uint8 }{
	{packet.ProtoICMP, packet.ICMPEchoRequest, icmpEchoReply},
	{packet.ProtoICMP, icmpTimestamp, icmpTimestampReply},
	{packet.ProtoICMPv6, icmp6EchoRequest, icmp6EchoReply},
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
