package simulate

import (
	"maps"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/chance"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Session is a node in operation: it carries connections, the virtual clock,
// the memories of rules, and the random source from packet to packet. It is for one
// goroutine at a time. Make one with Node.NewSession; the zero Session has no node,
// so that the fate of its packets is Undecided.
type Session struct {
	node      *Node
	now       time.Time
	began     time.Time // when it started
	chance    chance.Source
	conns     *conntrack.Table
	states    [2]xtables.States // memories of rules, by family
	providers []netfilter.State // memories of rulesets that bring hook functions
	shared    map[string]netfilter.State
	frags     frag.Queues
	redirects
	sockets []host.Socket // never changed in place
	streams map[streamKey]stream
	proxied netfilter.Conn             // of what SYNPROXY sends the server, until it is tracked
	behind  map[string][]host.Neighbor // who was met behind ports of bridges, beyond Link.Behind

	backlog

	limits Limits // none of them zero
	work   int64  // what is left of Limits.Work for the packet

	visits   []func(*Visit) // to be told of every rule a packet comes to
	coverage []*Coverage
	tallies  [2][]xtables.Tally // of coverage, by family
	index    xtables.IndexPolicy
	cursors  xtables.Cursors
	into     *Result  // that the next packet's answer is to be put into; nil makes one
	spare    *transit // of the packet before, whose memory the next one has
	ports    portDraw
	serial   uint64 // of the packet that came last
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
	c := n.twin()
	c.options = append(slices.Clip(n.options), opts...)
	return c
}

// NewSession starts a session: no connections, rules as fresh from loading.
func (n *Node) NewSession(opts ...SessionOption) *Session {
	if n.fib == nil {
		return &Session{}
	}
	s := &Session{node: n, chance: chance.New(0), conns: conntrack.New(n.tracking), shared: map[string]netfilter.State{},
		redirects: redirects{}, streams: map[streamKey]stream{}}
	for f, p := range n.programs {
		if p.tables != nil {
			s.states[f] = xtables.NewStates(p.tables)
		}
	}
	s.start(opts)
	return s
}

// start sets a session that is empty to its beginning.
func (s *Session) start(opts []SessionOption) {
	s.now, s.sockets, s.index = defaultStart, s.node.sockets, xtables.DefaultIndexPolicy
	for _, list := range [][]SessionOption{s.node.options, opts} {
		for _, o := range list {
			if o != nil {
				o(s)
			}
		}
	}
	s.limits = s.limits.orDefaults()
	s.began = s.now
	s.startProviders()
}

// restart empties a session and has it begin anew. It keeps its memory.
func (s *Session) restart() {
	old := *s
	old.conns.Reset()
	old.chance.Restart(0)
	clear(old.shared)
	clear(old.redirects)
	clear(old.streams)
	for f := range old.states {
		old.states[f].Reset()
	}
	*s = Session{node: old.node, chance: old.chance, conns: old.conns, shared: old.shared, redirects: old.redirects, streams: old.streams,
		states: old.states, cursors: old.cursors, spare: old.spare, ports: old.ports}
	s.start(nil)
}

// single calls f with a session that serves one packet.
func (n *Node) single(f func(s *Session) *Result) *Result {
	if n.fib == nil {
		return f(&Session{})
	}
	s, ok := n.singles.Get().(*Session)
	if ok {
		s.restart()
	} else {
		s = n.NewSession()
	}
	r := f(s)
	n.singles.Put(s)
	return r
}

// table returns the memory that rules share under a key, as the rules that name it
// demand it, which the kernel asks of them when it loads them; or else one that
// make makes, if it is not nil.
func (s *Session) table(key string, make func() netfilter.State) netfilter.State {
	st, ok := s.shared[key]
	if ok {
		return st
	}
	if key == ipset.Key {
		st = s.startSets()
	}
	for _, p := range s.node.programs {
		if p.tables != nil {
			st = join(st, p.tables.SharingOf(key))
		}
	}
	if st == nil && make != nil {
		st = make()
	}
	if st != nil {
		s.shared[key] = st
	}
	return st
}

// join returns a table with the demands of rules met.
func join(st netfilter.State, rules []netfilter.Sharing) netfilter.State {
	for _, x := range rules {
		if joined := x.Join(st); joined != nil {
			st = joined
		}
	}
	return st
}

// startProviders gives the rulesets that bring hook functions of their own a fresh
// memory.
func (s *Session) startProviders() {
	if len(s.node.providers) == 0 {
		return
	}
	s.providers = make([]netfilter.State, len(s.node.providers))
	for i, p := range s.node.providers {
		s.providers[i] = p.NewState(s.now)
	}
}

// State returns what packets changed of a ruleset that the node was made with; nil
// if it was not. It is the session's own: it changes with the next packet.
func (s *Session) State(p netfilter.HookProvider) netfilter.State {
	for i, st := range s.providers {
		if s.node.providers[i] == p {
			return st
		}
	}
	return nil
}

// Clone returns an independent session in the same state: what happens to one
// does not show in the other.
func (s *Session) Clone() *Session {
	c := *s
	c.cursors, c.into, c.spare, c.ports = xtables.Cursors{}, nil, nil, portDraw{}
	c.chance = s.chance.Clone()
	if s.conns != nil {
		c.conns = s.conns.Clone()
	}
	for f := range s.states {
		c.states[f] = s.states[f].Clone()
	}
	c.providers = slices.Clone(s.providers)
	for i, st := range c.providers {
		if st != nil {
			c.providers[i] = st.Clone()
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

// begin readies the session for a packet that nothing else brings about.
func (s *Session) begin() {
	s.chance.Begin()
	s.work = s.limits.Work
}

// Now returns the virtual time.
func (s *Session) Now() time.Time { return s.now }

// Advance moves the virtual clock forward. The clock never goes back: a negative
// duration moves nothing.
func (s *Session) Advance(d time.Duration) {
	s.now = s.now.Add(max(d, 0))
}

// Receive lets a packet arrive on the link of this name.
func (s *Session) Receive(dev string, p netfilter.Packet) *Result {
	tr := s.newTransit(&p, nil)
	if tr.res.Err != nil {
		return tr.result()
	}
	if tr.in = s.node.link(dev); tr.in == nil {
		return tr.refuse(unknownLink(dev, s.node))
	}
	tr.assumeNoRules()
	held := s.hold()
	if tr.in.Master != "" {
		tr.receiveByPort()
	} else {
		tr.receive()
	}
	s.release(held)
	return tr.result()
}

// ReceiveInto is Receive with a result that is not needed any more, of this or any
// other session: what it refers to is overwritten, so that the packet allocates
// next to nothing. It returns r, or a new result if r is nil.
func (s *Session) ReceiveInto(r *Result, dev string, p netfilter.Packet) *Result {
	if r == nil {
		return s.Receive(dev, p)
	}
	r.reset()
	s.into = r
	return s.Receive(dev, p)
}

// SendInto is Send with a result that is not needed any more, as ReceiveInto is
// Receive.
func (s *Session) SendInto(r *Result, p netfilter.Packet) *Result {
	if r == nil {
		return s.Send(p)
	}
	r.reset()
	s.into = r
	return s.Send(p)
}

// Send lets a local process send a packet. Without Packet.Socket a socket of
// root's sends it.
func (s *Session) Send(p netfilter.Packet) *Result { return s.sendBy(rawSend, &p) }

// sendBy lets a socket of a kind send a packet.
func (s *Session) sendBy(by origin, p *netfilter.Packet) *Result {
	tr := s.newTransit(p, nil)
	if tr.res.Err != nil {
		return tr.result()
	}
	if tr.pkt.Socket == nil {
		tr.pkt.Socket = &packet.Socket{}
	}
	tr.assumeNoRules()
	tr.assumeSource()
	tr.send(by)
	return tr.result()
}

// Receive judges one packet that arrives on the link of this name, with no
// connection known before.
func (n *Node) Receive(dev string, p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.Receive(dev, p) })
}

// ReceiveInto is Receive with a result that is not needed any more; see
// Session.ReceiveInto.
func (n *Node) ReceiveInto(r *Result, dev string, p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.ReceiveInto(r, dev, p) })
}

// Send judges one packet that a local process sends, with no connection known
// before.
func (n *Node) Send(p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.Send(p) })
}

// SendInto is Send with a result that is not needed any more; see
// Session.ReceiveInto.
func (n *Node) SendInto(r *Result, p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.SendInto(r, p) })
}
