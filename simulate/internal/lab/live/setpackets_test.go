package live_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestSetPacketsOnKernel draws sets, rules that look packets up in them and
// change them, and packets; it compares traces, what leaves, and the sets
// afterwards.
func TestSetPacketsOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	env := oracle.TwoLinks()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	t.Cleanup(func() { _ = node.Close() })
	rounds := 30
	if testing.Short() {
		rounds = 6
	}
	packets := 0
	for seed := range uint64(rounds) {
		packets += compareSetPackets(t, env, node, seed)
	}
	t.Logf("%d rounds, seeds from 0, %d packets", rounds, packets)
}

// drawSets draws commands and keeps those that are taken and leave room in every
// hash, as roomy demands.
func drawSets(g *setGen) (sets *ipset.Sets, text string) {
	sets = &ipset.Sets{}
	var lines []string
	for len(lines) < 60 {
		line := g.command()
		if strings.HasPrefix(line, "test") || strings.HasPrefix(line, "swap") {
			continue
		}
		tried := sets.Copy() // a line that is refused may have done half of its work
		full := func(s *ipset.Set) bool { return strings.HasPrefix(s.Type.String(), "hash:") && s.Len() > 1<<15 }
		if parser.RestoreSets(tried, "", line) == nil && !slices.ContainsFunc(tried.All(), full) {
			sets, lines = tried, append(lines, line)
		}
	}
	return sets, strings.Join(lines, "\n") + "\n"
}

// usable returns the sets that rules of a family can refer to.
func usable(sets *ipset.Sets, f netfilter.Family) (names []string, dims map[string]int) {
	dims = map[string]int{}
	for _, s := range sets.All() {
		if sets.CheckRef(mustRef(s.Name), f) == nil {
			names = append(names, s.Name)
			dims[s.Name] = s.Type.Dimensions()
			if s.Type == ipset.ListSet {
				dims[s.Name] = 3
			}
		}
	}
	return names, dims
}

func mustRef(name string) ipset.Ref {
	r, err := ipset.ReadRef(name, "src")
	if err != nil {
		panic(err)
	}
	return r
}

// ref draws a set and directions for it.
func (g *setGen) ref(names []string, dims map[string]int) string {
	name := g.of(names...)
	n := dims[name]
	if g.chance(10) {
		n = 1 + g.IntN(4)
	}
	var flags []string
	for range n {
		flags = append(flags, g.of("src", "dst"))
	}
	return name + " " + strings.Join(flags, ",")
}

// setRule draws a rule on sets.
func (g *setGen) setRule(names []string, dims map[string]int, mangle, leaving bool) string {
	if g.chance(3) {
		return g.setTarget(names, dims, mangle, leaving)
	}
	s := "-m set " + g.of("", "", "! ") + "--match-set " + g.ref(names, dims)
	for _, o := range []string{"--return-nomatch", "! --update-counters", "! --update-subcounters",
		g.of("--packets-eq 1", "! --packets-eq 6", "--packets-lt 3", "--packets-gt 5"), g.of("--bytes-eq 40", "--bytes-lt 100", "--bytes-gt 60")} {
		if g.chance(5) {
			s += " " + o
		}
	}
	if g.chance(5) {
		return s + " " + g.setTarget(names, dims, mangle, leaving)
	}
	return s
}

func (g *setGen) setTarget(names []string, dims map[string]int, mangle, leaving bool) string {
	s := "-j SET"
	if g.chance(2) {
		s += " --add-set " + g.ref(names, dims) + g.of("", " --exist") + g.of("", "", " --timeout 0", " --timeout 3000")
	}
	if g.chance(4) {
		s += " --del-set " + g.ref(names, dims)
	}
	if mangle && g.chance(2) {
		s += " --map-set " + g.ref(names, dims) + " --map-mark"
		if leaving {
			s += g.of("", " --map-prio", " --map-queue")
		}
	}
	if s == "-j SET" {
		return s + " --del-set " + g.ref(names, dims)
	}
	return s
}

func (g *setGen) setRules(sets *ipset.Sets, f netfilter.Family) string {
	names, dims := usable(sets, f)
	if len(names) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("*raw\n-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\nCOMMIT\n*mangle\n")
	for _, hook := range []string{"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"} {
		for range 4 {
			fmt.Fprintf(&b, "-A %s %s\n", hook, g.setRule(names, dims, true, hook != "PREROUTING" && hook != "INPUT"))
		}
	}
	b.WriteString("COMMIT\n*filter\n")
	for range 4 {
		fmt.Fprintf(&b, "-A FORWARD %s\n", g.setRule(names, dims, false, false))
	}
	b.WriteString("COMMIT\n")
	return b.String()
}

// packet draws a packet that the sets may hold.
func (g *setGen) packet(t *testing.T, f netfilter.Family, id int) kernel.Packet {
	t.Helper()
	s := packet.Spec{ID: uint16(id), FlowLabel: uint32(id), SrcPort: uint16(g.IntN(7)), DstPort: uint16(g.IntN(7)),
		Proto: []uint8{6, 17, 132, 136, 1, 47, 253}[g.IntN(7)], Payload: make([]byte, g.IntN(40))}
	in := g.of("eth0", "eth1", "")
	pick := func() netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(g.IntN(10) / 9), byte(1 + g.IntN(11))}) }
	local := "192.0.2.1"
	if f == netfilter.IPv6 {
		pick = func() netip.Addr { return netip.MustParseAddr(g.of("1::1", "1::2", "1::3", "1::10", "1:0:0:1::5")) }
		local = "2001:db8:2::1"
		if s.Proto == 1 {
			s.Proto = 58
		}
	}
	s.Src, s.Dst = pick(), pick()
	if in == "" {
		s.Src = netip.MustParseAddr(local)
	}
	s.ICMPType = []uint8{8, 0, 3, 128}[g.IntN(4)]
	if f == netfilter.IPv6 {
		s.ICMPType = 128
	}
	s.Mark = uint32(g.IntN(3)) * 8
	p, err := s.Build()
	require.NoError(t, err)
	k := kernel.Packet{In: in, Wire: p.Wire()}
	if in == "" {
		k.Mark = s.Mark
	} else if g.chance(3) {
		k.SrcMAC = []byte{1, 2, 3, 4, 5, 6}
	}
	if in != "" && f == netfilter.IPv4 && g.chance(8) {
		cutOff(k.Wire, g)
	}
	return k
}

// cutOff makes a packet the last of several fragments.
func cutOff(wire []byte, g *setGen) {
	wire[6], wire[7] = 0, byte(1+g.IntN(3))
	wire[10], wire[11] = 0, 0
	sum := packet.Checksum(wire[:20], 0)
	wire[10], wire[11] = byte(sum>>8), byte(sum)
}

func compareSetPackets(t *testing.T, env kernel.Env, node *kernel.Node, seed uint64) int {
	t.Helper()
	g := newSetGen(seed)
	g.roomy = true
	sets, text := drawSets(g)
	family := netfilter.Family(g.IntN(2))
	rules := g.setRules(sets, family)
	if rules == "" {
		return 0
	}
	var texts [2]string
	texts[family] = rules
	h := oracle.Host(t, env)
	h.Sets = sets.All()
	n, err := oracle.Load(h, texts[0], texts[1])
	require.NoError(t, err, "seed %d\n%s\n%s", seed, text, rules)
	require.NoError(t, node.Load(texts[0], texts[1], text), "seed %d\n%s\n%s", seed, text, rules)
	session := n.NewSession()
	for i := range 60 {
		p := g.packet(t, family, i+1)
		got := oracle.Ask(t, session, env, p)
		want, err := node.Send(p)
		require.NoError(t, err)
		if d := oracle.Differences(want, got); len(d) > 0 {
			t.Errorf("seed %d, packet %d from %q: %x\n%s\n%s\n%s", seed, i, p.In, p.Wire, strings.Join(d, "\n"), text, rules)
			return i
		}
	}
	return compareSetsAfter(t, node, session, seed, text+rules)
}

func compareSetsAfter(t *testing.T, node *kernel.Node, session *simulate.Session, seed uint64, context string) int {
	t.Helper()
	save, err := node.Run("ipset", "save")
	require.NoError(t, err)
	want, got := comparableSave(save), comparableSave(string(session.Sets().AppendSave(nil)))
	if !slices.Equal(want, got) {
		t.Errorf("seed %d: saved\n%s\nwant\n%s\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"), context)
	}
	return 60
}
