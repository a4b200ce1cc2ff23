package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// assignHelper assigns a helper to a new connection (net/netfilter/nft_ct.c,
// nft_ct_helper_obj_eval).
type assignHelper struct{ object *nft.CTHelper }

func (e *assignHelper) eval(m *machine) {
	conn := m.c.Conn
	if !assignable(m, e.object.L3Proto, e.object.L4Proto) || conn.Status&netfilter.ConnHelper != 0 {
		return
	}
	conn.Helper = e.object.Helper
	conn.Status |= netfilter.ConnHelper
}

// assignTimeout assigns a timeout policy to a new connection
// (nft_ct_timeout_obj_eval).
type assignTimeout struct{ policy netfilter.TimeoutPolicy }

func (e *assignTimeout) eval(m *machine) {
	if conn := m.c.Conn; m.info.hasTransport && m.info.proto == e.policy.Proto && unconfirmed(conn) {
		m.c.Engine.AssignTimeouts(&e.policy)
	}
}

func newAssignTimeout(t *nft.Table, name string, v *nft.CTTimeout) *assignTimeout {
	e := &assignTimeout{netfilter.TimeoutPolicy{Name: t.Family.String() + " " + t.Name + " " + name, Proto: v.L4Proto,
		Timeout: make(map[string]time.Duration, len(v.Policy))}}
	for _, p := range v.Policy {
		e.policy.Timeout[p.State] = p.Timeout
	}
	return e
}

// unconfirmed reports whether the connection is not confirmed yet.
func unconfirmed(c *netfilter.Conn) bool {
	return c != nil && c.Status&(netfilter.ConnConfirmed|netfilter.ConnTemplate) == 0
}

// assignable reports whether the packet opens a connection of these protocols.
func assignable(m *machine, l3 nft.Family, l4 uint8) bool {
	return unconfirmed(m.c.Conn) && m.c.Conn.Tuples[0].Proto == l4 && (l3 == nft.Inet || family(l3) == m.c.Family)
}
