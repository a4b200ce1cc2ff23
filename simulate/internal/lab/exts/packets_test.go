package exts_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// packetID is the identification, or flow label, of the packets of rows that
// name none.
const packetID = 4711

// readPacket reads a packet of a row and gives it an identity if it has none, by
// which the kernel's log knows it.
func readPacket(text string) (dev string, p netfilter.Packet, err error) {
	dev, p, err = parser.ParsePacket(text)
	if err == nil && oracle.Identity(p.Wire()) == 0 {
		oracle.SetIdentity(p.Wire(), packetID)
	}
	return dev, p, err
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
		dev, p, err := readPacket(line)
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
		all.Add(1)
		go func() {
			defer all.Done()
			for time.Now().Before(end) {
			}
		}()
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
	dev, p, err := readPacket(left)
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
