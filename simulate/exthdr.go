package simulate

import (
	"github.com/packetpath/packetpath/netfilter/packet"
)

// header6 is a place in the chain of headers of an IPv6 packet.
type header6 struct {
	proto uint8
	name  int // where the byte stands that names it
	at    int // where it begins
}

// firstHeader6 is what follows the IPv6 header of a packet.
func firstHeader6(w []byte) header6 { return header6{proto: w[6], name: 6, at: 40} }

// skip walks over extension headers up to the first for which stop is true,
// or to what is no extension header; false if one of them is cut short.
func (h header6) skip(w []byte, stop func(proto uint8) bool) (header6, bool) {
	for {
		switch h.proto {
		case packet.ProtoHopByHop, packet.ProtoRouting, packet.ProtoFragment, packet.ProtoAH, packet.ProtoDestOpts:
		default:
			return h, true
		}
		if stop != nil && stop(h.proto) {
			return h, true
		}
		if h.at+2 > len(w) {
			return h, false
		}
		h = header6{proto: w[h.at], name: h.at, at: h.at + packet.ExtensionHeaderLen(h.proto, w[h.at:])}
	}
}

func isFragment(proto uint8) bool { return proto == packet.ProtoFragment }

func isAuthentication(proto uint8) bool { return proto == packet.ProtoAH }
