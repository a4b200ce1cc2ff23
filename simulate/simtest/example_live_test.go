package simtest_test

import (
	"fmt"

	"github.com/packetpath/packetpath/simulate/simtest"
)

// Live stands for the machine of a program that writes rules: what the program
// gives to iptables-restore --noflush goes to Restore. t is the test's own.
func ExampleLive() {
	live := simtest.Live{Host: simtest.Host(t, "link eth0 192.0.2.5/24; link cni0 10.244.1.1/24")}
	live.Restore(t, "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n")
	const packet = "cni0: tcp 10.244.1.9:5000 > 192.0.2.9:443"
	simtest.Check(t, live.Node(t), packet, simtest.Dropped())
	live.Restore(t, "*filter\n-A FORWARD -i cni0 -j ACCEPT\nCOMMIT\n")
	simtest.Check(t, live.Node(t), packet, simtest.Forwarded())
	fmt.Print(live.Rules)
	// Output:
	// *filter
	// :INPUT ACCEPT [0:0]
	// :FORWARD DROP [0:0]
	// :OUTPUT ACCEPT [0:0]
	// -A FORWARD -i cni0 -j ACCEPT
	// COMMIT
}
