// Package ipopt checks the options of IPv4 headers and of IPv6 extension headers
// as the kernel does, and writes those in which an IPv4 packet records its way.
package ipopt

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Kinds of options of IPv4 (include/uapi/linux/ip.h, IPOPT_*).
const (
	optionEnd         = 0
	optionNop         = 1
	optionRecord      = 7
	optionTimestamp   = 68
	optionLoose       = 131
	optionStrict      = 137
	optionRouterAlert = 148
)

// copied is the bit of an option's kind that says that every fragment has it.
const copied = 0x80

// Check4 checks the options of an IPv4 header h. If they are not ok, at is the
// offset of the first byte that cannot be (net/ipv4/ip_options.c,
// __ip_options_compile).
func Check4(h []byte) (at int, ok bool) {
	var seen [256]bool
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
		if kind == optionStrict {
			kind = optionLoose // one source route of either sort
		}
		switch kind {
		case optionLoose, optionRecord, optionTimestamp:
			if at, ok := checkList(h[i:i+n], kind == optionTimestamp, kind == optionLoose, seen[kind]); !ok {
				return i + at, false
			}
		case optionRouterAlert:
			if n < 4 {
				return i + 1, false
			}
		}
		seen[kind] = true
		i += n
	}
	return 0, true
}

// checkList checks an option that is a list of addresses or times.
func checkList(o []byte, times, route, again bool) (at int, ok bool) {
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
		return checkTimestamp(o)
	}
	return 0, true
}

// checkTimestamp checks that a timestamp option has room for what it asks for
// next, or can count one more host that finds none.
func checkTimestamp(o []byte) (at int, ok bool) {
	full, asks := int(o[2]) > len(o), o[3]&0xf
	switch {
	case !full && (asks == stampAddrs || asks == stampPrescribed) && int(o[2])+7 > len(o):
		return 2, false
	case full && asks != stampPrescribed && o[3]>>4 == 15:
		return 3, false
	}
	return 0, true
}

// Residue returns the offset of bytes other than zero that follow the end of the
// options of an IPv4 header that Check4 finds ok; 0 if there are none.
func Residue(h []byte) int {
	for i := 20; i < len(h); {
		switch {
		case h[i] == optionNop:
			i++
		case h[i] != optionEnd:
			i += int(h[i+1])
		case zeros(h[i:]):
			return 0
		default:
			return i
		}
	}
	return 0
}

// SourceRouted4 reports that an IPv4 header h holds a source route.
func SourceRouted4(h []byte) bool {
	for i := 20; i < len(h) && h[i] != optionEnd; {
		if h[i] == optionNop {
			i++
			continue
		}
		if h[i] == optionLoose || h[i] == optionStrict {
			return true
		}
		if i+1 >= len(h) || h[i+1] < 2 {
			return false
		}
		i += int(h[i+1])
	}
	return false
}

// SourceRouted6 reports that an IPv6 packet w has a routing header.
func SourceRouted6(w []byte) bool {
	at, next := 40, w[6]
	for (next == packet.ProtoHopByHop || next == packet.ProtoDestOpts) && at+2 <= len(w) {
		next, at = w[at], at+(int(w[at+1])+1)*8
	}
	return next == packet.ProtoRouting
}

// ClearUncopied replaces the IPv4 options that only the first fragment carries by
// no-operations (net/ipv4/ip_options.c, ip_options_fragment).
func ClearUncopied(opts []byte) {
	for i := 0; i < len(opts); {
		switch {
		case opts[i] == optionEnd:
			return
		case opts[i] == optionNop:
			i++
			continue
		case i+1 >= len(opts) || opts[i+1] < 2 || i+int(opts[i+1]) > len(opts):
			return
		}
		n := int(opts[i+1])
		if opts[i]&copied == 0 {
			for k := i; k < i+n; k++ {
				opts[k] = optionNop
			}
		}
		i += n
	}
}

// UpdateChecksum sets the checksum of the IPv4 header that w begins with.
func UpdateChecksum(w []byte) {
	w[10], w[11] = 0, 0
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:int(w[0]&15)*4], 0))
}

func zeros(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
