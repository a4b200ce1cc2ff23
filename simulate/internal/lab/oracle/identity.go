package oracle

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// setIdentity gives a packet the number by which its log lines are known.
func SetIdentity(w []byte, id uint32) {
	if w[0]>>4 == 6 {
		binary.BigEndian.PutUint32(w, binary.BigEndian.Uint32(w)&^0xfffff|id)
		return
	}
	binary.BigEndian.PutUint16(w[4:], uint16(id))
	w[10], w[11] = 0, 0
	n := int(w[0]&15) * 4
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:n], 0))
}

// IdentityOf is Identity of a packet.
func IdentityOf(p netfilter.Packet) uint32 { return Identity(p.Wire()) }

// Identity returns the identification of an IPv4 packet or the flow label of an
// IPv6 one, by which the log knows packets.
func Identity(w []byte) uint32 {
	if w[0]>>4 == 6 {
		return binary.BigEndian.Uint32(w) & 0xfffff
	}
	return uint32(binary.BigEndian.Uint16(w[4:]))
}
