package simulate

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// Kinds of options of IPv4 (include/uapi/linux/ip.h, IPOPT_*).
const (
	optionEnd       = 0
	optionNop       = 1
	optionRecord    = 7
	optionTimestamp = 68
)

// What a timestamp option asks for (IPOPT_TS_*).
const (
	stampTimes      = 0
	stampAddrs      = 1 // with the times
	stampPrescribed = 3 // times of the hosts it names
)

// records are the options of an IPv4 packet in which every host on its way leaves
// its mark, and what the next mark in them is yet to hold. The offsets are from
// the start of the packet, 0 for none (include/net/inet_sock.h, struct ip_options).
type records struct {
	route, stamp             int
	addrInRoute              bool
	addrInStamp, timeInStamp bool
	changed                  bool // the header's checksum no longer fits
}

// leaveMark has the host leave its mark in the options of a packet that came in:
// the address by which its sender knows the host, which forwarding replaces
// (net/ipv4/ip_options.c, __ip_options_compile).
func (f *flow) leaveMark() {
	f.records = records{}
	h := f.pkt.Wire()[:f.pkt.HeaderLen()]
	for at := 20; at < len(h) && h[at] != optionEnd; {
		if h[at] == optionNop {
			at++
			continue
		}
		n := int(h[at+1])
		switch h[at] {
		case optionRecord:
			f.records.route = at
			f.markRoute(at, n)
		case optionTimestamp:
			f.records.stamp = at
			f.markStamp(at, n)
		}
		at += n
	}
}

// option returns an option's bytes, to be changed.
func (f *flow) option(at, n int) []byte { return f.c.Edit().Wire()[at : at+n] }

func (f *flow) markRoute(at, n int) {
	if next := int(f.pkt.Wire()[at+2]); next <= n {
		o := f.option(at, n)
		putAddr(o[next-1:], f.knownAs())
		o[2] += 4
		f.records.addrInRoute, f.records.changed = true, true
	}
}

func (f *flow) markStamp(at, n int) {
	o := f.pkt.Wire()[at : at+n]
	next, asks := int(o[2]), o[3]&0xf
	if next > n {
		if asks != stampPrescribed {
			f.option(at, n)[3] += 1 << 4 // counts who found no room
			f.records.changed = true
		}
		return
	}
	room, clock := 4, 0 // what is written, and where in it the time goes
	switch asks {
	case stampTimes:
	case stampAddrs:
		room, clock = 8, 4
		putAddr(f.option(at, n)[next-1:], f.knownAs())
		f.records.addrInStamp = true
	case stampPrescribed:
		if room, clock = 8, 4; f.unicast(o[next-1:]) {
			return
		}
	default:
		return
	}
	o = f.option(at, n)
	o[2] += byte(room)
	binary.BigEndian.PutUint32(o[next-1+clock:], f.s.dayTime())
	f.records.timeInStamp, f.records.changed = true, true
}

// unicast reports that b begins with an address of somebody else's.
func (f *flow) unicast(b []byte) bool {
	return f.AddrType(netip.AddrFrom4([4]byte(b)), "")&netfilter.AddrUnicast != 0
}

func putAddr(b []byte, a netip.Addr) {
	if a.Is4() {
		v := a.As4()
		copy(b, v[:])
	}
}

// dayTime returns the milliseconds since midnight UTC (net/ipv4/af_inet.c,
// inet_current_timestamp).
func (s *Session) dayTime() uint32 {
	return uint32(s.now.Sub(s.now.Truncate(24*time.Hour)) / time.Millisecond)
}

// knownAs returns the host's address for answers to the packet: the one it is for,
// or the one that the way back comes from.
func (f *flow) knownAs() netip.Addr {
	if f.route.Type == fib.TypeLocal {
		return f.pkt.Dst()
	}
	return f.s.node.fib.KnownAs(fib.Key{Src: f.pkt.Src(), IIF: f.in.index, TOS: f.pkt.TOS(), Mark: f.pkt.Mark})
}

// passMark puts the address that the packet leaves the host by into the route it
// records; beside a time the first one stays (net/ipv4/ip_options.c,
// ip_forward_options; net/ipv4/route.c, ip_rt_get_source).
func (f *flow) passMark() {
	if !f.records.changed {
		return
	}
	w := f.c.Edit().Wire()
	if f.records.addrInRoute {
		k := fib.Key{Dst: f.pkt.Dst(), Src: f.pkt.Src(), IIF: f.in.index, OIF: f.out.index, TOS: f.pkt.TOS(), Mark: f.pkt.Mark}
		a, ok := f.s.node.fib.PreferredSource(k)
		if !ok {
			a, _ = f.linkAddr4()
		}
		at := f.records.route
		putAddr(w[at+int(w[at+2])-5:], a)
	}
	sumHeader(w)
}

// echoed returns the options of an answer: those of the packet in which hosts leave
// their marks go on with those on the way back, as noted in marks; false if they
// have no room for the next one, which prevents the answer (net/ipv4/ip_options.c,
// __ip_options_echo, ip_options_build).
func (f *flow) echoed(src netip.Addr) (opts []byte, marks records, ok bool) {
	w := f.pkt.Wire()
	if at := f.records.route; at != 0 {
		o := slices.Clone(w[at : at+int(w[at+1])])
		if next := int(o[2]); f.records.addrInRoute && next <= len(o) {
			if next+3 > len(o) {
				return nil, marks, false
			}
			putAddr(o[next-1:], src)
			o[2] += 4
			marks.addrInRoute = true
		}
		marks.route = 20 + len(opts)
		opts = append(opts, o...)
	}
	if at := f.records.stamp; at != 0 {
		o := slices.Clone(w[at : at+int(w[at+1])])
		if int(o[2]) <= len(o) && !f.echoStamp(o, src, &marks) {
			return nil, marks, false
		}
		marks.stamp = 20 + len(opts)
		opts = append(opts, o...)
	}
	for len(opts)&3 != 0 {
		opts = append(opts, optionEnd)
	}
	return opts, marks, true
}

func (f *flow) echoStamp(o []byte, src netip.Addr, marks *records) bool {
	next := int(o[2])
	if f.records.addrInStamp {
		if next+3 > len(o) {
			return false
		}
		putAddr(o[next-1:], src)
		next += 4
		marks.addrInStamp = true
	}
	if f.records.timeInStamp {
		if next+3 > len(o) {
			return false
		}
		size := 4
		if o[3]&0xf == stampPrescribed {
			if size = 8; next+7 > len(o) || f.unicast(o[next-1:]) {
				size = 0
			}
		}
		if next += size; size > 0 {
			binary.BigEndian.PutUint32(o[next-5:], f.s.dayTime())
			marks.timeInStamp = true
		}
	}
	o[2] = byte(next)
	return true
}

// addOptions puts options into an IPv4 header that has none. They are read again
// if an error about the packet is sent.
func (f *flow) addOptions(opts []byte, marks records) {
	if len(opts) == 0 {
		return
	}
	w := slices.Insert(slices.Clone(f.pkt.Wire()), 20, opts...)
	w[0] += byte(len(opts) / 4)
	binary.BigEndian.PutUint16(w[2:], uint16(len(w)))
	sumHeader(w)
	f.c.Edit().SetWire(w)
	f.records = marks
}
