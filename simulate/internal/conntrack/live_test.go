package conntrack

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// classes are the rules that tell, by their numbers in the kernel's trace, how
// it related a packet to its connections.
var classes = []struct {
	rel netfilter.CTState
	opt string
}{
	{netfilter.CTInvalid, "--ctstate INVALID"},
	{netfilter.CTUntracked, "--ctstate UNTRACKED"},
	{netfilter.CTNew, "--ctstate NEW"},
	{netfilter.CTEstablished, "--ctstate ESTABLISHED --ctdir ORIGINAL"},
	{netfilter.CTEstablishedReply, "--ctstate ESTABLISHED --ctdir REPLY"},
	{netfilter.CTRelated, "--ctstate RELATED --ctdir ORIGINAL"},
	{netfilter.CTRelatedReply, "--ctstate RELATED --ctdir REPLY"},
}

func classRules(raw string) string {
	var b strings.Builder
	b.WriteString("*raw\n-A PREROUTING -j TRACE\n" + raw + "COMMIT\n*mangle\n")
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
	ct    *netfilter.TrackConfig // what a CT rule asks for
}

func openLive(t testing.TB, fam netfilter.Family, cfg Config) *live {
	return openLiveRaw(t, fam, cfg, "")
}

// openLiveRaw adds rules to the raw table.
func openLiveRaw(t testing.TB, fam netfilter.Family, cfg Config, raw string) *live {
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
	rules := [2]string{classRules(raw), ""}
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
func (l *live) kernelSays(link string, p netfilter.Packet) netfilter.CTState {
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
func (l *live) weSay(p netfilter.Packet) netfilter.CTState {
	c, rel, ok := l.table.In(l.now, netfilter.Prerouting, &p, l.ct)
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
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:w[0]&15*4], 0))
	return p
}

// agree sends the packet to both and reports whether they agree.
func (l *live) agree(from int, p netfilter.Packet) (kernel, ours netfilter.CTState, ok bool) {
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
		ours = append(ours, readLine(string(AppendLine(nil, c, l.now, 1))))
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
const liveRounds = 10

// talkKinds are the conversations that are held to the kernel.
var talkKinds = []struct {
	name  string
	begin func(*rand.Rand, [3]netip.Addr) talk
}{
	{"tcp", func(r *rand.Rand, e [3]netip.Addr) talk { return newTCPTalk(r, e) }},
	{"sctp", func(r *rand.Rand, e [3]netip.Addr) talk { return newSCTPTalk(r, e) }},
	{"mixed", func(r *rand.Rand, e [3]netip.Addr) talk { return &mixedTalk{rnd: r, ends: e} }},
}

// variants are settings of sysctl under which conversations are held to the
// kernel.
var variants = []map[string]string{
	{"acct": "1"},
	{"tcp_be_liberal": "1", "acct": "1"},
	{"tcp_loose": "0", "tcp_ignore_invalid_rst": "1"},
	{"checksum": "0", "tcp_max_retrans": "1", "tcp_timeout_unacknowledged": "50", "tcp_timeout_max_retrans": "40", "udp_timeout": "7"},
}

func TestLiveSysctl(t *testing.T) {
	for _, v := range variants {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			cfg := DefaultConfig()
			l := openLive(t, netfilter.IPv4, cfg)
			for name, value := range v {
				name = SysctlPrefix + name
				if err := l.node.Sysctl(name, value); err != nil {
					t.Fatal(err)
				}
				if known, err := cfg.Set(name, value); !known || err != nil {
					t.Fatal(name, known, err)
				}
			}
			l.table = New(cfg)
			rnd := seeded(t, 31)
			for range liveRounds / 3 {
				for _, k := range talkKinds {
					l.fresh()
					if !l.converse(k.begin(rnd, l.ends)) {
						return
					}
				}
			}
		})
	}
}

// TestLiveZones tracks the two directions in zones that a rule chooses by the
// link.
func TestLiveZones(t *testing.T) {
	for dir, option := range []string{"--zone", "--zone-orig", "--zone-reply"} {
		t.Run(option, func(t *testing.T) {
			cfg := DefaultConfig()
			cfg.Acct = true
			l := openLiveRaw(t, netfilter.IPv4, cfg, "-A PREROUTING -j CT "+option+" 5\n")
			if err := l.node.Sysctl(SysctlPrefix+"acct", "1"); err != nil {
				t.Fatal(err)
			}
			l.ct = &netfilter.TrackConfig{Zone: 5, ZoneDir: netfilter.ZoneDirection(dir)}
			rnd := seeded(t, 41)
			for range liveRounds / 3 {
				for _, k := range talkKinds {
					l.fresh()
					if !l.converse(k.begin(rnd, l.ends)) {
						return
					}
				}
			}
		})
	}
}

// TestLiveNames checks that the kernel has just the variables we know, with
// our defaults.
func TestLiveNames(t *testing.T) {
	l := openLive(t, netfilter.IPv4, DefaultConfig())
	list, err := l.node.Run("sh", "-c", "cd /proc/sys/net/netfilter && grep . nf_conntrack_*")
	if err != nil {
		t.Fatal(err)
	}
	others := []string{"buckets", "count", "events", "expect_max", "frag6_high_thresh", "frag6_low_thresh", "frag6_timeout", "log_invalid", "timestamp"}
	for line := range strings.Lines(list) {
		file, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		cfg := DefaultConfig()
		known, err := cfg.Set("net.netfilter."+file, value)
		other := slices.Contains(others, strings.TrimPrefix(file, "nf_conntrack_"))
		if err != nil || known == other {
			t.Errorf("%s: known %v, %v", file, known, err)
		}
		if !reflect.DeepEqual(cfg, DefaultConfig()) {
			t.Errorf("%s is not the default", line)
		}
	}
}

// TestLiveStream lets a UDP connection become a stream, which takes two
// seconds.
func TestLiveStream(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for more than two seconds")
	}
	l := openLive(t, netfilter.IPv4, DefaultConfig())
	send := func(from int, proto uint8) {
		t.Helper()
		p, err := packet.Spec{Src: l.ends[from], Dst: l.ends[1-from], Proto: proto, SrcPort: 7, DstPort: 7}.Build()
		if err != nil {
			t.Fatal(err)
		}
		if k, o, ok := l.agree(from, p); !ok {
			t.Errorf("kernel says %v, we say %v", k, o)
		}
	}
	for _, proto := range []uint8{packet.ProtoUDP, packet.ProtoGRE} {
		for _, from := range []int{0, 1, 0, 1} {
			send(from, proto)
		}
	}
	none := func() string { return "" }
	l.sameLists(none)
	const wait = 2100 * time.Millisecond
	time.Sleep(wait)
	l.now = l.now.Add(wait)
	send(0, packet.ProtoUDP)
	l.sameLists(none)
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
