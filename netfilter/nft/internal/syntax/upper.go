package syntax

type upper struct {
	number uint64
	header *Header
}

var (
	overEther = []upper{{0x0800, IP}, {0x0806, ARP}, {0x86dd, IP6}, {0x8100, VLAN}, {0x88a8, VLAN}}
	overInet  = []upper{{2, IP}, {10, IP6}}
	overIP    = []upper{{1, ICMP}, {2, IGMP}, {50, ESP}, {51, AH}, {108, Comp}, {17, UDP}, {136, UDPLite}, {6, TCP}, {33, DCCP},
		{132, SCTP}}
	overIP6 = []upper{{50, ESP}, {51, AH}, {108, Comp}, {17, UDP}, {136, UDPLite}, {6, TCP}, {33, DCCP}, {132, SCTP},
		{1, ICMP}, {2, IGMP}, {58, ICMP6}}
	overService = []upper{{50, ESP}, {51, AH}, {108, Comp}, {17, UDP}, {136, UDPLite}, {6, TCP}, {33, DCCP}, {132, SCTP},
		{58, ICMP6}, {1, ICMP}, {2, IGMP}}
)

func (h *Header) uppers() []upper {
	switch h {
	case Ether, VLAN, NetdevDummy:
		return overEther
	case InetDummy:
		return overInet
	case IP:
		return append(overIP[:len(overIP):len(overIP)], upper{58, ICMP6})
	case IP6:
		return overIP6
	case Service:
		return overService
	case AH, Comp:
		return overIP
	}
	return nil
}

// Upper returns the next header that a value of the key field determines; nil if it is
// not known.
func (h *Header) Upper(number uint64) *Header {
	if h == nil {
		return nil
	}
	for _, u := range h.uppers() {
		if u.number == number {
			return u.header
		}
	}
	return nil
}

// Number returns the value of the key field that determines a next header; false if the
// header cannot follow.
func (h *Header) Number(up *Header) (uint64, bool) {
	if h == nil {
		return 0, false
	}
	for _, u := range h.uppers() {
		if u.header == up {
			return u.number, true
		}
	}
	return 0, false
}
