package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/chance"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
	"github.com/packetpath/packetpath/simulate/internal/peer"
)

// Result is the answer for one packet. It stays valid whatever happens to the
// session and to the packet that was given. Its packets may be copied and changed by
// their Set methods, which leaves the result alone; the bytes of Packet.Wire are the
// result's and not to be written to.
type Result struct {
	Fate Fate
	By   *Step // the step that decided the fate; never nil
	// Packet is the packet as it left or was delivered, or as it was when it
	// was dropped.
	Packet netfilter.Packet
	OutDev string // link it left by; "" if it did not leave
	// NextHop is the neighbour it was handed to: the gateway of the route, or the
	// destination itself; the zero Addr if it did not leave.
	NextHop netip.Addr
	// Fragments are the pieces in which the packet left; nil if it left whole.
	Fragments []netfilter.Packet
	// Answers are the packets the host itself sent because of this one: RST,
	// ICMP errors, echo replies; the pieces of one that left in fragments. Their
	// Dev is the link they left by, "lo" for those to the host itself.
	Answers []netfilter.Packet
	// Chance is the probability of this path; 1 unless chance was involved.
	// Probability gives it exactly.
	Chance float64
	// RandomPort says that address translation drew a port from a range: any
	// other free one was as likely, and Chance is that of all of them together.
	RandomPort bool
	Steps      []Step    // the path in order
	Caused     []*Result // the paths of the host's own packets, those dropped included
	// SendError is what the kernel tells the local sender, such as "Operation
	// not permitted"; "" if all went well or nobody sent it.
	SendError string
	// Assumptions are facts that decided although neither packet nor host gave
	// them.
	Assumptions []Assumption
	Err         error // why the fate is Undecided; nil otherwise

	group    bool // it left for everybody on the link: broadcast or multicast
	traced   bool // a TRACE rule caught it
	bareOut  bool // the link it leaves by has no header
	decisive int  // index of By in Steps
	versions []netfilter.Packet
	links    []linkMeta
	logs     []logEntry
	copies   []copyAt        // made by TEE, in order
	choices  []chance.Choice // what chance decided, in order
	branch   *branch         // where it came from; nil unless it is one of several
	memory   memory
}

// logEntry is one line of a LOG rule.
type logEntry struct {
	config  netfilter.LogConfig
	hook    netfilter.Hook
	in, out string
	version int
}

// Before returns the packet as it was when the step looked at it.
func (r *Result) Before(s *Step) netfilter.Packet {
	if s == nil {
		return netfilter.Packet{}
	}
	return r.kept(s.version).Share()
}

// kept returns a version of the packet; the zero Packet of a result that was not
// made by a session.
func (r *Result) kept(version int) *netfilter.Packet {
	if version >= len(r.versions) {
		return &netfilter.Packet{}
	}
	return &r.versions[version]
}

// Logs returns the lines that LOG rules write to the kernel log, without the
// level.
func (r *Result) Logs() []string {
	var lines []string
	for _, l := range r.logs {
		m := r.logMeta(l.hook, l.in, l.out, l.version)
		lines = append(lines, string(nflog.Append(nil, l.config, &r.versions[l.version], &m)))
	}
	return lines
}

// Reply returns what the far end would answer to the packet as it left, so that
//
//	back := session.Receive(r.OutDev, r.Reply())
//
// continues the conversation. The far end listens and has nothing to say of its
// own: SYN gets SYN ACK, data ACK, FIN a FIN of its own, a datagram its own
// payload, an echo or timestamp request its answer, an SCTP chunk the one that
// follows it, a DCCP request a response. The zero Packet says that no answer is
// due: to a bare ACK, an RST, an ICMP error, a lone fragment, a group, a
// protocol not named here, or a packet that did not leave by a link (answers of
// the host itself are in Answers).
func (r *Result) Reply() netfilter.Packet {
	if r.Fate != Sent && r.Fate != Forwarded || !r.Packet.IsValid() || packet.IsMulticast(r.Packet.Dst()) {
		return netfilter.Packet{}
	}
	return peer.Reply(&r.Packet)
}

// built builds a packet; the zero Packet if it would be too long.
func built(spec packet.Spec) netfilter.Packet {
	p, err := spec.Build()
	if err != nil {
		return netfilter.Packet{}
	}
	return p
}

// Fate is what became of a packet. The zero value is Undecided.
type Fate uint8

// The fates. The first four let the packet through.
const (
	// Undecided: the simulation could not go on; Result.Err says why.
	Undecided Fate = iota
	// Delivered: handed to the host itself.
	Delivered
	// Forwarded: came in by one link and left by another.
	Forwarded
	// Sent: made by the host and left it.
	Sent
	// Dropped: a rule, a policy or NAT dropped it without a word.
	Dropped
	// Rejected: a REJECT rule dropped it and answered.
	Rejected
	// NoRoute: there is no way to the destination, or the host does not
	// forward.
	NoRoute
	// Martian: source or destination is impossible where it arrived.
	Martian
	// Expired: its time to live ran out here.
	Expired
	// TooBig: it does not fit the link it has to leave by and may not be
	// fragmented.
	TooBig
	// Malformed: the IP header itself is refused before any rule.
	Malformed
	// Queued: handed to user space.
	Queued
	// Stolen: a target took it over.
	Stolen
)

var fateNames = [...]string{"undecided", "delivered", "forwarded", "sent", "dropped", "rejected", "no route", "martian",
	"expired", "too big", "malformed", "queued", "stolen"}

// String returns the fate in lower-case words.
func (f Fate) String() string {
	if int(f) < len(fateNames) {
		return fateNames[f]
	}
	return "fate?"
}

// Passed reports whether the packet got through: delivered, forwarded or sent.
func (f Fate) Passed() bool { return f == Delivered || f == Forwarded || f == Sent }

// memory is what a result refers to. A result that is used again keeps it, so that
// a packet allocates nothing once it has grown to what packets need. What was
// taken from it stays where it is when it grows.
type memory struct {
	bytes        []byte // of packets
	routes       []routeDetail
	translations []translation
}

// keep returns a copy of a packet whose bytes are in the memory.
func (m *memory) keep(p *netfilter.Packet) netfilter.Packet {
	from := len(m.bytes)
	m.bytes = p.AppendWire(m.bytes)
	c := *p
	c.SetWire(m.bytes[from:len(m.bytes):len(m.bytes)])
	return c
}

// route keeps the detail of a routing decision.
func (m *memory) route(d routeDetail) *routeDetail {
	m.routes = append(m.routes, d)
	return &m.routes[len(m.routes)-1]
}

// translation keeps the detail of a translation.
func (m *memory) translation(t translation) *translation {
	m.translations = append(m.translations, t)
	return &m.translations[len(m.translations)-1]
}

// block is a result together with as much memory as most packets need, to be
// allocated at once.
type block struct {
	result       Result
	steps        [20]Step
	versions     [6]netfilter.Packet
	links        [1]linkMeta
	choices      [3]chance.Choice
	routes       [1]routeDetail
	translations [2]translation
	bytes        [512]byte
}

// newResult returns a result to be filled.
func newResult() *Result {
	b := &block{}
	r := &b.result
	r.Chance = 1
	r.Steps, r.versions, r.links, r.choices = b.steps[:0], b.versions[:0], b.links[:0], b.choices[:0]
	r.memory = memory{bytes: b.bytes[:0], routes: b.routes[:0], translations: b.translations[:0]}
	return r
}

// reset empties a result, which keeps its memory.
func (r *Result) reset() {
	m := memory{bytes: r.memory.bytes[:0], routes: r.memory.routes[:0], translations: r.memory.translations[:0]}
	*r = Result{Chance: 1, Steps: r.Steps[:0], Answers: r.Answers[:0], Assumptions: r.Assumptions[:0], versions: r.versions[:0],
		links: r.links[:0], logs: r.logs[:0], copies: r.copies[:0], choices: r.choices[:0], memory: m}
}
