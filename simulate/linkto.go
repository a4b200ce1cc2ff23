package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// LinkTo returns the name of the link by which packets for an address leave, and
// so by which packets from it arrive if routing is the same both ways; "" if
// there is no way to it. local says that the address is the host's own. On a
// host without links the name is "eth0", for any will do.
func (n *Node) LinkTo(a netip.Addr) (name string, local bool) {
	if !a.IsValid() {
		return "", false
	}
	route, errno := n.fib.Output(fib.Key{Dst: a, AnySource: true})
	if errno != 0 {
		return "", false
	}
	if name = n.linkByIndex(route.Link).name; name == "" {
		name = "eth0"
	}
	return name, route.Type == fib.TypeLocal
}
