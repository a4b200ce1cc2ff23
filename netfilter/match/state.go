package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// State matches the connection tracking state of the packet. It is the older
// form of conntrack's --ctstate (net/netfilter/xt_conntrack.c, conntrack_mt).
// The zero value matches nothing.
type State struct {
	States ConnStates
	Invert bool
}

// stateNames are the states that this match supports.
var stateNames = connStates[:5]

var stateDefinition = netfilter.Definition{
	Name:     "state",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &State{} },
	Options: []netfilter.OptionDef{
		{Name: "state", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*State).setStates)},
	},
}

func (m *State) setStates(v *netfilter.Value) (err error) {
	m.Invert = v.Invert
	m.States, err = opt.PrefixSet[ConnStates](stateNames, v.Arg())
	return err
}

// Definition returns the extension's definition.
func (m *State) Definition() *netfilter.Definition { return &stateDefinition }

// Name returns "state".
func (m *State) Name() string { return "state" }

// AppendOptions appends "[!] --state list".
func (m *State) AppendOptions(b []byte) []byte {
	return opt.AppendSet(append(opt.AppendOption(b, "state", m.Invert), ' '), stateNames, m.States)
}

// Requires implements netfilter.Requirer: connection tracking.
func (m *State) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Bound implements netfilter.Bounded: bounds cannot express the state.
func (m *State) Bound(netfilter.Bounds) bool { return true }

// Match compares the state.
func (m *State) Match(c *netfilter.Context) bool { return (stateOf(c)&m.States != 0) != m.Invert }

// Observe returns the state.
func (m *State) Observe(c *netfilter.Context) string { return observeState(c) }
