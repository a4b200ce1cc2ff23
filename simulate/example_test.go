package simulate_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// must ends an example that cannot go on.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatalf("%+v", err)
	}
	return v
}

const webOnly = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 443 -m comment --comment "the web" -j ACCEPT
COMMIT
`

const service = `*nat
-A PREROUTING -d 10.96.0.10 -p tcp --dport 80 -m statistic --mode random --probability 0.25 -j DNAT --to-destination 10.244.0.1:8080
-A PREROUTING -d 10.96.0.10 -p tcp --dport 80 -j DNAT --to-destination 10.244.0.2:8080
COMMIT
`

func ExampleNew() {
	rules := must(parser.ParseString(webOnly))
	h := host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.5/24")}}}
	node := must(simulate.New(h, rules))
	fmt.Println(node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:40000 > 192.0.2.5:443")))
	fmt.Println(node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:40000 > 192.0.2.5:22")))
	// Output:
	// delivered to the host as tcp 192.0.2.9:40000 > 192.0.2.5:443 syn; allowed by filter:INPUT:rule:2 -A INPUT -p tcp -m tcp --dport 443 -m comment --comment "the web" -j ACCEPT
	// dropped; decided by filter:INPUT:policy:3 policy DROP
}

func ExampleNode_Receive() {
	node := must(simulate.New(host.Host{}, must(parser.ParseString(service))))
	r := node.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80"))
	fmt.Println(r.Fate, r.Endpoint(), r.Chance)
	fmt.Println(r.Trace()[0])
	// Output:
	// forwarded 10.244.0.1:8080 0.25
	// nat:PREROUTING:rule:1 IN=eth0 OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=10.0.0.9 DST=10.96.0.10 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=TCP SPT=40000 DPT=80 SEQ=0 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0
}

func ExampleNode_Send() {
	node := must(simulate.New(host.Host{}, must(parser.ParseString("*filter\n-A OUTPUT -p tcp --dport 25 -j REJECT\nCOMMIT\n"))))
	_, p := parser.MustPacket("tcp 10.0.0.5:40000 > 10.0.0.9:25")
	r := node.Send(p)
	fmt.Println(r.Fate, "-", r.SendError)
	// Output: rejected - Operation not permitted
}

func ExampleNode_NewSession() {
	h := host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.5/24")}}}
	s := must(simulate.New(h, must(parser.ParseString(webOnly)))).NewSession()
	_, question := parser.MustPacket("udp 192.0.2.5:5000 > 192.0.2.9:53")
	sent := s.Send(question)
	fmt.Println(sent.Fate)
	fmt.Println(s.Receive(sent.OutDev, sent.Reply()))
	// Output:
	// sent
	// delivered to the host as udp 192.0.2.9:53 > 192.0.2.5:5000; allowed by filter:INPUT:rule:1 -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
}

func ExampleNode_Branches() {
	node := must(simulate.New(host.Host{}, must(parser.ParseString(service))))
	for r := range node.Branches(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80")) {
		fmt.Println(r.Probability(), r.Fate, r.Endpoint())
	}
	// Output:
	// 1/4 forwarded 10.244.0.1:8080
	// 3/4 forwarded 10.244.0.2:8080
}

func ExampleOutcomes() {
	const rules = `*filter
:FORWARD DROP [0:0]
-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT
-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT
COMMIT
`
	node := must(simulate.New(host.Host{}, must(parser.ParseString(rules))))
	branches := node.Branches(parser.MustPacket("eth0: udp 10.0.0.1:1 > 10.0.0.2:2"))
	for _, o := range simulate.Outcomes(branches, func(r *simulate.Result) simulate.Fate { return r.Fate }) {
		fmt.Println(o.Key, o.Least, "in", len(o.Branches), "ways")
	}
	// Output:
	// forwarded 3/4 in 2 ways
	// dropped 1/4 in 1 ways
}

func ExampleAssumeNothing() {
	const rules = `*filter
:FORWARD DROP [0:0]
-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT
-A FORWARD -m homemade --works -j ACCEPT
COMMIT
`
	node := must(simulate.New(host.Host{}, must(parser.ParseString(rules))))
	dev, p := parser.MustPacket("eth0: udp 10.0.0.1:1 > 10.0.0.2:2")
	for _, o := range simulate.Outcomes(node.Branches(dev, p, simulate.AssumeNothing()), func(r *simulate.Result) simulate.Fate { return r.Fate }) {
		fmt.Println(o.Key, "between", o.Least.RatString(), "and", o.Most.RatString())
	}
	// Output:
	// forwarded between 1/2 and 1
	// dropped between 0 and 1/2
}

func ExampleSession_Take() {
	s := must(simulate.New(host.Host{}, must(parser.ParseString(service)))).NewSession()
	for r := range s.Branches(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80")) {
		after := s.Clone()
		left := after.Take(r)
		back := after.Receive(left.OutDev, left.Reply())
		fmt.Println(left.Endpoint(), "answers as", back.Packet.Src(), back.Packet.SrcPort())
	}
	// Output:
	// 10.244.0.1:8080 answers as 10.96.0.10 80
	// 10.244.0.2:8080 answers as 10.96.0.10 80
}

func ExampleResult_Explain() {
	node := must(simulate.New(host.Host{}, must(parser.ParseString(service))))
	for _, l := range node.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80")).Explain() {
		fmt.Println(strings.TrimSpace(l.Hook+" "+l.Place+" "+l.Change), l.Decided)
	}
	// Output:
	// PREROUTING nat:PREROUTING:rule:1 dst 10.96.0.10 → 10.244.0.1, dport 80 → 8080 false
	// PREROUTING false
	// PREROUTING  ttl 64 → 63 false
	// POSTROUTING nat:POSTROUTING:policy:1 true
	// POSTROUTING false
}

func ExampleCoverage() {
	var cov simulate.Coverage // one for all tests of a package
	node := must(simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.5/24")}}}, must(parser.ParseString(webOnly))))
	node = node.With(simulate.WithCoverage(&cov))
	node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:40000 > 192.0.2.5:443"))
	fmt.Print(&cov)
	fmt.Println(cov.Check(0.8))
	// Output:
	// # IPv4: 1 of 2 rules matched (matched/reached; ! never matched, !! never reached)
	// *filter
	// :INPUT DROP [0:0]
	// :FORWARD ACCEPT [0:0]
	// :OUTPUT ACCEPT [0:0]
	//  !      0/1      -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	//         1/1      -A INPUT -p tcp -m tcp --dport 443 -m comment --comment "the web" -j ACCEPT
	// COMMIT
	// 50.0% of the rules matched a packet, 80.0% are asked for:
	//   never matched, reached 1×: filter: -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
}

func ExampleWithVisits() {
	node := must(simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.5/24")}}}, must(parser.ParseString(webOnly))))
	node = node.With(simulate.WithVisits(func(v *simulate.Visit) {
		if !v.Matched {
			fmt.Fprintln(os.Stdout, v.Place(), v.Miss())
		}
	}))
	node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:40000 > 192.0.2.5:22"))
	// Output:
	// filter:INPUT:rule:1 -m conntrack --ctstate RELATED,ESTABLISHED, but the packet has NEW dir ORIGINAL status NONE
	// filter:INPUT:rule:2 -m tcp --dport 443, but the packet has sport 40000 dport 22 flags syn
}
