package live_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// bridgeMAC is the hardware address of the bridge.
var bridgeMAC = packet.MAC{2, 0, 0, 0, 0, 0xb0}

// podPort is a port of the bridge cni0, behind which all pods have one hardware
// address.
type podPort struct {
	port  string
	mac   packet.MAC
	addrs []string
}

// podPorts says where the pods of the world are.
var podPorts = makePodPorts()

func makePodPorts() []podPort {
	ports := []podPort{{port: "port1", mac: packet.MAC{2, 0, 0, 0, 5, 0x11}}, {port: "port2", mac: packet.MAC{2, 0, 0, 0, 5, 0x12}}}
	for i := 2; i < 100; i++ {
		p := &ports[i%2]
		p.addrs = append(p.addrs, fmt.Sprintf("10.1.0.%d", i), fmt.Sprintf("2001:db8:10::%x", i))
	}
	return ports
}

// bridged makes cni0 a bridge. Rules see what crosses it.
func bridged(env kernel.Env, w *bridgeWorld) kernel.Env {
	cni0 := slices.IndexFunc(env.Interfaces, func(i kernel.Interface) bool { return i.Name == "cni0" })
	addrs := env.Interfaces[cni0].Addrs
	env.Interfaces = slices.Delete(env.Interfaces, cni0, cni0+1)
	env.Commands = []string{"ip link add cni0 type bridge", "ip link set cni0 address " + bridgeMAC.String(), "ip link set cni0 up"}
	for _, a := range addrs {
		nodad := ""
		if strings.Contains(a, ":") {
			nodad = " nodad"
		}
		env.Commands = append(env.Commands, "ip addr add "+a+" dev cni0"+nodad)
	}
	for _, port := range w.ports {
		env.Interfaces = append(env.Interfaces, kernel.Interface{Name: port.Name})
		env.Commands = append(env.Commands, "ip link set "+port.Name+" master cni0")
	}
	for _, p := range podPorts {
		env.Commands = append(env.Commands, "bridge fdb add "+p.mac.String()+" dev "+p.port+" master static")
		for _, a := range p.addrs {
			env.Commands = append(env.Commands, "ip neigh add "+a+" lladdr "+p.mac.String()+" dev cni0 nud permanent")
		}
	}
	var routes []string
	for _, r := range env.Routes {
		if strings.Contains(r, "dev cni0") {
			env.Commands = append(env.Commands, "ip route add "+r)
			continue
		}
		routes = append(routes, r)
	}
	env.Routes = routes
	env.Commands = append(env.Commands, w.commands()...)
	env.Sysctl = maps.Clone(env.Sysctl)
	if env.Sysctl == nil {
		env.Sysctl = map[string]string{}
	}
	env.Sysctl["net/bridge/bridge-nf-call-iptables"], env.Sysctl["net/bridge/bridge-nf-call-ip6tables"] = "1", "1"
	return env
}

// podsHost reads the host from the kernel.
func podsHost(t *testing.T, node *kernel.Node) host.Host {
	var texts []io.Reader
	for _, what := range []string{"ip -d -json addr", "ip -d -json route show table all", "ip -d -json -6 route show table all", "ip rule", "ip -6 rule",
		"bridge -d -json link"} {
		out, err := node.Run(strings.Fields(what)...)
		require.NoError(t, err)
		if strings.TrimSpace(out) != "" {
			texts = append(texts, strings.NewReader(out))
		}
	}
	h, err := host.Read(texts...)
	require.NoError(t, err)
	plain := oracle.Host(t, node.Env())
	h.Sysctl, h.Sockets = plain.Sysctl, plain.Sockets
	addPods(&h)
	return h
}

// podsHostOf is podsHost without a kernel to read it from.
func podsHostOf(t *testing.T, env kernel.Env, w *bridgeWorld) host.Host {
	h := oracle.Host(t, env)
	plain := oracle.Host(t, gen.Env())
	i := slices.IndexFunc(plain.Links, func(l host.Link) bool { return l.Name == "cni0" })
	h.Links = append(h.Links, host.Link{Name: "cni0", MAC: bridgeMAC, Addrs: plain.Links[i].Addrs, Bridge: w.bridge})
	for i := range h.Links {
		for _, port := range w.ports {
			if l := &h.Links[i]; l.Name == port.Name {
				l.Master, l.Port, l.Down = "cni0", port.Port, port.Down
			}
		}
	}
	addPods(&h)
	return h
}

// addPods says who is where.
func addPods(h *host.Host) {
	for i := range h.Links {
		for _, p := range podPorts {
			if p.port != h.Links[i].Name {
				continue
			}
			for _, a := range p.addrs {
				h.Links[i].Behind = append(h.Links[i].Behind, host.Neighbor{Addr: netip.MustParseAddr(a), MAC: p.mac})
			}
		}
	}
}

// bridgeSegment puts packets of the world onto the ports of the bridge.
type bridgeSegment struct {
	world *bridgeWorld
	host  *host.Host
	draw  *rand.Rand // of the case; nil unless frames are varied
}

// place lets a packet that is to come in by cni0 come in by the port of its
// sender, for the pod it is addressed to or for the bridge.
func (b bridgeSegment) place(p *kernel.Packet) {
	if p.In != "cni0" && !strings.HasPrefix(p.In, "port") {
		return
	}
	src, dst := kernelEnds(p.Wire)
	from, to := podOf(src), podOf(dst)
	if from < 0 {
		from = map[string]int{"cni0": 0, "port1": 0, "port2": 1}[p.In]
	}
	p.In, p.SrcMAC = podPorts[from].port, podPorts[from].mac[:]
	switch {
	case dst.IsMulticast():
		p.DstMAC = groupMAC(dst)
	case bytes.HasSuffix(dst.AsSlice(), []byte{255}):
		p.DstMAC = []byte{255, 255, 255, 255, 255, 255}
	case to < 0:
		p.DstMAC = bridgeMAC[:]
	default:
		p.DstMAC = podPorts[to].mac[:]
	}
	if b.draw != nil {
		b.vary(p)
	}
}

// groupMAC is the Ethernet address of a group.
func groupMAC(a netip.Addr) []byte {
	if b := a.AsSlice(); a.Is6() {
		return append([]byte{0x33, 0x33}, b[12:]...)
	} else {
		return []byte{1, 0, 0x5e, b[1] & 0x7f, b[2], b[3]}
	}
}

// podNets are the networks of the pods, with the bridge's own addresses.
var podNets = []netip.Prefix{netip.MustParsePrefix("10.1.0.1/24"), netip.MustParsePrefix("2001:db8:10::1/64")}

// nobodys reports an address of the pods' networks that no pod has.
func nobodys(a netip.Addr) bool {
	return podOf(a) < 0 && slices.ContainsFunc(podNets, func(n netip.Prefix) bool { return n.Contains(a) && n.Addr() != a })
}

// nameOutPorts names the ports by which a packet leaves where the simulator names the
// bridge, and reports whether they are known: nobody answers for addresses of the
// pods' network that no pod has.
func (b bridgeSegment) nameOutPorts(r *simulate.Result) bool {
	if r.Err != nil && (strings.Contains(r.Err.Error(), "floods") || strings.Contains(r.Err.Error(), "no telling which")) {
		return false
	}
	if first := r.Before(&r.Steps[0]); nobodys(r.Packet.Dst()) && r.Packet.Dst() != first.Dst() {
		return false
	}
	known := true
	if r.OutDev == "cni0" {
		ports := b.portsFor(r.NextHop)
		if known = len(ports) > 0; known {
			r.OutDev = ports[0]
			r.Answers = append(r.Answers, alsoBy(r.Packet, ports[1:])...)
		}
	}
	for i := range len(r.Answers) {
		if r.Answers[i].Dev != "cni0" {
			continue
		}
		ports := b.portsFor(r.Answers[i].Dst())
		if len(ports) == 0 {
			return false
		}
		r.Answers[i].Dev = ports[0]
		r.Answers = append(r.Answers, alsoBy(r.Answers[i], ports[1:])...)
	}
	return known
}

// alsoBy returns copies of a packet that leave by other ports.
func alsoBy(p netfilter.Packet, ports []string) (copies []netfilter.Packet) {
	for _, port := range ports {
		p.Dev = port
		copies = append(copies, p)
	}
	return copies
}

// portsFor returns the ports by which the bridge sends a packet of the host: that of the
// pod, or those to which it floods what is for a group.
func (b bridgeSegment) portsFor(hop netip.Addr) (ports []string) {
	i := podOf(hop)
	group := hop.IsMulticast() || bytes.HasSuffix(hop.AsSlice(), []byte{255})
	for _, l := range b.host.Links {
		up := l.Master == "cni0" && (l.Port.State == "" && !l.Down)
		if up && (group && !l.Port.ProxyARP || i >= 0 && podPorts[i].port == l.Name) {
			ports = append(ports, l.Name)
		}
	}
	return ports
}

func kernelEnds(w []byte) (src, dst netip.Addr) {
	if w[0]>>4 == 6 {
		return netip.AddrFrom16([16]byte(w[8:])), netip.AddrFrom16([16]byte(w[24:]))
	}
	return netip.AddrFrom4([4]byte(w[12:])), netip.AddrFrom4([4]byte(w[16:]))
}

// podOf returns the index of the pod that has an address, -1 for none.
func podOf(a netip.Addr) int {
	for i, p := range podPorts {
		if slices.Contains(p.addrs, a.String()) {
			return i
		}
	}
	return -1
}
