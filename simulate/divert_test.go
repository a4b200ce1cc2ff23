package simulate_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// TestDivertToSockets sends packets to TPROXY on hosts whose sockets are known,
// or not.
func TestDivertToSockets(t *testing.T) {
	const rules = "*mangle\n-A PREROUTING -p tcp -j TPROXY --on-port 50\nCOMMIT\n"
	transparent := packet.Socket{Transparent: true}
	at := netip.MustParseAddrPort
	for _, c := range []struct {
		name    string
		sockets []host.Socket
		want    simulate.Fate
	}{
		{"not known", nil, simulate.Delivered},
		{"none", []host.Socket{}, simulate.Dropped},
		{"listens", []host.Socket{{Proto: packet.ProtoTCP, Port: 50, Owner: transparent}}, simulate.Delivered},
		{"listens at the address of the link", []host.Socket{{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 50, Owner: transparent}}, simulate.Delivered},
		{"listens at another address", []host.Socket{{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("127.0.0.1"), Port: 50, Owner: transparent}}, simulate.Dropped},
		{"is not transparent", []host.Socket{{Proto: packet.ProtoTCP, Port: 50}}, simulate.Dropped},
		{"connected", []host.Socket{{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 80, Remote: at("192.0.2.7:9"), Owner: transparent}}, simulate.Delivered},
		{"listens at the packet's own port only", []host.Socket{{Proto: packet.ProtoTCP, Port: 80, Owner: transparent}}, simulate.Dropped},
	} {
		t.Run(c.name, func(t *testing.T) {
			rs, err := parser.ParseString(rules)
			require.NoError(t, err)
			n, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}}, Sockets: c.sockets}, rs)
			require.NoError(t, err)
			dev, p, err := parser.ParsePacket("eth0: tcp 192.0.2.7:9 > 192.0.2.1:80")
			require.NoError(t, err)
			require.Equal(t, c.want, n.Receive(dev, p).Fate)
		})
	}
}
