package simulate

import (
	"maps"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/chance"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/frag"
)

// Session is a node in operation: it carries connections, the virtual clock,
// the memories of rules, and the random source from packet to packet. It is for one
// goroutine at a time.
type Session struct {
	node   *Node
	now    time.Time
	chance chance.Source
	conns  *conntrack.Table
	states [2][]netfilter.State // by family and slot
	shared map[string]netfilter.State
	frags  frag.Queues
	redirects
	sockets []host.Socket // never changed in place
	streams map[streamKey]stream
	proxied netfilter.Conn             // of what SYNPROXY sends the server, until it is tracked
	behind  map[string][]host.Neighbor // who was met behind ports of bridges, beyond Link.Behind

	backlog

	visits []func(*Visit) // to be told of every rule a packet comes to
}

// SessionOption changes how a session begins.
type SessionOption func(*Session)

// WithSeed makes the session begin its random source with this seed; without it the seed
// is 0. The same node, packets and seed give the same results on every
// platform.
func WithSeed(seed uint64) SessionOption {
	return func(s *Session) { s.chance = chance.New(seed) }
}

// defaultStart is the virtual time at which a session begins unless WithStart
// says otherwise.
var defaultStart = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// WithStart sets the virtual time at which the session begins; without it that
// is noon of Thursday, 1 January 2026, UTC.
func WithStart(t time.Time) SessionOption {
	return func(s *Session) { s.now = t }
}

// With returns a node like n whose sessions, those of Receive, Send and Branches
// included, all begin with these options.
func (n *Node) With(opts ...SessionOption) *Node {
	c := *n
	c.options = append(slices.Clip(n.options), opts...)
	return &c
}

// NewSession starts a session: no connections, rules as fresh from loading.
func (n *Node) NewSession(opts ...SessionOption) *Session {
	s := &Session{node: n, now: defaultStart, chance: chance.New(0), conns: conntrack.New(n.tracking), shared: map[string]netfilter.State{},
		redirects: redirects{},
		sockets:   n.sockets, streams: map[streamKey]stream{}}
	for f := range n.programs {
		s.startRules(netfilter.Family(f))
	}
	for _, o := range n.options {
		o(s)
	}
	for _, o := range opts {
		o(s)
	}
	s.startSets()
	return s
}

// startRules gives the rules of a family their memories: fresh ones of their
// own, made when they are first asked for, and the tables they share, which are
// there already if a rule before them named them.
func (s *Session) startRules(f netfilter.Family) {
	p := s.node.programs[f]
	s.states[f] = nil
	for _, x := range p.sharing {
		if st := x.Join(s.shared[x.SharedKey()]); st != nil {
			s.shared[x.SharedKey()] = st
		}
	}
}

// state returns the memory of a rule's extension.
func (s *Session) state(f netfilter.Family, slot int) netfilter.State {
	p := s.node.programs[f]
	if s.states[f] == nil {
		s.states[f] = make([]netfilter.State, len(p.initial))
	}
	st := &s.states[f][slot]
	if *st == nil {
		*st = p.initial[slot]()
	}
	return *st
}

// Clone returns an independent session in the same state: what happens to one
// does not show in the other.
func (s *Session) Clone() *Session {
	c := *s
	c.chance = s.chance.Clone()
	c.conns = s.conns.Clone()
	for f := range s.states {
		c.states[f] = slices.Clone(s.states[f])
		for i, st := range c.states[f] {
			if st != nil {
				c.states[f][i] = st.Clone()
			}
		}
	}
	c.shared = make(map[string]netfilter.State, len(s.shared))
	for k, st := range s.shared {
		c.shared[k] = st.Clone()
	}
	c.redirects = s.redirects.clone()
	c.streams = maps.Clone(s.streams)
	c.behind = maps.Clone(s.behind)
	c.frags = s.frags.Clone()
	return &c
}

// Now returns the virtual time.
func (s *Session) Now() time.Time { return s.now }

// Advance moves the virtual clock forward.
func (s *Session) Advance(d time.Duration) {
	s.now = s.now.Add(d)
}

// Receive lets a packet arrive on the link of this name.
func (s *Session) Receive(dev string, p netfilter.Packet) *Result {
	f := s.newFlow(&p, nil)
	if f.res.Err != nil {
		return f.settle()
	}
	if f.in = s.node.link(dev); f.in == nil {
		return f.refuse(unknownLink(dev, s.node))
	}
	held := s.hold()
	if f.in.Master != "" {
		f.receiveByPort()
	} else {
		f.receive()
	}
	s.release(held)
	return f.settle()
}

// Send lets a local process send a packet. Without Packet.Socket a socket of
// root's sends it.
func (s *Session) Send(p netfilter.Packet) *Result {
	f := s.newFlow(&p, nil)
	if f.res.Err != nil {
		return f.settle()
	}
	if f.pkt.Socket == nil {
		f.pkt.Socket = &packet.Socket{}
	}
	f.send()
	return f.settle()
}

// Receive judges one packet that arrives on the link of this name, with no
// connection known before.
func (n *Node) Receive(dev string, p netfilter.Packet) *Result { return n.NewSession().Receive(dev, p) }

// Send judges one packet that a local process sends, with no connection known
// before.
func (n *Node) Send(p netfilter.Packet) *Result { return n.NewSession().Send(p) }
