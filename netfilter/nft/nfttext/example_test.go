package nfttext_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// A ruleset is listed as "nft list ruleset" lists it. Apply executes commands as "nft -f"
// does.
func ExampleApply() {
	rs, err := nfttext.Parse(`
table inet filter {
	chain input {
		type filter hook input priority 0; policy drop;
		tcp dport ssh accept
	}
}
`, nfttext.ReadOptions{Name: "node.nft"})
	if err != nil {
		log.Fatal(err)
	}
	rs, err = nfttext.Apply(rs, "add rule inet filter input udp dport 53 counter accept", nfttext.ReadOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(nfttext.List(rs, nfttext.Options{}))
	// Output:
	// table inet filter {
	// 	chain input {
	// 		type filter hook input priority filter; policy drop;
	// 		tcp dport 22 accept
	// 		udp dport 53 counter packets 0 bytes 0 accept
	// 	}
	// }
}
