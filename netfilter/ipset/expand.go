package ipset

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// single returns the element a request names, the first one of a range
// (net/netfilter/ipset/ip_set_*.c, the uadt functions).
func (s *Set) single(r *Request) (Element, error) {
	e := Element{Proto: r.port.proto, Port: r.port.from, Mark: r.mark & s.markMask(), MAC: r.mac, HasMAC: r.hasMAC, Iface: r.iface, PhysDev: r.physdev}
	if s.Type == BitmapPort {
		return Element{Port: r.port.from}, s.checkPort(r.port.from)
	}
	if err := s.checkFamilies(r); err != nil {
		return e, err
	}
	if s.Type != HashIPMark {
		e.Mark = 0
	}
	if r.addr.addr.IsValid() {
		if err := s.checkBits(&r.addr, s.Type.info().parts[0]); err != nil {
			return e, err
		}
		e.IP, e.Bits = s.keep(r.addr.addr, r.addr.bits, s.Type.info().parts[0])
	}
	if r.addr2.addr.IsValid() {
		if err := s.checkBits(&r.addr2, partNet); err != nil {
			return e, err
		}
		e.IP2, e.Bits2 = s.keep(r.addr2.addr, r.addr2.bits, s.Type.info().parts[s.Type.Dimensions()-1])
	}
	return e, s.checkSingle(r, &e)
}

// checkFamilies refuses requests that were read for a set of another type or
// family.
func (s *Set) checkFamilies(r *Request) error {
	for i, p := range s.Type.info().parts {
		a := r.addr.addr
		if i > 0 {
			a = r.addr2.addr
		}
		if (p == partIP || p == partNet) && a.BitLen() != s.Family.Bits() {
			return ErrFamily
		}
	}
	return nil
}

// checkBits refuses a network of prefix length 0, except where the kernel
// supports it.
func (s *Set) checkBits(a *addrSpan, p part) error {
	if p == partNet && a.hasBits && a.bits == 0 && s.Type != HashNetIface {
		return ErrPrefix
	}
	return nil
}

// keep returns the part of an address that is stored.
func (s *Set) keep(a netip.Addr, bits uint8, p part) (netip.Addr, uint8) {
	a = masked(a, s.mask())
	if p == partNet {
		return cut(a, bits), bits
	}
	return a, s.hostBits()
}

func (s *Set) checkSingle(r *Request, e *Element) error {
	switch s.Type {
	case BitmapIP, BitmapIPMAC:
		e.IP = r.addr.addr
		return s.checkAddr(e)
	case HashIP:
		if e.IP.IsUnspecified() {
			return ErrNullElement
		}
	case HashIPPort:
		if e.IP.IsUnspecified() {
			return ErrInvalid
		}
	case HashMAC, HashIPMAC:
		if e.MAC == (packet.MAC{}) {
			return ErrNullElement
		}
	}
	if s.Type.has(partPort) && e.Proto == 0 {
		return ErrProtocol
	}
	return nil
}

func (s *Set) checkPort(p uint16) error {
	if p < s.FromPort || p > s.ToPort {
		return ErrRange
	}
	return nil
}

// checkAddr refuses an address out of the range of a bitmap and cuts it to the
// element it belongs to.
func (s *Set) checkAddr(e *Element) error {
	if e.IP.Less(s.From) || s.To.Less(e.IP) {
		return ErrRange
	}
	e.IP = s.element(e.IP)
	return nil
}

func (s *Set) element(a netip.Addr) netip.Addr { return address(number(a) &^ (s.hosts - 1)) }

// expand calls do for every element the request stands for, and stops at an
// error.
func (s *Set) expand(r *Request, do func(*Element) error) error {
	e, err := s.single(r)
	if err != nil {
		return err
	}
	x := expansion{set: s, request: r, e: e, do: do}
	switch {
	case s.Type == BitmapPort:
		return x.bitmapPorts()
	case s.Type == BitmapIP:
		return x.bitmapAddrs()
	case s.Type == HashIP && s.Family == netfilter.IPv4:
		return x.maskedAddrs()
	case !r.isMany(s.Type):
		return do(&e)
	}
	return x.product()
}

// isMany reports whether the request names more than one element.
func (r *Request) isMany(t Type) bool {
	plain := t.info().parts[0] == partIP
	return r.addr.to.IsValid() || plain && r.addr.hasBits && r.addr.addr.Is4() || r.port.isRange || r.addr2.to.IsValid()
}

// expansion is the state of expanding a request into elements.
type expansion struct {
	set     *Set
	request *Request
	e       Element
	do      func(*Element) error
}

func (x *expansion) each() error {
	e := x.e
	return x.do(&e)
}

func (x *expansion) bitmapPorts() error {
	from, to := x.request.port.from, x.request.port.to
	from, to = min(from, to), max(from, to)
	if from < x.set.FromPort || to > x.set.ToPort {
		return ErrRange
	}
	for p := int(from); p <= int(to); p++ {
		x.e.Port = uint16(p)
		if err := x.each(); err != nil {
			return err
		}
	}
	return nil
}

func (x *expansion) bitmapAddrs() error {
	a := &x.request.addr
	if a.hasBits && a.bits == 0 {
		return ErrPrefix
	}
	r := a.span()
	if r.from < number(x.set.From) || r.to > number(x.set.To) {
		return ErrRange
	}
	for n := uint64(r.from); n <= uint64(r.to); n += uint64(x.set.hosts) {
		x.e.IP = x.set.element(address(uint32(n)))
		if err := x.each(); err != nil {
			return err
		}
	}
	return nil
}

// span returns the IPv4 addresses that a stands for.
func (a *addrSpan) span() span {
	from := number(a.addr)
	switch {
	case a.to.IsValid():
		to := number(a.to)
		return span{min(from, to), max(from, to)}
	case a.hasBits:
		return networkSpan(from, a.bits)
	}
	return span{from, from}
}

// maskedAddrs expands a range of addresses for hash:ip. Only the first address is cut
// to the mask; the steps are those of the netmask (ip_set_hash_ip.c,
// hash_ip4_uadt).
func (x *expansion) maskedAddrs() error {
	a := x.request.addr
	a.addr = x.e.IP
	switch {
	case a.hasBits && a.bits == 0:
		return ErrPrefix
	case a.to.IsValid() && a.to.IsUnspecified():
		return ErrNullElement
	}
	r := a.span()
	step := uint64(1)
	if n := x.set.NetMask; n != 0 {
		step = uint64(hostMask(n)) + 1
	}
	for n := uint64(r.from); n <= uint64(r.to); n += step {
		x.e.IP = address(uint32(n))
		if err := x.each(); err != nil {
			return err
		}
	}
	return nil
}

// product expands all combinations of addresses, ports and second addresses.
func (x *expansion) product() error {
	t := x.set.Type.info()
	return x.addrs(&x.request.addr, t.parts[0], &x.e.IP, &x.e.Bits, func() error {
		return x.ports(func() error {
			if !x.request.addr2.addr.IsValid() {
				return x.each()
			}
			return x.addrs(&x.request.addr2, t.parts[len(t.parts)-1], &x.e.IP2, &x.e.Bits2, x.each)
		})
	})
}

// addrs calls its function for the addresses of a plain part, or the networks
// that make up a range.
func (x *expansion) addrs(a *addrSpan, p part, ip *netip.Addr, bits *uint8, inner func() error) error {
	if !a.addr.Is4() {
		return inner()
	}
	if p == partIP {
		if a.hasBits && a.bits == 0 {
			return ErrPrefix
		}
		from := *a
		from.addr = *ip // cut to the mask of the set
		span := from.span()
		for n := uint64(span.from); n <= uint64(span.to); n++ {
			*ip = address(uint32(n))
			if err := inner(); err != nil {
				return err
			}
		}
		return nil
	}
	return x.networks(a, ip, bits, inner)
}

func (x *expansion) networks(a *addrSpan, ip *netip.Addr, bits *uint8, inner func() error) error {
	s := a.span()
	if a.to.IsValid() && s.from == 0 && s.to == 1<<32-1 {
		return ErrWholeRange
	}
	for {
		n, last := s.first()
		*ip, *bits = address(s.from), n
		if err := inner(); err != nil {
			return err
		}
		if last >= s.to {
			return nil
		}
		s.from = last + 1
	}
}

func (x *expansion) ports(inner func() error) error {
	p := &x.request.port
	if !p.isRange {
		return inner()
	}
	for n := int(min(p.from, p.to)); n <= int(max(p.from, p.to)); n++ {
		x.e.Port = uint16(n)
		if err := inner(); err != nil {
			return err
		}
	}
	return nil
}
