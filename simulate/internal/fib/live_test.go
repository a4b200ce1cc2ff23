//go:build linux

package fib_test

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/lab"
)

const queriesPerWorld = 400

func linkIndex(t *testing.T, name string) int {
	t.Helper()
	i, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return i.Index
}

// TestLive compares routing decisions with the running kernel's, on random hosts.
func TestLive(t *testing.T) {
	for i := range lab.Cases(10) {
		s := lab.Seed() + uint64(i)
		t.Run(fmt.Sprintf("seed=%d", s), func(t *testing.T) { compareWorld(t, s) })
	}
}

func compareWorld(t *testing.T, s uint64) {
	w := newWorld(newNamespace(t), s)
	q := newQuerier(t)
	f, err := fib.New(w.cfg)
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(w.lines, "\n"))
	}
	bad := 0
	for range queriesPerWorld {
		k := w.key()
		if k.Dst.Is6() && k.Dst.IsMulticast() && k.IIF != 0 {
			continue // the kernel answers for multicast routers only
		}
		if k.Dst == netip.IPv6Unspecified() && k.IIF == 0 {
			continue // sockets replace it before they ask
		}
		if w.realms {
			w.ns.sysctl("net/ipv4/route/flush", 1) // cached next hops keep the realms of the first packet
		}
		got, want := ask(f, k), q.get(k)
		if k.Dst.Is6() && k.Src.IsValid() {
			want.Source = netip.Addr{} // the one it would choose
		}
		if slices.ContainsFunc(got, func(a answer) bool { return a.Err == fib.EADDRNOTAVAIL }) && want.Err == 0 && !want.Source.IsValid() {
			continue // here the kernel does not insist on a source
		}
		if k.Dst.Is6() && k.IIF == 0 && !k.Src.IsValid() && want.Err != 0 {
			// a sender tries again with a source, but this query cannot bind
			// that to a link as the sender does
			if k.OIF != 0 {
				continue
			}
			k.Src, _ = f.SelectAddr6(0, k.Dst)
			want = q.get(k)
			want.Source = netip.Addr{}
		}
		if !agree(k, got, want) {
			bad++
			t.Errorf("%s:\n got %+v\nwant %+v", keyText(k), got, want)
		}
		if bad == 5 {
			break
		}
	}
	if bad > 0 {
		t.Logf("host:\n%s", strings.Join(w.lines, "\n"))
	}
}

func keyText(k fib.Key) string { return fmt.Sprintf("%+v", k) }

func (w *world) key() fib.Key {
	v4 := w.chance(50)
	k := fib.Key{Dst: w.dest(v4), Proto: pick[uint8](w, 6, 17), SrcPort: pick[uint16](w, 80, 1000), DstPort: pick[uint16](w, 80, 90, 443)}
	if w.chance(30) {
		k.Mark = uint32(w.rng.IntN(4))
	}
	if w.chance(30) {
		k.TOS = pick[uint8](w, 0x10, 0x08, 0x04, 0x18, 0xb8, 0x50)
	}
	if w.chance(50) {
		k.IIF, k.Src = w.link().Index, w.source(v4)
		if v4 && w.chance(5) { // the IPv6 query sees ports arriving packets do not show
			k.IIF = 1
		}
		return k
	}
	if w.chance(30) {
		k.Src = w.source(v4)
	}
	if w.chance(30) {
		k.OIF = pick(w, w.link().Index, w.link().Index, 1)
	}
	k.UID = pick[uint32](w, 0, 500, 5000)
	return k
}

func (w *world) dest(v4 bool) netip.Addr {
	if w.chance(10) {
		if v4 {
			return netip.MustParseAddr(pick(w, "127.0.0.1", "127.1.2.3", "224.0.0.1", "224.0.0.5", "239.1.2.3", "255.255.255.255",
				"0.0.0.0", "0.1.2.3", "8.8.8.8", "240.0.0.1", "127.255.255.255"))
		}
		return netip.MustParseAddr(pick(w, "::1", "ff02::1", "ff02::5", "ff05::2", "ff0e::1", "2a00::1", "::", "::ffff:1.2.3.4", "fe80::77"))
	}
	return w.host(v4)
}

func (w *world) host(v4 bool) netip.Addr {
	if len(w.cfg.Addresses) > 0 && w.chance(25) {
		if a := pick(w, w.cfg.Addresses...).Prefix.Addr(); a.Is4() == v4 {
			return a
		}
	}
	if v4 {
		return w.host4()
	}
	return w.host6()
}

func (w *world) source(v4 bool) netip.Addr {
	if v4 && w.chance(10) {
		return netip.MustParseAddr(pick(w, "127.0.0.1", "127.0.0.7", "224.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "8.8.8.8"))
	}
	return w.host(v4)
}

// ask puts our answer into the kernel's form, all alternatives if chance decides.
func ask(f *fib.FIB, k fib.Key) []answer {
	if k.IIF != 0 {
		r := f.Input(k)
		return alternatives(f, r, func(r fib.Result) answer { return inputAnswer(k, r) })
	}
	r, err := f.Output(k)
	if len(r.Nexthops) == 0 && err != 0 {
		return []answer{{Err: err}}
	}
	return alternatives(f, r, func(r fib.Result) answer { return outputAnswer(k, r) })
}

func alternatives(f *fib.FIB, r fib.Result, form func(fib.Result) answer) []answer {
	if len(r.Nexthops) == 0 {
		return []answer{form(r)}
	}
	var list []answer
	for i := range r.Nexthops {
		if r, err := f.Pick(r, i); err != 0 {
			list = append(list, answer{Err: err})
		} else {
			list = append(list, form(r))
		}
	}
	return list
}

func agree(k fib.Key, got []answer, want answer) bool {
	for _, g := range got {
		// in a shared tree the kernel names the table it began with
		if want.Table == 0 || g.Table == fib.TableLocal && want.Table == fib.TableMain {
			g.Table = want.Table
		}
		if g.Err == unasked {
			return want.Err == 0 && want.Type == g.Type
		}
		if k.Src.IsValid() && k.Src == g.Source {
			g.Source = netip.Addr{}
		}
		if g == want {
			return true
		}
	}
	return false
}

func outputAnswer(k fib.Key, r fib.Result) answer {
	a := answer{Type: r.Type, Link: r.Link, Gateway: r.Gateway, Source: r.Source, Realm: r.Realm}
	if a.Source == k.Src || a.Source.IsUnspecified() {
		a.Source = netip.Addr{}
	}
	a = a.withRoute(r)
	if a.MTU != r.MTU {
		a.MTU = 0 // the route's was not used
	}
	return a
}

func (a answer) withRoute(r fib.Result) answer {
	if r.Route != nil {
		a.Table = r.Route.Table
		a.MTU = r.Route.MTU
	}
	return a
}

// unasked marks decisions ip6_forward takes, later than the kernel's answer.
const unasked fib.Errno = 255

func notYetAsked(r fib.Result) bool {
	switch r.Kind {
	case fib.KindNoForwarding, fib.KindMartianSource:
		return true
	}
	return r.Kind == fib.KindUnreachable && r.Code == 2
}

func inputAnswer(k fib.Key, r fib.Result) answer {
	a := answer{Type: r.Type, Link: r.Link, Gateway: r.Gateway, Realm: r.Realm}
	if k.Dst.Is6() && notYetAsked(r) {
		return answer{Type: r.Type, Err: unasked}
	}
	switch r.Kind {
	case fib.KindLocal, fib.KindBroadcast, fib.KindMulticast:
		a = a.withRoute(r)
		if k.Dst.Is4() {
			a.MTU = 0 // of no interest any more
		}
		return a
	case fib.KindForward:
		return a.withRoute(r)
	case fib.KindMartianSource, fib.KindMartianDestination, fib.KindNotMember, fib.KindBlackhole:
		return answer{Err: fib.EINVAL}
	case fib.KindNoForwarding:
		return answer{Err: fib.EHOSTUNREACH}
	case fib.KindProhibit:
		return answer{Err: fib.EACCES}
	case fib.KindUnreachable:
		if r.Code == 1 || r.Type == fib.TypeUnreachable {
			return answer{Err: fib.EHOSTUNREACH}
		}
		return answer{Err: fib.ENETUNREACH}
	}
	return answer{Err: 1}
}
