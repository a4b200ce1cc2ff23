package ipset

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// AppendSave appends the set as "ipset save" prints it at time now, counted
// from the creation of the sets: a create line and an add line for each entry.
func (s *Set) AppendSave(b []byte, now time.Duration) []byte {
	b = s.AppendCreate(b)
	for e := range s.Entries(now) {
		b = append(append(append(b, "add "...), s.Name...), ' ')
		b = s.AppendElement(b, &e.Element)
		b = s.appendExtensions(b, e, now)
		b = append(b, '\n')
	}
	return b
}

// String returns the set as "ipset save" prints it.
func (s *Set) String() string { return string(s.AppendSave(nil, 0)) }

// AppendCreate appends the line that creates the set.
func (s *Set) AppendCreate(b []byte) []byte {
	b = append(append(append(b, "create "...), s.Name...), ' ')
	b = append(b, s.Type.String()...)
	for _, o := range s.Type.Options() {
		b = s.Options.append(b, s.Type, o)
	}
	return append(b, '\n')
}

// AppendElement appends the element, its parts joined by commas; nothing if it
// is nil.
func (s *Set) AppendElement(b []byte, e *Element) []byte {
	if e == nil {
		return b
	}
	for i, p := range s.Type.info().parts {
		if p == partMAC && !e.HasMAC {
			break
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendPart(b, e, i, p)
	}
	return b
}

func (s *Set) appendPart(b []byte, e *Element, i int, p part) []byte {
	switch p {
	case partIP, partNet:
		if i == 0 {
			return appendPrefix(b, e.IP, e.Bits)
		}
		return appendPrefix(b, e.IP2, e.Bits2)
	case partPort:
		if s.Type == BitmapPort {
			return strconv.AppendUint(b, uint64(e.Port), 10)
		}
		return appendPort(b, e.Proto, e.Port)
	case partMAC:
		return fmt.Appendf(b, "%02X:%02X:%02X:%02X:%02X:%02X", e.MAC[0], e.MAC[1], e.MAC[2], e.MAC[3], e.MAC[4], e.MAC[5])
	case partMark:
		return appendHex8(b, e.Mark)
	case partIface:
		if e.PhysDev {
			b = append(b, "physdev:"...)
		}
		return append(b, e.Iface...)
	}
	return append(b, e.Set...)
}

func appendPrefix(b []byte, a netip.Addr, n uint8) []byte {
	b = netfilter.AppendAddr(b, a)
	if int(n) < a.BitLen() {
		b = strconv.AppendUint(append(b, '/'), uint64(n), 10)
	}
	return b
}

// appendExtensions appends the extensions of the entry, each with a leading
// blank.
func (s *Set) appendExtensions(b []byte, e *Entry, now time.Duration) []byte {
	number := func(name string, v uint64) {
		b = strconv.AppendUint(append(append(append(b, ' '), name...), ' '), v, 10)
	}
	if s.HasTimeout {
		number("timeout", s.remaining(e, now))
	}
	if e.NoMatch {
		b = append(b, " nomatch"...)
	}
	if e.Wildcard {
		b = append(b, " wildcard"...)
	}
	if s.Counters {
		number("packets", e.Packets)
		number("bytes", e.Bytes)
	}
	if e.Comment != "" {
		b = append(append(append(b, ` comment "`...), e.Comment...), '"')
	}
	if e.SKBMark != 0 || e.SKBMask != 0 {
		b = fmt.Appendf(b, " skbmark 0x%x", e.SKBMark)
		if e.SKBMask != 1<<32-1 {
			b = fmt.Appendf(b, "/0x%x", e.SKBMask)
		}
	}
	if e.SKBPrio != 0 {
		b = fmt.Appendf(b, " skbprio %x:%x", e.SKBPrio>>16, e.SKBPrio&0xffff)
	}
	if e.SKBQueue != 0 {
		number("skbqueue", uint64(e.SKBQueue))
	}
	return b
}

// remaining returns the seconds until the entry expires, at least 1; 0 if it
// does not (include/linux/netfilter/ipset/ip_set.h, ip_set_timeout_get).
func (s *Set) remaining(e *Entry, now time.Duration) uint64 {
	switch {
	case e.Expires == 0:
		return 0
	case s.waiting(e):
		return uint64(e.Expires / time.Second)
	}
	return uint64(max((e.Expires-now)/time.Second, 1))
}
