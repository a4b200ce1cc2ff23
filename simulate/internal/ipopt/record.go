package ipopt

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// The flags of a timestamp option (include/uapi/linux/ip.h, IPOPT_TS_*).
const (
	stampTimes      = 0
	stampAddrs      = 1 // with the times
	stampPrescribed = 3 // times of the hosts it names
)

// Records are the record-route and timestamp options of an IPv4 packet, with the state of
// the host's own entry in them. The offsets are from the start of the packet, 0 for none
// (include/net/inet_sock.h, struct ip_options). The zero value is a packet without such
// options.
type Records struct {
	Route, Stamp             int
	Security                 int // a security option, which is copied to replies
	AddrInRoute              bool
	AddrInStamp, TimeInStamp bool
	Changed                  bool // the header's checksum no longer fits
}

// Host is the host that received the packet.
type Host interface {
	// Edit returns the bytes of the packet for modification.
	Edit() []byte
	// KnownAs returns the source address of replies to the packet.
	KnownAs() netip.Addr
	// Foreign reports whether an address is a unicast address of another host.
	Foreign(a netip.Addr) bool
	// TimeOfDay returns the milliseconds since midnight UTC (net/ipv4/af_inet.c,
	// inet_current_timestamp).
	TimeOfDay() uint32
}

// Record writes the host's entries in the options of a received packet with the IPv4 header
// h: with the address KnownAs, which forwarding replaces (net/ipv4/ip_options.c,
// __ip_options_compile).
func Record(h []byte, host Host) (r Records) {
	for o := range packet.WholeOptions(h[headerLen:]) {
		at := headerLen + o.Offset
		switch o.Kind {
		case optionRecord:
			r.Route = at
			r.recordRoute(h, at, o.Len, host)
		case optionTimestamp:
			r.Stamp = at
			r.recordTime(h, at, o.Len, host)
		}
	}
	return r
}

// Refused returns the options that an ICMP error about the invalid option at an offset of
// the IPv4 header h echoes: that option, if it is a security option.
func Refused(h []byte, at int) (r Records) {
	for o := range packet.WholeOptions(h[headerLen:]) {
		if begin := headerLen + o.Offset; o.Kind == optionSecurity && begin < at && at < begin+o.Len {
			r.Security = begin
		}
	}
	return r
}

func (r *Records) recordRoute(h []byte, at, n int, host Host) {
	if next := int(h[at+2]); next <= n {
		o := host.Edit()[at : at+n]
		putAddr(o[next-1:], host.KnownAs())
		o[2] += 4
		r.AddrInRoute, r.Changed = true, true
	}
}

func (r *Records) recordTime(h []byte, at, n int, host Host) {
	o := h[at : at+n]
	next, asks := int(o[2]), o[3]&0xf
	if next > n {
		if asks != stampPrescribed {
			host.Edit()[at+3] += 1 << 4 // the overflow counter
			r.Changed = true
		}
		return
	}
	room, clock := 4, 0 // length of the entry, and offset of the time in it
	switch asks {
	case stampTimes:
	case stampAddrs:
		room, clock = 8, 4
		putAddr(host.Edit()[at+next-1:at+n], host.KnownAs())
		r.AddrInStamp = true
	case stampPrescribed:
		if room, clock = 8, 4; foreign(o[next-1:], host) {
			return
		}
	default:
		return
	}
	o = host.Edit()[at : at+n]
	o[2] += byte(room)
	binary.BigEndian.PutUint32(o[next-1+clock:], host.TimeOfDay())
	r.TimeInStamp, r.Changed = true, true
}

// Leave writes the address of the output link to the host's record-route entry of the
// packet w, and updates the checksum; the address in a timestamp entry is not changed
// (net/ipv4/ip_options.c, ip_forward_options).
func (r *Records) Leave(w []byte, addr func() netip.Addr) {
	if r.AddrInRoute {
		putAddr(w[r.Route+int(w[r.Route+2])-5:], addr())
	}
	UpdateChecksum(w)
}

// Echo returns the options of a reply from src to the packet w, in which hosts on the
// return path continue to add entries; back describes them. ok is false if they have no
// room for the next entry, in which case no reply is sent (net/ipv4/ip_options.c,
// __ip_options_echo, ip_options_build).
func (r *Records) Echo(w []byte, src netip.Addr, host Host) (opts []byte, back Records, ok bool) {
	if at := r.Route; at != 0 {
		o := slices.Clone(w[at : at+int(w[at+1])])
		if next := int(o[2]); r.AddrInRoute && next <= len(o) {
			if next+3 > len(o) {
				return nil, back, false
			}
			putAddr(o[next-1:], src)
			o[2] += 4
			back.AddrInRoute = true
		}
		back.Route = 20 + len(opts)
		opts = append(opts, o...)
	}
	if at := r.Stamp; at != 0 {
		o := slices.Clone(w[at : at+int(w[at+1])])
		if int(o[2]) <= len(o) && !r.echoTime(o, src, host, &back) {
			return nil, back, false
		}
		back.Stamp = 20 + len(opts)
		opts = append(opts, o...)
	}
	if at := r.Security; at != 0 {
		opts = append(opts, w[at:at+int(w[at+1])]...)
	}
	for len(opts)&3 != 0 {
		opts = append(opts, packet.OptionEnd)
	}
	return opts, back, true
}

func (r *Records) echoTime(o []byte, src netip.Addr, host Host, back *Records) bool {
	next := int(o[2])
	if r.AddrInStamp {
		if next+3 > len(o) {
			return false
		}
		putAddr(o[next-1:], src)
		next += 4
		back.AddrInStamp = true
	}
	if r.TimeInStamp {
		if next+3 > len(o) {
			return false
		}
		size := 4
		if o[3]&0xf == stampPrescribed {
			if size = 8; next+7 > len(o) || foreign(o[next-1:], host) {
				size = 0
			}
		}
		if next += size; size > 0 {
			binary.BigEndian.PutUint32(o[next-5:], host.TimeOfDay())
			back.TimeInStamp = true
		}
	}
	o[2] = byte(next)
	return true
}

// Insert returns a copy of the packet w, whose IPv4 header has no options, with options.
func Insert(w, opts []byte) []byte {
	w = slices.Insert(slices.Clone(w), 20, opts...)
	w[0] += byte(len(opts) / 4)
	binary.BigEndian.PutUint16(w[2:], uint16(len(w)))
	UpdateChecksum(w)
	return w
}

// foreign reports whether b starts with an address of another host.
func foreign(b []byte, host Host) bool { return host.Foreign(netip.AddrFrom4([4]byte(b))) }

func putAddr(b []byte, a netip.Addr) {
	if a.Is4() {
		v := a.As4()
		copy(b, v[:])
	}
}
