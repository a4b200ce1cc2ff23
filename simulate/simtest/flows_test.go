package simtest_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// proxierCase is a line of what Kubernetes' tests expect of kube-proxy's rules:
// those of iptables or, by commands, those of nftables.
type proxierCase struct {
	Test    string   `json:"test"`
	Name    string   `json:"name"`
	Save    string   `json:"save"`
	NFT     string   `json:"nft"`
	IPv6    bool     `json:"ipv6"`
	NodeIPs []string `json:"nodeIPs"`
	Cases   []struct {
		Name, Src, Proto, Dst, Output string
		DPort                         uint16 `json:"dport"`
		Masq                          bool
	} `json:"cases"`
}

func proxierCases(t *testing.T, name string) (cases []proxierCase) {
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("PACKETPATH_DATA does not name a folder with the expectations")
	}
	f, err := os.Open(filepath.Join(dir, "suites", name))
	require.NoError(t, err)
	defer f.Close()
	for dec := json.NewDecoder(bufio.NewReader(f)); dec.More(); {
		var c proxierCase
		require.NoError(t, dec.Decode(&c))
		cases = append(cases, c)
	}
	return cases
}

func (c *proxierCase) flows() (fs simtest.Flows) {
	for _, x := range c.Cases {
		fs = append(fs, simtest.Flow{x.Name, x.Src, x.Proto, x.Dst, x.DPort, x.Output, x.Masq})
	}
	return fs
}

// host returns the node, which has every route that the packets need.
func (c *proxierCase) host(t *testing.T) host.Host {
	return simtest.Host(t, "link eth0 "+strings.Join(withLengths(c.NodeIPs), " ")+
		"; route default dev eth0; route ::/0 dev eth0; sysctl net.ipv4.conf.all.route_localnet=1")
}

// TestProxierFlows runs what Kubernetes' own tests expect of its iptables rules.
func TestProxierFlows(t *testing.T) {
	packets := 0
	for _, c := range proxierCases(t, "kube-proxy-flows.jsonl") {
		packets += len(c.Cases)
		t.Run(c.Test, func(t *testing.T) {
			live := simtest.Live{Host: c.host(t)}
			if c.IPv6 {
				live.Rules = &netfilter.Ruleset{Family: netfilter.IPv6}
			}
			live.Restore(t, c.Save)
			c.flows().Run(t, live.Node(t))
		})
	}
	assert.Equal(t, 246, packets)
}

// TestProxierFlowsNFT runs what they expect of its nftables rules.
func TestProxierFlowsNFT(t *testing.T) {
	packets := 0
	for _, c := range proxierCases(t, "kube-proxy-nft-flows.jsonl") {
		packets += len(c.Cases)
		t.Run(c.Name, func(t *testing.T) {
			rs, err := nfttext.Parse(c.NFT, nfttext.ReadOptions{Name: c.Name})
			require.NoError(t, err)
			node, err := simulate.New(c.host(t), eval.New(rs))
			require.NoError(t, err)
			c.flows().Run(t, node)
		})
	}
	assert.Equal(t, 218, packets)
}

func withLengths(addrs []string) (out []string) {
	for _, a := range addrs {
		if strings.Contains(a, ":") {
			out = append(out, a+"/64")
		} else {
			out = append(out, a+"/24")
		}
	}
	return out
}
