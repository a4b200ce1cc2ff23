package ipset

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// addrForm is how an address may be written.
type addrForm uint8

const (
	formAny    addrForm = iota // address, address/prefix or address-address
	formNet                    // no range
	formSingle                 // a single address; a prefix length must be 32 or 128
	formRange                  // a prefix or range is required
)

// addrSpan is an address as written in a command.
type addrSpan struct {
	addr    netip.Addr
	bits    uint8
	hasBits bool
	to      netip.Addr // the zero Addr if it is no range
}

// formOf returns how part p of an element may be written: ranges and networks
// of plain addresses are for IPv4 only (ipset lib/parse.c,
// ipset_parse_ip4_single6, ipset_parse_ip4_net6).
func formOf(t Type, index int, f netfilter.Family) addrForm {
	p := t.info().parts[index]
	switch {
	case t == BitmapIPMAC || t == HashIPMAC || t == HashIPPortIP && index == 2:
		return formSingle
	case f == netfilter.IPv4:
		return formAny
	case p == partNet:
		return formNet
	}
	return formSingle
}

// readSpan reads an address (ipset lib/parse.c, parse_ip, parse_ipaddr).
func readSpan(s string, f netfilter.Family, form addrForm) (a addrSpan, err error) {
	a.bits = uint8(f.Bits())
	from, prefix, hasPrefix := cutAt(s, "/")
	_, _, isRange := cutRange(s)
	switch {
	case form == formSingle && (isRange || hasPrefix && prefix != strconv.Itoa(f.Bits())):
		return a, fmt.Errorf("need a plain %s address, not %q", f, s)
	case form == formNet && isRange:
		return a, fmt.Errorf("need an %s address or network, not the range %q", f, s)
	case form == formRange && !isRange && !hasPrefix:
		return a, fmt.Errorf("need a network or a range of %s addresses, not %q", f, s)
	}
	if hasPrefix {
		n, err := opt.Uint(prefix, 0, uint64(f.Bits()))
		if err != nil {
			return a, fmt.Errorf("prefix length of %q: %w", s, err)
		}
		a.bits, a.hasBits = uint8(n), true
		a.addr, err = readAddr(from, f)
		return a, err
	}
	from, to, isRange := cutRange(s)
	if a.addr, err = readAddr(from, f); err == nil && isRange {
		a.to, err = readAddr(to, f)
	}
	return a, err
}

// readAddr reads an address, which may be in brackets. Names of hosts are not
// looked up.
func readAddr(s string, f netfilter.Family) (netip.Addr, error) {
	bare, err := unbracket(s)
	if err != nil {
		return netip.Addr{}, err
	}
	if f == netfilter.IPv4 {
		if n, err := readIPv4(bare); err == nil {
			return address(n), nil
		}
	} else if a, err := netip.ParseAddr(bare); err == nil && a.Is6() && a.Zone() == "" {
		return a, nil
	}
	return netip.Addr{}, fmt.Errorf("%q is no %s address", s, f)
}

var errIPv4 = errors.New("no IPv4 address")

// readIPv4 reads an IPv4 address of one to four numbers, octal with a leading
// zero, the last of which fills the remaining bytes (inet_aton, as glibc's
// gethostbyname2 calls it for names of digits and dots).
func readIPv4(s string) (uint32, error) {
	words := strings.Split(s, ".")
	if len(words) > 4 || strings.Trim(s, "0123456789.") != "" {
		return 0, errIPv4
	}
	var v uint64
	for i, w := range words {
		limit := uint64(255)
		if i == len(words)-1 {
			limit = 1<<(8*(5-len(words))) - 1
		}
		n, err := opt.Uint(w, 0, limit)
		if err != nil {
			return 0, errIPv4
		}
		if i == len(words)-1 {
			return uint32(v<<(8*(5-len(words))) | n), nil
		}
		v = v<<8 | n
	}
	return 0, errIPv4
}
