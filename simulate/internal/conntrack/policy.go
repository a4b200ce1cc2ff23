package conntrack

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Assign sets the timeout policy of an unconfirmed connection. Its timeout becomes that
// of the policy's first state (net/netfilter/nft_ct.c,
// nft_ct_timeout_obj_eval).
func (t *Table) Assign(c *netfilter.Conn, p *netfilter.TimeoutPolicy) {
	if t.policies[p.Name] == nil {
		t.policies = maps.Clone(t.policies)
		if t.policies == nil {
			t.policies = map[string]*Timeouts{}
		}
		own := t.cfg.Timeouts
		for state, d := range p.Timeout {
			if v := own.ofState(p.Proto, state); v != nil {
				*v = d
			}
		}
		t.policies[p.Name] = &own
	}
	c.Timeout = p.Name
	c.Expires = relative(t.policies[p.Name].first(p.Proto))
}

// ofState returns the timeout with this name in a policy; nil if there is none.
func (t *Timeouts) ofState(proto uint8, state string) *time.Duration {
	switch {
	case proto == packet.ProtoUDP && state == "unreplied":
		return &t.UDP
	case proto == packet.ProtoUDP && state == "replied":
		return &t.UDPStream
	case proto == packet.ProtoTCP && state == "retrans":
		return &t.TCPRetrans
	case proto == packet.ProtoTCP && state == "unack":
		return &t.TCPUnack
	case proto == packet.ProtoTCP:
		if n := slices.Index(tcpStateNames[:], strings.ToUpper(state)); n >= 0 {
			return &t.TCP[n]
		}
	}
	return nil
}

// first returns the timeout of a connection's first state.
func (t *Timeouts) first(proto uint8) time.Duration {
	if proto == packet.ProtoTCP {
		return t.TCP[TCPSynSent]
	}
	return t.UDP
}
