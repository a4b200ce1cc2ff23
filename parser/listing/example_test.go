package listing_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser/listing"
)

// The output of "iptables -L -n" lacks some of what iptables-save prints; the notes say
// what is assumed instead.
func ExampleParse() {
	rs, notes, err := listing.Parse("input.txt", `Chain INPUT (policy DROP)
target     prot opt source               destination
ACCEPT     tcp  --  192.0.2.0/24         0.0.0.0/0            tcp dpt:22
`, listing.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(rs)
	for _, n := range notes {
		fmt.Println(n.Text)
	}
	// Output:
	// *filter
	// :INPUT DROP [0:0]
	// :FORWARD ACCEPT [0:0]
	// :OUTPUT ACCEPT [0:0]
	// -A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT
	// COMMIT
	// the listing was made without -v: it does not say which interfaces rules are for, nor what they counted; every rule is taken to be for all interfaces
	// the listing does not name its table, and not all built-in chains are there; it is taken to be of table filter
}
