package rules

import (
	"fmt"
	"slices"
	"time"
)

// checkMemory has clients call at the node that lives through all updates: who
// met an endpoint before an update comes back to it afterwards, if it is still
// there and the time is not over.
func (t *trial) checkMemory() error {
	t.memory.forget(t.cluster)
	t.live.Advance(time.Duration(t.below(12)) * time.Second)
	for _, p := range t.frontends {
		c := client{"the world", "eth0", addrs("203.0.113.7", "2001:db8:ffff::7")[0]}
		if p.at.Addr().Is6() {
			c.addr = addrs("2001:db8:ffff::7")[0]
		}
		if err := t.callLive(c, p); err != nil {
			return fmt.Errorf("%s, %s, to %s %s on the node that lives on: %w", c.name, c.addr, p.protocol, p.at, err)
		}
	}
	return nil
}

// freePort returns a source port that no connection of the live node has.
func (t *trial) freePort() uint16 {
	t.calls++
	return 1024 + t.calls
}

func (t *trial) callLive(c client, p frontend) error {
	e := expect(t.cluster, c.addr, p.protocol, p.at)
	if e.fate != served || e.service.AffinitySeconds == 0 {
		return nil
	}
	met, ways, err := call(t.live, c, t.freePort(), p)
	if err != nil {
		return err
	}
	_, possible := e.endpoints[met]
	known := t.memory.known(e, c.addr, t.live.Now())
	switch {
	case !possible:
		return fmt.Errorf("it meets %s, want %s", met, e)
	case len(known) > 0 && !slices.Contains(known, met), len(known) > 0 && ways != 1:
		return fmt.Errorf("it meets %s, one of %d that it might; lately it met %s", met, ways, known)
	case len(known) == 0 && ways != len(e.endpoints):
		return fmt.Errorf("it might meet %d endpoints of %d though it met none lately", ways, len(e.endpoints))
	}
	port := e.port
	port.NodePort = 0
	t.memory[acquaintance{e.service.Name, port, c.addr, met}] = t.live.Now()
	return nil
}
