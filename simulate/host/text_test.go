package host_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// dump is a host as ip prints it, once with -json and once without.
var dump = []struct{ json, text string }{
	{`[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"group":"default","link_type":"loopback","address":"00:00:00:00:00:00","addr_info":[]},
	{"ifindex":2,"ifname":"br0","flags":["BROADCAST","MULTICAST","UP"],"mtu":1500,"group":"7","link_type":"ether","address":"02:00:00:00:00:02",
	 "addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":24,"metric":100,"broadcast":"10.0.0.255","scope":"global","noprefixroute":true,"label":"br0"},
	  {"family":"inet6","local":"2001:db8::1","prefixlen":64,"scope":"global","temporary":true,"deprecated":true}]},
	{"ifindex":3,"link_index":2,"ifname":"veth1","flags":["NO-CARRIER","BROADCAST","MULTICAST","UP"],"mtu":1500,"master":"br0","group":"default","link_type":"ether","address":"02:00:00:00:00:03","addr_info":[]},
	{"ifindex":4,"ifname":"eno1","flags":["BROADCAST","MULTICAST","SLAVE","UP"],"mtu":1500,"master":"bond0","link_type":"ether","address":"02:00:00:00:00:04","addr_info":[]},
	{"ifindex":5,"ifname":"tun0","flags":["POINTOPOINT","NOARP","UP"],"mtu":1400,"group":"default","link_type":"none",
	 "addr_info":[{"family":"inet","local":"10.9.0.1","address":"10.9.0.2","prefixlen":32,"scope":"global"}]}]`,
		`1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: br0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP group 7 qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.1/24 metric 100 brd 10.0.0.255 scope global noprefixroute br0
       valid_lft forever preferred_lft forever
    inet6 2001:db8::1/64 scope global temporary deprecated 
       valid_lft forever preferred_lft 0sec
3: veth1@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue master br0 state DOWN group default 
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netnsid 0
4: eno1: <BROADCAST,MULTICAST,SLAVE,UP> mtu 1500 qdisc mq master bond0 state UP group default qlen 1000
    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff
5: tun0: <POINTOPOINT,NOARP,UP> mtu 1400 qdisc fq state UNKNOWN group default qlen 500
    link/none 
    inet 10.9.0.1 peer 10.9.0.2/32 scope global tun0
       valid_lft forever preferred_lft forever
`},
	{`[{"dst":"default","gateway":"10.0.0.254","dev":"br0","protocol":"static","metric":100,"flags":["onlink"],"flow":{"from":"3","to":"4"},"metrics":[{"mtu":1400,"advmss":1360,"ecn":null}]},
	{"type":"unreachable","dst":"10.3.0.0/16","metric":4,"flags":[]},
	{"dst":"10.4.0.0/16","via":{"family":"inet6","host":"fe80::5"},"dev":"br0","flags":["linkdown"]},
	{"dst":"10.5.0.0/16","flags":[],"nexthops":[{"gateway":"10.0.0.2","dev":"br0","weight":3,"flags":[],"flow":{"to":"6"}},{"dev":"tun0","weight":1,"flags":["dead","linkdown"]}]},
	{"dst":"10.6.0.0/16","tos":"EF","dev":"br0","table":"100","scope":"link","flags":[]}]`,
		`# ip route show table all
default via 10.0.0.254 dev br0 proto static metric 100 onlink realms 3/4 mtu 1400 advmss 1360 features ecn 
unreachable 10.3.0.0/16 metric 4 
10.4.0.0/16 via inet6 fe80::5 dev br0 linkdown 
10.5.0.0/16 
	nexthop via 10.0.0.2 dev br0 weight 3 realm 6 
	nexthop dev tun0 weight 1 dead linkdown 
10.6.0.0/16 tos EF dev br0 table 100 scope link 
`},
	{`[{"dst":"default","dev":"br0","metric":1024,"flags":[],"pref":"low"},
	{"dst":"2001:db8:1::/48","from":"2001:db8::/32","gateway":"2001:db8::2","dev":"br0","metric":7,"flags":[],"expires":99,"pref":"medium"}]`,
		`default dev br0 metric 1024 pref low
2001:db8:1::/48 from 2001:db8::/32 via 2001:db8::2 dev br0 metric 7 expires 99sec pref medium
`},
	{`[{"priority":0,"src":"all","table":"local"},
	{"priority":100,"not":null,"src":"10.0.0.0","srclen":8,"dst":"10.1.0.0","dstlen":16,"tos":"0x10","fwmark":"0x10","fwmask":"0xff","iif":"tun9","iif_detached":null,"oif":"lo","uid_start":0,"uid_end":100,"ipproto":"tcp","sport":80,"dport_start":80,"dport_end":90,"table":"100"},
	{"priority":101,"src":"all","goto":32766},{"priority":102,"src":"all","nop":null},{"priority":103,"src":"10.0.0.1","action":"prohibit"},
	{"priority":106,"src":"all","table":"main","suppress_prefixlen":0,"suppress_ifgroup":"default","flow_from":"3","flow_to":"4","protocol":"static"},
	{"priority":111,"src":"all","goto":50000,"unresolved":null},
	{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]`,
		`0:	from all lookup local
100:	not from 10.0.0.0/8 to 10.1.0.0/16 tos 0x10 fwmark 0x10/0xff iif tun9 [detached] oif lo uidrange 0-100 ipproto tcp sport 80 dport 80-90 lookup 100
101:	from all goto 32766
102:	from all nop
103:	from 10.0.0.1 prohibit
106:	from all lookup main suppress_prefixlength 0 suppress_ifgroup default realms 3/4 proto static
111:	from all goto 50000 [unresolved]
32766:	from all lookup main
32767:	from all lookup default
`},
	{`[{"priority":0,"src":"all","table":"local"},{"priority":5,"src":"all","tos":"EF","action":"unreachable"},{"priority":32766,"src":"all","table":"main"}]`,
		"0:\tfrom all lookup local\n5:\tfrom all tos EF unreachable\n32766:\tfrom all lookup main\n"},
}

// TestReadText reads the same host from both forms.
func TestReadText(t *testing.T) {
	var fromJSON, fromText host.Host
	for _, d := range dump {
		for _, form := range []struct {
			text string
			to   *host.Host
		}{{d.json, &fromJSON}, {d.text, &fromText}} {
			h, err := host.Read(strings.NewReader(form.text))
			require.NoError(t, err)
			form.to.Links = append(form.to.Links, h.Links...)
			form.to.Routes = append(form.to.Routes, h.Routes...)
			form.to.Rules = append(form.to.Rules, h.Rules...)
		}
	}
	require.Empty(t, cmp.Diff(fromJSON, fromText))
	_, err := simulate.New(fromText)
	require.NoError(t, err)

	h := fromText
	require.Len(t, h.Links, 4, "the port of the bond is left out")
	br0, veth1 := h.Links[1], h.Links[2]
	assert.Equal(t, []host.Address{
		{Prefix: netip.MustParsePrefix("10.0.0.1/24"), Scope: "global", Broadcast: netip.MustParseAddr("10.0.0.255"), Metric: 100, NoPrefixRoute: true},
		{Prefix: netip.MustParsePrefix("2001:db8::1/64"), Temporary: true, Deprecated: true},
	}, br0.Addrs)
	assert.Equal(t, uint32(7), br0.Group)
	assert.Equal(t, "br0", veth1.Master)
	assert.True(t, veth1.NoCarrier)
	assert.Equal(t, host.Route{Dst: netip.MustParsePrefix("0.0.0.0/0"), Via: netip.MustParseAddr("10.0.0.254"), Dev: "br0", Metric: 100,
		Scope: "global", Protocol: "static", MTU: 1400, Realm: 3<<16 | 4, OnLink: true}, h.Routes[0])
	assert.Equal(t, []host.Nexthop{{Via: netip.MustParseAddr("10.0.0.2"), Dev: "br0", Weight: 3, Realm: 6}, {Dev: "tun0", Weight: 1}}, h.Routes[3].Nexthops)
	assert.Equal(t, uint8(0xb8), h.Routes[4].TOS)
	assert.Equal(t, netip.MustParsePrefix("::/0"), h.Routes[5].Dst)
	assert.Equal(t, host.PolicyRule{Priority: 100, Not: true, From: netip.MustParsePrefix("10.0.0.0/8"), To: netip.MustParsePrefix("10.1.0.0/16"),
		TOS: 0x10, FwMark: 0x10, FwMask: 0xff, In: "tun9", Out: "lo", UID: cond.NewRange(0, 100), IPProto: 6,
		SrcPort: cond.NewRange(80, 80), DstPort: cond.NewRange(80, 90), Table: 100}, h.Rules[1])
	assert.Equal(t, netfilter.IPv6, h.Rules[10].Family)
}

// TestRefusals: what is not modelled or not understood is named.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{`[{"ifindex":6,"ifname":"@if5","flags":["UP"],"link_type":"ether","address":"02:00:00:00:00:01"}]`, `link 6, "@if5": its name is missing`},
		{`[{"ifname":"red","flags":["NOARP","MASTER","UP"],"link_type":"ether","address":"02:00:00:00:00:01"}]`, "link red: VRFs are not modelled"},
		{`[{"ifname":"e0","flags":["UP"],"linkinfo":{"info_slave_kind":"vrf"}}]`, "link e0: VRFs are not modelled"},
		{`[{"ifname":"e0","group":"dmz"}]`, `group "dmz" is not a number`},
		{`[{"priority":1,"src":"all","l3mdev":null}]`, "l3mdev: VRFs are not modelled"},
		{`[{"priority":1,"src":"all","dscp":"CS1"}]`, `"dscp": "CS1" is not known here`},
		{`[{"priority":1,"src":"all","table":"vpn"}]`, `lookup: "vpn" is neither a number nor main, local or default`},
		{`[{"priority":1,"src":"all","table":7.5}]`, "table: 7.5 is no whole number"},
		{`[{"dst":"default","dev":"e0","encap":"mpls"}]`, "encap: lightweight tunnels are not modelled"},
		{`[{"dst":"default","dev":"e0","colour":"blue"}]`, `"colour": "blue" is not known here`},
		{`[{"dst":"default","dev":"e0","flow":{"to":"blue"}}]`, `realm "blue" is not a number`},
		{"10.0.0.0/8 dev e0\n10.1.0.0/16 dev e0 colour blue\n", `line 2 (10.1.0.0/16 dev e0 colour blue): unknown word "colour"`},
		{"1:\tfrom all fwmark x lookup 5\n", `rule 1 (1: from all fwmark x lookup 5): fwmark: "x" is not a number`},
		{"1: e0: <UP> mtu 1500\n    link/ether 02:00\n", "line 1 (1: e0: <UP> mtu 1500): link e0: MAC address"},
		{"1: e0: <UP> mtu 1500\n    inet nowhere/8\n", `line 2 (inet nowhere/8): "nowhere/8" is neither an address nor a prefix`},
		{"# nothing\n", "nothing but remarks"},
		{"1: e0: <UP> mtu abc\n", `line 1 (1: e0: <UP> mtu abc): mtu "abc" is not a number`},
		{"0: e0: <UP> mtu 1500\n", "the number of the link is 0: need 1 to 2147483647"},
		{"4294967297: e0: <UP> mtu 1500\n", "the number of the link is 4294967297"},
		{"1: e0: <UP> mtu 1500\n2: e1: <\n", "line 2 (2: e1: <): the line of a link is not whole"},
		{"1: e0: <UP> mtu 1500\n2: e1\n", "line 2 (2: e1): the line of a link is not whole"},
		{`[{"ifindex":0,"ifname":"e0"}]`, "link e0: ifindex 0: need 1 to 2147483647"},
		{`[{"ifindex":4294967297,"ifname":"e0"}]`, "link e0: ifindex 4294967297"},
		{"100:\tfrom all fwmark 0x1 lookup 100\n", "nothing shows whether these are rules of IPv4 or of IPv6"},
		{`[{"priority":100,"src":"all","fwmark":"0x1","table":"100"}]`, "nothing shows whether these are rules of IPv4 or of IPv6"},
	} {
		_, err := host.Read(strings.NewReader(c.text))
		assert.ErrorContains(t, err, c.says, c.text)
	}
	for _, c := range []struct{ rule, says string }{
		{"sport 65535 lookup 5", "source ports 65535-65535: need two of 1 to 65534"},
		{"dport 9-8 lookup 5", "destination ports 9-8"},
		{"uidrange 5-3 lookup 5", "users 5-3"},
		{"tos 0x20 lookup 5", "IPv4 rules know the bits 0x1c only"},
		{"-6 tos 1 lookup 5", "the two lowest bits are for ECN"},
		{"priority 9 goto 9", "leads backwards"},
		{"-6 realms 3 lookup 5", "IPv6 rules have no realms"},
		{"from 2001:db8::/32 to 10.0.0.0/8 lookup 5", "of the other family"},
	} {
		r, err := host.ParsePolicyRule(c.rule)
		require.NoError(t, err, c.rule)
		_, err = simulate.New(host.Host{Rules: []host.PolicyRule{r}})
		assert.ErrorContains(t, err, c.says, c.rule)
	}
	for _, c := range []struct{ rule, says string }{
		{"lookup 0", "there is no table 0"},
		{"masquerade", "has not translated addresses by policy rules"},
		{"suppress_prefixlength -1 lookup 5", `"-1" is not the length of a prefix`},
		{"ipproto smoke lookup 5", `"smoke" is neither a protocol`},
		{"type vanish", `unknown action "vanish"`},
		{"tos AF99 lookup 5", "neither a number from 0 to 255 nor a class"},
		{"lookup", `"lookup" needs a value`},
	} {
		_, err := host.ParsePolicyRule(c.rule)
		assert.ErrorContains(t, err, c.says, c.rule)
	}
	_, err := simulate.New(host.Host{Rules: []host.PolicyRule{{UID: cond.Range{Min: 1, Max: 2, Given: true, Invert: true}}}})
	assert.ErrorContains(t, err, "users: a policy rule cannot invert a range")
	_, err = simulate.New(host.Host{Links: []host.Link{{Name: "e0", Addrs: host.MustAddresses("10.0.0.1/24")}},
		Routes: host.MustRoutes("10.5.0.0/16 realm 5 nexthop via 10.0.0.2 realm 6 nexthop via 10.0.0.3")})
	assert.ErrorContains(t, err, "a realm that is not that of every next hop")
}

// TestFamilyOfRules: something shows the family of a list of policy rules.
func TestFamilyOfRules(t *testing.T) {
	const whole = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n"
	for _, c := range []struct {
		text string
		want netfilter.Family
	}{
		{"# ip rule\n100:\tfrom all fwmark 0x1 lookup 100\n", netfilter.IPv4},
		{"# ip -6 rule show\n100:\tfrom all fwmark 0x1 lookup 100\n", netfilter.IPv6},
		{"$ ip -f inet6 rule\n100:\tfrom all fwmark 0x1 lookup 100\n", netfilter.IPv6},
		{"100:\tfrom 10.0.0.0/8 lookup 100\n", netfilter.IPv4},
		{"100:\tfrom all to 2001:db8::/32 lookup 100\n", netfilter.IPv6},
		{"100:\tfrom all lookup 100 realms 3\n", netfilter.IPv4},
		{whole + "32767:\tfrom all lookup default\n", netfilter.IPv4},
		{whole, netfilter.IPv6},
	} {
		h, err := host.Read(strings.NewReader(c.text))
		require.NoError(t, err, c.text)
		assert.Equal(t, c.want, h.Rules[0].Family, c.text)
	}
	for _, text := range []string{"100:\tfrom all fwmark 0x1 lookup 100\n", `[{"priority":100,"src":"all","fwmark":"0x1","table":"100"}]`} {
		for _, f := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
			rules, err := host.ReadPolicyRules(strings.NewReader(text), f)
			require.NoError(t, err)
			assert.Equal(t, []host.PolicyRule{{Priority: 100, Family: f, FwMark: 1, Table: 100}}, rules)
		}
	}
}

// TestHostsThatCannotBe are refused when they are used.
func TestHostsThatCannotBe(t *testing.T) {
	for _, c := range []struct{ host, says string }{
		{"link a master b; link b master a", `link a: its bridge "b" is a port of "a" itself`},
		{"link a master a", `link a: its bridge "a" is a port of "a" itself`},
		{"link a master b", `link a: there is no bridge "b"`},
		{"link a 2001:db8::1/64 mtu 68", "link a: address 2001:db8::1/64: IPv6 needs an mtu of at least 1280, not 68"},
	} {
		_, err := simulate.New(host.MustParse(c.host))
		assert.ErrorContains(t, err, c.says, c.host)
	}
	for _, index := range []int{-1, 1 << 31} {
		_, err := simulate.New(host.Host{Links: []host.Link{{Name: "a", Index: index}}})
		assert.ErrorContains(t, err, "need 1 to 2147483647, or 0 for its position")
	}
}

// TestRealDumps reads the dumps of real hosts, but for those whose addresses were
// made unreadable.
func TestRealDumps(t *testing.T) {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA does not name a folder of dumps")
	}
	name := regexp.MustCompile(`\.ip-(addr|route|rule)\.(json|txt)$|(ip.?addr|ip.?route|routing).*\.companion\.txt$`)
	read := 0
	require.NoError(t, filepath.WalkDir(filepath.Join(data, "corpus"), func(path string, _ os.DirEntry, err error) error {
		if err != nil || !name.MatchString(path) {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil || regexp.MustCompile("XX|PUBLIC IP").Match(b) {
			return err
		}
		_, err = host.ReadFiles(path)
		assert.NoError(t, err)
		read++
		return nil
	}))
	t.Logf("%d dumps", read)
}

// TestRepeatedRoutes: all tables are listed for both families at once.
func TestRepeatedRoutes(t *testing.T) {
	both := "default via 10.0.0.1 dev e0\ndefault via 2001:db8::1 dev e0 metric 1024 pref medium\n"
	six := "default via 2001:db8::1 dev e0 metric 1024 pref medium\n"
	h, err := host.Read(strings.NewReader(both), strings.NewReader(six))
	require.NoError(t, err)
	assert.Len(t, h.Routes, 2)
}
