package kernel

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Packet is what Send puts on a link or hands to a raw socket.
type Packet struct {
	In   string // the interface it arrives on; empty: sent by a local raw socket
	Wire []byte // the IP packet; its identifier (IPv6: flow label) ties log lines to it and must not be 0
	Mark uint32 // SO_MARK of the local socket; without meaning where In is set
	// UID and GID are those of the process whose socket sends it.
	UID, GID uint32

	// SrcMAC and DstMAC replace the neighbour's and the interface's own
	// hardware address in the frame, six bytes each; nil means those.
	SrcMAC, DstMAC []byte
}

// Out is a packet that left the node.
type Out struct {
	Iface string
	Wire  []byte
}

// Answer is what became of a packet.
type Answer struct {
	// Trace holds the TRACE lines of the packet, in order, each without the
	// "TRACE: " in front; Log the lines of LOG rules, prefix included. Both end
	// in the blank that the kernel prints.
	Trace, Log []string
	// OtherTrace and OtherLog are the lines of other packets meanwhile: the
	// host's own answers (RST, ICMP errors, echo replies), if no other program
	// filled the log at the time.
	OtherTrace, OtherLog []string
	// Out holds all that left, interface by interface in the order of Env, the
	// host's own answers included. Neighbour discovery and reports of multicast
	// membership are left out.
	Out []Out
	// Err is what the local sender was told, as strerror(3) words it
	// ("Operation not permitted" is a drop), empty when there was no complaint.
	Err string
}

// identity returns the number that ties log lines to the packet: the
// identifier of an IPv4 packet, the flow label of an IPv6 one.
func identity(wire []byte) (v6 bool, id uint32, err error) {
	switch {
	case len(wire) >= 20 && wire[0]>>4 == 4:
		id = uint32(binary.BigEndian.Uint16(wire[4:]))
	case len(wire) >= 40 && wire[0]>>4 == 6:
		v6, id = true, binary.BigEndian.Uint32(wire)&0xfffff
	default:
		return false, 0, errors.New("neither an IPv4 nor an IPv6 header")
	}
	if id == 0 {
		return v6, 0, errors.New("its identifier (flow label) is 0, but log lines are tied to it by that; set one")
	}
	return v6, id, nil
}

// icmpv6Noise reports whether type t is neighbour discovery or a multicast
// listener report, which a host sends of its own accord.
func icmpv6Noise(t byte) bool { return t >= 133 && t <= 136 || t == 143 }

// igmpNoise reports whether an IPv4 packet is an IGMPv3 membership report, which
// a bridge, too, sends for itself when it comes up (net/bridge/br_multicast.c,
// br_ip4_multicast_join_snoopers).
func igmpNoise(wire []byte) bool {
	const igmp, routers = 2, "\xe0\x00\x00\x16"
	return len(wire) >= 20 && wire[0]>>4 == 4 && wire[9] == igmp && string(wire[16:20]) == routers
}

// Noise reports whether a captured packet says nothing about the packets that
// were sent: discovery chatter, or a packet of a host without an address.
func Noise(wire []byte) bool {
	if igmpNoise(wire) {
		return true
	}
	if len(wire) < 40 || wire[0]>>4 != 6 {
		return false
	}
	if [16]byte(wire[8:24]) == [16]byte{} {
		return true
	}
	next, l4 := wire[6], wire[40:]
	if next == 0 && len(l4) > 8 && l4[1] == 0 { // listener reports carry a router alert
		next, l4 = l4[0], l4[8:]
	}
	return next == 58 && len(l4) > 0 && icmpv6Noise(l4[0])
}

// givesUp reports whether a captured packet complains that the rest of a packet
// in fragments is missing, which is about one sent long before, unless it has the
// identity of the packet sent now.
func givesUp(wire []byte, sent uint32) bool {
	v6, id, _ := identity(wire) // of what the host makes itself it may be 0
	switch {
	case id == sent:
		return false
	case v6:
		return wire[6] == 58 && bytes.HasPrefix(wire[40:], []byte{3, 1})
	case len(wire) < 20:
		return false
	}
	return wire[9] == 1 && bytes.HasPrefix(wire[min(len(wire), int(wire[0]&15)*4):], []byte{11, 1})
}
