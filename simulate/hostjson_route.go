package simulate

import (
	"fmt"
	"net/netip"
)

func (h *Host) addRoute(it *jsonItem) error {
	r := Route{Type: it.Type, Dev: it.Dev, Metric: it.Metric, Scope: it.Scope, Protocol: it.Protocol, OnLink: hasFlag(it, "onlink")}
	if it.Via != nil {
		it.Gateway = it.Via.Host
	}
	var err error
	if it.Gateway != "" {
		if r.Via, err = netip.ParseAddr(it.Gateway); err != nil {
			return err
		}
	}
	if it.PrefSrc != "" {
		if r.PrefSrc, err = netip.ParseAddr(it.PrefSrc); err != nil {
			return err
		}
	}
	if it.Table != "" {
		if r.Table, err = parseTable(it.Table); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	for _, m := range it.Metrics {
		r.MTU = max(r.MTU, m.MTU)
	}
	family := r.Via
	for _, n := range it.Nexthops {
		via, err := netip.ParseAddr(n.Gateway)
		if n.Gateway != "" && err != nil {
			return err
		}
		family = via
		r.Nexthops = append(r.Nexthops, Nexthop{Via: via, Dev: n.Dev, Weight: n.Weight})
	}
	if it.Pref != "" {
		family = netip.IPv6Unspecified()
		r.Scope = ""
	}
	if r.Dst, err = parseDestination(it.Dst, family); err != nil {
		return err
	}
	h.Routes = append(h.Routes, r)
	return nil
}
