package simulate

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Journey is the path of a packet through a network, with all packets that hosts send
// in response to it.
type Journey struct {
	Hops []Hop
	// Err says why the journey was not followed to its end; nil if it was.
	Err error
}

// Hop is the processing of one packet by one host.
type Hop struct {
	Host   string
	In     string // input link; "" for a packet that the host generated
	Result *Result
	// Cause is the index of the hop that sent the packet to this host, or in response to
	// which this host generated it; -1 for the first.
	Cause int
	// Answer reports that the host generated the packet in response to that of hop Cause.
	Answer bool
	// Lost is why a transmitted packet was received by no host; "" if it was received.
	Lost string
}

// Send sends a packet of a local process of a host and follows it.
func (w *Network) Send(host string, p netfilter.Packet) *Journey {
	return w.begin(host, "", func(s *Session) *Result { return s.Send(p) })
}

// Receive makes a host receive a packet from outside the network, and follows it.
func (w *Network) Receive(host, dev string, p netfilter.Packet) *Journey {
	return w.begin(host, dev, func(s *Session) *Result { return s.Receive(dev, p) })
}

// Connect opens a TCP connection of a local process of a host (see Session.Connect) and
// follows the packets that are exchanged until no host sends any more.
func (w *Network) Connect(host string, from, to netip.AddrPort, owner packet.Socket) *Journey {
	return w.begin(host, "", func(s *Session) *Result { return s.Connect(from, to, owner) })
}

// begin follows the first packet and all packets sent in response, in the order in
// which they are sent.
func (w *Network) begin(host, dev string, first func(*Session) *Result) *Journey {
	j := &Journey{Err: w.err}
	s := w.hosts[host]
	if j.Err == nil && s == nil {
		j.Err = fmt.Errorf("the network has no host %q", host)
	}
	if j.Err != nil {
		return j
	}
	j.add(Hop{Host: host, In: dev, Result: first(s), Cause: -1})
	for at := 0; at < len(j.Hops) && j.Err == nil; at++ {
		w.carry(j, at)
	}
	return j
}

// add appends a hop, and the packets that its host generated in response.
func (j *Journey) add(h Hop) {
	at := len(j.Hops)
	j.Hops = append(j.Hops, h)
	if h.Result.Err != nil && j.Err == nil {
		j.Err = fmt.Errorf("%s: %w", h.Host, h.Result.Err)
	}
	for _, r := range h.Result.Caused {
		j.add(Hop{Host: h.Host, Result: r, Cause: at, Answer: true})
	}
}

// carry delivers the packet that was transmitted at a hop to its neighbours.
func (w *Network) carry(j *Journey, at int) {
	h := &j.Hops[at]
	if h.Result.OutDev == "" {
		return
	}
	to, from, plugged := w.neighbours(h.Host, h.Result.OutDev, h.Result.NextHop, h.Result.path.group)
	if len(to) == 0 {
		h.Lost = "nobody answers for " + h.Result.NextHop.String() + " on " + h.Host + ":" + h.Result.OutDev
		if !plugged {
			h.Lost = h.Host + ":" + h.Result.OutDev + " leads out of the network"
		}
		return
	}
	parts := h.Result.Fragments
	if parts == nil {
		parts = []netfilter.Packet{h.Result.Packet}
	}
	group := h.Result.path.group
	for _, p := range to {
		for _, part := range parts {
			if most := cmp.Or(w.maxHops, DefaultMaxHops); len(j.Hops) >= most {
				j.Err = &LimitError{Limit: "Hops", Max: int64(most)}
				return
			}
			j.add(Hop{Host: p.host, In: p.link.Name, Result: w.hosts[p.host].Receive(p.link.Name, onWire(part, from, p.mac, group)), Cause: at})
		}
	}
}

// onWire returns a packet as a neighbour receives it, without the sender's metadata
// (mark, socket, devices).
func onWire(p netfilter.Packet, from plug, to packet.MAC, group bool) netfilter.Packet {
	out := packet.View(p.Wire())
	out.SrcMAC, out.DstMAC = from.link.MAC, to
	if group {
		out.DstMAC = groupMAC(out.Dst())
	}
	return out
}

// groupMAC returns the Ethernet address of a multicast group (RFC 1112, RFC 2464).
func groupMAC(a netip.Addr) packet.MAC {
	switch {
	case !packet.IsMulticast(a):
		return packet.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	case a.Is4():
		b := a.As4()
		return packet.MAC{1, 0, 0x5e, b[1] & 0x7f, b[2], b[3]}
	}
	b := a.As16()
	return packet.MAC{0x33, 0x33, b[12], b[13], b[14], b[15]}
}

// End returns the hop at which the path of the first packet ended.
func (j *Journey) End() *Hop {
	if len(j.Hops) == 0 {
		return nil
	}
	end := 0
	for i := range j.Hops {
		if h := &j.Hops[i]; h.Cause == end && !h.Answer {
			end = i
		}
	}
	return &j.Hops[end]
}

// Trace returns the TRACE lines that the kernels of all hosts log, in the order of the
// hops, each prefixed with the name of its host. If no packet of the journey was
// traced, it returns the lines of the whole path of every packet.
func (j *Journey) Trace() []string {
	caught := false
	for i := range j.Hops {
		r := j.Hops[i].Result
		caught = caught || r != nil && r.log.traced
	}
	var lines []string
	for i := range j.Hops {
		h := &j.Hops[i]
		if h.Result == nil || caught && !h.Result.log.traced || h.Result.Err != nil {
			continue
		}
		for _, l := range h.Result.Trace() {
			lines = append(lines, h.Host+": "+l)
		}
	}
	return lines
}

// String returns the journey with one line for each hop.
func (j *Journey) String() string {
	var b strings.Builder
	for i := range j.Hops {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(j.Hops[i].String())
	}
	if j.Err != nil {
		fmt.Fprintf(&b, "\n%v", j.Err)
	}
	return b.String()
}

// String returns the hop in one line.
func (h *Hop) String() string {
	what := h.Host
	switch {
	case h.In != "":
		what += " (in " + h.In + ")"
	case h.Answer:
		what += " (answers)"
	default:
		what += " (sends)"
	}
	if h.Result != nil {
		what += ": " + h.Result.String()
	}
	if h.Lost != "" {
		what += "; " + h.Lost
	}
	return what
}
