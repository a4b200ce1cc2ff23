package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
