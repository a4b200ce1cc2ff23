package simulate_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

const bridgedHost = "link eth0 192.0.2.2/24; link br0 10.5.0.1/24; link a master br0; link b master br0; link c master br0 noflood; route default via 192.0.2.1"

// onBridge returns a node with a bridge of three ports; a neighbour is behind each of
// the ports a and b if they are known.
func onBridge(t *testing.T, known bool) *simulate.Node {
	h := host.MustParse(bridgedHost)
	if known {
		for i, port := range []int{2, 3} {
			addr := netip.AddrFrom4([4]byte{10, 5, 0, byte(11 + i)})
			h.Links[port].Behind = []host.Neighbor{{Addr: addr, MAC: packet.MAC{2, 0, 0, 0, 5, byte(11 + i)}}}
		}
	}
	h.Sysctl = map[string]string{"net.bridge.bridge-nf-call-iptables": "1", "net.ipv4.ip_forward": "1"}
	rules, err := parser.ParseString("*filter\n:FORWARD DROP\n-A FORWARD -p udp -j ACCEPT\nCOMMIT\n")
	require.NoError(t, err)
	n, err := simulate.New(h, rules)
	require.NoError(t, err)
	return n
}

// TestBridgedByName gives the bridged path where the bridge, or a port, is named and no
// Ethernet addresses are.
func TestBridgedByName(t *testing.T) {
	n := onBridge(t, true)
	for _, text := range []string{"br0: udp 10.5.0.11:1 > 10.5.0.12:2", "a: udp 10.5.0.11:1 > 10.5.0.12:2"} {
		dev, p := parsePacket(t, text)
		r := n.Receive(dev, p)
		assert.Equal(t, simulate.Forwarded, r.Fate, "%+v", r)
		assert.Equal(t, "b", r.OutDev)
		assert.EqualValues(t, 64, r.Packet.TTL(), "it is bridged, not routed")
		assert.Empty(t, r.Assumptions)
	}
	dev, p := parsePacket(t, "br0: udp 10.5.0.11:1 > 198.51.100.9:2")
	r := n.Receive(dev, p)
	assert.Equal(t, "eth0", r.OutDev, "%+v", r)
	assert.EqualValues(t, 63, r.Packet.TTL())
}

// TestBridgeGuesses names what is not known of who is where.
func TestBridgeGuesses(t *testing.T) {
	n := onBridge(t, false)
	for _, c := range []struct{ packet, fate, assumed string }{
		{"a: udp 10.5.0.11:1 > 10.5.0.12:2", "forwarded", "nobody is known to be behind the ports of the bridge whom the packet is for, so that the only other port gets it"},
		{"c: udp 10.5.0.11:1 > 10.5.0.12:2", "forwarded", "nobody is known to be behind a port of the bridge whom the packet is for, so that the bridge floods it"},
		{"a: udp 10.5.0.11:1 > 239.1.2.3:2", "no route", "nobody asks on the bridge for members of groups, so that it floods what is for a group"},
		{"br0: udp 10.5.0.11:1 > 10.5.0.255:2", "delivered", "the packet may have come in by any port of the bridge, so that the copies for the other ports are left out: name the port"},
	} {
		dev, p := parsePacket(t, c.packet)
		r := n.Receive(dev, p)
		assert.Equal(t, c.fate, r.Fate.String(), "%+v", r)
		var facts []string
		for _, a := range r.Assumptions {
			facts = append(facts, a.String())
		}
		assert.Contains(t, facts, c.assumed, c.packet)
	}
	dev, p := parsePacket(t, "br0: udp 10.5.0.11:1 > 10.5.0.12:2")
	assert.ErrorContains(t, n.Receive(dev, p).Err, "no telling by which of 3 ports it comes in: name the port instead of the bridge")
}

// TestBridgeLearns passes the answer to the port by which the question came in.
func TestBridgeLearns(t *testing.T) {
	s := onBridge(t, false).NewSession()
	dev, p := parsePacket(t, "c: udp 10.5.0.11:1 > 10.5.0.12:2")
	assert.Len(t, s.Receive(dev, p).Answers, 1, "it is flooded")
	dev, p = parsePacket(t, "a: udp 10.5.0.12:2 > 10.5.0.11:1")
	r := s.Receive(dev, p)
	assert.Equal(t, "c", r.OutDev, "%+v", r)
	assert.Empty(t, r.Assumptions)
	s.Advance(ageing)
	r = s.Receive(dev, p)
	assert.Equal(t, "b", r.OutDev, "%+v", r)
}

// ageing is how long a bridge remembers a neighbour.
const ageing = 300e9

// TestFloodedCopies shows the copies of a packet that a bridge floods, in text and JSON.
func TestFloodedCopies(t *testing.T) {
	n := onBridge(t, true)
	dev, p := parsePacket(t, "a: udp 10.5.0.11:1 > 10.5.0.255:2")
	r := n.Receive(dev, p)
	assert.Equal(t, simulate.Delivered, r.Fate)
	require.Len(t, r.Answers, 2)
	assert.Equal(t, "c", r.Answers[0].Dev, "the port added last is the first")
	assert.Equal(t, "b", r.Answers[1].Dev)
	text := fmt.Sprintf("%+v", r)
	assert.Contains(t, text, "the bridge floods the packet to c, b")
	assert.Contains(t, text, "a copy: forwarded by b")
	b, err := json.Marshal(r)
	require.NoError(t, err)
	var j struct {
		Copies []struct{ Fate, OutDev string }
	}
	require.NoError(t, json.Unmarshal(b, &j))
	assert.Equal(t, []struct{ Fate, OutDev string }{{"forwarded", "c"}, {"forwarded", "b"}}, j.Copies)
}

// TestPortRefuses says why a port does not take or pass a packet.
// TestForwardingByAttachedRoute translates a bridged IPv6 packet to an address behind another
// link. The bridge delivers it with its route attached, so that the setting of the output
// link counts and not that of the bridge.
func TestForwardingByAttachedRoute(t *testing.T) {
	h := host.MustParse("link cni0 2001:db8:10::1/64; link port1 master cni0; link port2 master cni0; link docker0 2001:db8:11::1/64")
	rs, err := parser.ParseString("*nat\n-A PREROUTING -d 2001:db8:10::9 -j DNAT --to-destination 2001:db8:11::16\nCOMMIT\n", parser.Family(netfilter.IPv6))
	require.NoError(t, err)
	for setting, want := range map[string]simulate.Fate{"docker0": simulate.Forwarded, "cni0": simulate.NoRoute} {
		h.Sysctl = map[string]string{"net.ipv6.conf.all.forwarding": "0", "net.ipv6.conf." + setting + ".force_forwarding": "1", "net.bridge.bridge-nf-call-ip6tables": "1"}
		node, err := simulate.New(h, rs)
		require.NoError(t, err)
		assert.Equal(t, want, node.Receive("port1", packetFrom(t, "tcp [2001:db8:10::5]:1 > [2001:db8:10::9]:80")).Fate, setting)
	}
}

func TestPortRefuses(t *testing.T) {
	for _, c := range []struct{ links, packet, why string }{
		{"link a master br0; link b master br0 down", "b: udp 10.5.0.11:1 > 10.5.0.1:2", "the port b of the bridge is disabled"},
		{"link a master br0 locked; link b master br0", "a: udp 10.5.0.11:1 > 10.5.0.1:2", "the port a is locked, and the sender is not known to be behind it"},
		{"link a master br0 isolated; link b master br0 isolated", "a: udp 10.5.0.11:1 > 10.5.0.12:2", "the bridge br0 floods the packet, and no port other than a takes it"},
		{"link a master br0; link b master br0", "a: udp 10.5.0.11:1 > 10.5.0.1:2 smac 03:00:00:00:00:01", "the Ethernet address of the sender is that of a group: 03:00:00:00:00:01"},
		{"link a master br0; link b master br0 mac 02:00:00:00:00:0b", "a: udp 10.5.0.11:1 > 10.5.0.1:2 dmac 02:00:00:00:00:0b", "the frame is for the Ethernet address of another port of the bridge"},
	} {
		n, err := simulate.New(host.MustParse("link br0 10.5.0.1/24; " + c.links))
		require.NoError(t, err)
		dev, p := parsePacket(t, c.packet)
		assert.Contains(t, n.Receive(dev, p).By.Detail(), c.why, c.packet)
	}
}
