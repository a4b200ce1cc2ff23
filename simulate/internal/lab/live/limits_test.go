package live_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestLeavesBareLink forwards packets out of a link without header, at whose hook
// log lines show no hardware addresses.
func TestLeavesBareLink(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := gen.Env()
	h := oracle.Host(t, env)
	env.Commands = append(env.Commands, "ip tuntap add dev bare0 mode tun", "ip addr add 10.77.0.1/24 dev bare0", "ip addr add 2001:db8:77::1/64 dev bare0",
		"ip link set bare0 up", "ip route add 10.78.0.0/24 dev bare0", "ip -6 route add 2001:db8:78::/64 dev bare0")
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	const rules = "*raw\n-A PREROUTING -j TRACE\nCOMMIT\n*mangle\n-A FORWARD -j LOG --log-prefix \"f \" --log-macdecode\n-A POSTROUTING -j LOG --log-prefix \"p \" --log-macdecode\nCOMMIT\n"
	require.NoError(t, node.Load(rules, rules, ""))
	h.Links = append(h.Links, host.Link{Name: "bare0", NoHeader: true, Addrs: host.MustAddresses("10.77.0.1/24", "2001:db8:77::1/64")})
	h.Routes = append(h.Routes, host.MustRoutes("10.78.0.0/24 dev bare0", "2001:db8:78::/64 dev bare0")...)
	n, err := oracle.Load(h, rules, rules)
	require.NoError(t, err)
	s := n.NewSession()
	for i, text := range []string{"udp 10.1.0.4:1000 > 10.78.0.9:53", "udp [2001:db8:10::4]:1000 > [2001:db8:78::9]:53"} {
		p := packetFrom(t, text)
		oracle.SetIdentity(p.Wire(), uint32(52000+i))
		ask := kernel.Packet{In: "cni0", Wire: p.Wire()}
		want, err := node.Send(ask)
		require.NoError(t, err)
		r := oracle.Ask(t, s, env, ask)
		assert.Equal(t, want.Trace, spaced(r.Trace()))
		assert.Equal(t, want.Log, spaced(r.Logs()))
	}
}

// spaced returns lines as the kernel ends them.
func spaced(lines []string) (out []string) {
	for _, l := range lines {
		if l[len(l)-1] != ' ' {
			l += " "
		}
		out = append(out, l)
	}
	return out
}

// series cuts n bytes of payload of a protocol nobody knows into fragments.
func series(t *testing.T, fam netfilter.Family, n int) (parts []netfilter.Packet) {
	src, dst := "10.1.0.4", "192.0.2.77"
	if fam == netfilter.IPv6 {
		src, dst = "2001:db8:10::4", "2001:db8:2::77"
	}
	for off := 0; off < n; off += 1232 {
		size := min(1232, n-off)
		p, err := packet.Spec{Src: netip.MustParseAddr(src), Dst: netip.MustParseAddr(dst), Proto: 253, Payload: make([]byte, size), TTL: 64}.Build()
		require.NoError(t, err)
		w := p.AppendWire(nil)
		more := byte(0)
		if off+size < n {
			more = 1
		}
		if fam == netfilter.IPv6 {
			w = append(append(append([]byte(nil), w[:40]...), 253, 0, byte(off>>8), byte(off)|more, 0, 0, 0, 9), w[40:]...)
			w[4], w[5], w[6] = byte((len(w)-40)>>8), byte(len(w)-40), packet.ProtoFragment
		} else {
			w[6], w[7] = more<<5|byte(off/8>>8), byte(off/8)
			w[10], w[11] = 0, 0
			sum := packet.Checksum(w[:20], 0)
			w[10], w[11] = byte(sum>>8), byte(sum)
		}
		part, err := packet.Decode(w)
		require.NoError(t, err)
		parts = append(parts, part)
	}
	return parts
}

// TestLongestSeries puts together series of fragments that are as long as a packet
// may be, and longer by one byte.
func TestLongestSeries(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	const rules = "*filter\n-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n"
	require.NoError(t, node.Load(rules, rules, ""))
	n, err := oracle.Load(oracle.Host(t, env), rules, rules)
	require.NoError(t, err)
	for fam, longest := range []int{netfilter.IPv4: 65515, netfilter.IPv6: 65535} {
		s := n.NewSession()
		for i, size := range []int{longest - 1, longest, longest + 1, longest + 8} {
			left, ours := 0, 0
			for _, p := range series(t, netfilter.Family(fam), size) {
				oracle.SetIdentity(p.Wire(), uint32(53000+10*fam+i))
				ask := kernel.Packet{In: "cni0", Wire: p.Wire()}
				want, err := node.Send(ask)
				require.NoError(t, err)
				left += len(want.Out)
				r := oracle.Ask(t, s, env, ask)
				if r.Fate == simulate.Forwarded {
					ours += max(1, len(r.Fragments))
				}
			}
			assert.Equal(t, left, ours, "%s, %d bytes", netfilter.Family(fam), size)
		}
	}
}

// TestNoRoomForFragments has a process send IPv6 packets whose headers leave no room
// for data in a fragment.
func TestNoRoomForFragments(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	require.NoError(t, node.Load("", "", ""))
	n, err := oracle.Load(oracle.Host(t, env), "", "")
	require.NoError(t, err)
	for i, c := range []struct{ header, payload int }{{1424, 100}, {1432, 100}, {1440, 100}, {1448, 100}, {1488, 100}, {1440, 4}, {1448, 0}} {
		p, err := packet.Spec{Src: netip.MustParseAddr("2001:db8:2::2"), Dst: netip.MustParseAddr("2001:db8:2::77"), Proto: packet.ProtoUDP,
			SrcPort: 1, DstPort: 2, Payload: make([]byte, c.payload), TTL: 64}.Build()
		require.NoError(t, err)
		options := make([]byte, c.header)
		options[0], options[1] = packet.ProtoUDP, byte(c.header/8-1)
		for at := 2; at < len(options); {
			size := min(255, len(options)-at-2) // unknown options that are to be skipped
			options[at], options[at+1] = 0x1e, byte(size)
			at += 2 + size
			if len(options)-at == 1 {
				options[at] = 0
				at++
			}
		}
		w := append(append(p.AppendWire(nil)[:40:40], options...), p.Wire()[40:]...)
		w[4], w[5], w[6] = byte((len(w)-40)>>8), byte(len(w)-40), packet.ProtoHopByHop
		oracle.SetIdentity(w, uint32(54000+i))
		ask := kernel.Packet{Wire: w}
		want, err := node.Send(ask)
		require.NoError(t, err)
		r := oracle.Ask(t, n.NewSession(), env, ask)
		if len(w) > 1500 && c.header <= 1440 {
			continue // a raw socket sends nothing longer than the MTU; others cut it
		}
		assert.Equal(t, want.Err, r.SendError, "header of %d, %d bytes", c.header, c.payload)
		assert.Equal(t, len(want.Out), len(oracle.LeftSimulator(r)), "header of %d, %d bytes", c.header, c.payload)
	}
}
