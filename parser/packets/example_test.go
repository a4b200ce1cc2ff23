package packets_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser/packets"
)

// A line of tcpdump does not show everything; the notes say which values were chosen.
func ExampleParse() {
	p, err := packets.Parse("12:00:00.1 eth0 In IP 203.0.113.5.5000 > 10.244.1.5.8443: Flags [S], seq 1, win 64240, length 0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p)
	for _, n := range p.Notes {
		fmt.Println(n)
	}
	// Output:
	// eth0: tcp 203.0.113.5:5000 > 10.244.1.5:8443 syn seq 1
	// the line does not show the time to live (tcpdump -v does); 64 is taken
}
