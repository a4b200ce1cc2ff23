package eval

import "github.com/packetpath/packetpath/netfilter/packet"

// The IPv4 options whose contents are checked.
const (
	ipOptionRecord    = 7
	ipOptionTimestamp = 68
	ipOptionLoose     = 131
	ipOptionSecurity  = 134
	ipOptionStrict    = 137
	ipOptionAlert     = 148
)

// findIPv4 looks for an IPv4 option. It finds none in a header with a malformed
// option (net/netfilter/nft_exthdr.c, nft_exthdr_ipv4_eval, ipv4_find_option).
func (e *extension) findIPv4(m *machine) ([]byte, presence) {
	w := m.c.Packet.Wire()
	if w[0]>>4 != 4 {
		return nil, unusable
	}
	at := findIPv4Option(w[:min(int(w[0]&15)*4, len(w))], e.number)
	if at == 0 {
		return nil, absent
	}
	return m.bytes(at+e.offset, e.length), there
}

// findIPv4Option returns the offset of an option in a header; 0 if there is
// none, or if any option is malformed.
func findIPv4Option(h []byte, kind uint8) (at int) {
	seen := map[uint8]bool{}
	for o := range packet.Options(h[20:]) {
		switch {
		case o.Kind == packet.OptionEnd:
			return at
		case o.Kind == packet.OptionNOP:
			continue
		case !o.Whole() || !ipv4OptionOK(o.Bytes, seen):
			return 0
		}
		if o.Kind == kind {
			at = 20 + o.Offset
		}
	}
	return at
}

// ipv4OptionOK checks an option in the way the kernel checks the options of a
// socket, because nftables calls that function without a packet
// (net/ipv4/ip_options.c, __ip_options_compile without a packet).
func ipv4OptionOK(o []byte, seen map[uint8]bool) bool {
	kind := o[0]
	if kind == ipOptionStrict {
		kind = ipOptionLoose // at most one source route, loose or strict
	}
	again := seen[kind]
	seen[kind] = true
	switch kind {
	case ipOptionLoose:
		return !again && len(o) >= 7 && o[2] == 4 && (len(o)-3)%4 == 0
	case ipOptionRecord:
		return !again && len(o) >= 3 && o[2] >= 4 && (int(o[2]) > len(o) || int(o[2])+3 <= len(o))
	case ipOptionTimestamp:
		return !again && len(o) >= 4 && o[2] >= 5 && timestampOK(o)
	case ipOptionAlert:
		return len(o) >= 4
	case ipOptionSecurity:
		return false // none is configured
	}
	return true
}

func timestampOK(o []byte) bool {
	next, asks := int(o[2]), o[3]&0xf
	if next > len(o) {
		return asks == 3 || o[3]>>4 != 15
	}
	room := 3
	if asks == 1 || asks == 3 {
		room = 7
	}
	return next+room <= len(o)
}
