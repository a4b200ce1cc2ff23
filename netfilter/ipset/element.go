package ipset

import (
	"net/netip"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Element identifies an entry of a set. Fields that the type of the set does
// not have are zero.
type Element struct {
	IP, IP2     netip.Addr // without the bits beyond the prefix
	Bits, Bits2 uint8      // prefix lengths; 32 or 128 for parts that are plain addresses
	Proto       uint8
	Port        uint16 // for ICMP and ICMPv6 type<<8|code; 0 for protocols without ports
	MAC         packet.MAC
	HasMAC      bool // an entry of bitmap:ip,mac may lack its MAC
	Mark        uint32
	Iface       string
	PhysDev     bool   // Iface is a port of a bridge
	Set         string // name of a member of a list:set
}

// Extensions are the extensions of an entry. Fields of extensions that the set
// was not created with are zero.
type Extensions struct {
	// Expires is the time at which the entry expires, counted from the creation of
	// the sets; 0 means never. For an entry of bitmap:ip,mac without MAC it counts
	// from the time at which the MAC is filled in.
	Expires        time.Duration
	Packets, Bytes uint64
	Comment        string
	SKBMark        uint32
	SKBMask        uint32
	SKBPrio        uint32 // major in the upper half
	SKBQueue       uint16
}

// Entry is an entry of a set: its element, flags and extensions.
type Entry struct {
	Element
	NoMatch  bool // addresses covered by the element are not in the set
	Wildcard bool // Iface is only the beginning of a name
	Extensions

	place int32  // index in the store of its set
	owner *token // who may write it
}

// identity returns the part of an element that must be unique in the set. The
// MAC of bitmap:ip,mac is not part of it, and interfaces are compared
// separately because they may be wildcards.
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
