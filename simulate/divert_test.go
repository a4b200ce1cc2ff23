package simulate_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// TestDivertToSockets sends packets to TPROXY on hosts whose sockets are known,
// or not.
func TestDivertToSockets(t *testing.T) {
	const rules = "*mangle\n-A PREROUTING -p tcp -j TPROXY --on-port 50\nCOMMIT\n"
	transparent := packet.Socket{Transparent: true}
	at := netip.MustParseAddrPort
	for _, c := range []struct {
		name    string
		sockets []simulate.Socket
		want    simulate.Fate
	}{
		{"not known", nil, simulate.Delivered},
		{"none", []simulate.Socket{}, simulate.Dropped},
		{"listens", []simulate.Socket{{Proto: packet.ProtoTCP, Port: 50, Owner: transparent}}, simulate.Delivered},
		{"listens at the address of the link", []simulate.Socket{{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 50, Owner: transparent}}, simulate.Delivered},
		{"listens at another address", []simulate.Socket{{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("127.0.0.1"), Port: 50, Owner: transparent}}, simulate.Dropped},
		{"is not transparent", []simulate.Socket{{Proto: packet.ProtoTCP, Port: 50}}, simulate.Dropped},
		{"connected", []simulate.Socket{{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("192.0.2.1"), Port: 80, Remote: at("192.0.2.7:9"), Owner: transparent}}, simulate.Delivered},
		{"listens at the packet's own port only", []simulate.Socket{{Proto: packet.ProtoTCP, Port: 80, Owner: transparent}}, simulate.Dropped},
	} {
		t.Run(c.name, func(t *testing.T) {
			rs, err := parser.ParseString(rules)
			require.NoError(t, err)
			n, err := simulate.New(simulate.Host{Links: []simulate.Link{{Name: "eth0", Addrs: simulate.Addrs("192.0.2.1/24")}}, Sockets: c.sockets}, rs)
			require.NoError(t, err)
			dev, p, err := parser.ParsePacket("eth0: tcp 192.0.2.7:9 > 192.0.2.1:80")
			require.NoError(t, err)
			require.Equal(t, c.want, n.Receive(dev, p).Fate)
		})
	}
}
