// Package enginetest has a netfilter.Engine for tests of matches, targets and hook
// functions: it answers what the test says, and notes what it is asked to do.
//
//	e := &enginetest.Engine{Packets: netfilter.ToBroadcast}
//	c := e.Context(p)
//	got := match.Match(c)
package enginetest

import (
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Engine answers extensions from its fields. The zero value is ready for use: a
// host without links, routes, sockets and connections, where nothing happens by
// chance and every supposition holds.
type Engine struct {
	// Answers.
	Clock   time.Time                               // of Now
	Drawn   uint32                                  // 31 bits: Chance(p) is true if it is below p, Pick(n) is it modulo n
	Types   map[netip.Addr]netfilter.AddrType       // of AddrType; AddrUnicast for other addresses
	Frame   Frame                                   // that the packet came in
	Links   map[string]netfilter.LinkInfo           // of Link and LinkName
	Packets netfilter.PacketType                    // of PacketType
	Reverse bool                                    // of ReversePath
	Way     map[netfilter.RouteQuery]string         // of RouteLink
	Hop     netip.Addr                              // of Gateway; HasRoute is whether it is valid
	RealmID uint32                                  // of Realm
	MTU     int                                     // of PathMTU; 0 is 1500
	Own     netip.Addr                              // of MasqueradeAddr and RedirectAddr; the zero Addr is none
	Conns   map[netfilter.Tuple]*netfilter.Conn     // of FindConn
	TupleOf func(*netfilter.Packet) netfilter.Tuple // of Tuple; nil: the packet has none
	Socket  *packet.Socket                          // of LocalSocket and, if it is Transparent, AssignSocket
	Doubts  map[string]bool                         // suppositions that do not hold
	Verdict netfilter.Verdict                       // of SetupNAT, Queue and AnswerSYN; Continue stands for Accept

	// What the engine was asked to do.
	Calls

	packet *netfilter.Packet
	shared map[string]netfilter.State
}

// Frame is the link layer header of the packet. The zero value is a packet without.
type Frame struct {
	Ethernet bool // it came in with an Ethernet header
	Lost     bool // it lost that header
	Src, Dst packet.MAC
	Header   []byte // of LinkHeader; nil: the packet was made here
	Unknown  bool   // LinkHeader does not know it
}

// Calls are what an engine was asked to do, in the order of the calls.
type Calls struct {
	NAT         []NATCall
	Tracked     []netfilter.TrackConfig
	Timeouts    []*netfilter.TimeoutPolicy // of AssignTimeouts
	Rejected    []netfilter.RejectWith
	Problems    []uint32 // offsets of ParameterProblem
	SynProxied  []netfilter.SynProxy
	Duplicates  []DuplicateCall
	Queued      []QueueCall
	Assigned    []netip.AddrPort
	Writable    []int // of MakeWritable
	Logs        []netfilter.LogConfig
	Traced      bool
	Assumptions []string // of Assume and Suppose
	Reasons     []string // of Because
	Errors      []error  // of Fail
	Steps       []Step
}

// NATCall is a call of SetupNAT.
type NATCall struct {
	Manip netfilter.Manip
	Range netfilter.NATRange
}

// DuplicateCall is a call of Duplicate.
type DuplicateCall struct {
	Gateway netip.Addr
	Out     string
}

// QueueCall is a call of Queue.
type QueueCall struct {
	First, Last uint16
	Bypass      bool
}

// Step is a call of Step, with what EndStep said of it.
type Step struct {
	Info    netfilter.StepInfo
	Verdict netfilter.Verdict
}

var _ netfilter.Engine = (*Engine)(nil)

// Context returns a context for a packet that asks this engine, at PREROUTING. The
// packet is changed in place.
func (e *Engine) Context(p *netfilter.Packet) *netfilter.Context {
	e.packet = p
	return &netfilter.Context{Engine: e, Family: p.Family(), Packet: p, Transport: p.Transport()}
}

// verdict returns the verdict of targets that act.
func (e *Engine) verdict() netfilter.Verdict {
	if e.Verdict == netfilter.Continue {
		return netfilter.Accept
	}
	return e.Verdict
}
