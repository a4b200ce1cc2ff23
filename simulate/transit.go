package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// transit is one packet on its way through the host. It is the Engine that the
// extensions ask. Each of its parts is written in one file.
type transit struct {
	s   *Session
	res *Result
	c   netfilter.Context
	pkt netfilter.Packet

	wire []byte // memory for the bytes of pkt

	origin  origin
	in, out *link // nil where there is none
	route   fib.Result

	walker   xtables.Walker // engine's own view of the header: hooks.go
	path     pathState      // steps.go
	frame    frameState     // engine_links.go
	outcome  outcome        // outcome.go
	loopback loopbackState  // loopback.go
	bridge   bridgeState    // bridge.go
	tracking trackingState  // track.go
	socket   socketState    // engine_sockets.go
	checksum checksumState  // checksum.go
	frag     frag.Received  // how it came in fragments: fragment.go
	options  ipopt.Records  // in which it records its way: ipoptions.go
}

// origin is where a packet comes from. The zero value is arrived.
type origin uint8

const (
	arrived   origin = iota // by a link
	rawSend                 // a process sent it, header and all
	tcpSend                 // a TCP socket sent it, which tries again whatever becomes of it
	hostReply               // the host's own answer
	icmpReply               // the same, sent by the socket that the host's ICMP goes out by
	teeCopy                 // TEE made it
)

// local reports that the host made the packet.
func (o origin) local() bool { return o != arrived }

// newTransit readies a packet for its way; parent is the packet that brings it
// about, nil for none. The packet given is not changed.
func (s *Session) newTransit(p *netfilter.Packet, parent *transit) *transit {
	var tr *transit
	if parent != nil {
		tr = &transit{s: s, res: newResult()}
		parent.res.Caused = append(parent.res.Caused, tr.res)
	} else {
		tr = s.firstTransit()
	}
	if s.node == nil || s.node.fib == nil {
		tr.pkt = *p
		tr.refuse(errNoNode)
		return tr
	}
	if !p.IsValid() {
		tr.pkt = *p
		tr.refuse(errNoPacket)
		return tr
	}
	tr.pkt = *p
	tr.wire = p.AppendWire(tr.wire[:0])
	tr.pkt.SetWire(tr.wire)
	tr.pkt.Dev = ""
	if p.Socket != nil {
		own := *p.Socket
		tr.pkt.Socket = &own
	}
	tr.bind()
	tr.c.Family = p.Family()
	s.serial++
	tr.c.Serial = s.serial
	if parent == nil {
		tr.noteWhatIsMissing()
	}
	tr.walker.States = &s.states[tr.c.Family]
	tr.walker.Visits, tr.walker.Index = s.visits != nil, s.index
	tr.walker.Cursors, tr.walker.Tallies, tr.walker.Work = &s.cursors, s.tallies[tr.c.Family], &s.work
	return tr
}

// noteWhatIsMissing takes over what the ruleset is known not to hold.
func (tr *transit) noteWhatIsMissing() {
	if rs := tr.s.node.rules[tr.c.Family]; rs != nil {
		for _, note := range rs.Notes {
			tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Fact: note})
		}
	}
}

// firstTransit returns the transit of a packet that no other brings about, with the
// memory of the one before, which is over.
func (s *Session) firstTransit() *transit {
	s.begin()
	tr := s.spare
	if s.spare = nil; tr == nil {
		tr = &transit{}
	}
	*tr = transit{s: s, res: s.into, wire: tr.wire, walker: tr.walker.Fresh()}
	if s.into = nil; tr.res == nil {
		tr.res = newResult()
	}
	return tr
}

// bind makes the parts of a transit that was just made or copied refer to it.
func (tr *transit) bind() {
	tr.c.Engine, tr.c.Packet = tr, &tr.pkt
	tr.walker.Context, tr.walker.Recorder = &tr.c, recorder{tr}
	if tr.s.chance.Either() {
		tr.walker.Unknown = unknownExtensions{tr}
	}
}

// at moves the packet to a hook.
func (tr *transit) at(h netfilter.Hook) {
	tr.c.Hook, tr.c.In, tr.c.Out = h, "", ""
	if tr.in != nil && h != netfilter.Output && !(tr.bridge.forwarded && h == netfilter.Postrouting) {
		tr.c.In = tr.in.name
	}
	if tr.out != nil && (h == netfilter.Forward || h == netfilter.Output || h == netfilter.Postrouting) {
		tr.c.Out = tr.out.name
		tr.res.bareOut = h == netfilter.Postrouting && tr.out.NoHeader
	}
}

// result completes the result of the packet that came first.
func (tr *transit) result() *Result {
	tr.res.Chance, tr.res.choices = tr.s.chance.Probability(), append(tr.res.choices[:0], tr.s.chance.Choices()...)
	tr.res.complete()
	if tr.s.conns != nil {
		tr.s.conns.Release()
	}
	tr.s.spare = tr
	return tr.res
}

// toMany reports that the packet has a route to many hosts. One that passes a
// broadcast on is like any other (net/ipv4/route.c, __mkroute_input).
func (tr *transit) toMany() bool {
	t := tr.route.Type
	return tr.route.Kind != fib.KindForward && (t == fib.TypeBroadcast || t == fib.TypeMulticast)
}

// isICMP reports a packet of ICMP or ICMPv6.
func (tr *transit) isICMP() bool {
	t := tr.pkt.Transport()
	return t.Proto == packet.ProtoICMP || t.Proto == packet.ProtoICMPv6
}
