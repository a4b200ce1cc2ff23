package gen

import (
	"encoding/binary"
	"slices"
)

// TCP flags (RFC 9293).
const (
	fin = 1 << iota
	syn
	rst
	psh
	ack
	urg
	ece
	cwr
)

// Sequence numbers with which both ends of every TCP connection begin.
const (
	clientISN = 1000
	serverISN = 5000
)

func ports(sport, dport uint16) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, sport), dport)
}

// tcpSegment returns a segment whose options are padded to four bytes.
func tcpSegment(sport, dport uint16, seq, acked uint32, flags byte, options, payload []byte) []byte {
	for len(options)%4 != 0 {
		options = append(options, 0)
	}
	b := ports(sport, dport)
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, acked)
	b = append(b, byte(5+len(options)/4)<<4, flags, 0xfa, 0xf0, 0, 0, 0, 0)
	return slices.Concat(b, options, payload)
}

func udpDatagram(sport, dport uint16, payload []byte) []byte {
	b := binary.BigEndian.AppendUint16(ports(sport, dport), uint16(8+len(payload)))
	return slices.Concat(b, []byte{0, 0}, payload)
}

// SCTP chunk types (RFC 9260) and the verification tags of every association.
const (
	sctpData             = 0
	sctpInit             = 1
	sctpInitAck          = 2
	sctpSack             = 3
	sctpHeartbeat        = 4
	sctpHeartbeatAck     = 5
	sctpAbort            = 6
	sctpShutdown         = 7
	sctpShutdownAck      = 8
	sctpCookieEcho       = 10
	sctpCookieAck        = 11
	sctpShutdownComplete = 14

	clientTag = 1
	serverTag = 2
)

// sctpPacket returns a common header and one chunk after the other; tag is
// the verification tag, ours the one that INIT and INIT ACK announce.
func sctpPacket(sport, dport uint16, tag, ours uint32, flags byte, chunks ...byte) []byte {
	b := binary.BigEndian.AppendUint32(ports(sport, dport), tag)
	b = append(b, 0, 0, 0, 0)
	for _, c := range chunks {
		value := []byte{0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 'd', 'a', 't', 'a'}
		switch c {
		case sctpInit, sctpInitAck:
			value = binary.BigEndian.AppendUint32(nil, ours)
			value = append(value, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1)
		case sctpAbort, sctpCookieAck, sctpShutdownAck, sctpShutdownComplete:
			value = nil
		}
		b = append(b, c, flags, 0, byte(4+len(value)))
		b = append(b, value...)
	}
	return b
}

// sctpReply tells what chunk answers a chunk; the others are acknowledged.
func sctpReply(chunk byte) byte {
	switch chunk {
	case sctpInit, sctpCookieEcho, sctpHeartbeat, sctpShutdown:
		return chunk + 1
	case sctpShutdownAck:
		return sctpShutdownComplete
	}
	return sctpSack
}

// dccpPacket returns a packet with the long sequence number and no options but
// those given (RFC 4340).
func dccpPacket(sport, dport uint16, kind byte, options []byte) []byte {
	for len(options)%4 != 0 {
		options = append(options, 0)
	}
	b := append(ports(sport, dport), 0, 0, 0, 0, kind<<1|1, 0, 0, 0, 0, 0, 0, 9)
	switch kind {
	case 0, 5, 6: // request: service code; closereq, close: acknowledgement is longer
		b = append(b, 0, 0, 0, 0)
	case 1:
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0)
	default:
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 8)
	}
	b = append(b, options...)
	b[4] = byte(len(b) / 4)
	return b
}

// icmpMessage returns a message with the second word of its header, and what
// comes after it.
func icmpMessage(kind, code byte, word uint32, rest []byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte{kind, code, 0, 0}, word)
	return append(b, rest...)
}
