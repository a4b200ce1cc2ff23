package nft_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestLiveKernel draws rulesets and packets and compares the simulator with the
// kernel this test runs on: every packet that left, what the sender was told, the
// connections at the end, and every counter, quota and element of a set. The
// rulesets of nftables stand alone, beside rules of iptables-legacy, beside those of
// iptables-nft, and beside both.
func TestLiveKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := lab.Seed()
	t.Logf("seed: -live.seed=%d", seed)
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	for _, family := range []int{4, 6} {
		for _, b := range besides {
			t.Run(fmt.Sprintf("%s/IPv%d", b.name, family), func(t *testing.T) {
				packets := 0
				for i := range lab.Cases(10) {
					d := &drawn{beside: b, node: node, env: env, family: family, seed: seed + uint64(i)}
					packets += d.compare(t)
				}
				t.Logf("%d packets compared", packets)
			})
		}
	}
}

// beside is what a drawn ruleset of nftables stands beside.
type beside struct {
	name string
	// load loads the rules of iptables that a case has into the kernel, and returns
	// them as the simulator takes them.
	load func(*testing.T, *drawn) ([]netfilter.Rules, error)
	// config restricts what those are drawn from: iptables-nft 1.8.9 refuses the
	// revisions of many extensions that this kernel has.
	config gen.Config
}

var besides = []beside{
	{"alone", func(*testing.T, *drawn) ([]netfilter.Rules, error) { return nil, nil }, gen.Config{}},
	{"legacy", loadLegacy, gen.Config{}},
	{"iptablesnft", loadIPTablesNFT, gen.Config{Matches: gen.CoreMatches(), Targets: gen.CoreTargets()}},
	{"both", loadBoth, gen.Config{Matches: gen.CoreMatches(), Targets: gen.CoreTargets()}},
}

func loadLegacy(t *testing.T, d *drawn) ([]netfilter.Rules, error) {
	c := d.draw()
	if err := d.node.Load(c.Rules4, c.Rules6, ""); err != nil {
		return nil, err
	}
	require.NoError(t, d.node.FlushNFT())
	return []netfilter.Rules{d.parsed(t, c.Rules(), netfilter.Legacy)}, nil
}

// loadIPTablesNFT loads rules of iptables-nft. The kernel refuses some of those drawn
// and so must the simulator; they are loaded without the lines it refuses.
func loadIPTablesNFT(t *testing.T, d *drawn) ([]netfilter.Rules, error) {
	text := d.draw().Rules()
	if refused := d.loadNFTBackend(text); refused != nil {
		_, err := d.parse(text, netfilter.NFTables)
		require.Error(t, err, "seed %d: %v", d.seed, refused)
		text = oracle.LoadableByNFT(text)
	}
	if err := d.loadNFTBackend(text); err != nil {
		return nil, err
	}
	return []netfilter.Rules{d.parsed(t, text, netfilter.NFTables)}, nil
}

// loadBoth loads rules of iptables-legacy, and then others of iptables-nft in tables of
// the same names.
func loadBoth(t *testing.T, d *drawn) ([]netfilter.Rules, error) {
	c := gen.Flow(d.seed+1<<41, gen.Config{Family: d.family})
	if err := d.node.Load(c.Rules4, c.Rules6, ""); err != nil {
		return nil, err
	}
	rules, err := loadIPTablesNFT(t, d)
	return append([]netfilter.Rules{d.parsed(t, c.Rules(), netfilter.Legacy)}, rules...), err
}

func (d *drawn) loadNFTBackend(text string) error {
	if d.family == 4 {
		return d.node.LoadNFT(text, "")
	}
	return d.node.LoadNFT("", text)
}

// drawn is a case that is drawn: a ruleset of nftables made for its packets, and
// rules of iptables.
type drawn struct {
	beside
	node   *kernel.Node
	env    kernel.Env
	family int
	seed   uint64

	text string // of the nftables ruleset
}

func (d *drawn) draw() *gen.Case {
	config := d.config
	config.Family = d.family
	return gen.Flow(d.seed, config)
}

func (d *drawn) parse(text string, b netfilter.Backend) (*netfilter.Ruleset, error) {
	return parser.ParseString(text, parser.Family(map[int]netfilter.Family{4: netfilter.IPv4, 6: netfilter.IPv6}[d.family]), parser.Backend(b))
}

// parsed reads rules that the kernel has loaded.
func (d *drawn) parsed(t *testing.T, text string, b netfilter.Backend) *netfilter.Ruleset {
	rs, err := d.parse(text, b)
	require.NoError(t, err, "seed %d", d.seed)
	return rs
}

// compare runs the case on both sides and returns how many packets were compared;
// it stops at the first difference, which may cause others.
func (d *drawn) compare(t *testing.T) int {
	require.NoError(t, d.node.Load("", "", ""))
	require.NoError(t, d.node.FlushNFT())
	iptables, err := d.load(t, d)
	if err != nil {
		t.Logf("seed %d: %v", d.seed, err)
		return 0
	}
	rules := d.loadNFT(t)
	if rules == nil {
		return 0
	}
	sim, err := simulate.New(oracle.Host(t, d.env), append(iptables, rules)...)
	require.NoError(t, err, "seed %d", d.seed)
	s := sim.NewSession()
	packets, ok := d.play(t, s)
	if !ok {
		return packets
	}
	want, err := d.node.Run("nft", "list", "table", map[int]string{4: "ip", 6: "ip6"}[d.family], "t")
	require.NoError(t, err)
	if diff := listDifferences(want, nfttext.List(rules.Snapshot(s.State(rules), s.Now()), nfttext.Options{})); diff != nil {
		t.Errorf("seed %d after %d packets: %s\n%s", d.seed, packets, strings.Join(diff, "\n"), want)
	}
	if diff := oracle.ConnDifferences(t, d.node, s); diff != nil {
		t.Errorf("seed %d after %d packets: %s", d.seed, packets, strings.Join(diff, "\n"))
	}
	return packets
}

// loadNFT draws the ruleset of nftables and loads it on both sides; nil where both
// refuse it.
func (d *drawn) loadNFT(t *testing.T) *eval.Rules {
	d.text = newDrawer(gen.NewRand(d.seed+1<<40, d.family), d.family, d.draw()).ruleset()
	file := filepath.Join(t.TempDir(), "drawn.nft")
	require.NoError(t, os.WriteFile(file, []byte(d.text), 0o600))
	_, refusal := d.node.Run("nft", "-f", file)
	rs, err := nfttext.Parse(d.text, nfttext.ReadOptions{Name: "drawn.nft"})
	if (refusal != nil) != (err != nil) {
		t.Errorf("seed %d: nft: %v; here: %v\n%s", d.seed, refusal, err, d.text)
	}
	if refusal != nil || err != nil {
		return nil
	}
	return eval.New(rs)
}

// play sends the packets; false if the case is over early.
func (d *drawn) play(t *testing.T, s *simulate.Session) (packets int, ok bool) {
	left := map[int][]kernel.Out{}
	for p := range d.draw().Packets(func(step int) []kernel.Out { return left[step] }) {
		a, err := d.node.Send(p.Packet)
		require.NoError(t, err)
		left[p.Step] = append(left[p.Step], a.Out...)
		a.Log = append(a.Log, a.OtherLog...)
		packets++
		r := oracle.Ask(t, s, d.env, p.Packet)
		if r.Chance < 1 || r.RandomPort {
			return packets, false // the kernel throws dice
		}
		if diff := differences(a, r, nil); diff != nil {
			t.Errorf("seed %d packet %d (%s): %s\n%s\n%+v\n%s", d.seed, packets, p.Note, oracle.Describe(p.Packet), strings.Join(diff, "\n"), r, d.text)
			return packets, false
		}
	}
	return packets, true
}
