package eval_test

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// A host takes a ruleset of nftables as it takes tables of iptables. What packets
// change of it can be listed.
func ExampleNew() {
	rs, err := nfttext.Parse(`
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		tcp dport { 22, 80 } counter accept
	}
}
`, nfttext.ReadOptions{Name: "node.nft"})
	if err != nil {
		fmt.Println(err)
		return
	}
	rules := eval.New(rs)
	node, err := simulate.New(host.MustParse("link eth0 192.0.2.1/24"), rules)
	if err != nil {
		fmt.Println(err)
		return
	}
	s := node.NewSession()
	for _, text := range []string{"eth0: tcp 192.0.2.9:5000 > 192.0.2.1:80 syn", "eth0: udp 192.0.2.9:5000 > 192.0.2.1:53"} {
		dev, p, err := parser.ParsePacket(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Receive(dev, p))
	}
	fmt.Print(nfttext.List(rules.Snapshot(s.State(rules), s.Now()), nfttext.Options{}))
	// Output:
	// delivered to the host as tcp 192.0.2.9:5000 > 192.0.2.1:80 syn; allowed by inet filter:input:rule:1 tcp dport { 22, 80 } counter packets 0 bytes 0 accept
	// dropped; decided by inet filter:input:policy:2 policy drop
	// table inet filter {
	// 	chain input {
	// 		type filter hook input priority filter; policy drop;
	// 		tcp dport { 22, 80 } counter packets 1 bytes 40 accept
	// 	}
	// }
}
