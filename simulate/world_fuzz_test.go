package simulate_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
)

// What a script of FuzzWorld does: each step is one of these bytes, for packets with the
// length of the packet (two bytes) and its bytes behind it.
const (
	doReceive = iota
	doReceiveOther
	doSend
	doBranches
	doReply
	doClone
	doReload
	doAdvance
	doList
	numSteps
)

const (
	worldHost = "link eth0 192.0.2.2/24 2001:db8:2::2/64; link cni0 10.1.0.1/24 2001:db8:10::1/64 mtu 1280; route default via 192.0.2.1; socket udp 53; socket tcp 80"
	worldSets = "create a hash:ip timeout 60 counters\nadd a 192.0.2.9\ncreate b list:set\nadd b a\n"
)

// worldStep returns a step with a packet.
func worldStep(do byte, wire []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{do}, uint16(len(wire))), wire...)
}

// FuzzWorld plays whole worlds: a host, sets and rules that are read from texts, and a
// script of packets, fragments among them, in sessions that are cloned, reloaded, moved
// in time and listed. Nothing panics, work is bounded, a clone goes on as its original,
// results are decided or have an error, and all JSON is valid.
func FuzzWorld(f *testing.F) {
	for seed := range uint64(4) {
		for _, family := range []int{4, 6} {
			c := gen.Random(seed, gen.Config{Family: family})
			var script []byte
			n := byte(0)
			for p := range c.Packets(nil) {
				do := byte(doSend)
				if p.In != "" {
					do = doReceive
				}
				script = append(append(script, worldStep(do, p.Wire)...), doReply, doClone+n%4)
				n++
			}
			f.Add(worldHost, worldSets, c.Rules(), family == 6, script)
		}
	}
	var steps []byte
	for _, p := range fragments(f) {
		steps = append(steps, worldStep(doReceive, p)...)
	}
	for _, rules := range []string{
		"*filter\n-A FORWARD -m set --match-set b src -j LOG --log-prefix \"a\x1b[31m\"\n-A FORWARD -j SET --add-set a dst --exist\n:A -\n-A A -j RETURN\n-A FORWARD -j A\nCOMMIT\n",
		"*nat\n-A POSTROUTING -j MASQUERADE --random\n-A PREROUTING -p udp -m statistic --mode random --probability 0.5 -j DNAT --to 10.1.0.9\nCOMMIT\n*raw\n-A PREROUTING -m geoip --source-country CN\nCOMMIT\n",
		"*filter\n-E INPUT \"new name\"\n:web\u00a0x - [0:0]\n-A FORWARD -m comment --comment \"\xff\x1b]0;x\x07\" -j web\u00a0x\nCOMMIT\n",
	} {
		f.Add(worldHost, worldSets, rules, false, append(append([]byte(nil), steps...), doAdvance, doList, doReload, doBranches))
	}
	f.Fuzz(func(t *testing.T, hostText, setText, rules string, six bool, script []byte) {
		if len(hostText)+len(setText)+len(rules)+len(script) > 1<<16 {
			return
		}
		h, err := host.Parse(hostText)
		if err != nil {
			return
		}
		sets := &ipset.Sets{}
		sets.SetLimits(ipset.Limits{Elements: 1000, Expansion: 1000})
		_ = parser.RestoreSets(sets, "", setText)
		h.Sets = sets.All()
		family := netfilter.IPv4
		if six {
			family = netfilter.IPv6
		}
		rs, err := parser.ParseString(rules, parser.Family(family), parser.MaxRules(2000), parser.Sets(sets))
		if err != nil {
			return
		}
		node, err := simulate.New(h, rs)
		if err != nil {
			return
		}
		var coverage simulate.Coverage
		var links []string
		for _, l := range h.Links {
			links = append(links, l.Name)
		}
		w := &worldPlay{t: t, rules: rs, links: links,
			session: node.NewSession(simulate.WithCoverage(&coverage), simulate.WithLimits(simulate.Limits{Steps: 2000, Work: 20_000}))}
		for steps := 0; len(script) > 0 && steps < 40; steps++ {
			script = w.step(script)
		}
		valid(t, &coverage)
		require.NotEmpty(t, coverage.String())
	})
}

// worldPlay is a world while its script is played.
type worldPlay struct {
	t       *testing.T
	rules   *netfilter.Ruleset
	links   []string
	session *simulate.Session
	last    *simulate.Result
	packet  netfilter.Packet
}

func (w *worldPlay) step(script []byte) []byte {
	do := script[0] % numSteps
	script = script[1:]
	if do <= doSend && len(script) >= 2 {
		n := min(int(binary.BigEndian.Uint16(script)), len(script)-2)
		p, err := packet.Decode(script[2 : 2+n])
		if err != nil {
			return script[2+n:]
		}
		w.packet = p
		script = script[2+n:]
	}
	dev := "eth0"
	if len(w.links) > 0 {
		dev = w.links[0]
		if do == doReceiveOther {
			dev = w.links[len(w.links)-1]
		}
	}
	switch do {
	case doReceive, doReceiveOther:
		w.see(func(s *simulate.Session) *simulate.Result { return s.Receive(dev, w.packet) })
	case doSend:
		w.see(func(s *simulate.Session) *simulate.Result { return s.Send(w.packet) })
	case doReply:
		if w.last != nil && w.last.OutDev != "" {
			if p := w.last.Reply(); p.IsValid() {
				out := w.last.OutDev
				w.see(func(s *simulate.Session) *simulate.Result { return s.Receive(out, p) })
			}
		}
	case doBranches:
		for r := range w.session.Branches(dev, w.packet, simulate.MaxBranches(5), simulate.AssumeNothing()) {
			valid(w.t, r)
			if r.Err == nil {
				require.Equal(w.t, r.Fate, w.session.Clone().Take(r).Fate)
			}
		}
	case doClone:
		w.session = w.session.Clone()
	case doReload:
		require.NoError(w.t, w.session.Reload(w.rules))
	case doAdvance:
		w.session.Advance(20 * time.Second)
	case doList:
		for c := range w.session.Conns() {
			require.NotEmpty(w.t, c.String())
		}
	}
	return script
}

// see sends a packet in the session and in a clone of it, which must agree.
func (w *worldPlay) see(send func(*simulate.Session) *simulate.Result) {
	twin := w.session.Clone()
	r, other := send(w.session), send(twin)
	require.Equal(w.t, fmt.Sprintf("%+v", r), fmt.Sprintf("%+v", other))
	require.NotNil(w.t, r.By)
	require.Equal(w.t, r.Fate == simulate.Undecided, r.Err != nil, "%+v", r)
	valid(w.t, r)
	_, _ = r.Trace(), r.Logs()
	if r.Fate.Passed() && r.Fragments == nil {
		_, err := packet.Decode(r.Packet.Wire())
		require.NoError(w.t, err)
	}
	for _, p := range r.Fragments {
		_, err := packet.Decode(p.Wire())
		require.NoError(w.t, err)
	}
	w.last = r
}

// valid holds that the JSON of a value is valid.
func valid(t *testing.T, v any) {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	require.True(t, json.Valid(text), "%s", text)
}

// fragments returns the fragments of a UDP packet, one of which overlaps and one of
// which lies at the end of what a packet can hold.
func fragments(f *testing.F) (wires [][]byte) {
	_, p, err := parser.ParsePacket("udp 192.0.2.9:1 > 10.1.0.9:2 len 64")
	require.NoError(f, err)
	w := p.Wire()
	for _, span := range [][2]int{{0, 32}, {32, 72}, {24, 40}, {65_480, 8}} {
		off, end := span[0], min(span[1], len(w)-20)
		b := append([]byte(nil), w[:20]...)
		if off < end {
			b = append(b, w[20+off:20+end]...)
		} else {
			b = append(b, w[20:28]...)
		}
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
		binary.BigEndian.PutUint16(b[4:], 7)
		flags := uint16(off / 8)
		if end < len(w)-20 {
			flags |= 0x2000
		}
		binary.BigEndian.PutUint16(b[6:], flags)
		b[10], b[11] = 0, 0
		binary.BigEndian.PutUint16(b[10:], packet.Checksum(b[:20], 0))
		wires = append(wires, b)
	}
	return wires
}
