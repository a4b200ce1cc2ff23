package host

import (
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// IPsecPolicy is a policy of IPsec: which packets are to be protected, and how.
type IPsecPolicy struct {
	Src, Dst netip.Prefix
	Proto    uint8  // 0 for all
	Dir      string // "in", "out" or "fwd"
	Block    bool   // action block: such packets are dropped
	// Transforms are what is done to the packets; none lets them pass as they are.
	Transforms []string // as ip prints them: "proto esp reqid 1 mode tunnel"
}

// Selects reports whether the policy is for packets of a source, a destination
// and a protocol.
func (p *IPsecPolicy) Selects(src, dst netip.Addr, proto uint8) bool {
	return p.Src.Contains(src) && p.Dst.Contains(dst) && (p.Proto == 0 || p.Proto == proto)
}

// ReadIPsecPolicies reads what "ip xfrm policy" prints. Policies of sockets are
// left out.
func ReadIPsecPolicies(r io.Reader) ([]IPsecPolicy, error) {
	b, err := readText(r)
	if err != nil {
		return nil, err
	}
	var list []IPsecPolicy
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		w := strings.Fields(line)
		switch {
		case len(w) == 0:
		case w[0] == "src" && line[0] == 's':
			p, err := readSelector(w)
			if err != nil {
				return nil, fmt.Errorf("line %d (%s): %w", n, strings.TrimSpace(line), err)
			}
			list = append(list, p)
		case len(list) == 0:
			return nil, fmt.Errorf("line %d (%s): a policy begins with \"src\"", n, strings.TrimSpace(line))
		default:
			list[len(list)-1].detail(w)
		}
	}
	out := list[:0]
	for _, p := range list {
		if p.Dir == "in" || p.Dir == "out" || p.Dir == "fwd" {
			out = append(out, p)
		}
	}
	return out, nil
}

// readSelector reads "src 10.0.0.0/8 dst 192.0.2.0/24 proto tcp".
func readSelector(w []string) (p IPsecPolicy, err error) {
	for i := 0; i+1 < len(w); i += 2 {
		switch w[i] {
		case "src":
			p.Src, err = prefixOrAddr(w[i+1])
		case "dst":
			p.Dst, err = prefixOrAddr(w[i+1])
		case "proto":
			p.Proto, _ = packet.ProtocolByName(w[i+1])
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

func prefixOrAddr(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

// detail reads a line below a selector.
func (p *IPsecPolicy) detail(w []string) {
	switch w[0] {
	case "dir":
		if len(w) < 2 {
			return
		}
		p.Dir = w[1]
		p.Block = strings.Contains(strings.Join(w, " "), "action block")
	case "tmpl":
		p.Transforms = append(p.Transforms, strings.Join(w[1:], " "))
	case "proto":
		if n := len(p.Transforms); n > 0 {
			p.Transforms[n-1] += " " + strings.Join(w, " ")
		}
	}
}
