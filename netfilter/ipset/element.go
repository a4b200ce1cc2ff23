package ipset

import (
	"net/netip"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Element is what identifies an entry of a set. Parts that the type does not
// have are zero.
type Element struct {
	IP, IP2     netip.Addr // without the bits beyond the prefix
	Bits, Bits2 uint8      // prefix lengths; those of a host for parts that are plain addresses
	Proto       uint8
	Port        uint16 // for ICMP and ICMPv6 type<<8|code; 0 for protocols without ports
	MAC         packet.MAC
	HasMAC      bool // an entry of bitmap:ip,mac may lack its MAC
	Mark        uint32
	Iface       string
	PhysDev     bool   // Iface is a port of a bridge
	Set         string // name of a member of a list:set
}

// Extensions are what an entry carries beyond its element. What the set was not
// created with is zero.
type Extensions struct {
	// Expires is when the entry is gone, counted from when the sets were made;
	// 0 is never. For an entry of bitmap:ip,mac without MAC it counts from when
	// the MAC is filled in.
	Expires        time.Duration
	Packets, Bytes uint64
	Comment        string
	SKBMark        uint32
	SKBMask        uint32
	SKBPrio        uint32 // major in the upper half
	SKBQueue       uint16
}

// Entry is an element of a set with all that belongs to it.
type Entry struct {
	Element
	NoMatch  bool // what the element covers is not in the set
	Wildcard bool // Iface is only the beginning of a name
	Extensions

	place int32  // in the store of its set
	owner *token // who may write it
}

// identity returns the part of an element that tells entries apart; an entry
// of bitmap:ip,mac has one MAC, and interfaces are compared one by one, for
// they may be wildcards.
func (t Type) identity(e Element) Element {
	switch t {
	case BitmapIPMAC:
		e.MAC, e.HasMAC = packet.MAC{}, false
	case HashNetIface:
		e.Iface = ""
	}
	return e
}

// sameIface compares an entry's interface with the one looked for
// (ip_set_hash_netiface.c, hash_netiface4_data_equal).
func (e *Entry) sameIface(name string) bool {
	if e.Wildcard {
		return strings.HasPrefix(name, e.Iface)
	}
	return e.Iface == name
}
