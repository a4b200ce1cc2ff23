package simulate

import (
	"encoding/binary"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

const (
	icmpParamProblem  = 12
	icmp6UnknownOpt   = 2
	option6Action     = 0xc0 // bits of an option's type that say what to do if it is unknown
	option6TellAnyone = 0x80
	option6TellOne    = 0xc0 // unless the packet was for a group
)

// options4 checks the options of an IPv4 header once the packet is routed, and
// leaves the host's mark in those that record the way; false if it ends here. A
// source route is not followed (accept_source_route is off) (net/ipv4/ip_input.c,
// ip_rcv_options).
func (f *flow) options4() bool {
	if f.c.Family == netfilter.IPv6 || f.pkt.HeaderLen() == 20 {
		return true
	}
	at, ok := badOption4(f.pkt.Wire()[:f.pkt.HeaderLen()])
	switch {
	case !ok:
		f.drop(Malformed, StepLocal, fmt.Sprintf("the IP options are wrong at byte %d", at))
		f.sendError(icmpError{typ: icmpParamProblem, rest: uint32(at) << 24})
		return false
	case f.sourceRouted():
		f.drop(Malformed, StepLocal, "source routes are not followed")
		return false
	}
	f.endOptions4()
	f.leaveMark()
	return true
}

// endOptions4 clears what stands behind the end of the options. The checksum is
// put right in packets that are passed on only.
func (f *flow) endOptions4() {
	h := f.pkt.Wire()[20:f.pkt.HeaderLen()]
	for i := 0; i < len(h); {
		switch {
		case h[i] == 1:
			i++
			continue
		case h[i] != 0:
			i += int(h[i+1])
			continue
		case zeros(h[i:]):
			return
		}
		clear(f.c.Edit().Wire()[20+i : 20+len(h)])
		if f.route.Kind == fib.KindForward {
			sumHeader(f.pkt.Wire())
		}
		return
	}
}

// sumHeader sets the checksum of an IPv4 header.
func sumHeader(w []byte) {
	w[10], w[11] = 0, 0
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:int(w[0]&15)*4], 0))
}

// badOption4 returns the place of the first byte of the options that cannot be;
// true if there is none (net/ipv4/ip_options.c, __ip_options_compile).
func badOption4(h []byte) (at int, ok bool) {
	const loose, strict, alert = 131, 137, 148
	seen := map[byte]bool{}
	for i := 20; i < len(h); {
		kind := h[i]
		if kind == optionEnd {
			return 0, true
		}
		if kind == optionNop {
			i++
			continue
		}
		left := len(h) - i
		if left < 2 || h[i+1] < 2 || int(h[i+1]) > left {
			return i, false
		}
		n := int(h[i+1])
		if kind == strict {
			kind = loose // one source route of either sort
		}
		switch kind {
		case loose, optionRecord, optionTimestamp:
			if at, ok := badRoute4(h[i:i+n], kind == optionTimestamp, kind == loose, seen[kind]); !ok {
				return i + at, false
			}
		case alert:
			if n < 4 {
				return i + 1, false
			}
		}
		seen[kind] = true
		i += n
	}
	return 0, true
}

// badRoute4 checks an option that is a list of addresses or times.
func badRoute4(o []byte, times, route, again bool) (at int, ok bool) {
	shortest, first := 3, byte(4)
	if times {
		shortest, first = 4, 5
	}
	switch {
	case again:
		return 0, false
	case len(o) < shortest:
		return 1, false
	case o[2] < first:
		return 2, false
	case !route && int(o[2]) <= len(o) && int(o[2])+3 > len(o):
		return 2, false
	case times:
		return badStamp(o)
	}
	return 0, true
}

// badStamp checks that a timestamp option has room for what it asks for next, or
// can count one more host that finds none.
func badStamp(o []byte) (at int, ok bool) {
	full, asks := int(o[2]) > len(o), o[3]&0xf
	switch {
	case !full && (asks == stampAddrs || asks == stampPrescribed) && int(o[2])+7 > len(o):
		return 2, false
	case full && asks != stampPrescribed && o[3]>>4 == 15:
		return 3, false
	}
	return 0, true
}

// hopByHop checks the hop-by-hop options of an IPv6 packet, ahead of all rules;
// false if it ends here (net/ipv6/exthdrs.c, ipv6_parse_hopopts).
func (f *flow) hopByHop() bool {
	if f.c.Family == netfilter.IPv4 || f.pkt.NextHeader() != packet.ProtoHopByHop {
		return true
	}
	if at, verdict := badOption6(f.pkt.Wire(), 40, true); verdict != option6Fine {
		f.drop(Malformed, StepLocal, "the hop-by-hop options are wrong or not known")
		f.answerOption6(at, verdict)
		return false
	}
	return true
}

// takeHeaders6 goes through the extension headers of a packet for the host
// itself, as far as the transport header or one that it does not speak; false
// if one of them ends the packet (net/ipv6/exthdrs.c, ipv6_destopt_rcv,
// ipv6_rthdr_rcv).
func (f *flow) takeHeaders6() bool {
	if f.c.Family == netfilter.IPv4 {
		return true
	}
	w := f.pkt.Wire()
	for at, next := 40, w[6]; next == packet.ProtoHopByHop || next == packet.ProtoDestOpts || next == packet.ProtoRouting; {
		if at+4 > len(w) {
			return false
		}
		switch next {
		case packet.ProtoDestOpts:
			if bad, verdict := badOption6(w, at, false); verdict != option6Fine {
				f.answerOption6(bad, verdict)
				return false
			}
		case packet.ProtoRouting:
			if !f.takeRouting6(w[at:], at) {
				return false
			}
		}
		next, at = w[at], at+(int(w[at+1])+1)*8
	}
	return true
}

// Types of routing headers (include/uapi/linux/in6.h, ipv6.h).
const (
	routingRPL     = 3
	routingSegment = 4
)

// takeRouting6 judges a routing header h at the offset at. Routes through the
// host are not followed: segment routing and RPL are off by default, and other
// types are refused while segments are left. A kernel with CONFIG_IPV6_MIP6 drops
// those of type 2, too, which others, and this, let pass.
func (f *flow) takeRouting6(h []byte, at int) bool {
	typ, left := h[2], h[3]
	switch {
	case f.pkt.Dst().IsMulticast(), typ == routingRPL, typ == routingSegment:
		return false
	case left == 0:
		return true
	}
	f.sendError(icmpError{typ: icmp6ParamProblem, rest: uint32(at + 2)}) // code 0: an erroneous field
	return false
}

// answerOption6 tells the sender of an unknown option if the option asks for it.
func (f *flow) answerOption6(at int, v option6) {
	if v == option6Tell {
		f.sendError(icmpError{typ: icmp6ParamProblem, code: icmp6UnknownOpt, rest: uint32(at)})
	}
}

// option6 is what is to be done about a header with options.
type option6 uint8

const (
	option6Fine option6 = iota
	option6Drop
	option6Tell // and tell the sender
)

// badOption6 finds the first option of the header at off that is wrong or asks
// not to be ignored by those who do not know it (ip6_parse_tlv).
func badOption6(w []byte, off int, hopByHop bool) (at int, v option6) {
	const pad1, padN, alert, mostPadding = 0, 1, 5, 7
	if off+2 > len(w) || off+(int(w[off+1])+1)*8 > len(w) {
		return 0, option6Drop
	}
	end := off + (int(w[off+1])+1)*8
	padding := 0
	for i := off + 2; i < end; {
		if w[i] == pad1 {
			if padding++; padding > mostPadding {
				return 0, option6Drop
			}
			i++
			continue
		}
		if i+2 > end || i+2+int(w[i+1]) > end {
			return 0, option6Drop
		}
		n := int(w[i+1]) + 2
		switch w[i] {
		case padN:
			if padding += n; padding > mostPadding || !zeros(w[i+2:i+n]) {
				return 0, option6Drop
			}
			i += n
			continue
		case alert:
			if hopByHop && n != 4 {
				return 0, option6Drop
			}
		default:
			if v := unknownOption6(w, w[i]); v != option6Fine {
				return i, v
			}
		}
		padding = 0
		i += n
	}
	return 0, option6Fine
}

// unknownOption6 says what the type of an option nobody knows asks for
// (ip6_tlvopt_unknown).
func unknownOption6(w []byte, typ byte) option6 {
	group := w[24] == 0xff
	switch action := typ & option6Action; {
	case action == 0:
		return option6Fine
	case action == option6TellAnyone, action == option6TellOne && !group:
		return option6Tell
	}
	return option6Drop
}

func zeros(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
