package simtest_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// t stands for the *testing.T of a test: it prints what a failing test says.
var t printer

type printer struct{ testing.TB }

func (printer) Helper()                           {}
func (printer) Error(args ...any)                 { fmt.Println(args...) }
func (printer) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// passes runs a test and reports whether it passes. What "go test -v" shows of it
// is kept out of the example's output.
func passes(test func(*testing.T)) bool {
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()
	os.Stdout = os.Stderr
	return testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "Test", F: test}})
}

const firewall = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -i cni0 -p tcp -m tcp --dport 443 -m comment --comment "web" -j ACCEPT
COMMIT
`

func ExampleLoad() {
	host := simtest.Host(t, "link eth0 192.168.0.5/24; link cni0 10.244.1.1/24; route default via 192.168.0.1")
	node := simtest.Load(t, host, firewall) // or the name of a file
	fmt.Println(node.LinkTo(host.Links[1].Addrs[0].Prefix.Addr().Next()))
	// Output: cni0 false
}

// In a test, Cases.Run makes a subtest of each line.
func ExampleCheck() {
	node := simtest.Load(t, simtest.Host(t, "link eth0 192.168.0.5/24; link cni0 10.244.1.1/24; route default via 192.168.0.1; sysctl net.ipv4.ip_forward=1"), firewall)
	simtest.Check(t, node, "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443", simtest.ForwardedTo("1.1.1.1:443"), simtest.By("web"))
	simtest.Check(t, node, "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80", simtest.Forwarded())
	// Output:
	// cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80 syn
	//   want: forwarded
	//   got:  dropped
	//   path: dropped; decided by filter:FORWARD:policy:2 policy DROP
	//     PREROUTING in cni0
	//       to eth0 via 192.168.0.1, route 0.0.0.0/0  [ttl 64 → 63]
	//     FORWARD in cni0 out eth0
	//       filter:FORWARD:policy:2  policy DROP  <- decided
	//   nearest rule that did not match: filter:FORWARD:rule:1  -A FORWARD -i cni0 -p tcp -m tcp --dport 443 -m comment --comment web -j ACCEPT
	//     condition -m tcp --dport 443, but the packet has sport 5000 dport 80 flags syn
}

func ExampleCases() {
	test := func(t *testing.T) {
		node := simtest.Load(t, simtest.Host(t, "link eth0 192.168.0.5/24; link cni0 10.244.1.1/24; route default via 192.168.0.1"), firewall)
		simtest.Cases{
			{"pods may browse", "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443", simtest.ForwardedTo("1.1.1.1:443")},
			{"nothing else", "cni0: udp 10.244.1.9:5000 > 1.1.1.1:53", simtest.Dropped()},
			{"ssh to the node", "eth0: tcp 192.168.0.9:5000 > 192.168.0.5:22", simtest.Delivered()},
		}.Run(t, node)
	}
	fmt.Println(passes(test))
	// Output: true
}

func ExampleFlows() {
	test := func(t *testing.T) {
		live := simtest.Live{Host: simtest.Host(t, "link eth0 192.168.0.5/24; link cni0 10.244.1.1/24; route default via 192.168.0.1")}
		live.Restore(t, `*nat
:MARK-MASQ - [0:0]
:POST - [0:0]
:SVC - [0:0]
-A PREROUTING -d 10.96.0.10 -p tcp --dport 80 -j SVC
-A OUTPUT -d 10.96.0.10 -p tcp --dport 80 -j SVC
-A POSTROUTING -j POST
-A SVC ! -s 10.244.0.0/16 -j MARK-MASQ
-A SVC -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.244.1.2:8080
-A SVC -p tcp -j DNAT --to-destination 10.244.1.3:8080
-A MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A POST -m mark --mark 0x4000/0x4000 -j MASQUERADE
COMMIT
`)
		simtest.Flows{
			{"pod to service", "10.244.1.9", "TCP", "10.96.0.10", 80, "10.244.1.2:8080, 10.244.1.3:8080", false},
			{"node to service", "192.168.0.5", "TCP", "10.96.0.10", 80, "10.244.1.2:8080, 10.244.1.3:8080", true},
			{"pod to the world", "10.244.1.9", "TCP", "1.1.1.1", 80, "", false},
		}.Run(t, live.Node(t))
	}
	fmt.Println(passes(test))
	// Output: true
}

func ExampleReply() {
	node := simtest.Load(t, host.Host{}, "*nat\n-A PREROUTING -d 10.96.0.10 -p udp --dport 53 -j DNAT --to-destination 10.244.0.2\nCOMMIT\n")
	simtest.Check(t, node, "cni0: udp 10.244.1.9:5000 > 10.96.0.10:53",
		simtest.ForwardedTo("10.244.0.2:53"),
		simtest.Reply(simtest.From("10.96.0.10:53"), simtest.ForwardedTo("10.244.1.9:5000")))
	// Output:
}

func ExampleCmpOptions() {
	type expectation struct {
		Host host.Host
		By   string
	}
	want := expectation{simtest.Host(t, "link eth0 192.168.0.5/24"), "web"}
	fmt.Println(cmp.Diff(want, want, simtest.CmpOptions()) == "")
	// Output: true
}
