package simtest_test

import (
	"fmt"
	"testing"

	"github.com/packetpath/packetpath/simulate/simtest"
)

// answersOnly lets new connections out only.
const answersOnly = `*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -i lan -j ACCEPT
COMMIT
`

// Play sends the packets through one session, so that connections are known.
func ExampleCases_Play() {
	test := func(t *testing.T) {
		node := simtest.Load(t, simtest.Host(t, "link lan 10.0.0.1/24; link wan 192.0.2.1/24"), answersOnly)
		simtest.Cases{
			{"nobody asks from outside", "wan: udp 192.0.2.9:53 > 10.0.0.5:4000", simtest.Dropped()},
			{"the lan asks", "lan: udp 10.0.0.5:4000 > 192.0.2.9:53", simtest.Forwarded()},
			{"and is answered", "wan: udp 192.0.2.9:53 > 10.0.0.5:4000", simtest.Forwarded()},
		}.Play(t, node.NewSession())
	}
	fmt.Println(passes(test))
	// Output: true
}
