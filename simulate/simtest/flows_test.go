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
	"github.com/packetpath/packetpath/simulate/simtest"
)

// proxierCase is a line of what Kubernetes' tests expect of kube-proxy's rules.
type proxierCase struct {
	Test    string   `json:"test"`
	Save    string   `json:"save"`
	IPv6    bool     `json:"ipv6"`
	NodeIPs []string `json:"nodeIPs"`
	Cases   []struct {
		Name, Src, Proto, Dst, Output string
		DPort                         uint16 `json:"dport"`
		Masq                          bool
	} `json:"cases"`
}

// TestProxierFlows runs what Kubernetes' own tests expect.
func TestProxierFlows(t *testing.T) {
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("PACKETPATH_DATA does not name a folder with the expectations")
	}
	f, err := os.Open(filepath.Join(dir, "suites", "kube-proxy-flows.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	dec := json.NewDecoder(bufio.NewReader(f))
	packets := 0
	for dec.More() {
		var c proxierCase
		require.NoError(t, dec.Decode(&c))
		var fs simtest.Flows
		for _, x := range c.Cases {
			fs = append(fs, simtest.Flows{{x.Name, x.Src, x.Proto, x.Dst, x.DPort, x.Output, x.Masq}}...)
		}
		packets += len(fs)
		t.Run(c.Test, func(t *testing.T) {
			live := simtest.Live{Host: simtest.Host(t, "link eth0 "+strings.Join(withLengths(c.NodeIPs), " ")+
				"; route default dev eth0; route ::/0 dev eth0; sysctl net.ipv4.conf.all.route_localnet=1")}
			if c.IPv6 {
				live.Rules = &netfilter.Ruleset{Family: netfilter.IPv6}
			}
			live.Restore(t, c.Save)
			fs.Run(t, live.Node(t))
		})
	}
	assert.Equal(t, 246, packets)
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
