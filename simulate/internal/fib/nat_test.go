//go:build linux

package fib_test

import (
	"fmt"
	"net/netip"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/lab"
)

const redirected = 7777 // destination port the test redirects

// TestNAT compares the addresses MASQUERADE and REDIRECT choose.
func TestNAT(t *testing.T) {
	for i := range lab.Cases(10) {
		s := lab.Seed() + uint64(i)
		t.Run(fmt.Sprintf("seed=%d", s), func(t *testing.T) { natWorld(t, s) })
	}
}

func natWorld(t *testing.T, s uint64) {
	for _, tool := range []string{"iptables-legacy", "ip6tables-legacy", "conntrack"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s", tool)
		}
	}
	w := newWorld(newNamespace(t), s)
	f, err := fib.New(w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"iptables-legacy", "ip6tables-legacy"} {
		run(t, tool, "-t nat -A PREROUTING -p udp --dport 7777 -j REDIRECT")
		run(t, tool, "-t nat -A POSTROUTING -p udp -j MASQUERADE")
	}
	for i := range 40 {
		k := w.wireKey()
		k.SrcPort += uint16(i) // a new connection each time
		if in := w.link0(k.IIF); !in.Up || in.NoCarrier || k.Dst.IsMulticast() || k.Src.IsUnspecified() || k.Src.IsMulticast() ||
			f.PreCheck(k.Src, k.Dst, k.IIF) != fib.KindNone {
			continue
		}
		if i%4 == 0 {
			w.checkRedirect(t, f, k)
		} else {
			w.checkMasquerade(t, f, k)
		}
	}
	t.Logf("%d addresses compared", w.compared)
	if t.Failed() {
		t.Logf("host:\n%s", strings.Join(w.lines, "\n"))
	}
}

func run(t *testing.T, tool, args string) string {
	t.Helper()
	out, err := exec.Command(tool, strings.Fields(args)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v: %s", tool, args, err, out)
	}
	return string(out)
}

func (w *world) checkMasquerade(t *testing.T, f *fib.FIB, k fib.Key) {
	r := f.Input(k)
	if r.Kind != fib.KindForward || len(r.Nexthops) > 0 || w.link0(r.Link).NoCarrier {
		return
	}
	hop := r.Gateway
	if !hop.IsValid() {
		hop = k.Dst
	}
	want, ok := f.SelectAddr(r.Link, hop, fib.ScopeGlobal)
	if k.Dst.Is6() {
		want, ok = f.SelectAddr6(r.Link, k.Dst)
	}
	w.drain(k.Dst.Is6())
	if _, err := syscall.Write(w.taps[k.IIF].fd, frame(w.mac(k.IIF), k)); err != nil {
		t.Fatal(err)
	}
	got := w.sourceOnWire(k)
	w.compared++
	if ok != got.IsValid() || ok && got != want {
		t.Errorf("%s out of %d via %v: masqueraded as %v, want %v", keyText(k), r.Link, hop, want, got)
	}
}

// sourceOnWire returns the source of the datagram to k's destination that left.
func (w *world) sourceOnWire(k fib.Key) (src netip.Addr) {
	buf := make([]byte, 4096)
	for _, dev := range w.taps {
		for {
			n, err := syscall.Read(dev.fd, buf)
			if err != nil || n <= 0 {
				break
			}
			b := buf[14:n]
			at, size, proto := 12, 4, b[9]
			if k.Dst.Is6() {
				at, size, proto = 8, 16, b[6]
			}
			dst, _ := netip.AddrFromSlice(b[at+size : at+2*size])
			if proto == 17 && dst == k.Dst {
				src, _ = netip.AddrFromSlice(b[at : at+size])
			}
		}
	}
	return src
}

var replySource = regexp.MustCompile(`src=\S+ dst=\S+ sport=\d+ dport=\d+ .*?src=(\S+)`)

// checkRedirect reads the new destination from the connection's reply tuple; the
// packet must be delivered for the entry to appear.
func (w *world) checkRedirect(t *testing.T, f *fib.FIB, k fib.Key) {
	k.DstPort = redirected
	want, ok := f.RedirectAddr(k.IIF, k.Dst)
	if k.Dst.Is4() && (k.Dst.IsLoopback() || k.Dst.IsUnspecified()) {
		return
	}
	moved := k
	moved.Dst = want
	if ok && f.Input(moved).Kind != fib.KindLocal {
		return
	}
	run(t, "conntrack", "-F")
	if _, err := syscall.Write(w.taps[k.IIF].fd, frame(w.mac(k.IIF), k)); err != nil {
		t.Fatal(err)
	}
	family := "ipv4"
	if k.Dst.Is6() {
		family = "ipv6"
	}
	list := run(t, "conntrack", fmt.Sprintf("-L -p udp --orig-port-src %d -f %s", k.SrcPort, family))
	var got netip.Addr
	if m := replySource.FindStringSubmatch(list); m != nil {
		got, _ = netip.ParseAddr(m[1])
	}
	w.compared++
	if ok != got.IsValid() || ok && got != want {
		t.Errorf("%s: redirected to %v, want %v", keyText(k), want, got)
	}
}
