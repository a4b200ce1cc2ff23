package exts_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// packetID is the identification, or flow label, of the packets of rows that
// name none.
const packetID = 4711

// readExtPacket reads "[link:] proto src[:port] > dst[:port] [flags] [word
// value]..." or "[link:] wire hex".
func readExtPacket(text string) (dev string, p netfilter.Packet, err error) {
	words := strings.Fields(text)
	if len(words) > 0 && strings.HasSuffix(words[0], ":") {
		dev, words = strings.TrimSuffix(words[0], ":"), words[1:]
	}
	if len(words) == 2 && words[0] == "wire" {
		b, err := hex.DecodeString(words[1])
		if err == nil {
			p, err = packet.Decode(b)
		}
		return dev, p, err
	}
	if len(words) < 4 || words[2] != ">" {
		return dev, p, fmt.Errorf("packet %q: want proto src > dst", text)
	}
	s := packet.Spec{ID: packetID, FlowLabel: packetID}
	var ok bool
	if s.Proto, ok = packet.ProtocolByName(words[0]); !ok {
		return dev, p, fmt.Errorf("packet %q: unknown protocol", text)
	}
	if s.Src, s.SrcPort, err = addrAndPort(words[1]); err != nil {
		return dev, p, err
	}
	if s.Dst, s.DstPort, err = addrAndPort(words[3]); err != nil {
		return dev, p, err
	}
	words, src, dst, err := extMACWords(words[4:])
	if err == nil {
		err = extPacketWords(&s, words)
	}
	if err != nil {
		return dev, p, fmt.Errorf("packet %q: %w", text, err)
	}
	p, err = s.Build()
	p.SrcMAC, p.DstMAC = src, dst
	return dev, p, err
}

// extMACWords takes "smac address" and "dmac address" out of the words.
func extMACWords(words []string) (rest []string, src, dst packet.MAC, err error) {
	for i := 0; i < len(words); i++ {
		mac := &src
		if words[i] == "dmac" {
			mac = &dst
		}
		if words[i] != "smac" && words[i] != "dmac" || i+1 == len(words) {
			rest = append(rest, words[i])
			continue
		}
		i++
		if *mac, err = host.ParseMAC(words[i]); err != nil {
			return nil, src, dst, err
		}
	}
	return rest, src, dst, nil
}

func addrAndPort(text string) (netip.Addr, uint16, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a, 0, nil
	}
	ap, err := netip.ParseAddrPort(text)
	return ap.Addr(), ap.Port(), err
}

func extPacketWords(s *packet.Spec, words []string) error {
	for i := 0; i < len(words); i++ {
		if f, ok := tcpFlagWords(words[i]); ok && !followedByNumber(words, i) {
			s.Flags = f
			continue
		}
		if i+1 == len(words) {
			return fmt.Errorf("%s without a value", words[i])
		}
		value := words[i+1]
		i++
		if words[i-1] == "payload" || words[i-1] == "options" {
			b, err := hex.DecodeString(value)
			if err != nil {
				return err
			}
			if words[i-1] == "payload" {
				s.Payload = b
			} else {
				s.TCPOptions = b
			}
			continue
		}
		n, err := strconv.ParseUint(value, 0, 32)
		if err != nil {
			return err
		}
		switch words[i-1] {
		case "ttl":
			s.TTL = uint8(n)
		case "tos":
			s.TOS = uint8(n)
		case "mark":
			s.Mark = uint32(n)
		case "type":
			s.ICMPType = uint8(n)
		case "code":
			s.ICMPCode = uint8(n)
		case "seq":
			s.Seq = uint32(n)
		case "ack":
			s.Ack = uint32(n)
		default:
			return fmt.Errorf("unknown word %q", words[i-1])
		}
	}
	return nil
}

// followedByNumber tells the word of the acknowledged number from the flag.
func followedByNumber(words []string, i int) bool {
	if i+1 == len(words) {
		return false
	}
	_, err := strconv.ParseUint(words[i+1], 0, 32)
	return err == nil
}

func tcpFlagWords(text string) (set packet.TCPFlags, ok bool) {
	for name := range strings.SplitSeq(text, ",") {
		f, ok := packet.TCPFlagByName(name)
		if !ok {
			return 0, false
		}
		set |= f
	}
	return set, true
}

// packetRuleset returns a ruleset that traces packets, shows by a rule of its
// own that they reach the row's chain, and holds the row's rule behind it. It
// returns the number of the row's rule.
func (r *extRow) packetRuleset() (text string, number int) {
	tables := map[string]string{"raw": "-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\n"}
	for _, w := range r.with {
		table, rule, _ := strings.Cut(w, " ")
		tables[table] += "-A " + rule + "\n"
	}
	number = 1 + strings.Count(tables[r.table], "-A "+r.chains[0]+" ")
	tables[r.table] += fmt.Sprintf("-A %s -m comment --comment reached\n-A %s %s\n", r.chains[0], r.chains[0], r.spec)
	var b strings.Builder
	for _, name := range netfilter.TableNames() {
		if rules, ok := tables[name]; ok {
			fmt.Fprintf(&b, "*%s\n%sCOMMIT\n", name, rules)
		}
	}
	return b.String(), number + 1
}

// answerOf says what the trace tells of the row's rule.
func (r *extRow) answerOf(trace []string, number int) string {
	met := func(n int) bool {
		for _, line := range trace {
			head, _, _ := strings.Cut(line, " ")
			parts := strings.Split(head, ":")
			if len(parts) == 4 && parts[0] == r.table && parts[1] == r.chains[0] && parts[3] == strconv.Itoa(n) {
				return true
			}
		}
		return false
	}
	switch {
	case !met(number - 1):
		return "past"
	case met(number) && (met(number+1) || strings.Contains(r.spec, "-j ")):
		return "match"
	case met(number):
		return "match drop"
	case met(number + 1):
		return "no"
	}
	return "drop"
}

// TestExtensionPackets holds the judgement of packets to the tables, and, where
// there is a kernel to ask, the simulator to the kernel.
func TestExtensionPackets(t *testing.T) {
	env := oracle.TwoLinks()
	h := oracle.Host(t, env)
	var node *kernel.Node
	if err := kernel.Available(); err != nil {
		t.Log("without the kernel: ", err)
	} else {
		node, err = kernel.Open(env)
		require.NoError(t, err)
		t.Cleanup(func() { _ = node.Close() })
	}
	for _, table := range extTables(t) {
		t.Run(table.name, func(t *testing.T) {
			for i := range table.rows {
				if r := &table.rows[i]; !r.isText() {
					r.testPackets(t, env, h, node)
				}
			}
		})
	}
}

func (r *extRow) testPackets(t *testing.T, env kernel.Env, h host.Host, node *kernel.Node) {
	t.Helper()
	text, number := r.packetRuleset()
	rules := [2]string{}
	rules[r.family] = text
	sets, err := parser.ParseSetsString(r.sets)
	require.NoError(t, err, "%v", r)
	h.Sets = sets
	n, err := oracle.Load(h, rules[0], rules[1])
	require.NoError(t, err, "%v", r)
	if node != nil {
		require.NoError(t, node.Load(rules[0], rules[1], r.sets), "%v", r)
	}
	s := n.NewSession(simulate.WithSeed(1))
	answers := strings.Split(r.answer, " / ")
	for i, line := range strings.Split(r.middle, " / ") {
		require.Less(t, i, len(answers), "%v: more packets than answers", r)
		if text, ok := strings.CutPrefix(line, "wait "); ok {
			d, err := time.ParseDuration(text)
			require.NoError(t, err, "%v", r)
			s.Advance(d)
			if node != nil {
				spend(d)
			}
			continue
		}
		dev, p, err := readExtPacket(line)
		require.NoError(t, err, "%v", r)
		k := oracle.KernelPacket(dev, p)
		got := oracle.Ask(t, s, env, k)
		r.compareAnswer(t, i+1, number, answers[i], got)
		if node != nil {
			want, err := node.Send(k)
			require.NoError(t, err, "%v", r)
			if d := append(oracle.Differences(want, got), oracle.AnswerDifferences(want, got)...); len(d) > 0 {
				t.Errorf("%v: packet %d: %s", r, i+1, strings.Join(d, "\n"))
			}
		}
	}
}

// spend lets time pass and keeps the processors awake meanwhile: the kernel puts
// off what can wait while one idles, such as hashlimit's sweep of its tables
// (INIT_DEFERRABLE_WORK).
func spend(d time.Duration) {
	end := time.Now().Add(d)
	var all sync.WaitGroup
	for range runtime.NumCPU() {
		all.Go(func() {
			for time.Now().Before(end) {
			}
		})
	}
	all.Wait()
}

func (r *extRow) compareAnswer(t *testing.T, packet, number int, want string, got *simulate.Result) {
	t.Helper()
	want, left, leaves := strings.Cut(want, "> ")
	want, text, _ := strings.Cut(want, "~ ")
	want, text = strings.TrimSpace(want), strings.TrimSpace(text)
	if want == "" {
		want = "match"
	}
	trace := got.Trace()
	if a := r.answerOf(trace, number); a != want || len(trace) > 0 && !strings.Contains(trace[len(trace)-1], text) {
		t.Errorf("%v: packet %d: answer %q, want %q with %q\n%v", r, packet, a, want, text, strings.Join(trace, "\n"))
	}
	if !leaves {
		return
	}
	dev, p, err := readExtPacket(left)
	require.NoError(t, err, "%v", r)
	if got.OutDev != dev || describeWire(got.Packet.Wire()) != describeWire(p.Wire()) {
		t.Errorf("%v: packet %d: left by %q as\n  %x\nwant %q\n  %x", r, packet, got.OutDev, got.Packet.Wire(), dev, p.Wire())
	}
}

// describeWire returns the bytes of a packet with its identity cleared.
func describeWire(wire []byte) string {
	w := append([]byte(nil), wire...)
	if w[0]>>4 == 6 {
		binary.BigEndian.PutUint32(w, binary.BigEndian.Uint32(w)&^0xfffff)
	} else {
		clear(w[4:6])
		clear(w[10:12])
	}
	return hex.EncodeToString(w)
}
