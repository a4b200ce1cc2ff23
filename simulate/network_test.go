package simulate_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// cluster is the world of the scenario clusterip-snat: a client somewhere, a
// gateway, two nodes, and a pod on the first of them that serves port 8080.
func cluster(t *testing.T, rulesFile string) *simulate.Network {
	const dir = "../testdata/scenarios/clusterip-snat"
	node2, err := host.ReadFiles(filepath.Join(dir, "addr.json"), filepath.Join(dir, "route.json"), filepath.Join(dir, "rule.json"))
	require.NoError(t, err)
	rs, err := parser.ParseFile(filepath.Join(dir, rulesFile))
	require.NoError(t, err)
	w := simulate.NewNetwork()
	add := func(name string, h host.Host, rs ...netfilter.Rules) {
		n, err := simulate.New(h, rs...)
		require.NoError(t, err)
		w.Add(name, n.NewSession())
	}
	plain := func(routes []host.Route, links ...host.Link) host.Host {
		return host.Host{Links: links, Routes: routes}
	}
	link := func(name string, addrs ...string) host.Link {
		return host.Link{Name: name, Addrs: host.MustAddresses(addrs...)}
	}
	add("client", plain(host.MustRoutes("default via 203.0.113.1 dev eth0"), link("eth0", "203.0.113.50/24")))
	add("gateway", plain(host.MustRoutes("10.233.68.0/24 via 192.168.10.11 dev eth0", "10.233.69.0/24 via 192.168.10.12 dev eth0"),
		link("eth0", "192.168.10.1/24"), link("eth1", "203.0.113.1/24")))
	add("node1", plain(host.MustRoutes("default via 192.168.10.1 dev eth0", "10.233.69.0/24 via 192.168.10.12 dev eth0"),
		link("eth0", "192.168.10.11/24"), link("cni0", "10.233.68.1/24")), rs)
	add("node2", node2, rs)
	pod := plain(host.MustRoutes("default via 10.233.68.1 dev eth0"), link("eth0", "10.233.68.41/24"))
	pod.Sockets = []host.Socket{{Proto: packet.ProtoTCP, Port: 8080}}
	add("pod", pod)
	pod2 := plain(host.MustRoutes("default via 10.233.69.1 dev eth0"), link("eth0", "10.233.69.20/24"))
	add("pod2", pod2)
	w.Join("client:eth0", "gateway:eth1")
	w.Join("gateway:eth0", "node1:eth0", "node2:eth0")
	w.Join("node1:cni0", "pod:eth0")
	w.Join("node2:cni0", "pod2:eth0")
	require.NoError(t, w.Err())
	return w
}

// wayOf names the hosts that a journey touches, and what was said there.
func wayOf(j *simulate.Journey) []string {
	var out []string
	for _, h := range j.Hops {
		p := h.Result.Packet
		out = append(out, h.Host+" "+h.Result.Fate.String()+" "+netip.AddrPortFrom(p.Src(), p.SrcPort()).String()+
			" > "+netip.AddrPortFrom(p.Dst(), p.DstPort()).String()+" "+p.TCPFlags().String())
	}
	return out
}

// TestNodePortNeedsSNAT is the question why a NodePort masquerades: the client
// asks node2, the pod runs on node1. With SNAT the pod answers node2, and the
// connection stands; without it the pod answers the client, who never asked it.
func TestNodePortNeedsSNAT(t *testing.T) {
	from, to := netip.MustParseAddrPort("203.0.113.50:40012"), netip.MustParseAddrPort("192.168.10.12:30375")

	with := cluster(t, "rules.v4").Connect("client", from, to, packet.Socket{})
	require.NoError(t, with.Err)
	assert.Equal(t, []string{
		"client sent 203.0.113.50:40012 > 192.168.10.12:30375 syn",
		"gateway forwarded 203.0.113.50:40012 > 192.168.10.12:30375 syn",
		"node2 forwarded 192.168.10.12:40012 > 10.233.68.41:8080 syn",
		"node1 forwarded 192.168.10.12:40012 > 10.233.68.41:8080 syn",
		"pod delivered 192.168.10.12:40012 > 10.233.68.41:8080 syn",
		"pod sent 10.233.68.41:8080 > 192.168.10.12:40012 syn,ack",
		"node1 forwarded 10.233.68.41:8080 > 192.168.10.12:40012 syn,ack",
		"node2 forwarded 192.168.10.12:30375 > 203.0.113.50:40012 syn,ack",
		"gateway forwarded 192.168.10.12:30375 > 203.0.113.50:40012 syn,ack",
		"client delivered 192.168.10.12:30375 > 203.0.113.50:40012 syn,ack",
		"client sent 203.0.113.50:40012 > 192.168.10.12:30375 ack",
		"gateway forwarded 203.0.113.50:40012 > 192.168.10.12:30375 ack",
		"node2 forwarded 192.168.10.12:40012 > 10.233.68.41:8080 ack",
		"node1 forwarded 192.168.10.12:40012 > 10.233.68.41:8080 ack",
		"pod delivered 192.168.10.12:40012 > 10.233.68.41:8080 ack",
	}, wayOf(with))
	assert.Equal(t, "pod", with.End().Host)
	assert.EqualValues(t, 61, with.End().Result.Packet.TTL(), "three routers on the way")

	without := cluster(t, "unmasked.v4").Connect("client", from, to, packet.Socket{})
	require.NoError(t, without.Err)
	got := wayOf(without)
	assert.Contains(t, got, "client delivered 10.233.68.41:8080 > 203.0.113.50:40012 syn,ack", "the reply of a host that no connection is open with")
	assert.Contains(t, got, "client sent 203.0.113.50:40012 > 10.233.68.41:8080 rst", "who is told so")
	assert.NotContains(t, got, "client sent 203.0.113.50:40012 > 192.168.10.12:30375 ack")
	assert.False(t, slices.ContainsFunc(got, func(s string) bool {
		return strings.HasPrefix(s, "client delivered 192.168.10.12")
	}), "the address asked never answers")
}

// TestPodToPod follows a packet between pods on two nodes, with one trace.
func TestPodToPod(t *testing.T) {
	w := cluster(t, "rules.v4")
	j := w.Connect("pod2", netip.MustParseAddrPort("10.233.69.20:33000"), netip.MustParseAddrPort("10.233.58.157:8080"), packet.Socket{})
	require.NoError(t, j.Err)
	assert.Equal(t, "pod", j.End().Host)
	last := j.Hops[len(j.Hops)-1]
	assert.Equal(t, "pod delivered 10.233.69.20:33000 > 10.233.68.41:8080 ack", wayOf(j)[len(j.Hops)-1], "%v", j)
	assert.Equal(t, "pod", last.Host)
	hosts := map[string]bool{}
	for _, line := range j.Trace() {
		host, _, _ := strings.Cut(line, ": ")
		hosts[host] = true
	}
	assert.Equal(t, map[string]bool{"node1": true, "node2": true}, hosts, "those whose rules trace")
}

// TestNetworkLosses tells of packets that reach nobody.
func TestNetworkLosses(t *testing.T) {
	w := cluster(t, "rules.v4")
	j := w.Send("client", packetFrom(t, "udp 203.0.113.50:1 > 203.0.113.77:53"))
	assert.Equal(t, "nobody answers for 203.0.113.77 on client:eth0", j.End().Lost)
	j = w.Send("client", packetFrom(t, "udp 203.0.113.50:1 > 203.0.113.255:53 broadcast"))
	assert.Equal(t, "gateway delivered 203.0.113.50:1 > 203.0.113.255:53 none", wayOf(j)[1], "everybody hears it")
	j = w.Send("client", packetFrom(t, "udp 203.0.113.50:1 > 10.233.68.41:9 ttl 2"))
	assert.Equal(t, simulate.Expired, j.End().Result.Fate)
	assert.Contains(t, j.String(), "type 11", "the client is told")
	assert.Error(t, w.Send("nobody", packetFrom(t, "udp 10.0.0.1:1 > 10.0.0.2:1")).Err)
	w.Join("client:eth9")
	assert.ErrorContains(t, w.Err(), `link "client:eth9": the host has no link "eth9"`)
}

// TestSockets lets a host answer for what listens on it.
func TestSockets(t *testing.T) {
	h := router()
	h.Sockets = []host.Socket{
		{Proto: packet.ProtoTCP, Port: 80},
		{Proto: packet.ProtoUDP, Addr: netip.MustParseAddr("10.0.0.1"), Port: 53},
	}
	n, err := simulate.New(h)
	require.NoError(t, err)
	s := n.NewSession()
	for _, c := range []struct{ packet, answer string }{
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 ack seq 6", "tcp 10.0.0.1:80 > 10.0.0.5:1000 rst"},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 syn seq 6", "tcp 10.0.0.1:80 > 10.0.0.5:1000 syn,ack seq 2000000000 ackno 7"},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 syn seq 6", "tcp 10.0.0.1:80 > 10.0.0.5:1000 syn,ack seq 2000000000 ackno 7"},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 ack seq 7 ackno 2000000001", ""},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 psh,ack seq 7 ackno 2000000001 len 3", "tcp 10.0.0.1:80 > 10.0.0.5:1000 ack seq 2000000001 ackno 10"},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 fin,ack seq 10 ackno 2000000001", "tcp 10.0.0.1:80 > 10.0.0.5:1000 fin,ack seq 2000000001 ackno 11"},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 ack seq 11 ackno 2000000002", ""},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:80 ack seq 11 ackno 2000000002", "tcp 10.0.0.1:80 > 10.0.0.5:1000 rst seq 2000000002"},
		{"tcp 10.0.0.5:1000 > 10.0.0.1:81 syn seq 6", "tcp 10.0.0.1:81 > 10.0.0.5:1000 rst,ack ackno 7"},
		{"tcp [2001:db8:10::5]:1000 > [2001:db8:10::1]:80 syn seq 6", "tcp [2001:db8:10::1]:80 > [2001:db8:10::5]:1000 syn,ack seq 2000000000 ackno 7"},
		{"udp 10.0.0.5:1000 > 10.0.0.1:53 len 3", ""},
		{"udp 10.0.0.5:1000 > 192.0.2.2:53 len 3", "icmp 192.0.2.2 > 10.0.0.5 type 3 code 3"},
	} {
		r := s.Receive("eth1", packetFrom(t, c.packet))
		require.Equal(t, simulate.Delivered, r.Fate, "%+v", r)
		got := ""
		for _, a := range r.Answers {
			a.Socket = nil
			got += a.String()
		}
		assert.True(t, strings.HasPrefix(got, c.answer) && (c.answer == "") == (got == ""), "%s\nanswer: %s\nwant:   %s", c.packet, got, c.answer)
	}
	_, err = simulate.New(host.Host{Sockets: []host.Socket{{Proto: 1, Port: 3}}})
	assert.EqualError(t, err, "host: socket of protocol 1: only TCP, UDP and UDP-Lite have sockets here")
}

// TestBridgedPods lets pods of one node speak through its bridge: at once, and
// through a service that the node translates to a pod next door.
func TestBridgedPods(t *testing.T) {
	w := simulate.NewNetwork()
	add := func(name string, h host.Host, rs ...netfilter.Rules) {
		n, err := simulate.New(h, rs...)
		require.NoError(t, err)
		w.Add(name, n.NewSession())
	}
	add("node", host.Host{Links: []host.Link{{Name: "cni0", Addrs: host.MustAddresses("10.5.0.1/24")},
		{Name: "veth1", Master: "cni0"}, {Name: "veth2", Master: "cni0"}}},
		rules(t, "*nat\n-A PREROUTING -d 10.96.0.1/32 -p tcp -j DNAT --to-destination 10.5.0.12:8080\nCOMMIT\n*filter\nCOMMIT\n"))
	for i, name := range []string{"pod1", "pod2"} {
		add(name, host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses([]string{"10.5.0.11/24", "10.5.0.12/24"}[i])}},
			Routes: host.MustRoutes("default via 10.5.0.1 dev eth0"), Sockets: []host.Socket{{Proto: packet.ProtoTCP, Port: 8080}}})
		w.Join("node:veth"+string(rune('1'+i)), name+":eth0")
	}
	require.NoError(t, w.Err())
	from := netip.MustParseAddrPort("10.5.0.11:4000")
	for _, to := range []string{"10.5.0.12:8080", "10.96.0.1:80"} {
		j := w.Clone().Connect("pod1", from, netip.MustParseAddrPort(to), packet.Socket{})
		require.NoError(t, j.Err)
		assert.Equal(t, []string{
			"pod1 sent 10.5.0.11:4000 > " + to + " syn",
			"node forwarded 10.5.0.11:4000 > 10.5.0.12:8080 syn",
			"pod2 delivered 10.5.0.11:4000 > 10.5.0.12:8080 syn",
			"pod2 sent 10.5.0.12:8080 > 10.5.0.11:4000 syn,ack",
			"node forwarded " + to + " > 10.5.0.11:4000 syn,ack",
			"pod1 delivered " + to + " > 10.5.0.11:4000 syn,ack",
			"pod1 sent 10.5.0.11:4000 > " + to + " ack",
			"node forwarded 10.5.0.11:4000 > 10.5.0.12:8080 ack",
			"pod2 delivered 10.5.0.11:4000 > 10.5.0.12:8080 ack",
		}, wayOf(j), "%v", j)
		assert.EqualValues(t, 64, j.End().Result.Packet.TTL(), "bridges leave the time to live alone")
	}
	ping := w.Send("node", packetFrom(t, "icmp 10.5.0.1 > 10.5.0.12 echo-request"))
	assert.Equal(t, "pod2", ping.Hops[1].Host, "%v", ping)
	assert.Equal(t, simulate.Delivered, ping.Hops[len(ping.Hops)-1].Result.Fate)
}

// TestMeshOfBridges joins every bridge with every other one: the search for a
// neighbour whom nobody knows looks behind each once.
func TestMeshOfBridges(t *testing.T) {
	const n = 12
	w := simulate.NewNetwork()
	add := func(name, text string) {
		node, err := simulate.New(host.MustParse(text))
		require.NoError(t, err)
		w.Add(name, node.NewSession())
	}
	add("asker", "link eth0 10.5.0.1/24")
	for i := range n {
		text := "link br0; link edge master br0"
		for j := range n {
			if i != j {
				text += fmt.Sprintf("; link to%d master br0", j)
			}
		}
		add(fmt.Sprint("bridge", i), text)
	}
	w.Join("asker:eth0", "bridge0:edge")
	for i := range n {
		for j := range i {
			w.Join(fmt.Sprintf("bridge%d:to%d", i, j), fmt.Sprintf("bridge%d:to%d", j, i))
		}
	}
	require.NoError(t, w.Err())
	_, p := parser.MustPacket("udp 10.5.0.1:1 > 10.5.0.99:2")
	j := w.Send("asker", p)
	assert.Len(t, j.Hops, 1, "%v", j)
}
