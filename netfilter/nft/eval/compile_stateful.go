package eval

import (
	"fmt"
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// stateful compiles an expression that keeps state; false if it does not.
func (c *compiler) stateful(e nft.Expr) (stateful, bool, error) {
	switch e := e.(type) {
	case *nft.Counter:
		return &counter{e.Packets, e.Bytes}, true, nil
	case *nft.Limit:
		f, err := newLimit(e)
		return f, true, err
	case *nft.Quota:
		return &quota{e.Bytes, e.Used, e.Over}, true, nil
	case *nft.ConnLimit:
		return &connLimit{e.Count, e.Over}, true, nil
	case *nft.Last:
		return &last{e.Seen, e.Ago}, true, nil
	case *nft.Numgen:
		if !e.Random {
			return &numgen{reg(e.Dest), e.Mod, e.Offset}, true, nil
		}
	}
	return nil, false, nil
}

// statefuls compiles the stateful expressions of set elements.
func (c *compiler) statefuls(es []nft.Expr) ([]stateful, error) {
	if len(es) == 0 {
		return nil, nil
	}
	list := make([]stateful, len(es))
	for i, e := range es {
		f, ok, err := c.stateful(e)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fmt.Errorf("an element cannot have %q", e)
		}
		list[i] = f
	}
	return list, nil
}

func newLimit(e *nft.Limit) (*limit, error) {
	if e.Rate == 0 || e.Unit == 0 {
		return nil, fmt.Errorf("%q: a rate above 0 is needed", e)
	}
	return &limit{bytes: e.Bytes, rate: e.Rate, unit: time.Duration(e.Unit) * time.Second, burst: e.Burst, invert: e.Over}, nil
}

// addObject compiles a named object.
func (c *compiler) addObject(o *nft.Object) error {
	f, err := c.objectValue(o)
	if err != nil {
		return err
	}
	if c.objects[o.Kind()] == nil {
		c.objects[o.Kind()] = map[string]*object{}
	}
	compiled := &object{index: c.rules.memories, stateful: f}
	c.objects[o.Kind()][o.Name], c.rules.objects[o] = compiled, compiled
	c.rules.memories++
	return nil
}

func (c *compiler) objectValue(o *nft.Object) (stateful, error) {
	switch v := o.Value.(type) {
	case nft.Expr:
		if f, ok, err := c.stateful(v); ok || err != nil {
			return f, err
		}
		if s, ok := v.(*nft.Synproxy); ok {
			return stateless{&synproxy{newSynProxy(s)}}, nil
		}
	case *nft.CTHelper:
		return stateless{&assignHelper{v}}, nil
	case *nft.CTTimeout:
		return stateless{newAssignTimeout(c.table, o.Name, v)}, nil
	}
	return stateless{&unknownObject{o.Value}}, nil
}

// stateless is a named object that keeps no state.
type stateless struct{ instruction }

func (stateless) newMemory() memory { return noMemory{} }

func (e stateless) run(m *machine, _ memory) bool {
	e.eval(m)
	return m.verdict.code != codeBreak
}

type noMemory struct{}

func (noMemory) clone() memory { return noMemory{} }

// unknownObject is an object that cannot be evaluated.
type unknownObject struct{ value nft.ObjectValue }

func (e *unknownObject) eval(m *machine) {
	m.fail(fmt.Errorf("nftables object %T is not simulated", e.value))
}
