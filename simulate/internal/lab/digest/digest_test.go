package digest

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

var (
	out    = flag.String("digest.out", "", "file to write the digest of each world to")
	worlds = flag.Uint64("digest.worlds", 4, "how many worlds of each kind and family are drawn")
)

// TestWorlds plays drawn worlds: random hosts, rulesets, connections and packets. Each
// is played twice and gives the same digest; -digest.out writes the digests, which
// are the same on every platform.
func TestWorlds(t *testing.T) {
	var lines strings.Builder
	for seed := range *worlds {
		for _, draw := range []func(uint64, gen.Config) *gen.Case{gen.Random, gen.Flow, gen.Kube, gen.Talk} {
			for _, family := range []int{4, 6} {
				w := world{env: gen.DrawEnv(seed), draw: func() *gen.Case { return draw(seed, gen.Config{Family: family}) }}
				first := w.play(t)
				require.Equal(t, first, w.play(t), "seed %d, %s", seed, w.draw().Name)
				fmt.Fprintf(&lines, "%s %d IPv%d %s\n", w.draw().Name, seed, family, first)
			}
		}
	}
	if *out != "" {
		require.NoError(t, os.WriteFile(*out, []byte(lines.String()), 0o644))
	}
}

// world is a host, with a case that is drawn anew each time it is played.
type world struct {
	env  kernel.Env
	draw func() *gen.Case
}

// play sends the packets of a case through its rules, and through rules of nftables
// beside them, and sums up all that can be seen of the results.
func (w *world) play(t *testing.T) string {
	sum := sha256.New()
	c := w.draw()
	h := oracle.Host(t, w.env)
	node, err := oracle.Load(h, c.Rules4, c.Rules6)
	require.NoError(t, err)
	loaded := node.NewSession()
	rules4, rules6 := loaded.Ruleset(netfilter.IPv4), loaded.Ruleset(netfilter.IPv6)
	fmt.Fprintln(sum, rules4, rules6)
	beside, err := nfttext.Parse(nftRules, nfttext.ReadOptions{})
	require.NoError(t, err)
	rules := eval.New(beside)
	both, err := simulate.New(h, rules4, rules6, rules)
	require.NoError(t, err)
	fmt.Fprintln(sum, nfttext.List(beside, nfttext.Options{}))

	var coverage simulate.Coverage
	s := both.NewSession(simulate.WithSeed(7), simulate.WithCoverage(&coverage))
	left := map[int][]kernel.Out{}
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		r := oracle.Ask(t, s, w.env, p.Packet)
		if r.OutDev != "" && r.Fragments == nil {
			left[p.Step] = append(left[p.Step], kernel.Out{Iface: r.OutDev, Wire: r.Packet.Wire()})
		}
		add(t, sum, r)
		packet := oracle.PacketOf(t, w.env, p.Packet)
		for _, o := range simulate.Outcomes(s.Branches(p.In, packet, simulate.MaxBranches(20)), func(r *simulate.Result) simulate.Fate { return r.Fate }) {
			fmt.Fprintln(sum, o.Key, o.Least, o.Most, len(o.Branches))
		}
	}
	for c := range s.Conns() {
		fmt.Fprintln(sum, c)
	}
	fmt.Fprintln(sum, &coverage, nfttext.List(rules.Snapshot(s.State(rules), s.Now()), nfttext.Options{}))
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// add adds all that can be seen of a result.
func add(t *testing.T, sum hash.Hash, r *simulate.Result) {
	fmt.Fprintf(sum, "%+v\n%v\n%v\n", r, r.Trace(), r.Logs())
	text, err := json.Marshal(r)
	require.NoError(t, err)
	sum.Write(text)
	sum.Write(r.Packet.Wire())
	for _, f := range r.Fragments {
		sum.Write(f.Wire())
	}
}

// nftRules are of every kind whose value depends on the order of bytes.
const nftRules = `table inet beside {
	set seen { typeof meta mark . ip saddr; flags dynamic,timeout; timeout 1m; }
	set nets { type ipv4_addr; flags interval; elements = { 10.0.0.0/9, 192.0.2.7-192.0.2.99 } }
	map ports { type inet_service : mark; elements = { 80 : 0x00010203, 53 : 0x0a0b0c0d } }
	chain pre {
		type filter hook prerouting priority -10;
		meta mark set jhash ip saddr . tcp sport mod 16 seed 0xa offset 3
		meta mark set symhash mod 7
		ip daddr @nets counter
		ct mark set meta mark & 0xff00ff00 | 0x12
		tcp dport 1-1023 meta mark set tcp dport map @ports
		meta length > 200 update @seen { meta mark . ip saddr limit rate 1/second }
		meta priority set 1:2
		ip id and 0x0ff0 == 0x0120 counter
		ct bytes > 300 counter
		meta day Thursday meta hour "10:00"-"13:00" counter
		numgen random mod 3 vmap { 0 : accept, 1 : continue, 2 : accept }
	}
	chain post {
		type filter hook postrouting priority 10;
		meta mark & 0xf0 == 0x10 ip dscp set cs3
		rt classid 3 counter
		quota over 2 kbytes counter
	}
}
`
