package simulate_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// factHost has two links in different groups.
func factHost() host.Host {
	return host.Host{
		Links: []host.Link{
			{Name: "eth0", MAC: packet.MAC{2, 0, 0, 0, 0, 1}, Group: 5, Addrs: host.MustAddresses("192.0.2.1/24", "2001:db8:2::1/64")},
			{Name: "eth1", MAC: packet.MAC{2, 0, 0, 0, 0, 2}, Addrs: host.MustAddresses("198.51.100.1/24", "2001:db8:100::1/64")},
			{Name: "tun0", NoHeader: true, Addrs: host.MustAddresses("203.0.113.1/24")},
		},
		Routes: host.MustRoutes("default via 192.0.2.254 dev eth0"),
		Sysctl: map[string]string{"net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "1"},
	}
}

// factsOf judges a packet by a rule of filter FORWARD, or OUTPUT if no link is
// given. It returns whether the rule matched and what was assumed.
func factsOf(t *testing.T, options, dev, text string, change func(*netfilter.Packet), with ...simulate.SessionOption) (bool, []string) {
	t.Helper()
	_, p, err := parser.ParsePacket(text)
	require.NoError(t, err)
	if change != nil {
		change(&p)
	}
	chain := "FORWARD"
	if dev == "" {
		chain = "OUTPUT"
	}
	rs, err := parser.ParseString("*filter\n-A "+chain+" "+options+" -j DROP\nCOMMIT\n", parser.Family(p.Family()), parser.Strict())
	require.NoError(t, err)
	node, err := simulate.New(factHost(), rs)
	require.NoError(t, err)
	s := node.NewSession(with...)
	var r *simulate.Result
	if dev == "" {
		r = s.Send(p)
	} else {
		r = s.Receive(dev, p)
	}
	require.NoError(t, r.Err)
	var facts []string
	for _, a := range r.Assumptions {
		facts = append(facts, a.Fact)
	}
	return r.Fate == simulate.Dropped, facts
}

const (
	passing  = "udp 192.0.2.9:1 > 198.51.100.9:2"
	passing6 = "udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2"
	own      = "udp 192.0.2.1:1 > 198.51.100.9:2"
)

// TestFactsGiven judges packets by facts that they or the host carry.
func TestFactsGiven(t *testing.T) {
	bridged := func(p *netfilter.Packet) { p.PhysIn, p.PhysOut = "veth1", "veth2" }
	routed := func(p *netfilter.Packet) { p.PhysIn = "veth1" }
	by := func(s packet.Socket) func(*netfilter.Packet) {
		return func(p *netfilter.Packet) { p.Socket = &s }
	}
	user := by(packet.Socket{UID: 1000, GID: 100, Groups: []uint32{27, 44}, Cgroup: "/system.slice/a.service", ClassID: 7})
	kernels := by(packet.Socket{NoFile: true})
	mac := func(p *netfilter.Packet) { p.SrcMAC = packet.MAC{2, 1, 1, 1, 1, 1} }
	for _, c := range []struct {
		options, dev, packet string
		change               func(*netfilter.Packet)
		want                 bool
	}{
		{"-m physdev --physdev-in veth1 --physdev-out veth2 --physdev-is-bridged", "eth0", passing, bridged, true},
		{"-m physdev --physdev-in veth+ ! --physdev-out veth1", "eth0", passing, bridged, true},
		{"-m physdev ! --physdev-in veth1", "eth0", passing, bridged, false},
		{"-m physdev ! --physdev-is-bridged", "eth0", passing, bridged, false},
		{"-m physdev --physdev-is-in --physdev-is-out", "eth0", passing, bridged, true},
		{"-m physdev --physdev-is-in ! --physdev-is-out ! --physdev-is-bridged", "eth0", passing, routed, true},
		{"-m physdev ! --physdev-out veth9", "eth0", passing, routed, false},
		{"-m physdev ! --physdev-is-in", "eth0", passing, routed, false},
		{"-m devgroup --src-group 5 --dst-group 0", "eth0", passing, nil, true},
		{"-m devgroup --src-group 7/5", "eth0", passing, nil, true},
		{"-m devgroup ! --src-group 5", "eth0", passing, nil, false},
		{"-m cpu --cpu 3", "eth0", passing, func(p *netfilter.Packet) { p.CPU = 3 }, true},
		{"-m mac --mac-source 02:01:01:01:01:01", "eth0", passing, mac, true},
		{"-m mac ! --mac-source 02:01:01:01:01:02", "eth0", passing6, mac, true},
		{"-m mac ! --mac-source 02:01:01:01:01:02", "tun0", "udp 203.0.113.9:1 > 198.51.100.9:2", mac, false},
		{"-m owner --uid-owner 1000", "", own, user, true},
		{"-m owner --gid-owner 27", "", own, user, false},
		{"-m owner --gid-owner 27 --suppl-groups", "", own, user, true},
		{"-m owner ! --gid-owner 27 --suppl-groups", "", own, user, false},
		{"-m owner ! --gid-owner 28-30 --suppl-groups", "", own, user, true},
		{"-m owner --uid-owner 0", "", own, kernels, false},
		{"-m owner ! --uid-owner 0", "", own, kernels, true},
		{"-m owner --socket-exists", "", own, kernels, true},
		{"-m cgroup --path system.slice", "", own, user, true},
		{"-m cgroup --path /system.slice/a.service/", "", own, user, true},
		{"-m cgroup --path system.slice/a", "", own, user, false},
		{"-m cgroup ! --path user.slice", "", own, user, true},
		{"-m cgroup --path /", "", own, user, true},
		{"-m cgroup --cgroup 7", "", own, user, true},
		{"-m cgroup ! --cgroup 7", "", own, user, false},
		{`-m bpf --bytecode "4,32 0 0 4294963236,21 0 1 3,6 0 0 1,6 0 0 0"`, "eth0", passing, func(p *netfilter.Packet) { p.CPU = 3 }, true},
	} {
		got, facts := factsOf(t, c.options, c.dev, c.packet, c.change)
		assert.Equal(t, c.want, got, c.options)
		assert.Empty(t, facts, c.options)
	}
}

// TestIPsecFacts judges packets by the transforms they carry.
func TestIPsecFacts(t *testing.T) {
	outer := packet.Transform{Proto: packet.ProtoESP, Mode: packet.TunnelMode, ReqID: 1, SPI: 0x10,
		Src: netip.MustParseAddr("192.0.2.9"), Dst: netip.MustParseAddr("192.0.2.1")}
	inner := packet.Transform{Proto: packet.ProtoIPComp, ReqID: 2, SPI: 0x20}
	in := func(p *netfilter.Packet) { p.IPsecIn = []packet.Transform{outer, inner} }
	out := func(p *netfilter.Packet) { p.IPsecOut = []packet.Transform{inner, outer} }
	for _, c := range []struct {
		options string
		change  func(*netfilter.Packet)
		want    bool
	}{
		{"--dir in --pol ipsec", in, true},
		{"--dir in --pol none", in, false},
		{"--dir out --pol none", in, true},
		{"--dir out --pol ipsec", in, false},
		{"--dir in --pol ipsec --proto esp", in, true},
		{"--dir in --pol ipsec --proto ah", in, false},
		{"--dir in --pol ipsec --reqid 2", in, true},
		{"--dir in --pol ipsec --reqid 2 --spi 0x10", in, false},
		{"--dir in --pol ipsec --mode tunnel --tunnel-src 192.0.2.0/24 --tunnel-dst 192.0.2.1", in, true},
		{"--dir in --pol ipsec --mode tunnel ! --tunnel-src 192.0.2.0/24", in, false},
		{"--dir in --pol ipsec --strict --proto ipcomp --next --proto esp", in, true},
		{"--dir in --pol ipsec --strict --proto esp --next --proto ipcomp", in, false},
		{"--dir in --pol ipsec --strict --proto ipcomp", in, false},
		{"--dir out --pol ipsec --strict --reqid 2 --next --reqid 1 --mode tunnel", out, true},
		{"--dir out --pol ipsec --strict --reqid 1 --next --reqid 2", out, false},
		{"--dir out --pol ipsec --strict --reqid 2 --next --reqid 1 --next --reqid 3", out, false},
	} {
		got, _ := factsOf(t, "-m policy "+c.options, "eth0", passing, c.change)
		assert.Equal(t, c.want, got, c.options)
	}
}

// TestFactsAssumed names what was taken for granted.
func TestFactsAssumed(t *testing.T) {
	for _, c := range []struct {
		options, dev, packet string
		want                 bool
		fact                 string
	}{
		{"-m mac --mac-source 02:01:01:01:01:01", "eth0", passing, false, "MAC address"},
		{"-m mac ! --mac-source 02:01:01:01:01:01", "eth0", passing, true, "MAC address"},
		{"-m eui64", "eth0", passing6, false, "MAC address"},
		{"-m physdev ! --physdev-is-bridged", "eth0", passing, true, "no bridge"},
		{"-m policy --dir in --pol none", "eth0", passing, true, "IPsec"},
		{"-m cpu --cpu 0", "eth0", passing, true, "processor 0"},
	} {
		got, facts := factsOf(t, c.options, c.dev, c.packet, nil)
		assert.Equal(t, c.want, got, c.options)
		assert.Contains(t, strings.Join(facts, "\n"), c.fact, c.options)
	}
}

// TestTimeOfDay judges one packet at different times.
func TestTimeOfDay(t *testing.T) {
	for _, c := range []struct {
		options, at string
		want        bool
	}{
		{"--timestart 09:00 --timestop 17:00", "2026-01-01T08:59:59Z", false}, // a Thursday
		{"--timestart 09:00 --timestop 17:00", "2026-01-01T09:00:00Z", true},
		{"--timestart 09:00 --timestop 17:00", "2026-01-01T17:00:00Z", true},
		{"--timestart 09:00 --timestop 17:00", "2026-01-01T17:00:01Z", false},
		{"--timestart 22:00 --timestop 02:00", "2026-01-01T23:00:00Z", true},
		{"--timestart 22:00 --timestop 02:00", "2026-01-02T02:00:00Z", true},
		{"--timestart 22:00 --timestop 02:00", "2026-01-02T02:00:01Z", false},
		{"--timestart 22:00 --timestop 02:00 --weekdays Thu", "2026-01-01T01:00:00Z", true},
		{"--timestart 22:00 --timestop 02:00 --weekdays Thu", "2026-01-02T01:00:00Z", false},
		{"--timestart 22:00 --timestop 02:00 --weekdays Thu --contiguous", "2026-01-02T01:00:00Z", true},
		{"--timestart 22:00 --timestop 02:00 --weekdays Thu --contiguous", "2026-01-01T01:00:00Z", false},
		{"--timestart 22:00 --timestop 02:00 --monthdays 31 --contiguous", "2026-01-01T01:00:00Z", true},
		{"--weekdays Thu", "2026-01-01T00:00:00Z", true},
		{"--weekdays Sun", "2026-01-04T23:59:59Z", true},
		{"! --weekdays Mon,Tue,Wed,Thu,Fri", "2026-01-04T12:00:00Z", true},
		{"--monthdays 29", "2028-02-29T12:00:00Z", true},
		{"! --monthdays 29", "2028-02-29T12:00:00Z", false},
		{"--datestart 2026-01-01T12", "2026-01-01T11:59:59Z", false},
		{"--datestart 2026-01-01T12", "2026-01-01T12:00:00Z", true},
		{"--datestop 2026-01-01T12", "2026-01-01T12:00:00Z", true},
		{"--datestop 2026-01-01T12", "2026-01-01T12:00:01Z", false},
		{"--timestart 09:00 --timestop 17:00", "2026-01-01T10:00:00+02:00", false},
		{"--timestart 09:00 --timestop 17:00 --kerneltz", "2026-01-01T10:00:00+02:00", true},
		{"--weekdays Fri --kerneltz", "2026-01-02T01:00:00+02:00", true},
		{"", "2038-01-19T03:14:08Z", false},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		got, _ := factsOf(t, "-m time "+c.options, "eth0", passing, nil, simulate.WithStart(at))
		assert.Equal(t, c.want, got, "%s at %s", c.options, c.at)
	}
}

// TestNotesOfRulesets are part of every answer: what the dump said it lacks may
// have decided otherwise.
func TestNotesOfRulesets(t *testing.T) {
	rs, err := parser.ParseString("*filter\n-A OUTPUT -m owner --uid-owner java -j DROP\nCOMMIT\n# Table `nat' is incompatible, use 'nft' tool.\n", parser.AllowIncomplete())
	require.NoError(t, err)
	node, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.7/24")}}}, rs)
	require.NoError(t, err)
	_, p := parser.MustPacket("tcp 192.0.2.7:1024 > 192.0.2.9:80 uid 7")
	var facts []string
	for _, a := range node.Send(p).Assumptions {
		facts = append(facts, a.String())
	}
	require.Equal(t, []string{
		"table nat holds rules of nf_tables that iptables-nft-save cannot show",
		"2:1: table filter, rule -m owner --uid-owner java -j DROP: user 7, which sends the packet, is not java",
	}, facts)
}
