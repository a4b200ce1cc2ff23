package enginetest_test

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/parser"
)

// A match or target is tested with the results that the engine's methods are to return.
func Example() {
	_, p := parser.MustPacket("eth0: udp 192.0.2.9:68 > 192.0.2.255:67")
	m := match.PktType{Type: netfilter.ToBroadcast}
	for _, t := range []netfilter.PacketType{netfilter.ToHost, netfilter.ToBroadcast} {
		e := &enginetest.Engine{Packets: t}
		fmt.Println(m.Match(e.Context(&p)))
	}
	// Output:
	// false
	// true
}
