package live_test

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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

// hairpinPort is the port of the bridge that is in hairpin mode.
const hairpinPort = "port1"

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

// podsEnv is the usual host, but cni0 is a bridge with two ports. Rules see what
// crosses it.
func podsEnv() kernel.Env {
	env := gen.Env()
	cni0 := slices.IndexFunc(env.Interfaces, func(i kernel.Interface) bool { return i.Name == "cni0" })
	addrs := env.Interfaces[cni0].Addrs
	env.Interfaces = append(slices.Delete(env.Interfaces, cni0, cni0+1), kernel.Interface{Name: "port1"}, kernel.Interface{Name: "port2"})
	env.Commands = []string{"ip link add cni0 type bridge mcast_snooping 0", "ip link set cni0 address " + bridgeMAC.String(), "ip link set cni0 up"}
	for _, a := range addrs {
		nodad := ""
		if strings.Contains(a, ":") {
			nodad = " nodad"
		}
		env.Commands = append(env.Commands, "ip addr add "+a+" dev cni0"+nodad)
	}
	for _, p := range podPorts {
		env.Commands = append(env.Commands, "ip link set "+p.port+" master cni0", "bridge fdb add "+p.mac.String()+" dev "+p.port+" master static")
		for _, a := range p.addrs {
			env.Commands = append(env.Commands, "ip neigh add "+a+" lladdr "+p.mac.String()+" dev cni0 nud permanent")
		}
	}
	env.Commands = append(env.Commands, "bridge link set dev "+hairpinPort+" hairpin on")
	env.Commands = append(env.Commands, "sysctl -q -w net.bridge.bridge-nf-call-iptables=1", "sysctl -q -w net.bridge.bridge-nf-call-ip6tables=1")
	return env
}

// podsHost reads the host from the kernel.
func podsHost(t *testing.T, node *kernel.Node) host.Host {
	var texts []io.Reader
	for _, what := range []string{"addr", "route show table all", "-6 route show table all"} {
		out, err := node.Run(strings.Fields("ip -d -json " + what)...)
		require.NoError(t, err)
		texts = append(texts, strings.NewReader(out))
	}
	h, err := host.Read(texts...)
	require.NoError(t, err)
	plain := oracle.Host(t, gen.Env())
	h.Sysctl, h.Sockets = plain.Sysctl, plain.Sockets
	addPods(&h)
	return h
}

// podsHostOf is podsHost without a kernel to read it from.
func podsHostOf(t *testing.T) host.Host {
	h := oracle.Host(t, podsEnv())
	plain := oracle.Host(t, gen.Env())
	i := slices.IndexFunc(plain.Links, func(l host.Link) bool { return l.Name == "cni0" })
	h.Links = append(h.Links, host.Link{Name: "cni0", MAC: bridgeMAC, Addrs: plain.Links[i].Addrs})
	for i := range h.Links {
		if l := &h.Links[i]; l.Name == "port1" || l.Name == "port2" {
			l.Master, l.Hairpin = "cni0", l.Name == hairpinPort
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
type bridgeSegment struct{}

// place lets a packet that is to come in by cni0 come in by the port of its
// sender, for the pod it is addressed to or for the bridge. It reports whether the
// packet is of those that are compared: what the bridge floods is not.
func (bridgeSegment) place(p *kernel.Packet) bool {
	if p.In != "cni0" && p.In != "port1" && p.In != "port2" {
		return true
	}
	src, dst := kernelEnds(p.Wire)
	from, to := podOf(src), podOf(dst)
	if from < 0 {
		from = map[string]int{"cni0": 0, "port1": 0, "port2": 1}[p.In]
	}
	p.In, p.SrcMAC = podPorts[from].port, podPorts[from].mac[:]
	switch {
	case dst.IsMulticast() || bytes.HasSuffix(dst.AsSlice(), []byte{255}):
		return false
	case to < 0:
		p.DstMAC = bridgeMAC[:]
	default:
		p.DstMAC = podPorts[to].mac[:]
	}
	return true
}

// podNets are the networks of the pods, with the bridge's own addresses.
var podNets = []netip.Prefix{netip.MustParsePrefix("10.1.0.1/24"), netip.MustParsePrefix("2001:db8:10::1/64")}

// nobodys reports an address of the pods' networks that no pod has.
func nobodys(a netip.Addr) bool {
	return podOf(a) < 0 && slices.ContainsFunc(podNets, func(n netip.Prefix) bool { return n.Contains(a) && n.Addr() != a })
}

// settle names the port by which a packet leaves where the simulator names the
// bridge, and reports whether it is known: nobody answers for addresses of the
// pods' network that no pod has, and what the bridge floods is not compared.
func (bridgeSegment) settle(r *simulate.Result) bool {
	if r.Err != nil && strings.Contains(r.Err.Error(), "floods") {
		return false
	}
	name := func(dev *string, dst netip.Addr) bool {
		i := podOf(dst)
		if i >= 0 && *dev == "cni0" {
			*dev = podPorts[i].port
		}
		return i >= 0 || *dev != "cni0" && !nobodys(dst)
	}
	known := name(&r.OutDev, r.NextHop) && !nobodys(r.Packet.Dst())
	for i := range r.Answers {
		known = name(&r.Answers[i].Dev, r.Answers[i].Dst()) && known
	}
	return known
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
