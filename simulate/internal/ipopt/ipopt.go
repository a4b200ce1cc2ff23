// Package ipopt checks the options of IPv4 headers and of IPv6 extension headers
// as the kernel does, and updates the record-route and timestamp options of IPv4.
package ipopt

import (
	"encoding/binary"
	"iter"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Kinds of options of IPv4 (include/uapi/linux/ip.h, IPOPT_*).
const (
	optionRecord      = 7
	optionTimestamp   = 68
	optionLoose       = 131
	optionStrict      = 137
	optionSecurity    = 134
	optionRouterAlert = 148
)

// copied is the bit of an option's kind that marks options to be copied to all fragments.
const copied = 0x80

// Check4 checks the options of an IPv4 header h. If they are invalid, at is the offset of
// the first invalid byte (net/ipv4/ip_options.c, __ip_options_compile).
func Check4(h []byte) (at int, ok bool) {
	var seen [256]bool
	for o := range options(h) {
		at := headerLen + o.Offset
		switch {
		case o.Kind == packet.OptionEnd:
			return 0, true
		case o.Kind == packet.OptionNOP:
			continue
		case !o.Whole():
			return at, false
		}
		kind := o.Kind
		if kind == optionStrict {
			kind = optionLoose // one source route of either sort
		}
		switch kind {
		case optionLoose, optionRecord, optionTimestamp:
			if bad, ok := checkList(o.Bytes, kind == optionTimestamp, kind == optionLoose, seen[kind]); !ok {
				return at + bad, false
			}
		case optionSecurity:
			return at + checkSecurity(o.Bytes, seen[kind]), false
		case optionRouterAlert:
			if o.Len < 4 {
				return at + 1, false
			}
		}
		seen[kind] = true
	}
	return 0, true
}

// checkSecurity returns the offset of the invalid byte in a commercial IP security option.
// A host on which CIPSO is not configured accepts none (net/ipv4/cipso_ipv4.c,
// cipso_v4_validate).
func checkSecurity(o []byte, again bool) int {
	switch {
	case again:
		return 0
	case len(o) < 8:
		return 1
	}
	return 2
}

// headerLen is the length of an IPv4 header without options.
const headerLen = 20

// options yields the options of an IPv4 header.
func options(h []byte) iter.Seq[packet.Option] { return packet.Options(h[headerLen:]) }

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

// checkTimestamp checks that a timestamp option has room for the next entry, or that its
// overflow counter can be incremented.
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

// Residue returns the offset of bytes other than zero after the end-of-options option of an
// IPv4 header that Check4 accepts; 0 if there are none.
func Residue(h []byte) int {
	for o := range options(h) {
		if o.Kind == packet.OptionEnd {
			if rest := h[headerLen+o.Offset:]; !zeros(rest) {
				return headerLen + o.Offset
			}
			return 0
		}
	}
	return 0
}

// SourceRouted4 reports whether an IPv4 header h has a source route option.
func SourceRouted4(h []byte) bool {
	for o := range options(h) {
		switch {
		case o.Kind == optionLoose || o.Kind == optionStrict:
			return true
		case o.Kind == packet.OptionEnd || o.Kind != packet.OptionNOP && o.Len < 2:
			return false
		}
	}
	return false
}

// SourceRouted6 reports whether an IPv6 packet w has a routing header that is preceded by
// options headers only.
func SourceRouted6(w []byte) bool {
	for h := range packet.ExtensionHeaders(w) {
		if h.Proto != packet.ProtoHopByHop && h.Proto != packet.ProtoDestOpts {
			return h.Proto == packet.ProtoRouting
		}
	}
	return false
}

// ClearUncopied replaces the IPv4 options that only the first fragment carries by
// no-operations (net/ipv4/ip_options.c, ip_options_fragment).
func ClearUncopied(opts []byte) {
	for o := range packet.WholeOptions(opts) {
		if o.Kind&copied == 0 {
			for i := range o.Bytes {
				o.Bytes[i] = packet.OptionNOP
			}
		}
	}
}

// UpdateChecksum sets the checksum of the IPv4 header at the start of w.
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
