package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/chance"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
	"github.com/packetpath/packetpath/simulate/internal/peer"
)

// Result is the result for one packet. It does not depend on later changes of the
// session or of the packet passed in. Its packets may be copied and changed by their Set
// methods, which does not affect the result; the bytes returned by Packet.Wire belong to
// the result and must not be modified.
type Result struct {
	Fate Fate
	By   *Step // the step that decided the fate; never nil
	// Packet is the packet as it was transmitted, delivered or dropped.
	Packet netfilter.Packet
	OutDev string // output link; "" if the packet was not transmitted
	// NextHop is the neighbour to which the packet was sent: the gateway of the route,
	// or the destination; the zero Addr if the packet was not transmitted.
	NextHop netip.Addr
	// Fragments are the fragments in which the packet was transmitted; nil if it was
	// not fragmented.
	Fragments []netfilter.Packet
	// Answers are the packets that the host sent in response to this one: RST, ICMP
	// errors, echo replies, and copies that TEE made or a bridge flooded. A fragmented packet is listed as its fragments. Their Dev is
	// the output link, "lo" for packets to the host itself.
	Answers []netfilter.Packet
	// Chance is the probability of this path; 1 if there were no random choices. The
	// method Probability returns it exactly.
	Chance float64
	// RandomPort reports that address translation drew a port from a range: every other
	// free port is equally likely, and Chance is the probability of all of them together.
	RandomPort bool
	Steps      []Step // the path in order
	// Caused are the results of the packets that the host generated, including dropped
	// ones, and of the copies that TEE made or that a bridge flooded to other ports.
	Caused []*Result
	// SendError is the error that the local sender receives, such as "Operation not
	// permitted"; "" if there was none or the packet has no local sender.
	SendError string
	// Assumptions are the facts that affected the result although neither packet nor
	// host determine them.
	Assumptions []Assumption
	Err         error // why the fate is Undecided; nil otherwise

	path pathRecord // steps.go
	log  logRecord  // trace.go
	draw drawRecord // branches.go
}

// Before returns the packet as it was when the step looked at it; the zero Packet if the
// session records no paths.
func (r *Result) Before(s *Step) netfilter.Packet {
	if s == nil || r.path.brief.on {
		return netfilter.Packet{}
	}
	return r.kept(s.version).Share()
}

// kept returns a version of the packet; the zero Packet if the result was not created by
// a session.
func (r *Result) kept(version int) *netfilter.Packet {
	if version >= len(r.path.versions) {
		return &netfilter.Packet{}
	}
	return &r.path.versions[version]
}

// Logs returns the lines that LOG rules write to the kernel log, without the
// level. Lines of copies made by TEE or by a bridge are included.
func (r *Result) Logs() []string {
	var lines []string
	copies := r.log.copies
	for i, l := range r.log.entries {
		for len(copies) > 0 && copies[0].logs <= i {
			lines = append(lines, copies[0].res.Logs()...)
			copies = copies[1:]
		}
		m := r.logMeta(l.hook, l.in, l.out, l.version)
		lines = append(lines, string(nflog.Append(nil, l.config, &r.path.versions[l.version], &m)))
	}
	for _, c := range copies {
		lines = append(lines, c.res.Logs()...)
	}
	return lines
}

// Reply returns the packet with which the remote host would reply to the packet that was
// transmitted, so that
//
//	back := session.Receive(r.OutDev, r.Reply())
//
// continues the exchange. The remote host accepts connections and sends no data of its
// own: it replies to SYN with SYN ACK, to data with ACK, to FIN with FIN ACK, to a UDP
// datagram with a datagram of the same payload, to an echo or timestamp request with the
// reply, to an SCTP chunk with the next one of the handshake, to a DCCP request with a
// response. The zero Packet means that there is no reply: to an ACK without data, an
// RST, an ICMP error, a single fragment, a multicast or broadcast packet, a packet of
// another protocol, or a packet that was not transmitted (replies of the host itself are
// in Answers).
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

// Fate is how the path of a packet ended. The zero value is Undecided.
type Fate uint8

// The fates. Passed is true for Delivered, Forwarded and Sent.
const (
	// Undecided: the simulation stopped with the error Result.Err.
	Undecided Fate = iota
	// Delivered: delivered to the host.
	Delivered
	// Forwarded: forwarded, by routing or by a bridge.
	Forwarded
	// Sent: generated by the host and transmitted.
	Sent
	// Dropped: silently dropped by a rule, a policy, conntrack or NAT.
	Dropped
	// Rejected: dropped by a REJECT rule, which replied.
	Rejected
	// NoRoute: there is no route to the destination, or the host does not
	// forward.
	NoRoute
	// Martian: source or destination address is invalid on the input link.
	Martian
	// Expired: the time to live or hop limit expired on this host.
	Expired
	// TooBig: it exceeds the MTU and must not be fragmented.
	TooBig
	// Malformed: the IP header is invalid.
	Malformed
	// Queued: passed to user space by NFQUEUE.
	Queued
	// Stolen: consumed by a target (NF_STOLEN).
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

// memory holds the data that a result refers to. A reused result keeps it, so that
// packets cause no allocations once it is large enough. When it grows, data that was
// allocated from it before is not moved.
type memory struct {
	bytes        []byte // of packets
	routes       []routeDetail
	translations []translation
}

// emptied returns the memory without its data.
func (m *memory) emptied() memory {
	return memory{bytes: m.bytes[:0], routes: m.routes[:0], translations: m.translations[:0]}
}

// keep returns a copy of a packet with its bytes in m.
func (m *memory) keep(p *netfilter.Packet) netfilter.Packet {
	from := len(m.bytes)
	m.bytes = p.AppendWire(m.bytes)
	c := *p
	c.SetWire(m.bytes[from:len(m.bytes):len(m.bytes)])
	return c
}

// route stores the detail of a routing decision.
func (m *memory) route(d routeDetail) *routeDetail {
	m.routes = append(m.routes, d)
	return &m.routes[len(m.routes)-1]
}

// translation stores the detail of a translation.
func (m *memory) translation(t translation) *translation {
	m.translations = append(m.translations, t)
	return &m.translations[len(m.translations)-1]
}

// block is a result together with as much memory as most packets need, as one
// allocation.
type block struct {
	basicBlock
	steps    [20]Step
	versions [6]netfilter.Packet
}

// briefBlock is the block of a result that records no path.
type briefBlock struct {
	basicBlock
	steps    [3]Step
	versions [1]netfilter.Packet
}

// basicBlock is the common part of both.
type basicBlock struct {
	result       Result
	links        [1]linkMeta
	choices      [3]chance.Choice
	routes       [1]routeDetail
	translations [2]translation
	bytes        [512]byte
}

// newResult returns an empty result for packets of the session.
func (s *Session) newResult() *Result {
	if s.pathless {
		b := &briefBlock{}
		return b.use(b.steps[:0], b.versions[:0])
	}
	b := &block{}
	return b.use(b.steps[:0], b.versions[:0])
}

// use returns the result with the memory of the block.
func (b *basicBlock) use(steps []Step, versions []netfilter.Packet) *Result {
	r := &b.result
	r.Chance, r.Steps = 1, steps
	r.path = pathRecord{versions: versions, memory: memory{bytes: b.bytes[:0], routes: b.routes[:0], translations: b.translations[:0]}}
	r.log, r.draw = logRecord{links: b.links[:0]}, drawRecord{choices: b.choices[:0]}
	return r
}

// reset empties a result, which keeps its memory.
func (r *Result) reset() {
	p, l := &r.path, &r.log
	*r = Result{Chance: 1, Steps: r.Steps[:0], Answers: r.Answers[:0], Assumptions: r.Assumptions[:0],
		path: pathRecord{versions: p.versions[:0], memory: p.memory.emptied()},
		log:  logRecord{links: l.links[:0], entries: l.entries[:0], copies: l.copies[:0]},
		draw: drawRecord{choices: r.draw.choices[:0]}}
}
