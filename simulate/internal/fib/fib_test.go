package fib_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/fib"
)

func addr(s string) netip.Addr     { return netip.MustParseAddr(s) }
func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// node is a small Kubernetes node: an uplink, a bridge for pods, a link that is
// down.
func node() fib.Config {
	return fib.Config{
		Links: []fib.Link{
			{Index: 1, Name: "lo", Up: true, Loopback: true},
			{Index: 2, Name: "eth0", Up: true, Multicast: true},
			{Index: 3, Name: "cni0", Up: true, Multicast: true, MTU: 1450},
			{Index: 4, Name: "eth1", Multicast: true},
		},
		Addresses: []fib.Address{
			{Link: 2, Prefix: prefix("192.168.199.119/24")},
			{Link: 2, Prefix: prefix("192.168.199.120/24")},
			{Link: 3, Prefix: prefix("192.168.3.1/24")},
			{Link: 4, Prefix: prefix("10.9.9.9/24")},
			{Link: 2, Prefix: prefix("2001:db8:199::119/64")},
			{Link: 2, Prefix: prefix("fe80::2/64")},
			{Link: 3, Prefix: prefix("fd00:3::1/64")},
		},
		Routes: []fib.Route{
			{Dst: prefix("0.0.0.0/0"), Via: addr("192.168.199.1")},
			{Dst: prefix("192.168.4.0/24"), Via: addr("192.168.199.121"), Link: 2, MTU: 1400},
			{Dst: prefix("10.1.0.0/16"), Type: fib.TypeUnreachable},
			{Dst: prefix("10.2.0.0/16"), Type: fib.TypeProhibit},
			{Dst: prefix("10.3.0.0/16"), Type: fib.TypeBlackhole},
			{Dst: prefix("10.4.0.0/16"), Nexthops: []fib.Nexthop{{Via: addr("192.168.199.5"), Link: 2, Weight: 2}, {Via: addr("192.168.3.5"), Link: 3}}},
			{Dst: prefix("::/0"), Via: addr("fe80::1"), Link: 2},
			{Dst: prefix("2001:db8:66::/48"), Type: fib.TypeProhibit},
		},
		Forwarding4: true, Forwarding6: true,
	}
}

func build(t testing.TB, cfg fib.Config) *fib.FIB {
	t.Helper()
	f, err := fib.New(cfg)
	require.NoError(t, err)
	return f
}

func TestOutput(t *testing.T) {
	f := build(t, node())
	for _, c := range []struct {
		key  fib.Key
		want string // source > link gateway type mtu, or the error
	}{
		{fib.Key{Dst: addr("8.8.8.8")}, "192.168.199.119 > 2 via 192.168.199.1 unicast 1500"},
		{fib.Key{Dst: addr("192.168.3.9")}, "192.168.3.1 > 3 unicast 1450"},
		{fib.Key{Dst: addr("192.168.4.9")}, "192.168.199.119 > 2 via 192.168.199.121 unicast 1400"},
		{fib.Key{Dst: addr("192.168.3.1")}, "192.168.3.1 > 1 local 65535"},
		{fib.Key{Dst: addr("192.168.199.120")}, "192.168.199.119 > 1 local 65535"},
		{fib.Key{Dst: addr("10.9.9.9")}, "10.9.9.9 > 1 local 65535"}, // on a link that is down
		{fib.Key{Dst: addr("127.9.9.9")}, "127.0.0.1 > 1 local 65535"},
		{fib.Key{Dst: addr("0.0.0.0")}, "127.0.0.1 > 1 local 65535"},
		{fib.Key{Dst: addr("192.168.3.255")}, "192.168.3.1 > 3 broadcast 1450"},
		{fib.Key{Dst: addr("255.255.255.255")}, "192.168.199.119 > 2 broadcast 1500"},
		{fib.Key{Dst: addr("224.0.0.5"), OIF: 3}, "192.168.3.1 > 3 multicast 1450"},
		{fib.Key{Dst: addr("224.0.0.5"), Src: addr("192.168.3.1")}, "192.168.3.1 > 3 multicast 1450"},
		{fib.Key{Dst: addr("8.8.8.8"), OIF: 3}, "192.168.3.1 > 3 unicast 1450"}, // no route there: on link
		{fib.Key{Dst: addr("8.8.8.8"), OIF: 4}, "network is unreachable"},
		{fib.Key{Dst: addr("8.8.8.8"), OIF: 9}, "no such device"},
		{fib.Key{Dst: addr("8.8.8.8"), Src: addr("1.2.3.4")}, "network is unreachable"},
		{fib.Key{Dst: addr("8.8.8.8"), Src: addr("1.2.3.4"), AnySource: true}, "1.2.3.4 > 2 via 192.168.199.1 unicast 1500"},
		{fib.Key{Dst: addr("8.8.8.8"), Src: addr("127.0.0.1")}, "invalid argument"},
		{fib.Key{Dst: addr("8.8.8.8"), Src: addr("224.0.0.1")}, "invalid argument"},
		{fib.Key{Dst: addr("10.1.2.3")}, "no route to host"},
		{fib.Key{Dst: addr("10.2.2.3")}, "permission denied"},
		{fib.Key{Dst: addr("10.3.2.3")}, "invalid argument"},
		{fib.Key{Dst: addr("2a00::1")}, "2001:db8:199::119 > 2 via fe80::1 unicast 1500"},
		{fib.Key{Dst: addr("fd00:3::9")}, "fd00:3::1 > 3 unicast 1450"},
		{fib.Key{Dst: addr("::")}, "::1 > 1 local 65536"},
		{fib.Key{Dst: addr("fe80::9"), OIF: 2}, "fe80::2 > 2 unicast 1500"},
		{fib.Key{Dst: addr("ff02::1"), OIF: 2}, "fe80::2 > 2 multicast 1500"},
		{fib.Key{Dst: addr("2001:db8:66::1")}, "permission denied"},
		{fib.Key{Dst: addr("2001:db8:199::")}, "2001:db8:199::119 > 1 anycast 65536"},
	} {
		r, err := f.Output(c.key)
		got := err.Error()
		if err == 0 {
			got = fmt.Sprintf("%v > %s", r.Source, way(r))
		}
		if got != c.want {
			t.Errorf("%+v: got %s, want %s", c.key, got, c.want)
		}
	}
}

func way(r fib.Result) string {
	via := ""
	if r.Gateway.IsValid() {
		via = fmt.Sprintf("via %v ", r.Gateway)
	}
	return fmt.Sprintf("%d %s%v %d", r.Link, via, r.Type, r.MTU)
}

func TestInput(t *testing.T) {
	router := build(t, node())
	cfg := node()
	cfg.Forwarding4, cfg.Forwarding6 = false, false
	host := build(t, cfg)
	const far, far6 = "192.168.199.7", "2001:db8:199::7"
	for _, c := range []struct {
		src, dst string
		iif      int
		router   string
		host     string
	}{
		{far, "192.168.3.9", 2, "forward 3", "not forwarding"},
		{far, "192.168.199.119", 2, "local", "local"},
		{far, "10.9.9.9", 2, "local", "local"},
		{far, "192.168.3.255", 2, "broadcast", "broadcast"}, // directed broadcast of another link
		{far, "255.255.255.255", 2, "broadcast", "broadcast"},
		{far, "224.0.0.1", 2, "multicast", "multicast"},
		{far, "224.0.0.5", 2, "not a group member", "not a group member"},
		{far, "0.0.0.0", 2, "martian destination", "martian destination"},
		{far, "0.1.2.3", 2, "forward 2 via 192.168.199.1", "not forwarding"},
		{far, "127.0.0.1", 2, "martian destination", "martian destination"},
		{far, "10.1.1.1", 2, "unreachable 1", "not forwarding"},
		{far, "10.2.1.1", 2, "prohibited 13", "not forwarding"},
		{far, "10.3.1.1", 2, "blackhole", "not forwarding"},
		{"127.0.0.1", "192.168.199.119", 2, "martian source", "martian source"},
		{"192.168.3.1", "192.168.199.119", 2, "martian source", "martian source"}, // our own
		{"224.0.0.1", "192.168.199.119", 2, "martian source", "martian source"},
		{"255.255.255.255", "192.168.199.119", 2, "martian source", "martian source"},
		{"192.168.199.255", "192.168.199.119", 2, "local", "local"}, // goes unnoticed without rp_filter
		{"0.0.0.0", "192.168.199.119", 2, "martian source", "martian source"},
		{"0.0.0.0", "255.255.255.255", 2, "broadcast", "broadcast"},
		{"0.0.0.0", "0.0.0.0", 2, "broadcast", "broadcast"},
		{"1.2.3.4", "192.168.3.1", 3, "local", "local"}, // rp_filter is off
		{far6, "fd00:3::9", 2, "forward 3", "not forwarding"},
		{far6, "2001:db8:199::119", 2, "local", "local"},
		{far6, "2001:db8:199::", 2, "local", "not forwarding"}, // subnet router anycast
		{far6, "ff02::1", 2, "multicast", "multicast"},
		{far6, "ff02::2", 2, "multicast", "not a group member"},
		{far6, "ff02::1:ff00:119", 2, "multicast", "multicast"},
		{far6, "ff02::1:ff00:118", 2, "not a group member", "not a group member"},
		{far6, "2001:db8:66::1", 2, "prohibited 1", "prohibited 1"},
		{"fe80::7", "fe80::2", 2, "local", "local"},
		{"fe80::7", "fd00:3::9", 2, "unreachable 2", "not forwarding"},
		{"::", "fd00:3::9", 2, "martian source", "not forwarding"},
		{"::", "2001:db8:199::119", 2, "local", "local"},
		{"fd00:3::1", "2001:db8:199::119", 2, "local", "local"}, // IPv6 does not mind
	} {
		for name, f := range map[string]*fib.FIB{c.router: router, c.host: host} {
			r := f.Input(fib.Key{Src: addr(c.src), Dst: addr(c.dst), IIF: c.iif})
			if got := fate(r); got != name {
				t.Errorf("%s to %s: got %q, want %q", c.src, c.dst, got, name)
			}
			if c.router == c.host {
				break
			}
		}
	}
}

func fate(r fib.Result) string {
	switch r.Kind {
	case fib.KindForward:
		if r.Gateway.IsValid() {
			return fmt.Sprintf("forward %d via %v", r.Link, r.Gateway)
		}
		return fmt.Sprintf("forward %d", r.Link)
	case fib.KindUnreachable, fib.KindProhibit:
		return fmt.Sprintf("%v %d", r.Kind, r.Code)
	}
	return r.Kind.String()
}

func TestPreCheck(t *testing.T) {
	f := build(t, node())
	for _, c := range []struct {
		src, dst string
		want     fib.Kind
	}{
		{"2001:db8::1", "2001:db8::2", fib.KindNone},
		{"::1", "2001:db8::2", fib.KindMartianSource},
		{"2001:db8::1", "::1", fib.KindMartianDestination},
		{"ff02::1", "2001:db8::2", fib.KindMartianSource},
		{"2001:db8::1", "ff01::1", fib.KindMartianDestination},
		{"2001:db8::1", "ff00::1", fib.KindMartianDestination},
		{"::ffff:1.2.3.4", "2001:db8::2", fib.KindNone},
		{"127.0.0.1", "127.0.0.1", fib.KindNone},
	} {
		if got := f.PreCheck(addr(c.src), addr(c.dst), 2); got != c.want {
			t.Errorf("%s to %s: got %v, want %v", c.src, c.dst, got, c.want)
		}
	}
	if got := f.PreCheck(addr("::1"), addr("::1"), 1); got != fib.KindNone {
		t.Errorf("on the loopback: %v", got)
	}
}

func TestReversePathFilter(t *testing.T) {
	for mode, want := range []fib.Kind{fib.KindLocal, fib.KindMartianSource, fib.KindLocal} {
		cfg := node()
		cfg.All.RPFilter = uint8(mode)
		r := build(t, cfg).Input(fib.Key{Src: addr("1.2.3.4"), Dst: addr("192.168.3.1"), IIF: 3})
		if r.Kind != want {
			t.Errorf("rp_filter %d: got %v, want %v", mode, r.Kind, want)
		}
	}
}

func TestAddrType(t *testing.T) {
	f := build(t, node())
	for _, c := range []struct {
		addr string
		dev  int
		want string
	}{
		{"127.3.4.5", 0, "local"}, {"192.168.3.1", 0, "local"}, {"192.168.3.1", 2, "unicast"}, {"192.168.3.255", 0, "broadcast"},
		{"0.0.0.0", 0, "broadcast"}, {"0.0.0.1", 0, "unicast"}, {"255.255.255.255", 0, "broadcast"}, {"239.0.0.1", 0, "multicast"},
		{"10.1.1.1", 0, "unicast"}, {"8.8.8.8", 0, "unicast"}, {"192.168.3.0", 0, "unicast"},
		{"::1", 0, "unicast,local"}, {"fd00:3::1", 0, "unicast,local"}, {"fd00:3::1", 3, "unicast,local"}, {"fd00:3::", 0, "unicast,anycast"},
		{"2001:db8:66::1", 0, "unicast,unreachable"}, {"ff02::1", 0, "multicast"}, {"::", 0, "unspec"}, {"2a00::1", 3, "unicast,unreachable"},
	} {
		if got := f.AddrType(addr(c.addr), c.dev).String(); got != c.want {
			t.Errorf("%s on %d: got %s, want %s", c.addr, c.dev, got, c.want)
		}
	}
}

func TestRulesSeparateTables(t *testing.T) {
	cfg := node()
	cfg.Routes = append(cfg.Routes, fib.Route{Dst: prefix("127.7.0.0/16"), Link: 3})
	r, _ := build(t, cfg).Output(fib.Key{Dst: addr("127.7.0.1")})
	if r.Link != 3 {
		t.Errorf("without rules the longer prefix wins: got link %d, want 3", r.Link)
	}
	cfg.CustomRules4 = true
	r, _ = build(t, cfg).Output(fib.Key{Dst: addr("127.7.0.1")})
	if r.Link != 1 {
		t.Errorf("with rules table local comes first: got link %d, want 1", r.Link)
	}
}

func TestMultipath(t *testing.T) {
	f := build(t, node())
	r, err := f.Output(fib.Key{Dst: addr("10.4.0.1")})
	require.Zero(t, err)
	require.Len(t, r.Nexthops, 2)
	other, err := f.Pick(r, 1)
	require.Zero(t, err)
	if got := fmt.Sprintf("%v %v", other.Source, way(other)); got != "192.168.3.1 3 via 192.168.3.5 unicast 1450" {
		t.Errorf("second next hop: %s", got)
	}
	r, _ = f.Output(fib.Key{Dst: addr("10.4.0.1"), Src: addr("192.168.3.1")})
	if len(r.Nexthops) != 0 || r.Link != 3 {
		t.Errorf("a source prefers the next hop that would choose it: got %s", way(r))
	}
}

func TestExplain(t *testing.T) {
	cfg := node()
	cfg.Rules = []fib.Rule{{Priority: 0, Table: fib.TableLocal}, {Priority: 100, To: prefix("9.9.9.0/24"), Action: fib.ActionProhibit},
		{Priority: 200, FwMark: 7, Table: 100}, {Priority: 32766, Table: fib.TableMain}}
	cfg.Routes = append(cfg.Routes, fib.Route{Dst: prefix("0.0.0.0/0"), Table: 100, Link: 3})
	f := build(t, cfg)
	for _, c := range []struct {
		key  fib.Key
		want string
	}{
		{fib.Key{Dst: addr("192.168.3.9")}, "192.168.3.0/24 dev cni0 proto kernel scope link src 192.168.3.1 (table main)"},
		{fib.Key{Dst: addr("8.8.8.8")}, "default via 192.168.199.1 dev eth0 (table main)"},
		{fib.Key{Dst: addr("8.8.8.8"), Mark: 7}, "default dev cni0 scope link (table 100) by policy rule 200"},
		{fib.Key{Dst: addr("9.9.9.9")}, "policy rule 100 prohibit"},
		{fib.Key{Dst: addr("10.1.0.1")}, "unreachable 10.1.0.0/16 (table main)"},
	} {
		r, _ := f.Output(c.key)
		if got := f.Explain(r); got != c.want {
			t.Errorf("%v: got %q, want %q", c.key.Dst, got, c.want)
		}
	}
}

func TestNewErrors(t *testing.T) {
	for _, c := range []struct {
		cfg  fib.Config
		want string
	}{
		{fib.Config{Links: []fib.Link{{Name: "a"}}}, `link "a": index 0 is not positive`},
		{fib.Config{Links: []fib.Link{{Name: "a", Index: 2}, {Name: "b", Index: 2}}}, `link "b": index 2 is taken by "a"`},
		{fib.Config{Addresses: []fib.Address{{Prefix: prefix("10.0.0.1/8"), Link: 7}}}, "address 10.0.0.1/8: there is no link 7"},
		{fib.Config{Routes: []fib.Route{{Dst: prefix("10.0.0.1/8"), Link: 1}}}, "did you mean 10.0.0.0/8?"},
		{fib.Config{Routes: []fib.Route{{Dst: prefix("10.0.0.0/8")}}}, "neither a link nor a gateway"},
		{fib.Config{Routes: []fib.Route{{Dst: prefix("10.0.0.0/8"), Via: addr("1.2.3.4")}}}, "gateway 1.2.3.4 is in no subnet"},
		{fib.Config{Rules: []fib.Rule{{Priority: 9, From: prefix("::/1")}}}, "rule 9: source ::/1 is of the other family"},
		{fib.Config{Rules: []fib.Rule{{Priority: 9, Action: fib.ActionGoto, Goto: 3}}}, "rule 9: goto 3 leads backwards"},
	} {
		_, err := fib.New(c.cfg)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestZeroConfig(t *testing.T) {
	f := build(t, fib.Config{})
	r, err := f.Output(fib.Key{Dst: addr("127.0.0.1")})
	if err != 0 || r.Type != fib.TypeLocal {
		t.Errorf("loopback: %v, %v", err, r.Type)
	}
	if _, err := f.Output(fib.Key{Dst: addr("8.8.8.8")}); err != fib.ENETUNREACH {
		t.Errorf("elsewhere: %v", err)
	}
}

// TestRoutesGiven feeds the derived routes back, as somebody does who has read
// them from a host, with and without saying so.
func TestRoutesGiven(t *testing.T) {
	want := build(t, node())
	cfg := node()
	cfg.Routes = want.Routes()
	given := build(t, cfg)
	cfg.Complete = fib.Connected4 | fib.Local4 | fib.Connected6 | fib.Local6
	complete := build(t, cfg)
	require.Equal(t, want.Routes(), given.Routes())
	require.Equal(t, want.Routes(), complete.Routes())
	cfg.Routes = nil
	if r, err := build(t, cfg).Output(fib.Key{Dst: addr("192.168.3.1")}); err != fib.ENETUNREACH {
		t.Errorf("without any route: %v, %v", way(r), err)
	}
}

// TestHostileQueries asks nonsense; nothing may panic.
func TestHostileQueries(t *testing.T) {
	f := build(t, node())
	odd := []netip.Addr{{}, addr("0.0.0.0"), addr("::"), addr("1.2.3.4"), addr("::ffff:1.2.3.4"), addr("fe80::2%eth0"), addr("ff02::1"), addr("255.255.255.255")}
	for _, dst := range odd {
		for _, src := range odd {
			for _, link := range []int{-1, 0, 1, 2, 99} {
				k := fib.Key{Dst: dst, Src: src, IIF: link, OIF: link}
				r, _ := f.Output(k)
				f.Explain(r)
				f.Pick(r, link)
				f.Explain(f.Input(k))
				f.PreCheck(src, dst, link)
				f.ReversePath(k, fib.ReverseOptions{Loose: true})
				f.AddrType(dst, link)
				f.RedirectAddr(link, dst)
				f.SelectAddr(link, dst, fib.ScopeGlobal)
				f.SelectAddr6(link, dst)
			}
		}
	}
}

// many returns a node with n further routes of each family.
func many(n int) fib.Config {
	cfg := node()
	rng := rand.New(rand.NewPCG(1, 2))
	for range n {
		var b [16]byte
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		b[0] = 0x20
		p6 := netip.PrefixFrom(netip.AddrFrom16(b), 16+rng.IntN(49)).Masked()
		p4 := netip.PrefixFrom(netip.AddrFrom4([4]byte{11 + b[1]%100, b[2], b[3], b[4]}), 8+rng.IntN(25)).Masked()
		cfg.Routes = append(cfg.Routes, fib.Route{Dst: p4, Via: addr("192.168.199.9"), Link: 2}, fib.Route{Dst: p6, Via: addr("fe80::9"), Link: 2})
	}
	return cfg
}

func TestNoAllocs(t *testing.T) {
	cfg := many(100)
	cfg.All.RPFilter = 1
	f := build(t, cfg)
	for name, query := range map[string]func(){
		"output4":  func() { f.Output(fib.Key{Dst: addr4}) },
		"output6":  func() { f.Output(fib.Key{Dst: addr6}) },
		"input4":   func() { f.Input(fib.Key{Src: src4, Dst: addr4, IIF: 3}) },
		"input6":   func() { f.Input(fib.Key{Src: src6, Dst: addr6, IIF: 3}) },
		"addrtype": func() { f.AddrType(addr4, 0); f.AddrType(addr6, 0) },
		"reverse":  func() { f.ReversePath(fib.Key{Src: src4, Dst: addr4, IIF: 3}, fib.ReverseOptions{}) },
		"select":   func() { f.SelectAddr(2, src4, fib.ScopeGlobal); f.SelectAddr6(2, addr6) },
	} {
		if n := testing.AllocsPerRun(100, query); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

var (
	addr4, addr6 = addr("12.34.56.78"), addr("2034:5678::1")
	src4, src6   = addr("192.168.3.7"), addr("fd00:3::7")
)

func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		f := build(b, many(n))
		for name, query := range map[string]func(){
			"output4": func() { f.Output(fib.Key{Dst: addr4}) },
			"output6": func() { f.Output(fib.Key{Dst: addr6}) },
			"input4":  func() { f.Input(fib.Key{Src: src4, Dst: addr4, IIF: 3}) },
			"input6":  func() { f.Input(fib.Key{Src: src6, Dst: addr6, IIF: 3}) },
		} {
			b.Run(fmt.Sprintf("%s/routes=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					query()
				}
			})
		}
	}
}

func BenchmarkNew(b *testing.B) {
	cfg := many(1000)
	for b.Loop() {
		build(b, cfg)
	}
}
