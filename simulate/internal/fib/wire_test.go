//go:build linux

package fib_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/lab"
)

const packetsPerWorld = 60

// TestWire sends packets through random hosts and compares where they got to, and
// what the matches addrtype and rpfilter said about them.
func TestWire(t *testing.T) {
	for i := range lab.Cases(10) {
		s := lab.Seed() + uint64(i)
		t.Run(fmt.Sprintf("seed=%d", s), func(t *testing.T) { wireWorld(t, s) })
	}
}

func wireWorld(t *testing.T, s uint64) {
	for _, tool := range []string{"iptables-legacy-restore", "ip6tables-legacy-restore"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s", tool)
		}
	}
	w := newWorld(newNamespace(t), s)
	w.quiet()
	f, err := fib.New(w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	counters := [2]*counters{newCounters(t, w, "iptables-legacy"), newCounters(t, w, "ip6tables-legacy")}
	bad := 0
	for range packetsPerWorld {
		k := w.wireKey()
		if in := w.link0(k.IIF); !in.Up || in.NoCarrier {
			continue
		}
		c := counters[bit(k.Dst.Is6())]
		want := w.send(c, k)
		if got := expect(f, w, k); !slices.ContainsFunc(got, func(g outcome) bool { return g.agrees(want) }) {
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

// quiet makes the kernel answer every packet.
func (w *world) quiet() {
	w.ns.sysctl("net/ipv4/icmp_ratelimit", 0)
	w.ns.sysctl("net/ipv6/icmp/ratelimit", 0)
	w.ns.sysctl("net/ipv4/icmp_msgs_per_sec", 1000000)
	w.ns.sysctl("net/ipv4/icmp_msgs_burst", 1000000)
}

func (w *world) link0(index int) fib.Link {
	for _, l := range w.cfg.Links {
		if l.Index == index {
			return l
		}
	}
	return fib.Link{}
}

func (w *world) wireKey() fib.Key {
	v4 := w.chance(50)
	k := fib.Key{Dst: w.dest(v4), Src: w.source(v4), IIF: w.link().Index, Proto: 17, SrcPort: 1000, DstPort: 443}
	if w.chance(20) {
		k.TOS = pick[uint8](w, 0x10, 0x08, 0x04, 0xb8)
	}
	if !v4 && w.chance(25) {
		a := pick(w, "::", "::1", "ff02::1", "fe80::77", "::ffff:1.2.3.4", "2a00::1")
		k.Src = netip.MustParseAddr(a)
	}
	if !v4 && w.chance(20) {
		k.Dst = netip.MustParseAddr(pick(w, "ff02::1", "ff02::2", "ff01::1", "ff00::1", "ff02::1:ff00:1", "ff05::2", "::1", "::", "::ffff:1.2.3.4"))
	}
	return k
}

// outcome is what can be seen of a packet's fate.
type outcome struct {
	Pre      bool // PREROUTING saw it
	Input    bool
	Forward  bool
	ICMP     int // code of an unreachable message, -1 for none
	Src      fib.TypeSet
	SrcIface fib.TypeSet
	Reverse  [8]bool // rpfilter, index by reverseOptions
	mayICMP  bool    // ours: an ICMP message is due, but may lack a way back
}

func (g outcome) agrees(want outcome) bool {
	if g.mayICMP && want.ICMP < 0 {
		g.ICMP = -1
	}
	g.mayICMP = false
	return g == want
}

func reverseOptions(i int) (fib.ReverseOptions, string) {
	o := fib.ReverseOptions{Loose: i&1 != 0, ValidMark: i&2 != 0, AcceptLocal: i&4 != 0}
	var words string
	for bit, word := range []string{"--loose", "--validmark", "--accept-local"} {
		if i>>bit&1 != 0 {
			words += " " + word
		}
	}
	return o, words
}

func expect(f *fib.FIB, w *world, k fib.Key) []outcome {
	if f.PreCheck(k.Src, k.Dst, k.IIF) != fib.KindNone {
		return []outcome{{ICMP: -1}}
	}
	base := outcome{Pre: true, ICMP: -1, Src: f.AddrType(k.Src, 0), SrcIface: f.AddrType(k.Src, k.IIF)}
	for i := range base.Reverse {
		o, _ := reverseOptions(i)
		base.Reverse[i] = f.ReversePath(k, o)
	}
	base.fixReverse(k)
	r := f.Input(k)
	list := []outcome{base.with(r)}
	for i := range r.Nexthops {
		r, _ := f.Pick(r, i)
		list = append(list, base.with(r))
	}
	return list
}

// fixReverse applies the exceptions of the match itself (rpfilter_mt).
func (o *outcome) fixReverse(k fib.Key) {
	exempt := k.Src.IsUnspecified()
	if k.Src.Is4() {
		exempt = exempt && (netip.MustParsePrefix("224.0.0.0/24").Contains(k.Dst) || k.Dst == netip.MustParseAddr("255.255.255.255"))
	}
	for i := range o.Reverse {
		o.Reverse[i] = o.Reverse[i] || exempt
	}
}

func (o outcome) with(r fib.Result) outcome {
	o.Input = r.Kind.Delivered()
	o.Forward = r.Kind == fib.KindForward
	if r.Kind == fib.KindUnreachable || r.Kind == fib.KindProhibit {
		o.ICMP, o.mayICMP = int(r.Code), true
	}
	return o
}

// counters is a ruleset of rules that only count.
type counters struct {
	t    *testing.T
	tool string
	last []int
}

var types = []fib.Type{fib.TypeUnspec, fib.TypeUnicast, fib.TypeLocal, fib.TypeBroadcast, fib.TypeAnycast,
	fib.TypeMulticast, fib.TypeBlackhole, fib.TypeUnreachable, fib.TypeProhibit, fib.TypeThrow}

func newCounters(t *testing.T, w *world, tool string) *counters {
	v6 := tool[2] == '6'
	var b strings.Builder
	b.WriteString("*raw\n-A PREROUTING -p udp\n")
	for _, iface := range []string{"", " --limit-iface-in"} {
		for _, typ := range types {
			if v6 && !slices.Contains(types6, typ) {
				b.WriteString("-A PREROUTING -s ::2/128\n")
				continue
			}
			fmt.Fprintf(&b, "-A PREROUTING -p udp -m addrtype --src-type %s%s\n", strings.ToUpper(typ.String()), iface)
		}
	}
	for i := range 8 {
		_, words := reverseOptions(i)
		fmt.Fprintf(&b, "-A PREROUTING -p udp -m rpfilter%s\n", words)
	}
	b.WriteString("COMMIT\n*mangle\n-A INPUT -p udp\n-A FORWARD -p udp\nCOMMIT\n")
	cmd := exec.Command(tool + "-restore")
	cmd.Stdin = strings.NewReader(b.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", tool, err, out)
	}
	c := &counters{t: t, tool: tool}
	c.delta()
	return c
}

var types6 = []fib.Type{fib.TypeUnspec, fib.TypeUnicast, fib.TypeLocal, fib.TypeAnycast, fib.TypeMulticast, fib.TypeUnreachable}

var counter = regexp.MustCompile(`(?m)^\[(\d+):`)

// delta returns how often each rule matched since the last call, raw table first.
func (c *counters) delta() []int {
	var now []int
	for _, table := range []string{"raw", "mangle"} {
		out, err := exec.Command(c.tool+"-save", "-c", "-t", table).Output()
		if err != nil {
			c.t.Fatal(err)
		}
		for _, m := range counter.FindAllStringSubmatch(string(out), -1) {
			n, _ := strconv.Atoi(m[1])
			now = append(now, n)
		}
	}
	diff := slices.Clone(now)
	for i := range c.last {
		diff[i] -= c.last[i]
	}
	c.last = now
	return diff
}

// send puts a packet on the wire and looks what became of it.
func (w *world) send(c *counters, k fib.Key) outcome {
	w.drain(k.Dst.Is6())
	c.delta()
	if _, err := syscall.Write(w.taps[k.IIF].fd, frame(w.mac(k.IIF), k)); err != nil {
		c.t.Fatal(err)
	}
	d := c.delta()
	o := outcome{Pre: d[0] > 0, ICMP: w.drain(k.Dst.Is6())}
	for i, typ := range types {
		if d[1+i] > 0 {
			o.Src |= fib.Of(typ)
		}
		if d[1+len(types)+i] > 0 {
			o.SrcIface |= fib.Of(typ)
		}
	}
	rest := d[1+2*len(types):]
	for i := range o.Reverse {
		o.Reverse[i] = rest[i] > 0
	}
	o.Input, o.Forward = rest[8] > 0, rest[9] > 0
	return o
}

func (w *world) mac(index int) byte {
	for i, l := range w.cfg.Links {
		if l.Index == index {
			return byte(i)
		}
	}
	return 0
}

// frame makes an Ethernet frame with a UDP datagram.
func frame(mac byte, k fib.Key) []byte {
	b := []byte{2, 0, 0, 0, 0, mac, 2, 0xff, 0, 0, 0, 1}
	udp := binary.BigEndian.AppendUint16(nil, k.SrcPort)
	udp = binary.BigEndian.AppendUint16(udp, k.DstPort)
	udp = append(udp, 0, 12, 0, 0, 'p', 'i', 'n', 'g')
	if k.Dst.Is6() {
		b = append(b, 0x86, 0xdd, 0x60|k.TOS>>4, k.TOS<<4, 0, 0, 0, byte(len(udp)), 17, 64)
		b = append(append(b, k.Src.AsSlice()...), k.Dst.AsSlice()...)
		return append(b, udp...)
	}
	b = append(b, 8, 0)
	h := []byte{0x45, k.TOS, 0, byte(20 + len(udp)), 0, 1, 0, 0, 64, 17, 0, 0}
	h = append(append(h, k.Src.AsSlice()...), k.Dst.AsSlice()...)
	sum := 0
	for i := 0; i < len(h); i += 2 {
		sum += int(h[i])<<8 | int(h[i+1])
	}
	sum = sum>>16 + sum&0xffff
	binary.BigEndian.PutUint16(h[10:], ^uint16(sum>>16+sum))
	return append(append(b, h...), udp...)
}

// drain reads what the host sent and returns the code of a message that says a
// destination is unreachable, other than for its port; -1 if there is none.
func (w *world) drain(v6 bool) int {
	code := -1
	buf := make([]byte, 4096)
	for _, dev := range w.taps {
		for {
			n, err := syscall.Read(dev.fd, buf)
			if err != nil || n <= 0 {
				break
			}
			switch b := buf[14:n]; {
			case v6 && n > 56 && b[0]>>4 == 6 && b[6] == 58 && b[40] == 1 && b[41] != 4:
				code = int(b[41])
			case !v6 && n > 36 && b[0]>>4 == 4 && b[9] == 1 && b[20] == 3 && b[21] != 3:
				code = int(b[21])
			}
		}
	}
	return code
}
