package simulate_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab"
)

// goldenRules reach all that JSON tells of.
const goldenRules = `*raw
-A PREROUTING -j TRACE
COMMIT
*nat
-A PREROUTING -d 10.96.0.10 -p tcp --dport 80 -m statistic --mode random --probability 0.25 -j DNAT --to-destination 10.244.1.1:8080-8081 --random
-A PREROUTING -d 10.96.0.10 -p tcp --dport 80 -j DNAT --to-destination 10.244.1.2:8080
-A POSTROUTING -o cni0 -j MASQUERADE
-A POSTROUTING -p udp -j MASQUERADE --random
COMMIT
*mangle
-A PREROUTING -p tcp --dport 80 -j MARK --set-mark 7
-A PREROUTING -p tcp --dport 80 -m socket --nowildcard -j DROP
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -p tcp --dport 8080 -j LOG --log-prefix "web: "
-A FORWARD -p tcp --dport 8080:8081 -j ACCEPT
-A FORWARD -p udp -j REJECT
-A FORWARD -p icmp -m strange -j ACCEPT
-A OUTPUT -p tcp --dport 25 -j REJECT
COMMIT
`

// free are the fields whose words may change.
var free = regexp.MustCompile(`("(?:text|summary|error|change)"): ".*"`)

// TestJSONStaysAsItIs holds the form of results that is promised to stay: fields
// may be added to the golden file, none may change.
func TestJSONStaysAsItIs(t *testing.T) {
	const path = "testdata/results.json"
	rules, err := parser.Parse("node.rules", bytes.NewReader([]byte(goldenRules)))
	require.NoError(t, err)
	node, err := simulate.New(host.MustParse("link eth0 192.0.2.1/24; link cni0 10.244.1.254/24; link br0 10.5.0.1/24; link p1 master br0; link p2 master br0"), rules)
	require.NoError(t, err)
	var results []*simulate.Result
	for _, text := range []string{
		"eth0: tcp 192.0.2.9:5000 > 10.96.0.10:80", "eth0: udp 192.0.2.9:5000 > 10.244.1.9:53", "eth0: icmp 192.0.2.9 > 10.244.1.9",
		"tcp 192.0.2.1:5000 > 192.0.2.9:25", "udp 192.0.2.1:5000 > 192.0.2.9:53",
		"p1: udp 10.5.0.9:1000 > 10.5.0.255:53",
	} {
		dev, p := parser.MustPacket(text)
		results = slices.AppendSeq(results, node.Branches(dev, p))
	}
	nft, err := parser.Parse("nft.rules", strings.NewReader("*filter\n-A FORWARD -j DROP\nCOMMIT\n"), parser.Backend(netfilter.NFTables))
	require.NoError(t, err)
	beside, err := simulate.New(host.Host{}, rules, nft)
	require.NoError(t, err)
	dev, p := parser.MustPacket("eth0: udp 192.0.2.9:5000 > 10.244.1.9:53")
	results = append(results, beside.Receive(dev, p))
	got, err := json.MarshalIndent(results, "", "\t")
	require.NoError(t, err)
	got = append(free.ReplaceAll(got, []byte(`$1: "…"`)), '\n')
	if lab.Update() {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, strings.Split(string(want), "\n"), strings.Split(string(got), "\n"), "the form is promised to stay; go test ./simulate -run JSON -update writes what was added to it")

	source, err := os.ReadFile("json.go")
	require.NoError(t, err)
	for _, key := range regexp.MustCompile(`json:"(\w+)`).FindAllSubmatch(source, -1) {
		assert.True(t, bytes.Contains(want, []byte(`"`+string(key[1])+`":`)), "no result of the golden file has the field %s", key[1])
	}
}
