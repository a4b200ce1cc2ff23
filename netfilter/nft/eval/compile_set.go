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
	if m.Data.Type.Interval {
		s.dataLen *= 2 // both ends
	}
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
	if !m.Default && (len(e.from) != s.keyLen || e.to != nil && len(e.to) != s.keyLen) {
		return nil, fmt.Errorf("element %q: a key of %d bytes is needed", m.Key, s.keyLen)
	}
	var err error
	switch s.kind {
	case nft.ObjectData:
		if c.objects[s.model.Data.Object][m.Object] == nil {
			return nil, fmt.Errorf("no %s %q in this table", s.model.Data.Object, m.Object)
		}
	case nft.ValueData:
		if e.data = []byte(m.Value); len(e.data) != s.dataLen {
			return nil, fmt.Errorf("element %q: data of %d bytes are needed, not %d", m.Key, s.dataLen, len(e.data))
		}
	case nft.VerdictData:
		if e.verdict, err = c.verdict(m.Verdict); err != nil {
			return nil, err
		}
	}
	e.stateful, err = c.statefuls(m.Exprs)
	return e, err
}
