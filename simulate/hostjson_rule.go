package simulate

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// rulesAreIPv6 tells the families of "ip rule" apart, whose output does not
// name them: an address shows it, and only IPv4 has a rule for table default.
func rulesAreIPv6(items []jsonItem) bool {
	v6 := true
	for _, it := range items {
		for _, a := range []string{it.Src, it.Dst} {
			if strings.Contains(a, ":") {
				return true
			}
		}
		if it.Table == "default" || it.Table == "253" {
			v6 = false
		}
	}
	return v6
}

func (h *Host) addRule(it *jsonItem, v6 bool) error {
	r := PolicyRule{Priority: *it.Priority, Not: it.Not != nil, In: it.IIF, Out: it.OIF, Action: it.Action, SuppressPrefixLength: it.Suppress}
	if v6 {
		r.Family = netfilter.IPv6
	}
	var err error
	if r.From, err = rulePrefix(it.Src, it.SrcLen); err != nil {
		return err
	}
	if r.To, err = rulePrefix(it.Dst, it.DstLen); err != nil {
		return err
	}
	for _, m := range []struct {
		text string
		to   *uint32
	}{{it.FwMark, &r.FwMark}, {it.FwMask, &r.FwMask}} {
		if m.text != "" {
			if *m.to, err = parseUint32(m.text); err != nil {
				return fmt.Errorf("fwmark: %w", err)
			}
		}
	}
	if it.Table != "" {
		if r.Table, err = parseTable(it.Table); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	h.Rules = append(h.Rules, r)
	return nil
}

func rulePrefix(s string, length *int) (netip.Prefix, error) {
	if s == "" || s == "all" {
		return netip.Prefix{}, nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	bits := a.BitLen()
	if length != nil {
		bits = *length
	}
	return a.Prefix(bits)
}
