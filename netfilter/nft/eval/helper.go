package eval

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// assignHelper gives a new connection a helper (net/netfilter/nft_ct.c,
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

// assignTimeout gives a new connection timeouts of its own
// (nft_ct_timeout_obj_eval).
type assignTimeout struct{ object *nft.CTTimeout }

func (e *assignTimeout) eval(m *machine) {
	if assignable(m, e.object.L3Proto, e.object.L4Proto) && m.c.Conn.Timeout == "" {
		m.fail(errors.New("timeouts of ct timeout objects are not simulated"))
	}
}

// assignable reports whether the packet opens a connection of these protocols.
func assignable(m *machine, l3 nft.Family, l4 uint8) bool {
	conn := m.c.Conn
	return conn != nil && conn.Status&(netfilter.ConnConfirmed|netfilter.ConnTemplate) == 0 && conn.Tuples[0].Proto == l4 &&
		(l3 == nft.Inet || family(l3) == m.c.Family)
}
