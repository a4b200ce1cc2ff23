package peer

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SCTP chunk types (RFC 9260, 3.2).
const (
	sctpData = iota
	sctpInit
	sctpInitAck
	sctpSack
	sctpHeartbeat
	sctpHeartbeatAck
	sctpAbort
	sctpShutdown
	sctpShutdownAck
	sctpError
	sctpCookieEcho
	sctpCookieAck
	sctpShutdownComplete = 14
)

// sctpNext is the chunk that answers a chunk.
var sctpNext = map[uint8]uint8{sctpData: sctpSack, sctpInit: sctpInitAck, sctpInitAck: sctpCookieEcho, sctpHeartbeat: sctpHeartbeatAck,
	sctpShutdown: sctpShutdownAck, sctpShutdownAck: sctpShutdownComplete, sctpCookieEcho: sctpCookieAck}

// sctpReply answers the first chunk of an SCTP packet. An answer to INIT bears
// the tag INIT announces, announces ISN, and has the tag as its state cookie, so
// that COOKIE ACK can bear it (RFC 9260, 5.1.3); later ones bear the tag of the
// packet, for the far end cannot remember the other one.
func sctpReply(spec packet.Spec, b []byte) netfilter.Packet {
	if len(b) < 16 {
		return netfilter.Packet{}
	}
	chunk, ok := sctpNext[b[12]]
	if !ok {
		return netfilter.Packet{}
	}
	tag := binary.BigEndian.Uint32(b[4:])
	switch {
	case b[12] == sctpInit, b[12] == sctpInitAck:
		if len(b) < 20 {
			return netfilter.Packet{}
		}
		tag = binary.BigEndian.Uint32(b[16:])
	case b[12] == sctpCookieEcho && len(b) == 16+cookieLen:
		tag = binary.BigEndian.Uint32(b[16:])
	}
	value := sctpValue(chunk, b[16:])
	spec.Payload = binary.BigEndian.AppendUint16([]byte{chunk, 0}, uint16(4+len(value)))
	spec.Payload = append(spec.Payload, value...)
	for len(spec.Payload)%4 != 0 {
		spec.Payload = append(spec.Payload, 0)
	}
	p := build(spec)
	if !p.IsValid() {
		return p
	}
	h := p.Wire()[p.HeaderLen():]
	binary.BigEndian.PutUint32(h[4:], tag)
	binary.LittleEndian.PutUint32(h[8:], packet.SCTPChecksum(h))
	return p
}

// cookieLen is the length in bytes of the state cookie of INIT ACK, whose parameter
// begins at cookieParam of the chunk's value (RFC 9260, 3.3.3.1).
const (
	cookieParam = 16
	cookieLen   = 4
)

// sctpValue is the value after the header of the chunk that answers a chunk with
// this value.
func sctpValue(chunk uint8, asked []byte) []byte {
	const window, streams = 65536, 1
	switch chunk {
	case sctpInitAck:
		v := binary.BigEndian.AppendUint32(nil, ISN)
		v = binary.BigEndian.AppendUint32(v, window)
		v = append(v, 0, streams, 0, streams)
		v = binary.BigEndian.AppendUint32(v, ISN)
		v = append(v, 0, 7, 0, 4+cookieLen) // the state cookie
		return append(v, asked[:cookieLen]...)
	case sctpCookieEcho:
		if len(asked) < cookieParam+4+cookieLen || asked[cookieParam+1] != 7 {
			return nil
		}
		return asked[cookieParam+4:][:cookieLen]
	case sctpSack:
		v := make([]byte, 12)
		copy(v, asked[:min(len(asked), 4)]) // the sequence number of the data
		binary.BigEndian.PutUint32(v[4:], window)
		return v
	case sctpHeartbeatAck:
		return asked
	}
	return nil
}

// dccpReply answers a DCCP request with a response (RFC 4340, 5.3); the header
// is that with long sequence numbers.
func dccpReply(spec packet.Spec, b []byte) netfilter.Packet {
	const request, response = 0, 1
	if len(b) < 20 || b[8]>>1&15 != request || b[8]&1 == 0 {
		return netfilter.Packet{}
	}
	p := build(packet.Spec{Src: spec.Src, Dst: spec.Dst, Proto: spec.Proto, TTL: spec.TTL, Literal: true,
		FragOffset: 0, SrcPort: spec.SrcPort, DstPort: spec.DstPort, Payload: make([]byte, 28-16)})
	if !p.IsValid() {
		return p
	}
	h := p.Wire()[p.HeaderLen():]
	h[4], h[8] = uint8(len(h)/4), response<<1|1
	copy(h[18:24], b[10:16]) // acknowledges the request's sequence number
	copy(h[24:28], b[16:20]) // the service code
	h[6], h[7] = 0, 0
	sum := packet.Checksum(h, packet.PseudoSum(spec.Src, spec.Dst, spec.Proto, len(h)))
	binary.BigEndian.PutUint16(h[6:], sum)
	return p
}
