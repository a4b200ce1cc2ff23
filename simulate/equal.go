package simulate

import (
	"bytes"
	"encoding/json"

	"github.com/packetpath/packetpath/netfilter"
)

// The Equal methods below let go-cmp compare values of this package without
// options.

// Equal reports whether n and o are the same pointer.
func (n *Node) Equal(o *Node) bool { return n == o }

// Equal reports whether s and o are the same pointer.
func (s *Session) Equal(o *Session) bool { return s == o }

// Equal reports whether both describe the same step; the state of the packet at the
// step is not compared.
func (s Step) Equal(o Step) bool {
	if (s.Rule == nil) != (o.Rule == nil) || s.Rule != nil && !s.Rule.Equal(*o.Rule) {
		return false
	}
	if s.Detail() != o.Detail() || s.text(netfilter.IPv4) != o.text(netfilter.IPv4) {
		return false
	}
	s.Rule, s.version, s.detail, s.info = nil, 0, nil, nil
	o.Rule, o.version, o.detail, o.info = nil, 0, nil, nil
	return s == o
}

// Equal reports whether v and o are identical (==).
func (v Visit) Equal(o Visit) bool { return v == o }

// Equal reports whether both results have the same fate and path, including the bytes
// of the packets and the file positions of the rules: whether their JSON is the same.
func (r Result) Equal(o Result) bool {
	a, errA := json.Marshal(&r)
	b, errB := json.Marshal(&o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Equal reports whether both are the same outcome with equal probabilities and the same
// number of branches.
func (o Outcome[K]) Equal(p Outcome[K]) bool {
	return o.Key == p.Key && o.Least.Cmp(p.Least) == 0 && o.Most.Cmp(p.Most) == 0 && len(o.Branches) == len(p.Branches)
}
