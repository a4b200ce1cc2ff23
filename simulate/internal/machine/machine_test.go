package machine_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// compile returns the machine of a description that is valid.
func compile(t *testing.T, text string) *machine.Machine {
	h, err := host.Parse(text)
	require.NoError(t, err)
	m, err := machine.New(h)
	require.NoError(t, err)
	return m
}

// TestLinks holds how links are found by name and by index.
func TestLinks(t *testing.T) {
	m := compile(t, "link eth0 192.0.2.7/24; link br0; link v0 master br0; link v1 master br0")
	assert.True(t, m.Lists())
	assert.Equal(t, 1, m.Link("lo").Index, "lo is first unless the description has it")
	assert.Equal(t, 2, m.IndexOf("eth0"))
	assert.Zero(t, m.IndexOf("eth9"))
	assert.Nil(t, m.Link("eth9"))
	assert.Equal(t, "eth0", m.LinkByIndex(2).Name)
	assert.Nil(t, m.LinkByIndex(9))
	assert.True(t, m.Link("eth0").HasAddr(netip.MustParseAddr("192.0.2.7")))
	assert.Equal(t, []*machine.Link{m.Link("br0"), m.Link("v0"), m.Link("v1")}, m.Ports(m.Link("br0")))
	assert.Equal(t, 1500, m.Link("eth0").MaxLen())
	assert.Equal(t, 65536, m.Link("lo").MaxLen())
	assert.EqualError(t, m.NoLink("eth9"), `the host has no link "eth9": it has lo, eth0, br0, v0, v1`)
}

// TestNoListOfLinks holds that a link of any name exists where none is listed.
func TestNoListOfLinks(t *testing.T) {
	m := compile(t, "")
	assert.False(t, m.Lists())
	assert.Equal(t, "wan7", m.Link("wan7").Name)
	assert.Equal(t, "an unnamed link", m.LinkByIndex(m.Link("wan7").Index).String())
	name, local := m.LinkTo(netip.MustParseAddr("203.0.113.9"))
	assert.Equal(t, "eth0", name)
	assert.False(t, local)
	assert.True(t, m.Unknowns.Links)
}

// TestRouting holds that addresses, routes and policy rules arrive in the tables.
func TestRouting(t *testing.T) {
	m := compile(t, `link eth0 192.0.2.7/24; link eth1 198.51.100.7/24; route default via 192.0.2.1
		route default via 198.51.100.1 table 100; rule to 203.0.113.0/24 lookup 100`)
	for addr, want := range map[string]string{"192.0.2.9": "eth0", "8.8.8.8": "eth0", "203.0.113.9": "eth1"} {
		name, local := m.LinkTo(netip.MustParseAddr(addr))
		assert.Equal(t, want, name, addr)
		assert.False(t, local)
	}
	_, local := m.LinkTo(netip.MustParseAddr("198.51.100.7"))
	assert.True(t, local)
	assert.True(t, m.AnswersFor(netip.MustParseAddr("127.0.0.1")))
}

// TestWhyNotRouted holds that a dropped packet's reason names setting and remedy.
func TestWhyNotRouted(t *testing.T) {
	m := compile(t, "link eth0 192.0.2.7/24; link eth1 198.51.100.7/24; sysctl net.ipv4.conf.all.rp_filter=1; sysctl net.ipv4.ip_forward=0")
	in := m.Link("eth0")
	for _, c := range []struct{ src, dst, want string }{
		{"198.51.100.9", "192.0.2.7", "martian source: an answer to 198.51.100.9 would leave by eth1, not by eth0, as rp_filter of eth0, which is 1, demands: 2 allows any link, 0 does not ask"},
		{"192.0.2.7", "192.0.2.7", "martian source: 192.0.2.7 is an address of this host itself, and net.ipv4.conf.eth0.accept_local is 0"},
		{"192.0.2.9", "198.51.100.9", "not forwarding: 198.51.100.9 is no address of this host, and net.ipv4.ip_forward and net.ipv4.conf.eth0.forwarding do not allow to pass it on"},
	} {
		k := fib.Key{Src: netip.MustParseAddr(c.src), Dst: netip.MustParseAddr(c.dst), IIF: in.Index}
		r := m.FIB.Input(k)
		assert.Equal(t, c.want, m.WhyNotRouted(&r, k, in))
	}
}

// TestSockets holds which of several sockets receives a packet.
func TestSockets(t *testing.T) {
	src, dst := netip.MustParseAddrPort("192.0.2.9:5000"), netip.MustParseAddrPort("192.0.2.7:80")
	list := []host.Socket{
		{Proto: packet.ProtoTCP, Port: 80},
		{Proto: packet.ProtoTCP, Port: 80, Addr: dst.Addr()},
		{Proto: packet.ProtoTCP, Port: 80, Addr: dst.Addr(), Remote: src},
		{Proto: packet.ProtoUDP, Port: 80},
	}
	find := func(src netip.AddrPort, wanted func(*host.Socket) bool) *host.Socket {
		return machine.FindSocket(list, packet.ProtoTCP, src, dst, "eth0", wanted)
	}
	assert.Same(t, &list[2], find(src, machine.Any))
	assert.Same(t, &list[1], find(src, machine.Listening))
	assert.Same(t, &list[2], find(src, machine.Connected))
	assert.Same(t, &list[1], find(netip.MustParseAddrPort("192.0.2.9:5001"), machine.Any))
	assert.True(t, machine.Owner(&list[0]).Wildcard)
	assert.False(t, machine.Owner(&list[1]).Wildcard)
}

// TestRefused holds the messages about hosts that cannot be.
func TestRefused(t *testing.T) {
	for want, h := range map[string]host.Host{
		"link 2 has no name":              {Links: []host.Link{{}}},
		"two links are named eth0":        {Links: []host.Link{{Name: "eth0"}, {Name: "eth0"}}},
		`link v0: there is no bridge "b"`: {Links: []host.Link{{Name: "v0", Master: "b"}}},
		`link v0: its bridge "b" is a port of "c" itself, which no bridge can be`: {Links: []host.Link{{Name: "c"}, {Name: "b", Master: "c"}, {Name: "v0", Master: "b"}}},
		"links lo and eth0 have the same index 1":                                 {Links: []host.Link{{Name: "eth0", Index: 1}}},
		`sysctl conf.eth1: the host has no link "eth1"`:                           {Links: []host.Link{{Name: "eth0"}}, Sysctl: map[string]string{"net.ipv4.conf.eth1.rp_filter": "1"}},
		"link eth0: mtu 60: at least 68 is needed":                                {Links: []host.Link{{Name: "eth0", MTU: 60}}},
	} {
		_, err := machine.New(h)
		assert.EqualError(t, err, want)
	}
}
