package simulate_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// provider is a ruleset of a kind of its own.
type provider struct {
	functions []netfilter.HookFunction
	err       error
}

func (p *provider) Check() error                            { return p.err }
func (p *provider) HookFunctions() []netfilter.HookFunction { return p.functions }
func (p *provider) NewState(time.Time) netfilter.State      { return &visits{} }

// visits is a memory that counts packets.
type visits struct{ n int }

func (v *visits) Clone() netfilter.State { c := *v; return &c }

// chain is a step of a provider.
type chain string

func (c chain) Kind() netfilter.StepInfoKind { return netfilter.InfoRule }
func (c chain) Table() string                { return "other" }
func (c chain) Chain() string                { return string(c) }
func (c chain) Number() int                  { return 1 }
func (c chain) Text() string                 { return "rule of " + string(c) }

// note returns a function that adds a step and ends with a verdict.
func note(name chain, v netfilter.Verdict) func(*netfilter.Context) netfilter.Verdict {
	return func(c *netfilter.Context) netfilter.Verdict {
		c.State().(*visits).n++
		n, ok := c.Engine.Step(name)
		if !ok {
			return netfilter.Drop
		}
		c.Engine.EndStep(n, name, v)
		return v
	}
}

// places returns the places of the steps that rules made at a hook.
func places(r *simulate.Result, h netfilter.Hook) (out []string) {
	for i := range r.Steps {
		if s := &r.Steps[i]; s.Hook == h && s.Place() != "" {
			out = append(out, s.Place())
		}
	}
	return out
}

// TestHookFunctionsByPriority puts functions of another kind of rulesets between
// the tables of xtables, at any priority.
func TestHookFunctionsByPriority(t *testing.T) {
	at := func(priority int32, name chain, v netfilter.Verdict) netfilter.HookFunction {
		return netfilter.HookFunction{Hook: netfilter.Forward, Priority: priority, Run: note(name, v)}
	}
	tables := rules(t, "*mangle\nCOMMIT\n*filter\nCOMMIT\n*security\nCOMMIT\n")
	p := &provider{functions: []netfilter.HookFunction{
		at(5, "five", netfilter.Accept), at(-2147483648, "first", netfilter.Accept), at(2147483647, "last", netfilter.Accept),
		at(-149, "after", netfilter.Accept), at(0, "equal", netfilter.Accept), at(0, "equal2", netfilter.Accept),
		{Family: netfilter.IPv6, Hook: netfilter.Forward, Run: note("six", netfilter.Drop)},
	}}
	node, err := simulate.New(host.Host{}, tables, p)
	require.NoError(t, err)
	r := node.Receive("eth0", packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2"))
	assert.Equal(t, simulate.Forwarded, r.Fate)
	assert.Equal(t, []string{"other:first:rule:1", "mangle:FORWARD:policy:1", "other:after:rule:1", "other:equal2:rule:1", "other:equal:rule:1",
		"filter:FORWARD:policy:1", "other:five:rule:1", "security:FORWARD:policy:1", "other:last:rule:1"}, places(r, netfilter.Forward))

	p.functions = append(p.functions, at(1, "drop", netfilter.Drop))
	node, err = simulate.New(host.Host{}, p, tables)
	require.NoError(t, err)
	r = node.Receive("eth0", packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2"))
	assert.Equal(t, simulate.Dropped, r.Fate)
	assert.Equal(t, "rule of drop", r.Explain()[len(r.Steps)-1].Text)
	assert.Equal(t, []string{"filter:FORWARD:policy:1", "other:equal2:rule:1"}, places(r, netfilter.Forward)[3:5], "what is registered last comes first")
}

// TestFirstTablesOfNodeInUse loads tables into a host that has other functions: the
// tables are registered last and come first.
func TestFirstTablesOfNodeInUse(t *testing.T) {
	p := &provider{functions: []netfilter.HookFunction{{Hook: netfilter.Forward, Run: note("equal", netfilter.Accept)}}}
	node, err := simulate.New(host.Host{}, p)
	require.NoError(t, err)
	tables := rules(t, "*filter\nCOMMIT\n")
	updated, err := node.Update(tables)
	require.NoError(t, err)
	reloaded := node.NewSession()
	require.NoError(t, reloaded.Reload(tables))
	for _, s := range []*simulate.Session{updated.NewSession(), reloaded} {
		r := s.Receive("eth0", packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2"))
		assert.Equal(t, []string{"filter:FORWARD:policy:1", "other:equal:rule:1"}, places(r, netfilter.Forward))
	}
}

// TestHookFunctionsTurnSubsystemsOn has functions of another kind set up a
// translation, which holds for the connection.
func TestHookFunctionsTurnSubsystemsOn(t *testing.T) {
	asked := 0
	p := &provider{functions: []netfilter.HookFunction{{Hook: netfilter.Prerouting, Type: netfilter.NATHook, Priority: -100, Requires: netfilter.RequireConntrack,
		Run: func(c *netfilter.Context) netfilter.Verdict {
			asked++
			return c.Engine.SetupNAT(netfilter.ManipDst, netfilter.NATRange{MinAddr: netip.MustParseAddr("10.0.0.9"), MaxAddr: netip.MustParseAddr("10.0.0.9")})
		}}}}
	node, err := simulate.New(host.Host{}, p)
	require.NoError(t, err)
	s := node.NewSession()
	for range 2 {
		r := s.Receive("eth0", packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2"))
		assert.Equal(t, netip.MustParseAddr("10.0.0.9"), r.Packet.Dst())
	}
	assert.Equal(t, 1, asked, "the first packet of a connection decides")
	back := s.Receive("eth0", packetFrom(t, "udp 10.0.0.9:2 > 192.0.2.1:1"))
	assert.Equal(t, netip.MustParseAddr("192.0.2.2"), back.Packet.Src())
}

// TestHookFunctionsReroute has a function of type route change the mark at OUTPUT.
func TestHookFunctionsReroute(t *testing.T) {
	mark := func(typ netfilter.HookType) *simulate.Result {
		p := &provider{functions: []netfilter.HookFunction{{Hook: netfilter.Output, Type: typ, Run: func(c *netfilter.Context) netfilter.Verdict {
			c.Edit().Mark = 7
			return netfilter.Accept
		}}}}
		node, err := simulate.New(host.Host{
			Links:  []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}, {Name: "eth1", Addrs: host.MustAddresses("198.51.100.1/24")}},
			Routes: host.MustRoutes("default via 192.0.2.254 dev eth0", "default via 198.51.100.254 dev eth1 table 7"),
			Rules:  host.MustPolicyRules("0: from all lookup local", "10: from all fwmark 7 lookup 7", "32766: from all lookup main"),
		}, p)
		require.NoError(t, err)
		return node.Send(packetFrom(t, "udp 192.0.2.1:1 > 203.0.113.1:2"))
	}
	assert.Equal(t, "eth0", mark(netfilter.FilterHook).OutDev)
	assert.Equal(t, "eth1", mark(netfilter.RouteHook).OutDev)
}

// TestHookFunctionStates holds that a clone of a session has its own memory.
func TestHookFunctionStates(t *testing.T) {
	var seen []int
	p := &provider{functions: []netfilter.HookFunction{{Hook: netfilter.Prerouting, Run: func(c *netfilter.Context) netfilter.Verdict {
		v := c.State().(*visits)
		v.n++
		seen = append(seen, v.n)
		return netfilter.Accept
	}}}}
	node, err := simulate.New(host.Host{}, p)
	require.NoError(t, err)
	s := node.NewSession()
	pkt := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2")
	s.Receive("eth0", pkt)
	c := s.Clone()
	c.Receive("eth0", pkt)
	s.Receive("eth0", pkt)
	node.Receive("eth0", pkt)
	assert.Equal(t, []int{1, 2, 2, 1}, seen)

	_, err = simulate.New(host.Host{}, &provider{err: errors.New("refused")})
	assert.EqualError(t, err, "refused")
}
