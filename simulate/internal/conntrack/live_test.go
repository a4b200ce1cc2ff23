package conntrack

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/kernel"
)

// classes are the rules that tell, by their numbers in the kernel's trace, how
// it related a packet to its connections.
var classes = []struct {
	rel netfilter.Relation
	opt string
}{
	{netfilter.Invalid, "--ctstate INVALID"},
	{netfilter.Untracked, "--ctstate UNTRACKED"},
	{netfilter.New, "--ctstate NEW"},
	{netfilter.Established, "--ctstate ESTABLISHED --ctdir ORIGINAL"},
	{netfilter.EstablishedReply, "--ctstate ESTABLISHED --ctdir REPLY"},
	{netfilter.Related, "--ctstate RELATED --ctdir ORIGINAL"},
	{netfilter.RelatedReply, "--ctstate RELATED --ctdir REPLY"},
}

func classRules() string {
	var b strings.Builder
	b.WriteString("*raw\n-A PREROUTING -j TRACE\nCOMMIT\n*mangle\n")
	for _, c := range classes {
		fmt.Fprintf(&b, "-A PREROUTING -m conntrack %s -j MARK --set-mark 1\n", c.opt)
	}
	b.WriteString("COMMIT\n")
	return b.String()
}

// live is a kernel that forwards between two networks, and a table that is to
// hold the same connections. Addresses: the two ends, and an onlooker.
type live struct {
	t     testing.TB
	node  *kernel.Node
	table *Table
	now   time.Time
	fam   netfilter.Family
	ends  [3]netip.Addr
	links [3]string
	id    uint32
}

func openLive(t testing.TB, fam netfilter.Family, cfg Config) *live {
	t.Helper()
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	node, err := kernel.Open(kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "eth0", Addrs: []string{"192.0.2.1/24", "2001:db8:2::1/64"}},
			{Name: "pod0", Addrs: []string{"198.51.100.1/24", "2001:db8:100::1/64"}},
		},
		Routes: []string{"default via 192.0.2.254 dev eth0", "default via 2001:db8:2::fe dev eth0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &live{t: t, node: node, fam: fam, now: time.Unix(1e9, 0), links: [3]string{"pod0", "eth0", "eth0"}}
	ends := []string{"198.51.100.9", "203.0.113.7", "203.0.113.99"}
	rules := [2]string{classRules(), ""}
	if fam == netfilter.IPv6 {
		ends = []string{"2001:db8:100::9", "2001:db8:77::7", "2001:db8:77::99"}
		rules[0], rules[1] = rules[1], rules[0]
	}
	for i, a := range ends {
		l.ends[i] = netip.MustParseAddr(a)
	}
	if err := node.Load(rules[0], rules[1], ""); err != nil {
		t.Fatal(err)
	}
	l.table = New(cfg)
	return l
}

// fresh forgets all connections on both sides.
func (l *live) fresh() {
	l.t.Helper()
	if err := l.node.FlushConntrack(); err != nil {
		l.t.Fatal(err)
	}
	l.table = New(l.table.cfg)
}

var ruleNumber = regexp.MustCompile(`^mangle:PREROUTING:rule:(\d+) `)

// kernelSays sends the packet and returns the class the kernel gave it.
func (l *live) kernelSays(link string, p netfilter.Packet) netfilter.Relation {
	l.t.Helper()
	a, err := l.node.Send(kernel.Packet{In: link, Wire: p.Wire()})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, line := range a.Trace {
		if m := ruleNumber.FindStringSubmatch(line); m != nil {
			return classes[m[1][0]-'1'].rel
		}
	}
	l.t.Fatalf("no class in trace %q of %x", a.Trace, p.Wire())
	return 0
}

// weSay forwards the packet through the table.
func (l *live) weSay(p netfilter.Packet) netfilter.Relation {
	c, rel, ok := l.table.In(l.now, netfilter.Prerouting, &p, nil)
	if ok && c != nil {
		l.table.Confirm(l.now, c, rel)
	}
	return rel
}

// mark numbers the packet for the trace.
func (l *live) mark(p netfilter.Packet) netfilter.Packet {
	l.id = l.id%60000 + 1
	p = p.Clone()
	w := p.Wire()
	if l.fam == netfilter.IPv6 {
		binary.BigEndian.PutUint32(w, binary.BigEndian.Uint32(w)&^0xfffff|l.id)
		return p
	}
	binary.BigEndian.PutUint16(w[4:], uint16(l.id))
	w[10], w[11] = 0, 0
	binary.BigEndian.PutUint16(w[10:], netfilter.Checksum(w[:w[0]&15*4], 0))
	return p
}

// agree sends the packet to both and reports whether they agree.
func (l *live) agree(from int, p netfilter.Packet) (kernel, ours netfilter.Relation, ok bool) {
	l.t.Helper()
	p = l.mark(p)
	kernel, ours = l.kernelSays(l.links[from], p), l.weSay(p)
	return kernel, ours, kernel == ours
}

var remaining = regexp.MustCompile(`^(\S+ +\d+ )(\d+) (.*)$`)

// listed is a line of the table and the seconds in it.
type listed struct {
	text string
	left int
}

func readLine(line string) listed {
	m := remaining.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return listed{line, 0}
	}
	left, _ := strconv.Atoi(m[2])
	return listed{m[1] + m[3], left}
}

// lists returns both tables, sorted.
func (l *live) lists() (kernel, ours []listed) {
	l.t.Helper()
	text, err := l.node.Conntrack()
	if err != nil {
		l.t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		kernel = append(kernel, readLine(line))
	}
	for c := range l.table.All() {
		ours = append(ours, readLine(string(AppendLine(nil, c, l.now))))
	}
	order := func(a, b listed) int { return strings.Compare(a.text, b.text) }
	slices.SortFunc(kernel, order)
	slices.SortFunc(ours, order)
	return kernel, ours
}

// sameLists compares the tables and reports whether they are alike.
func (l *live) sameLists(context func() string) bool {
	l.t.Helper()
	k, o := l.lists()
	// The kernel's clock runs on meanwhile, ours does not.
	const late = 3
	alike := func(a, b listed) bool { return a.text == b.text && a.left <= b.left && a.left >= b.left-late }
	if slices.EqualFunc(k, o, alike) {
		return true
	}
	l.t.Errorf("tables differ%s\nkernel\n  %v\nours\n  %v", context(), k, o)
	return false
}

func seeded(t testing.TB, seed uint64) *rand.Rand {
	t.Helper()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 7))
}

// liveRounds are the conversations of a live test; each costs about 20 ms.
const liveRounds = 20

// talkKinds are the conversations that are held to the kernel.
var talkKinds = []struct {
	name  string
	begin func(*rand.Rand, [3]netip.Addr) talk
}{
	{"tcp", func(r *rand.Rand, e [3]netip.Addr) talk { return newTCPTalk(r, e) }},
	{"sctp", func(r *rand.Rand, e [3]netip.Addr) talk { return newSCTPTalk(r, e) }},
	{"mixed", func(r *rand.Rand, e [3]netip.Addr) talk { return &mixedTalk{rnd: r, ends: e} }},
}

func TestLive(t *testing.T) {
	for _, fam := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
		l := openLive(t, fam, DefaultConfig())
		for _, k := range talkKinds {
			t.Run(fam.String()+" "+k.name, func(t *testing.T) {
				l.t = t
				rnd := seeded(t, 11)
				for range liveRounds {
					l.fresh()
					if !l.converse(k.begin(rnd, l.ends)) {
						return
					}
				}
			})
		}
	}
}

// talk makes up packets of a conversation, one after the other.
type talk interface {
	next() (from int, p netfilter.Packet, text string)
}

// converse lets both follow a conversation; false if they differ.
func (l *live) converse(k talk) bool {
	l.t.Helper()
	var log []string
	said := func() string { return " after\n  " + strings.Join(log, "\n  ") }
	for range 40 {
		from, p, text := k.next()
		kernel, ours, ok := l.agree(from, p)
		log = append(log, fmt.Sprintf("%s: %v %d", text, kernel, kernel.Direction()))
		if !ok {
			l.t.Errorf("kernel says %v %d, we say %v %d%s", kernel, kernel.Direction(), ours, ours.Direction(), said())
			return false
		}
	}
	return l.sameLists(said)
}
