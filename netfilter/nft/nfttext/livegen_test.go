package nfttext_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

var (
	liveSeed  = flag.Uint64("live.seed", 1, "seed of what is drawn; 0 draws one from the clock")
	liveCases = flag.Int("live.cases", 2, "how many tables of 40 rules are drawn")
)

var faultLine = regexp.MustCompile(`(?m)^[^:\n]*:(\d+):\d+-\d+: Error: (.*)$`)

// nftRefuses loads a text and returns which of its lines nft refuses and why, or
// the listing.
func nftRefuses(text string) (map[int]string, string, error) {
	cmd := exec.Command("unshare", "-n", "sh", "-c", "nft -f - && nft list ruleset")
	cmd.Stdin = strings.NewReader(text)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err == nil {
		return nil, out.String(), nil
	}
	bad := map[int]string{}
	for _, m := range faultLine.FindAllStringSubmatch(errs.String(), -1) {
		n, _ := strconv.Atoi(m[1])
		bad[n] = m[2]
	}
	if len(bad) == 0 {
		return nil, "", fmt.Errorf("%w: %s", err, errs.String())
	}
	return bad, "", nil
}

// onlyNewer are reasons why nft 1.0.6 alone refuses something, or this kernel.
func onlyNewer(reason, rule string) bool {
	return strings.Contains(rule, "queue") || strings.Contains(reason, "datatype mismatch: expected packet mark") || reason == "Could not process rule: No such file or directory" ||
		reason == "Could not process rule: Protocol error" || strings.HasPrefix(reason, "cannot reject")
}

// TestLiveGenerated draws rules and compares what becomes of them with what the
// machine's nft makes of them.
func TestLiveGenerated(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make network namespaces")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed")
	}
	seed := *liveSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-live.seed=%d", seed)
	agree, refused := 0, 0
	for c := range *liveCases {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(c)))}
		g.family = g.one("ip", "ip6", "inet", "inet", "bridge", "netdev")
		var rules []string
		var texts []string
		for range 40 {
			rules = append(rules, g.rule())
		}
		texts = append(texts, rules...)
		ours := make([]string, len(rules)) // what the reader refuses, "" if nothing
		for i, r := range rules {
			if _, err := nfttext.Parse(g.text([]string{r}), nfttext.ReadOptions{}); err != nil {
				ours[i] = err.Error()
			}
		}
		theirs := make([]string, len(rules))
		var list string
		for {
			bad, out, err := nftRefuses(g.text(texts))
			if err != nil {
				// nft crashed: look for the rule one by one.
				for i := range texts {
					if texts[i] == "counter" {
						continue
					}
					if _, _, err := nftRefuses(g.text([]string{texts[i]})); err != nil {
						texts[i], theirs[i] = "counter", "crash"
						ours[i] = "crash"
					}
				}
				continue
			}
			if bad == nil {
				list = out
				break
			}
			for line, reason := range bad {
				i := ruleAt(line, len(texts))
				require.True(t, 0 <= i && i < len(texts), reason)
				texts[i], theirs[i] = "counter", reason
			}
		}
		for i := range rules {
			switch {
			case theirs[i] != "" && ours[i] != "":
				refused++
			case theirs[i] != "" && !onlyNewer(theirs[i], rules[i]):
				t.Errorf("%s %q is taken; nft says %s", g.family, rules[i], theirs[i])
			case theirs[i] == "" && ours[i] != "":
				t.Errorf("%s %q is refused: %s", g.family, rules[i], ours[i])
				texts[i] = "counter"
			}
		}
		sections := strings.Split(list, "\tchain ")
		for i := range rules {
			if theirs[i] != "" || ours[i] != "" {
				continue
			}
			r, err := nfttext.Parse(g.text([]string{rules[i]}), nfttext.ReadOptions{})
			require.NoError(t, err)
			mine := strings.Split(nfttext.List(r, nfttext.Options{}), "\tchain ")
			got := mine[len(mine)-1]
			want := sections[len(sections)-len(rules)+i]
			got = strings.SplitN(got, "\n", 3)[1]
			want = strings.SplitN(want, "\n", 3)[1]
			if got != want {
				t.Errorf("%s %q\n    got  %s\n    want %s", g.family, rules[i], got, want)
				continue
			}
			agree++
		}
	}
	t.Logf("%d rules are listed alike, %d refused alike", agree, refused)
}
