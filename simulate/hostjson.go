package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// ReadHost makes a host of the output of "ip -json addr", "ip -json route" (of
// both families, also with "show table all") and "ip -json rule", in any number
// of texts and order. What a text is shows in what it holds. Links keep their
// MAC addresses and numbers; routes and rules of other links are refused.
func ReadHost(texts ...io.Reader) (Host, error) {
	var h Host
	for i, r := range texts {
		b, err := io.ReadAll(r)
		if err == nil {
			err = h.addJSON(b)
		}
		if err != nil {
			return Host{}, fmt.Errorf("host text %d: %w", i+1, err)
		}
	}
	return h, nil
}

// ReadHostFiles is ReadHost for files.
func ReadHostFiles(paths ...string) (Host, error) {
	var h Host
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			return Host{}, err
		}
		if err := h.addJSON(b); err != nil {
			return Host{}, fmt.Errorf("%s: %w", p, err)
		}
	}
	return h, nil
}

// jsonItem is any entry of the three outputs; the keys tell which.
type jsonItem struct {
	// ip addr
	IfIndex  int        `json:"ifindex"`
	IfName   string     `json:"ifname"`
	Flags    []string   `json:"flags"`
	MTU      int        `json:"mtu"`
	LinkType string     `json:"link_type"`
	Address  string     `json:"address"`
	AddrInfo []jsonAddr `json:"addr_info"`

	// ip route
	Type     string        `json:"type"`
	Dst      string        `json:"dst"`
	Gateway  string        `json:"gateway"`
	Via      *jsonVia      `json:"via"`
	Dev      string        `json:"dev"`
	PrefSrc  string        `json:"prefsrc"`
	Metric   uint32        `json:"metric"`
	TOS      string        `json:"tos"`
	Table    string        `json:"table"`
	Scope    string        `json:"scope"`
	Protocol string        `json:"protocol"`
	Pref     string        `json:"pref"`
	Metrics  []jsonMetrics `json:"metrics"`
	Nexthops []jsonNexthop `json:"nexthops"`

	// ip rule
	Priority *uint32 `json:"priority"`
	Not      any     `json:"not"`
	Src      string  `json:"src"`
	SrcLen   *int    `json:"srclen"`
	DstLen   *int    `json:"dstlen"`
	FwMark   string  `json:"fwmark"`
	FwMask   string  `json:"fwmask"`
	IIF      string  `json:"iif"`
	OIF      string  `json:"oif"`
	Action   string  `json:"action"`
	Suppress *int    `json:"suppress_prefixlen"`
}

type jsonAddr struct {
	Local         string `json:"local"`
	Peer          string `json:"address"`
	PrefixLen     int    `json:"prefixlen"`
	Scope         string `json:"scope"`
	Deprecated    bool   `json:"deprecated"`
	Tentative     bool   `json:"tentative"`
	NoPrefixRoute bool   `json:"noprefixroute"`
}

type jsonVia struct {
	Host string `json:"host"`
}

type jsonMetrics struct {
	MTU int `json:"mtu"`
}

type jsonNexthop struct {
	Gateway string `json:"gateway"`
	Dev     string `json:"dev"`
	Weight  int    `json:"weight"`
}

func (h *Host) addJSON(b []byte) error {
	if len(bytes.TrimSpace(b)) == 0 {
		return errors.New("empty: need the output of ip -json addr, route or rule")
	}
	var items []jsonItem
	if err := json.Unmarshal(b, &items); err != nil {
		return fmt.Errorf("not the output of ip -json: %w", err)
	}
	rules6 := rulesAreIPv6(items)
	for i := range items {
		it := &items[i]
		var err error
		switch {
		case it.IfName != "":
			err = h.addLink(it)
		case it.Priority != nil:
			err = h.addRule(it, rules6)
		case it.Dst != "":
			err = h.addRoute(it)
		default:
			err = errors.New("neither link, route nor rule")
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	return nil
}

func hasFlag(it *jsonItem, flag string) bool {
	for _, f := range it.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

func (h *Host) addLink(it *jsonItem) error {
	name, _, _ := strings.Cut(it.IfName, "@")
	l := Link{Name: name, Index: it.IfIndex, MTU: it.MTU, Loopback: hasFlag(it, "LOOPBACK"), Down: !hasFlag(it, "UP"),
		NoARP: hasFlag(it, "NOARP"), NoHeader: it.LinkType != "ether" && it.LinkType != "loopback"}
	if it.LinkType == "ether" {
		mac, err := ParseMAC(it.Address)
		if err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
		l.MAC = mac
	}
	for _, a := range it.AddrInfo {
		addr, err := a.address()
		if err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
		l.Addrs = append(l.Addrs, addr)
	}
	h.Links = append(h.Links, l)
	return nil
}

func (a *jsonAddr) address() (Address, error) {
	local, err := netip.ParseAddr(a.Local)
	if err != nil {
		return Address{}, err
	}
	out := Address{Prefix: netip.PrefixFrom(local, a.PrefixLen), Scope: a.Scope, NoPrefixRoute: a.NoPrefixRoute,
		Deprecated: a.Deprecated, Tentative: a.Tentative}
	if local.Is6() {
		out.Scope = "" // follows from the address
	}
	if a.Peer != "" {
		out.Peer, err = netip.ParseAddr(a.Peer)
	}
	return out, err
}

// ParseMAC reads six hex pairs joined by colons.
func ParseMAC(s string) (netfilter.MAC, error) {
	var m netfilter.MAC
	parts := strings.Split(s, ":")
	if len(parts) != len(m) {
		return m, fmt.Errorf("MAC address %q: need six hex pairs joined by colons", s)
	}
	for i, p := range parts {
		b, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) != 2 {
			return m, fmt.Errorf("MAC address %q: bad pair %q", s, p)
		}
		m[i] = byte(b)
	}
	return m, nil
}

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
