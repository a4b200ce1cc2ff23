package nflog_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

const nodeMAC, wireMAC = "\x02\x00\x00\x00\x00\x01", "\x02\xff\x00\x00\x00\x01"

// configs are all combinations of what LOG rules may ask for.
func configs() []netfilter.LogConfig {
	cs := make([]netfilter.LogConfig, 32)
	for i := range cs {
		cs[i] = netfilter.LogConfig{
			Level: 7, Prefix: fmt.Sprintf("%02d: ", i), TCPSequence: i&1 != 0, TCPOptions: i&2 != 0, IPOptions: i&4 != 0,
			UID: i&8 != 0, MACDecode: i&16 != 0,
		}
	}
	return cs
}

// mark is what the packets that markMatch4 and markMatch6 find are given.
const (
	mark                   = 0x12ab
	markMatch4, markMatch6 = "-s 192.0.2.128/25", "-s 2001:db8:2::8000/113"
)

// logAll is a ruleset that marks some of the packets, logs all in every
// way, traces them, and drops them before they do any harm.
func logAll(markMatch string) string {
	var b strings.Builder
	b.WriteString("*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n")
	for _, chain := range []string{"PREROUTING", "OUTPUT"} {
		if chain == "PREROUTING" {
			fmt.Fprintf(&b, "-A PREROUTING %s -j MARK --set-mark %#x\n", markMatch, mark)
		}
		for _, c := range configs() {
			fmt.Fprintf(&b, "-A %s -j LOG --log-level 7 --log-prefix %q", chain, c.Prefix)
			for flag, set := range map[string]bool{
				"tcp-sequence": c.TCPSequence, "tcp-options": c.TCPOptions, "ip-options": c.IPOptions,
				"uid": c.UID, "macdecode": c.MACDecode,
			} {
				if set {
					b.WriteString(" --log-" + flag)
				}
			}
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "-A %s -j TRACE\n", chain)
	}
	b.WriteString("-A PREROUTING -j DROP\n-A OUTPUT ! -o lo -j DROP\nCOMMIT\n")
	return b.String()
}

func openNode(t *testing.T) *kernel.Node {
	t.Helper()
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	n, err := kernel.Open(kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "eth0", Addrs: []string{"192.0.2.1/24", "2001:db8:2::1/64"}},
			{Name: "a-long-name-150", Addrs: []string{"198.51.100.1/24", "2001:db8:100::1/64"}},
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, n.Close()) })
	return n
}

func TestKernelWritesTheSame(t *testing.T) {
	n := openNode(t)
	require.NoError(t, n.Load(logAll(markMatch4), logAll(markMatch6), ""))
	const seed, packets = 1, 600
	t.Logf("seed %d", seed)
	w := weird{rand.New(rand.NewPCG(seed, 0))}
	var lines, seen int
	for i := range packets {
		for _, way := range []func(weird, uint32) sent{arriving4, arriving6, leaving4, leaving6, local4, local6} {
			s := way(w, uint32(i)+1)
			a, err := n.Send(s.Packet)
			require.NoError(t, err)
			if a.Trace == nil && a.Log == nil && a.Err != "" {
				continue // the raw socket would not have it
			}
			want, trace := s.lines()
			sameLines(t, s.Wire, want, a.Log)
			sameLines(t, s.Wire, trace, a.Trace)
			lines += len(a.Log) + len(a.Trace)
			seen++
		}
	}
	t.Logf("%d packets, %d lines", seen, lines)
	require.Greater(t, seen, 5*packets)
}

// sameLines stops at the first difference.
func sameLines(t *testing.T, wire []byte, want, got []string) {
	t.Helper()
	require.Equal(t, len(want), len(got), "lines about %x", wire)
	for i := range want {
		require.Equal(t, want[i], got[i], "line %d about %x", i, wire)
	}
}

// sent is a packet with what the kernel should know of it at each hook.
type sent struct {
	kernel.Packet
	hooks []hook
}

type hook struct {
	chain  string
	kind   string // of the last rule: the kernel calls a DROP without condition a policy
	traced int    // first rule that is traced
	last   int
	meta   nflog.Meta
	mark   uint32
	socket *packet.Socket
}

// lines returns what LOG and TRACE should say.
func (s sent) lines() (log, trace []string) {
	for _, h := range s.hooks {
		p := packet.View(s.Wire)
		p.Mark, p.Socket = h.mark, h.socket
		for _, c := range configs() {
			log = append(log, string(nflog.Append(nil, c, &p, &h.meta)))
		}
		for number := h.traced; number < h.last; number++ {
			trace = append(trace, string(nflog.AppendTrace(nil, "raw", h.chain, "rule", number, &p, &h.meta)))
		}
		trace = append(trace, string(nflog.AppendTrace(nil, "raw", h.chain, h.kind, h.last, &p, &h.meta)))
	}
	return log, trace
}

func arriving(wire []byte, mark uint32) sent {
	m := nflog.Meta{In: "eth0", Link: nflog.Ethernet, DstMAC: packet.MAC([]byte(nodeMAC)), SrcMAC: packet.MAC([]byte(wireMAC))}
	return sent{kernel.Packet{In: "eth0", Wire: wire}, []hook{{"PREROUTING", "policy", 35, 35, m, mark, nil}}}
}

func arriving4(w weird, id uint32) sent {
	host := byte(2 + w.IntN(250))
	return arriving(w.v4(netip.AddrFrom4([4]byte{192, 0, 2, host}), netip.MustParseAddr("198.51.100.7"), uint16(id)), marked(host&128 != 0))
}

func arriving6(w weird, id uint32) sent {
	src := netip.MustParseAddr("2001:db8:2::2").As16()
	src[14] = byte(w.Uint32())
	return arriving(w.v6(netip.AddrFrom16(src), netip.MustParseAddr("2001:db8:100::7"), id), marked(src[14]&128 != 0))
}

func marked(set bool) uint32 {
	if set {
		return mark
	}
	return 0
}

func leaving(w weird, wire []byte) sent {
	const out = "a-long-name-150"
	mark := w.Uint32N(2) * w.Uint32()
	return sent{kernel.Packet{Wire: wire, Mark: mark}, []hook{{"OUTPUT", "rule", 34, 34, nflog.Meta{Out: out}, mark, &packet.Socket{}}}}
}

func leaving4(w weird, id uint32) sent {
	return leaving(w, w.v4(netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.7"), uint16(id)))
}

func leaving6(w weird, id uint32) sent {
	return leaving(w, w.v6(netip.MustParseAddr("2001:db8:100::1"), netip.MustParseAddr("2001:db8:100::7"), id))
}

// local packets are logged twice, the second time without mark and socket,
// and TRACE stays with them.
func local(wire []byte) sent {
	return sent{kernel.Packet{Wire: wire}, []hook{
		{"OUTPUT", "policy", 35, 35, nflog.Meta{Out: "lo"}, 0, &packet.Socket{}},
		{"PREROUTING", "policy", 2, 35, nflog.Meta{In: "lo", Link: nflog.Loopback}, 0, nil},
	}}
}

func local4(w weird, id uint32) sent {
	return local(w.v4(netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.1"), uint16(id)))
}

func local6(w weird, id uint32) sent {
	return local(w.v6(netip.MustParseAddr("2001:db8:2::1"), netip.MustParseAddr("2001:db8:2::1"), id))
}

func TestKernelCutsTheSame(t *testing.T) {
	n := openNode(t)
	require.NoError(t, n.Load("", logAll(markMatch6), ""))
	s := arriving(manyHeaders(t).Wire(), 0)
	copy(s.Wire[8:], netip.MustParseAddr("2001:db8:2::2").AsSlice())
	a, err := n.Send(s.Packet)
	require.NoError(t, err)
	log, trace := s.lines()
	sameLines(t, s.Wire, log, a.Log)
	sameLines(t, s.Wire, trace, a.Trace)
}

func TestKernelNamesBridgePorts(t *testing.T) {
	n := openNode(t)
	require.NoError(t, n.Load("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j LOG --log-prefix \"b: \"\nCOMMIT\n", "", ""))
	const ports = "a-long-name-150"
	for _, command := range []string{
		"ip link add br0 type bridge", "ip link set br0 up", "ip link set eth0 master br0", "ip link set " + ports + " master br0",
		"sysctl -qw net.bridge.bridge-nf-call-iptables=1",
	} {
		if _, err := n.Run(strings.Fields(command)...); err != nil {
			t.Skipf("a bridge whose packets netfilter sees is needed: %v", err)
		}
	}
	w := weird{rand.New(rand.NewPCG(2, 0))}
	far := []byte("\x02\xff\x00\x00\x00\x02")
	s := arriving(w.v4(netip.MustParseAddr("192.0.2.8"), netip.MustParseAddr("192.0.2.9"), 77), 0)
	s.DstMAC = far
	s.Wire[0], s.Wire[6], s.Wire[7], s.Wire[9] = 0x45, 0, 0, 254
	binary.BigEndian.PutUint16(s.Wire[10:], 0)
	binary.BigEndian.PutUint16(s.Wire[10:], packet.Checksum(s.Wire[:20], 0))
	a, err := n.Send(s.Packet)
	require.NoError(t, err)
	m := s.hooks[0].meta
	m.In, m.Out, m.PhysIn, m.PhysOut, m.DstMAC = "br0", "br0", "eth0", ports, packet.MAC(far)
	p := packet.View(s.Wire)
	assert.Equal(t, []string{string(nflog.Append(nil, netfilter.LogConfig{Prefix: "b: "}, &p, &m))}, a.Log)
}
