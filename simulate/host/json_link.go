package host

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// shownLink is a link as "ip -json addr" shows it. Keys that are not here tell
// of queues, counters and the like.
type shownLink struct {
	IfIndex  int         `json:"ifindex"`
	IfName   string      `json:"ifname"`
	Flags    []string    `json:"flags"`
	MTU      int         `json:"mtu"`
	Group    string      `json:"group"`
	Master   string      `json:"master"`
	LinkType string      `json:"link_type"`
	Address  string      `json:"address"`
	AddrInfo []shownAddr `json:"addr_info"`
	// LinkInfo is shown with -details only.
	LinkInfo struct {
		Kind      string          `json:"info_kind"`
		SlaveKind string          `json:"info_slave_kind"`
		SlaveData json.RawMessage `json:"info_slave_data"`
		Data      shownBridge     `json:"info_data"`
	} `json:"linkinfo"`
	port BridgePort
}

// shownAddr is an address of a shownLink.
type shownAddr struct {
	Local         string `json:"local"`
	Peer          string `json:"address"`
	PrefixLen     int    `json:"prefixlen"`
	Broadcast     string `json:"broadcast"`
	Scope         string `json:"scope"`
	Metric        uint32 `json:"metric"`
	Deprecated    bool   `json:"deprecated"`
	Tentative     bool   `json:"tentative"`
	Optimistic    bool   `json:"optimistic"`
	Temporary     bool   `json:"temporary"`
	NoPrefixRoute bool   `json:"noprefixroute"`
}

func (h *Host) addJSONLink(o jsonObject) error {
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	var l shownLink
	if err := json.Unmarshal(b, &l); err != nil {
		return err
	}
	if o["ifindex"] != nil && (l.IfIndex < 1 || l.IfIndex > math.MaxInt32) {
		return fmt.Errorf("link %s: ifindex %d: need 1 to %d", l.IfName, l.IfIndex, math.MaxInt32)
	}
	if l.LinkInfo.SlaveKind == "bridge" && l.LinkInfo.SlaveData != nil {
		if err := json.Unmarshal(l.LinkInfo.SlaveData, &l.port); err != nil {
			return fmt.Errorf("link %s: %w", l.IfName, err)
		}
	}
	return h.addLink(&l)
}

// linkTypes are what "ip -N" prints for those with a link header of their own.
var linkTypes = map[string]string{"[1]": "ether", "[772]": "loopback"}

func (h *Host) addLink(s *shownLink) error {
	name, _, _ := strings.Cut(s.IfName, "@")
	typ := cmp.Or(linkTypes[s.LinkType], s.LinkType)
	has := func(flag string) bool { return slices.Contains(s.Flags, flag) }
	l := Link{Name: name, Index: s.IfIndex, MTU: s.MTU, Master: s.Master, Loopback: has("LOOPBACK"), Down: !has("UP"),
		NoCarrier: has("NO-CARRIER"), NoARP: has("NOARP"), NoHeader: typ != "ether" && typ != "loopback",
		Port: s.port, Bridge: s.LinkInfo.Data.Bridge}
	switch {
	case name == "":
		return fmt.Errorf("link %d, %q: its name is missing", s.IfIndex, s.IfName)
	case s.LinkInfo.Kind == "vrf", s.LinkInfo.SlaveKind == "vrf", has("MASTER") && has("NOARP"):
		return fmt.Errorf("link %s: VRFs are not modelled", name)
	case s.LinkInfo.Data.filtersVLANs:
		return fmt.Errorf("link %s: bridges with vlan_filtering on are not modelled", name)
	case has("SLAVE"), s.LinkInfo.SlaveKind != "" && s.LinkInfo.SlaveKind != "bridge", s.Master == "ovs-system":
		return nil // its packets arrive by the master
	}
	var err error
	if typ == "ether" {
		if l.MAC, err = packet.ParseMAC(s.Address); err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
	}
	if s.Group != "" {
		if l.Group, err = parseGroup(s.Group); err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
	}
	for _, a := range s.AddrInfo {
		addr, err := a.address()
		if err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
		l.Addrs = append(l.Addrs, addr)
	}
	h.Links = append(h.Links, l)
	return nil
}

func (a *shownAddr) address() (Address, error) {
	local, err := netip.ParseAddr(a.Local)
	if err != nil {
		return Address{}, err
	}
	out := Address{Prefix: netip.PrefixFrom(local, a.PrefixLen), Scope: cmp.Or(scopeNumbers[a.Scope], a.Scope), Metric: a.Metric, NoPrefixRoute: a.NoPrefixRoute,
		Deprecated: a.Deprecated, Tentative: a.Tentative, Optimistic: a.Optimistic, Temporary: a.Temporary}
	if local.Is6() {
		out.Scope = "" // follows from the address
	}
	for _, other := range []struct {
		text string
		to   *netip.Addr
	}{{a.Peer, &out.Peer}, {a.Broadcast, &out.Broadcast}} {
		if other.text != "" {
			if *other.to, err = netip.ParseAddr(other.text); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}
