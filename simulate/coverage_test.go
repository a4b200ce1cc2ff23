package simulate_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

const partlyCovered = `*filter
:FORWARD DROP [0:0]
:OLD - [0:0]
-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -s 10.9.0.0/16 -j ACCEPT
-A OLD -j ACCEPT
COMMIT
`

func TestCoverage(t *testing.T) {
	var cov simulate.Coverage
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			n := nodeOf(t, partlyCovered).With(simulate.WithCoverage(&cov))
			for _, text := range []string{"eth0: tcp 10.0.0.1:1 > 10.0.0.2:22", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:23"} {
				dev, p := parsePacket(t, text)
				n.Receive(dev, p)
			}
		}()
	}
	wait.Wait()
	assert.Equal(t, `# IPv4: 1 of 3 rules matched (matched/reached; ! never matched, !! never reached)
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:OLD - [0:0]
        4/8      -A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT
 !      0/4      -A FORWARD -s 10.9.0.0/16 -j ACCEPT
!!      0/0      -A OLD -j ACCEPT
COMMIT
`, cov.String())
	assert.InDelta(t, 1.0/3, cov.Ratio(), 1e-9)
	require.NoError(t, cov.Check(0.3))
	assert.EqualError(t, cov.Check(0.5), `33.3% of the rules matched a packet, 50.0% are asked for:
  never matched, reached 4×: filter: -A FORWARD -s 10.9.0.0/16 -j ACCEPT
  never reached: filter: -A OLD -j ACCEPT`)
	b, err := json.Marshal(&cov)
	require.NoError(t, err)
	assert.JSONEq(t, `[{"family":"IPv4","rules":[
		{"table":"filter","chain":"FORWARD","number":1,"rule":"-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT","reached":8,"matched":4},
		{"table":"filter","chain":"FORWARD","number":2,"rule":"-A FORWARD -s 10.9.0.0/16 -j ACCEPT","reached":4,"matched":0},
		{"table":"filter","chain":"OLD","number":1,"rule":"-A OLD -j ACCEPT","reached":0,"matched":0}]}]`, string(b))
}

// TestCoverageFollowsReloads counts the rules of a session that loads others.
func TestCoverageFollowsReloads(t *testing.T) {
	var cov simulate.Coverage
	assert.Equal(t, 1.0, cov.Ratio())
	s := nodeOf(t, partlyCovered).NewSession(simulate.WithCoverage(&cov))
	rules, err := parser.ParseString("*filter\n-A FORWARD -j ACCEPT\nCOMMIT\n")
	require.NoError(t, err)
	require.NoError(t, s.Reload(rules))
	dev, p := parsePacket(t, "eth0: tcp 10.0.0.1:1 > 10.0.0.2:22")
	s.Receive(dev, p)
	assert.InDelta(t, 1.0/4, cov.Ratio(), 1e-9)
}

// TestVisits says of every rule why it did not match.
func TestVisits(t *testing.T) {
	for _, tt := range []struct{ rule, packet, want string }{
		{"-s 10.0.0.0/8 -p tcp -m tcp --dport 443 -j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", "-m tcp --dport 443, but the packet has sport 1 dport 80 flags syn"},
		{"-s 10.0.0.0/8 -p udp -j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", "-p udp, but the packet has protocol tcp"},
		{"! -s 10.0.0.0/8 -j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", "! -s 10.0.0.0/8, but the packet has source 10.0.0.1"},
		{"-i eth1 -d 10.0.0.0/8 -j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", "-i eth1, but the packet has link eth0 in"},
		{"-f -j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", "-f, but the packet has fragment offset 0"},
		{"-m statistic --mode random --probability 0 -j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", "-m statistic --mode random --probability 0.00000000000"},
		{"-j ACCEPT", "eth0: tcp 10.0.0.1:1 > 10.0.0.2:80", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := "not visited"
			n := nodeOf(t, "*filter\n-A FORWARD "+tt.rule+"\nCOMMIT\n").With(simulate.WithVisits(func(v *simulate.Visit) {
				assert.Equal(t, "filter:FORWARD:rule:1", v.Place())
				got = v.Miss().String()
			}))
			dev, p := parsePacket(t, tt.packet)
			n.Receive(dev, p)
			assert.Equal(t, tt.want, got)
		})
	}
}
