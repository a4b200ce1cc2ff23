package simulate

import (
	"maps"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/bridge"
	"github.com/packetpath/packetpath/simulate/internal/chance"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Session is the mutable state of a running node: connections, the virtual clock, the
// state of rules, and the random source. It must not be used by several goroutines at
// the same time. Create one with Node.NewSession; the zero Session has no node, so that
// the fate of its packets is Undecided.
type Session struct {
	node      *Node
	now       time.Time
	began     time.Time // when it started
	chance    chance.Source
	conns     *conntrack.Table
	states    [2]xtables.States // state of rules, by family
	providers []netfilter.State // state of the hook providers
	shared    map[string]netfilter.State
	stack     stack
	backlog   // loopback.go

	budget    budget    // limits.go
	observers observers // visit.go, coverage.go
	pathless  bool      // see WithoutPath
	index     xtables.IndexPolicy
	reuse     reuse
	serial    uint64 // serial number of the last packet
}

// stack is the state of the host's network stack beside its connection table.
type stack struct {
	frags     frag.Queues
	redirects icmp.Redirects
	sockets   []host.Socket // copied on write
	streams   tcp.Connections
	proxied   netfilter.Conn  // template of connections from SYNPROXY to the server
	stations  bridge.Stations // neighbours on bridges
}

// clone returns an independent copy.
func (s *stack) clone() stack {
	c := *s
	c.redirects = s.redirects.Clone()
	c.streams = maps.Clone(s.streams)
	c.stations = s.stations.Clone()
	c.frags = s.frags.Clone()
	return c
}

// open adds a socket.
func (s *stack) open(sock host.Socket) {
	s.sockets = append(s.sockets[:len(s.sockets):len(s.sockets)], sock)
}

// empty removes the state of all packets. It keeps allocated memory.
func (s *stack) empty() {
	clear(s.redirects)
	clear(s.streams)
	*s = stack{redirects: s.redirects, streams: s.streams}
}

// reuse is memory that a session keeps from packet to packet.
type reuse struct {
	cursors xtables.Cursors
	into    *Result  // result to reuse for the next packet; nil for a new one
	spare   *transit // transit of the previous packet
	ports   portDraw
}

// take returns the transit and the result that are to be reused, which may be nil.
func (r *reuse) take() (spare *transit, into *Result) {
	spare, into = r.spare, r.into
	r.spare, r.into = nil, nil
	return spare, into
}

// give keeps a transit that has completed.
func (r *reuse) give(tr *transit) { r.spare = tr }

// intoResult makes the next packet reuse a result, which it empties; nil for a new one.
func (r *reuse) intoResult(res *Result) {
	if res != nil {
		res.reset()
	}
	r.into = res
}

// SessionOption changes the initial state of a session.
type SessionOption func(*Session)

// WithSeed sets the seed of the session's random source; the default is 0. The same
// node, packets and seed give the same results on every platform.
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

// With returns a copy of n that applies these options to all of its sessions, including
// those of Receive, Send and Branches.
func (n *Node) With(opts ...SessionOption) *Node {
	c := n.twin()
	c.options = append(slices.Clip(n.options), opts...)
	return c
}

// NewSession starts a session without connections, with rules in the state in which they
// were loaded.
func (n *Node) NewSession(opts ...SessionOption) *Session {
	if n.machine == nil {
		return &Session{}
	}
	s := &Session{node: n, chance: chance.New(0), conns: conntrack.New(n.tracking), shared: map[string]netfilter.State{},
		stack: stack{redirects: icmp.Redirects{}, streams: tcp.Connections{}}}
	for f, p := range n.programs {
		if p.tables != nil {
			s.states[f] = xtables.NewStates(p.tables)
		}
	}
	s.start(opts)
	return s
}

// start sets an empty session to its initial state.
func (s *Session) start(opts []SessionOption) {
	s.now, s.index = defaultStart, xtables.DefaultIndexPolicy
	s.stack.sockets = s.node.machine.Sockets
	for _, list := range [][]SessionOption{s.node.options, opts} {
		for _, o := range list {
			if o != nil {
				o(s)
			}
		}
	}
	s.budget.complete()
	s.began = s.now
	s.startProviders()
}

// restart resets a session to its initial state. It keeps allocated memory.
func (s *Session) restart() {
	old := *s
	old.conns.Reset()
	old.chance.Restart(0)
	clear(old.shared)
	old.stack.empty()
	for f := range old.states {
		old.states[f].Reset()
	}
	*s = Session{node: old.node, chance: old.chance, conns: old.conns, shared: old.shared, stack: old.stack,
		states: old.states, reuse: reuse{cursors: old.reuse.cursors, spare: old.reuse.spare, ports: old.reuse.ports}}
	s.start(nil)
}

// single calls f with a session that serves one packet.
func (n *Node) single(f func(s *Session) *Result) *Result {
	if n.machine == nil {
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

// table returns the state that rules share under a key. If there is none yet, it is
// created by the rules that refer to the key, as the kernel does when it loads them, or
// else by make if that is not nil.
func (s *Session) table(key string, make func() netfilter.State) netfilter.State {
	st, ok := s.shared[key]
	if ok {
		return st
	}
	if key == ipset.Key {
		sets := s.node.machine.Sets.Copy()
		sets.Begin(s.began) // timeouts start with the session
		st = sets
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

// join passes a shared table to each of the rules and returns the resulting table.
func join(st netfilter.State, rules []netfilter.Sharing) netfilter.State {
	for _, x := range rules {
		if joined := x.Join(st); joined != nil {
			st = joined
		}
	}
	return st
}

// startProviders creates the initial state of the hook providers.
func (s *Session) startProviders() {
	if len(s.node.providers) == 0 {
		return
	}
	s.providers = make([]netfilter.State, len(s.node.providers))
	for i, p := range s.node.providers {
		s.providers[i] = p.NewState(s.now)
	}
}

// State returns the session's state of a hook provider of the node; nil if the node does
// not have that provider. It is not a copy: the next packet may change it.
func (s *Session) State(p netfilter.HookProvider) netfilter.State {
	for i, st := range s.providers {
		if s.node.providers[i] == p {
			return st
		}
	}
	return nil
}

// Sets returns the current sets. They must not be changed and are valid only until the
// next packet.
func (s *Session) Sets() *ipset.Sets {
	if s.node == nil {
		return &ipset.Sets{}
	}
	sets, ok := s.table(ipset.Key, nil).(*ipset.Sets)
	if !ok {
		return &ipset.Sets{}
	}
	sets.At(s.now)
	return sets
}

// Clone returns an independent copy of the session.
func (s *Session) Clone() *Session {
	c := *s
	c.reuse = reuse{}
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
	c.stack = s.stack.clone()
	return &c
}

// borrow takes the memory that another session keeps from packet to packet.
func (s *Session) borrow(from *Session) {
	s.reuse.spare, s.reuse.cursors = from.reuse.spare, from.reuse.cursors
	from.reuse.spare, from.reuse.cursors = nil, xtables.Cursors{}
	if s.reuse.spare != nil {
		s.reuse.spare.s = s // or else it would keep the other session
	}
}

// begin prepares the session for a packet without a parent.
func (s *Session) begin() {
	s.chance.Begin()
	s.budget.begin()
}

// Now returns the virtual time.
func (s *Session) Now() time.Time { return s.now }

// Advance moves the virtual clock forward. The clock never goes back: a negative
// duration moves nothing.
func (s *Session) Advance(d time.Duration) {
	s.now = s.now.Add(max(d, 0))
}

// Receive processes a packet that is received on the link dev.
func (s *Session) Receive(dev string, p netfilter.Packet) *Result {
	tr := s.newTransit(&p, nil)
	if tr.res.Err != nil {
		return tr.result()
	}
	if tr.in = s.node.machine.Link(dev); tr.in == nil {
		return tr.refuse(s.node.machine.NoLink(dev))
	}
	tr.assumeNoRules()
	held := s.hold()
	switch {
	case tr.in.Master != "":
		tr.receiveByPort()
	case s.node.machine.Bridges[dev] != nil:
		tr.receiveByBridge(s.node.machine.Bridges[dev])
	default:
		tr.receive()
	}
	s.release(held)
	return tr.result()
}

// ReceiveInto is like Receive but reuses r, a result of any session that is no longer
// needed: everything that r refers to is overwritten, which avoids most allocations. It
// returns r, or a new result if r is nil.
func (s *Session) ReceiveInto(r *Result, dev string, p netfilter.Packet) *Result {
	if r == nil {
		return s.Receive(dev, p)
	}
	s.reuse.intoResult(r)
	return s.Receive(dev, p)
}

// SendInto is like Send but reuses r; see ReceiveInto.
func (s *Session) SendInto(r *Result, p netfilter.Packet) *Result {
	if r == nil {
		return s.Send(p)
	}
	s.reuse.intoResult(r)
	return s.Send(p)
}

// Send processes a packet that a local process sends. If Packet.Socket is nil, the
// socket belongs to root.
func (s *Session) Send(p netfilter.Packet) *Result { return s.sendBy(rawSend, &p) }

// sendBy sends a packet from a socket of the given kind.
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

// Receive processes one packet that is received on the link dev, in a new session.
func (n *Node) Receive(dev string, p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.Receive(dev, p) })
}

// ReceiveInto is like Receive but reuses r; see Session.ReceiveInto.
func (n *Node) ReceiveInto(r *Result, dev string, p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.ReceiveInto(r, dev, p) })
}

// Send processes one packet that a local process sends, in a new session.
func (n *Node) Send(p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.Send(p) })
}

// SendInto is like Send but reuses r; see Session.ReceiveInto.
func (n *Node) SendInto(r *Result, p netfilter.Packet) *Result {
	return n.single(func(s *Session) *Result { return s.SendInto(r, p) })
}

// Equal reports whether s and o are the same pointer. go-cmp compares sessions by it.
func (s *Session) Equal(o *Session) bool { return s == o }
