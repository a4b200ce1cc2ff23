// Package nft_test compares what becomes of packets in rulesets of nftables with
// what the kernel did.
package nft_test

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// recordedCase is a line of the recorded answers of a live kernel.
type recordedCase struct {
	Name      string            `json:"name"`
	Ruleset   string            `json:"ruleset"`
	Rules4    string            `json:"rules4"`
	Rules6    string            `json:"rules6"`
	Rules4NFT string            `json:"rules4nft"`
	Rules6NFT string            `json:"rules6nft"`
	Order     []string          `json:"order"`
	Env       kernel.Env        `json:"env"`
	Refused   string            `json:"refused"`
	Random    bool              `json:"random"`
	Unstable  []string          `json:"unstable"`
	Packets   []recordedPacket  `json:"packets"`
	List      string            `json:"list"`
	ListAfter string            `json:"list_after"`
	Handles   map[string]uint64 `json:"handles"`
}

type recordedPacket struct {
	In   string  `json:"in"`
	Wire string  `json:"wire"`
	Mark uint32  `json:"mark"`
	SMAC string  `json:"smac"`
	T    float64 `json:"t"`
	Want struct {
		Trace []event  `json:"trace"`
		Log   []string `json:"log"`
		Out   []struct {
			Iface string `json:"iface"`
			Wire  string `json:"wire"`
		} `json:"out"`
		Err  string   `json:"err"`
		Text []string `json:"text"` // of nft monitor trace
	} `json:"want"`
}

func (p *recordedPacket) packet(t *testing.T) kernel.Packet {
	wire, err := hex.DecodeString(p.Wire)
	require.NoError(t, err)
	return kernel.Packet{In: p.In, Wire: wire, Mark: p.Mark}
}

func (p *recordedPacket) answer(t *testing.T) kernel.Answer {
	a := kernel.Answer{Err: p.Want.Err, Log: p.Want.Log}
	for _, o := range p.Want.Out {
		wire, err := hex.DecodeString(o.Wire)
		require.NoError(t, err)
		a.Out = append(a.Out, kernel.Out{Iface: o.Iface, Wire: wire})
	}
	return a
}

// env returns the host with the neighbour that sends the packet.
func (p *recordedPacket) env(e *kernel.Env) kernel.Env {
	c := *e
	if p.SMAC != "" {
		c.MAC = maps.Clone(e.MAC)
		c.MAC[p.In] = [2]string{e.MAC[p.In][0], p.SMAC}
	}
	return c
}

// recorded reads a file of recorded cases; it skips the test where there are
// none.
func recorded(t *testing.T, name string) []recordedCase {
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("PACKETPATH_DATA does not name a folder of recorded kernel answers")
	}
	f, err := os.Open(filepath.Join(dir, "kernel-cases-nft", name+".jsonl.gz"))
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(bufio.NewReader(f))
	require.NoError(t, err)
	var cases []recordedCase
	for dec := json.NewDecoder(z); dec.More(); {
		var c recordedCase
		require.NoError(t, dec.Decode(&c))
		cases = append(cases, c)
	}
	return cases
}

// profiles are the files of recorded cases.
func profiles(t *testing.T) []string {
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("PACKETPATH_DATA does not name a folder of recorded kernel answers")
	}
	files, err := filepath.Glob(filepath.Join(dir, "kernel-cases-nft", "*.jsonl.gz"))
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".jsonl.gz"); name != "forms" {
			names = append(names, name)
		}
	}
	return names
}

// Why some cases cannot agree.
const (
	ownLabel = "a rule compares the flow label or identification of what the host says itself, which the kernel draws"
	ownClock = "ct count sees packets of one tick of the kernel's clock, and those that the kernel keeps for two"
	noDevice = "the ingress hook is not simulated"
)

// undecided are the cases that are left out, each with its reason.
var undecided = map[string]string{
	"core-v6-11": ownLabel, "core-v6-20": ownLabel, "core-v6-32": ownLabel, "fib-v6-59": ownLabel, "mangle-v6-28": ownLabel,
	"mangle-v6-38": ownLabel, "numgen-v6-14": ownLabel, "reject-v4-38": ownLabel,
	"limits-v6-30": ownClock, "sets-inet-35": ownClock,
	"hand-netdev": noDevice, "hand-netdev-acts": noDevice,
}

// TestRecorded compares the simulator with recorded answers of a live kernel:
// every event of the trace, every packet that left, and what the sender was told.
func TestRecorded(t *testing.T) {
	for _, name := range profiles(t) {
		t.Run(name, func(t *testing.T) {
			total, wrong := 0, 0
			for _, c := range recorded(t, name) {
				if c.Refused != "" || c.Random || undecided[c.Name] != "" {
					continue
				}
				total += len(c.Packets)
				t.Run(c.Name, func(t *testing.T) { wrong += runRecorded(t, &c) })
			}
			t.Logf("%d packets, %d differ", total, wrong)
		})
	}
}

// runRecorded returns how many packets of a case are not known to agree: those
// from the first difference on, which may cause others.
func runRecorded(t *testing.T, c *recordedCase) int {
	rs, err := nfttext.Parse(c.Ruleset, nfttext.ReadOptions{Name: c.Name})
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return len(c.Packets)
	}
	rules := eval.New(rs)
	node, err := simulate.New(oracle.Host(t, c.Env), c.inOrder(t, rules)...)
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return len(c.Packets)
	}
	return playRecorded(t, c, node, rules)
}

// inOrder returns the rulesets in the order in which they were loaded.
func (c *recordedCase) inOrder(t *testing.T, native netfilter.Rules) []netfilter.Rules {
	order := c.Order
	if order == nil {
		order = []string{"rules4", "rules6", "rules4nft", "rules6nft", "ruleset"}
	}
	var list []netfilter.Rules
	texts := map[string]struct {
		text   string
		family netfilter.Family
	}{
		"rules4": {c.Rules4, netfilter.IPv4}, "rules6": {c.Rules6, netfilter.IPv6},
		"rules4nft": {c.Rules4NFT, netfilter.IPv4}, "rules6nft": {c.Rules6NFT, netfilter.IPv6},
	}
	for _, key := range order {
		if key == "ruleset" {
			list = append(list, native)
		} else if x := texts[key]; x.text != "" {
			rs, err := parser.ParseString(x.text, parser.Family(x.family))
			require.NoError(t, err, c.Name)
			list = append(list, rs)
		}
	}
	return list
}

func playRecorded(t *testing.T, c *recordedCase, node *simulate.Node, rules *eval.Rules) int {
	s := node.NewSession(simulate.WithVisits(func(v *simulate.Visit) {
		if !v.Matched {
			require.NotEmpty(t, v.Miss().Condition, v.Text())
			require.Less(t, v.Miss().Held, v.Conditions()+1, v.Text())
		}
	}))
	now := time.Duration(0)
	places, compat := c.places(), c.compat()
	for i := range c.Packets {
		p := &c.Packets[i]
		at := time.Duration(p.T * float64(time.Second))
		s.Advance(at - now)
		now = at
		got := oracle.Ask(t, s, p.env(&c.Env), p.packet(t))
		d := differences(p.answer(t), got, eventDifferences(places, compat.native(p.Want.Trace), got))
		if d == nil {
			d = textDifferences(compat.nativeLines(p.Want.Text), got)
		}
		if d == nil {
			d = compat.differences(p.Want.Trace, places, got)
		}
		if d != nil {
			t.Errorf("%s packet %d: %s\n%s", c.Name, i, oracle.Describe(p.packet(t)), strings.Join(d, "\n"))
			return len(c.Packets) - i
		}
	}
	after := nfttext.List(rules.Snapshot(s.State(rules), s.Now()), nfttext.Options{})
	if d := listDifferences(c.ListAfter, after); c.Rules4+c.Rules6+c.Rules4NFT+c.Rules6NFT == "" && d != nil {
		t.Errorf("%s: listed afterwards\n%s", c.Name, strings.Join(d, "\n"))
		return 1
	}
	return 0
}
