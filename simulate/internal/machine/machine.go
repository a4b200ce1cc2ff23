// Package machine compiles the description of a host to the links, routing tables and
// settings that packets meet.
package machine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/bridge"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

// Machine is a validated host. It is immutable and safe for concurrent use. Create one
// with New.
type Machine struct {
	Links    []*Link // in the order of the description; lo is first if that lacks it
	FIB      *fib.FIB
	Sysctl   sysctl.Settings
	Queues   map[uint16]bool // the queues of NFQUEUE that a program reads
	Sockets  []host.Socket   // nil if the description does not list them
	Sets     *ipset.Sets
	Unknowns Unknowns
	Bridges  map[string]*bridge.Bridge // by name

	byName  map[string]*Link
	byIndex map[int]*Link
	anyLink *Link // stands for links of any name; nil on hosts with a list of links
}

// New validates a description and compiles it.
func New(h host.Host) (*Machine, error) {
	m := &Machine{byName: map[string]*Link{}, byIndex: map[int]*Link{}, Unknowns: unknownsOf(&h), Queues: make(map[uint16]bool, len(h.Queues))}
	var err error
	if m.Sysctl, err = sysctl.Read(h.Sysctl); err != nil {
		return nil, err
	}
	for _, q := range h.Queues {
		m.Queues[q] = true
	}
	m.Sockets = slices.Clone(h.Sockets)
	for i := range m.Sockets {
		if err := m.Sockets[i].Check(); err != nil {
			return nil, err
		}
	}
	if err := m.addLinks(h.Links); err != nil {
		return nil, err
	}
	if err := m.checkPorts(); err != nil {
		return nil, err
	}
	m.addBridges()
	if err := m.checkConf(); err != nil {
		return nil, err
	}
	if err := m.addRouting(h.Routes, h.Rules); err != nil {
		return nil, err
	}
	m.Sets, err = ipset.NewSets(h.Sets)
	return m, err
}

// checkConf rejects settings of links that the host does not have.
func (m *Machine) checkConf() error {
	for _, name := range slices.Sorted(maps.Keys(m.Sysctl.Conf)) {
		if name != "all" && name != "default" && m.byName[name] == nil {
			return fmt.Errorf("sysctl conf.%s: the host has no link %q", name, name)
		}
	}
	return nil
}
