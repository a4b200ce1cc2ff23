package live_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// bridgeWorld is the bridge cni0 of a world. The pods are behind the first two ports.
type bridgeWorld struct {
	bridge host.Bridge
	ports  []host.Link // with name, port settings and whether it is down
	// varied has frames drawn that are not as their packets let expect, on a bridge that
	// learns.
	varied bool
}

// onTwoPorts is a bridge of pods, one port of which is in hairpin mode.
func onTwoPorts() *bridgeWorld {
	return &bridgeWorld{host.Bridge{NoMcastSnooping: true}, []host.Link{{Name: "port1", Port: host.BridgePort{Hairpin: true}}, {Name: "port2"}}, false}
}

// onFourPorts is a bridge that has a port of each kind besides those of the pods, and
// that looks for members of groups.
func onFourPorts() *bridgeWorld {
	return &bridgeWorld{ports: []host.Link{{Name: "port1"}, {Name: "port2", Port: host.BridgePort{Isolated: true, NoLearning: true}},
		{Name: "port3", Port: host.BridgePort{Isolated: true, Hairpin: true}}, {Name: "port4", Port: host.BridgePort{NoFlood: true, Locked: true}}}}
}

// portSetting is a setting of a port: the words for "bridge link set", and how often a
// drawn port has it.
type portSetting struct {
	words string
	odds  float64
	of    func(*host.BridgePort) *bool
}

var portSettings = []portSetting{
	{"hairpin on", .3, func(p *host.BridgePort) *bool { return &p.Hairpin }},
	{"isolated on", .3, func(p *host.BridgePort) *bool { return &p.Isolated }},
	{"learning off", .2, func(p *host.BridgePort) *bool { return &p.NoLearning }},
	{"flood off", .2, func(p *host.BridgePort) *bool { return &p.NoFlood }},
	{"mcast_flood off", .2, func(p *host.BridgePort) *bool { return &p.NoMcastFlood }},
	{"bcast_flood off", .2, func(p *host.BridgePort) *bool { return &p.NoBcastFlood }},
	{"locked on", .1, func(p *host.BridgePort) *bool { return &p.Locked }},
	{"neigh_suppress on", .1, func(p *host.BridgePort) *bool { return &p.NeighSuppress }},
}

// commands returns what sets the bridge up.
func (w *bridgeWorld) commands() (list []string) {
	for _, o := range []struct {
		on    bool
		words string
	}{{w.bridge.NoMcastSnooping, "mcast_snooping 0"}, {w.bridge.CallIPTables, "nf_call_iptables 1"}, {w.bridge.CallIP6Tables, "nf_call_ip6tables 1"}} {
		if o.on {
			list = append(list, "ip link set cni0 type bridge "+o.words)
		}
	}
	for i := range w.ports {
		l := &w.ports[i]
		for _, s := range portSettings {
			if *s.of(&l.Port) {
				list = append(list, "bridge link set dev "+l.Name+" "+s.words)
			}
		}
		if l.Port.ProxyARP {
			list = append(list, "ip link set "+l.Name+" type bridge_slave proxy_arp on")
		}
		if l.Down {
			list = append(list, "ip link set "+l.Name+" down")
		}
	}
	return list
}

// drawBridge draws a bridge of four ports.
func drawBridge(r *rand.Rand) *bridgeWorld {
	w := &bridgeWorld{bridge: host.Bridge{NoMcastSnooping: r.Float64() < .4, CallIPTables: r.Float64() < .2, CallIP6Tables: r.Float64() < .2}, varied: true}
	for i := range 4 {
		l := host.Link{Name: fmt.Sprintf("port%d", i+1)}
		for _, s := range portSettings {
			*s.of(&l.Port) = r.Float64() < s.odds
		}
		l.Port.ProxyARP = r.Float64() < .1
		l.Down = i > 1 && r.Float64() < .2 // not state 0: the kernel enables such a port when it sees the carrier
		w.ports = append(w.ports, l)
	}
	return w
}

// drawnBridgeEnv draws a host whose cni0 is a bridge with drawn settings.
func drawnBridgeEnv(seed uint64) (kernel.Env, *bridgeWorld) {
	r := rand.New(rand.NewPCG(seed, 1))
	base := gen.Env()
	if r.Float64() < .5 {
		base = gen.DrawEnv(seed)
	}
	w := drawBridge(r)
	env := bridged(base, w)
	for _, table := range []string{"iptables", "ip6tables"} {
		if r.Float64() < .3 {
			env.Sysctl["net/bridge/bridge-nf-call-"+table] = "0"
		}
	}
	return env, w
}

// up returns the ports that frames can be put on.
func (w *bridgeWorld) up() []host.Link {
	return slices.DeleteFunc(slices.Clone(w.ports), func(l host.Link) bool { return l.Down })
}

// unknownMACs are stations that the bridge learns.
var unknownMACs = []packet.MAC{{2, 0, 0, 0, 7, 1}, {2, 0, 0, 0, 7, 2}, {2, 0, 0, 0, 7, 3}}

// begin makes the bridge forget what it learned in the case before. It does not set
// fdb_flush on the ports: for each one changed, the kernel repeats its multicast listener
// reports, which use up limits and quotas of the rules (net/ipv6/addrconf.c,
// addrconf_notify).
func (b *bridgeSegment) begin(t *testing.T, node *kernel.Node, seed uint64) {
	if !b.world.varied {
		return
	}
	b.draw = rand.New(rand.NewPCG(seed, 2))
	_, err := node.Run("bridge", "fdb", "flush", "dev", "cni0", "nopermanent", "nostatic")
	require.NoError(t, err)
}

// vary draws another sender or receiver of a frame: a station that the bridge has to
// learn, all stations, a group, or another port of the bridge.
func (b bridgeSegment) vary(p *kernel.Packet) {
	r, ports := b.draw, b.world.up()
	if r.Float64() < .2 {
		p.In, p.SrcMAC = ports[r.IntN(len(ports))].Name, unknownMACs[r.IntN(len(unknownMACs))][:]
	}
	switch x := r.Float64(); {
	case x < .15:
		p.DstMAC = unknownMACs[r.IntN(len(unknownMACs))][:]
	case x < .18:
		p.DstMAC = []byte{255, 255, 255, 255, 255, 255}
	case x < .20:
		p.DstMAC = []byte{1, 0, 0x5e, 1, 2, 3}
	case x < .22:
		name := ports[r.IntN(len(ports))].Name
		i := slices.IndexFunc(b.host.Links, func(l host.Link) bool { return l.Name == name })
		mac := b.host.Links[i].MAC
		p.DstMAC = mac[:]
	}
}
