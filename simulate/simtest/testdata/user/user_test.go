// Package user has tests as users of package simtest write them. TestUnderGoTest runs
// them with the flags of go test.
package user

import (
	"os"
	"testing"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/casefile"
)

const rules = `*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -i lan -j ACCEPT
COMMIT
`

var coverage simulate.Coverage

func TestMain(m *testing.M) { os.Exit(simtest.Main(m, &coverage, 1)) }

func node(t *testing.T) *simulate.Node {
	text := rules
	if os.Getenv("USER_UNCOVERED") != "" {
		text = text[:len(text)-len("COMMIT\n")] + "-A FORWARD -p udp --dport 9 -j REJECT\nCOMMIT\n"
	}
	return simtest.Load(t, simtest.Host(t, "link lan 10.0.0.1/24; link wan 192.0.2.1/24"), text).With(simulate.WithCoverage(&coverage))
}

func TestSession(t *testing.T) {
	t.Parallel()
	simtest.Cases{
		{"nobody asks from outside", "wan: udp 192.0.2.9:53 > 10.0.0.5:4000", simtest.Dropped()},
		{"the lan asks", "lan: udp 10.0.0.5:4000 > 192.0.2.9:53", simtest.Forwarded()},
		{"and is answered", "wan: udp 192.0.2.9:53 > 10.0.0.5:4000", simtest.Forwarded()},
	}.Play(t, node(t).NewSession())
}

func TestCases(t *testing.T) {
	t.Parallel()
	for range 4 { // the node is shared
		n := node(t)
		t.Run("shared", func(t *testing.T) {
			t.Parallel()
			simtest.Check(t, n, "lan: tcp 10.0.0.5:4000 > 192.0.2.9:80", simtest.Forwarded(), simtest.By("filter:FORWARD:rule:2"))
			simtest.Flows{{"from outside", "192.0.2.9", "tcp", "10.0.0.5", 22, "DROP", false}}.Run(t, n)
		})
	}
}

func TestFiles(t *testing.T) {
	casefile.Run(t, "testdata/*.txtar", simulate.WithCoverage(&coverage))
}
