package eval

import (
	"fmt"
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// set returns the set that an expression names. An anonymous set is compiled
// here.
func (c *compiler) set(r nft.SetRef) (*set, error) {
	if r.Anon != nil {
		return c.addSet(r.Anon)
	}
	s := c.sets[r.Name]
	if s == nil {
		return nil, fmt.Errorf("no set %q in this table", r.Name)
	}
	return s, nil
}

func (c *compiler) addSet(m *nft.Set) (*set, error) {
	s := &set{index: len(c.rules.sets), model: m, keyLen: m.Key.Len(), dataLen: m.Data.Type.Len(), interval: m.Interval,
		timeout: m.Timeout, size: int(m.Size), kind: m.Data.Kind}
	c.rules.sets = append(c.rules.sets, s)
	if len(m.Key.Fields) == 1 {
		s.parts = fields{s.keyLen}
	} else {
		for _, f := range m.Key.Fields {
			s.parts = append(s.parts, (f.Len()+3)&^3)
		}
	}
	var err error
	if s.stateful, err = c.statefuls(m.Exprs); err != nil {
		return nil, err
	}
	s.elements = make([]*element, len(m.Elements))
	for i := range m.Elements {
		if s.elements[i], err = c.element(s, &m.Elements[i]); err != nil {
			return nil, err
		}
	}
	s.finish()
	return s, nil
}

// forever is the timeout of elements that do not expire in a set with a
// timeout.
const forever = time.Duration(1<<63 - 1)

func (c *compiler) element(s *set, m *nft.Element) (*element, error) {
	e := &element{from: []byte(m.Key), catchAll: m.Default, object: m.Object, timeout: m.Timeout, expires: m.Expires, model: m}
	if m.End != "" {
		e.to = []byte(m.End)
	}
	if m.Never {
		e.timeout = forever
	}
	var err error
	switch s.kind {
	case nft.ValueData:
		e.data = []byte(m.Value)
	case nft.VerdictData:
		if e.verdict, err = c.verdict(m.Verdict); err != nil {
			return nil, err
		}
	}
	e.stateful, err = c.statefuls(m.Exprs)
	return e, err
}
