package conntrack

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ParseLine parses a connection in the format of conntrack -L, also with -o extended, or
// of /proc/net/nf_conntrack. Address translation is derived from the difference of the
// two tuples. Properties that the line does not contain are as for a connection given to
// Add: the windows of a TCP connection are unknown, and an expected connection has no
// master.
func ParseLine(line string, now time.Time) (*netfilter.Conn, error) {
	words := strings.Fields(line)
	if len(words) > 2 && (words[0] == "ipv4" || words[0] == "ipv6") {
		words = words[2:]
	}
	if len(words) < 3 {
		return nil, errors.New("too short: need protocol, number and seconds left")
	}
	r := lineReader{conn: &netfilter.Conn{}, side: -1}
	if err := r.start(words, now); err != nil {
		return nil, err
	}
	for _, w := range words[3:] {
		if err := r.word(w); err != nil {
			return nil, fmt.Errorf("%q: %w", w, err)
		}
	}
	return r.conn, r.finish()
}

// lineReader parses a line word by word.
type lineReader struct {
	conn      *netfilter.Conn
	proto     uint8
	state     string
	side      int // direction whose tuple is being read; -1 before the first
	unreplied bool
}

func (r *lineReader) start(words []string, now time.Time) error {
	n, err := strconv.ParseUint(words[1], 10, 8)
	if err != nil {
		return fmt.Errorf("protocol number %q: need 0 to 255", words[1])
	}
	r.proto = uint8(n)
	if want := protoName(r.proto); words[0] != want {
		return fmt.Errorf("protocol %d is %q, not %q", n, want, words[0])
	}
	left, err := strconv.ParseUint(words[2], 10, 31)
	if err != nil {
		return fmt.Errorf("seconds left %q: need a number", words[2])
	}
	r.conn.Expires = now.Add(time.Duration(left) * time.Second)
	return nil
}

// word parses a word after the timeout.
func (r *lineReader) word(w string) error {
	key, value, ok := strings.Cut(w, "=")
	if !ok {
		return r.flag(w)
	}
	if key == "src" {
		r.side++
	}
	if set, ok := tupleWords[key]; ok {
		if r.side < 0 || r.side > 1 {
			return errors.New("belongs behind one of two src=")
		}
		return set(r, &r.conn.Tuples[r.side], value)
	}
	set, ok := connWords[key]
	if !ok {
		return errors.New("unknown word")
	}
	return set(r.conn, value)
}

func (r *lineReader) flag(w string) error {
	switch w {
	case "[UNREPLIED]":
		r.unreplied = true
	case "[ASSURED]":
		r.conn.Status |= netfilter.ConnAssured
	case "[OFFLOAD]", "[HW_OFFLOAD]":
		r.conn.Status |= netfilter.ConnOffload
	default:
		if r.side >= 0 || r.state != "" {
			return errors.New("unknown word")
		}
		r.state = w
	}
	return nil
}

// tupleWords are the fields of the tuple of one direction.
var tupleWords = map[string]func(*lineReader, *netfilter.Tuple, string) error{
	"src":    func(_ *lineReader, t *netfilter.Tuple, v string) error { return addrTo(&t.Src, v) },
	"dst":    func(_ *lineReader, t *netfilter.Tuple, v string) error { return addrTo(&t.Dst, v) },
	"sport":  func(_ *lineReader, t *netfilter.Tuple, v string) error { return numberTo(&t.SrcPort, v) },
	"dport":  func(_ *lineReader, t *netfilter.Tuple, v string) error { return numberTo(&t.DstPort, v) },
	"srckey": func(_ *lineReader, t *netfilter.Tuple, v string) error { return numberTo(&t.SrcPort, v) },
	"dstkey": func(_ *lineReader, t *netfilter.Tuple, v string) error { return numberTo(&t.DstPort, v) },
	"id":     func(_ *lineReader, t *netfilter.Tuple, v string) error { return numberTo(&t.SrcPort, v) },
	"type": func(_ *lineReader, t *netfilter.Tuple, v string) error {
		var n uint8
		err := numberTo(&n, v)
		t.DstPort = t.DstPort&0xff | uint16(n)<<8
		return err
	},
	"code": func(_ *lineReader, t *netfilter.Tuple, v string) error {
		var n uint8
		err := numberTo(&n, v)
		t.DstPort = t.DstPort&0xff00 | uint16(n)
		return err
	},
	"packets":    func(r *lineReader, _ *netfilter.Tuple, v string) error { return numberTo(&r.counters().Packets, v) },
	"bytes":      func(r *lineReader, _ *netfilter.Tuple, v string) error { return numberTo(&r.counters().Bytes, v) },
	"zone-orig":  func(r *lineReader, _ *netfilter.Tuple, v string) error { return r.zone(netfilter.ZoneOriginal, v) },
	"zone-reply": func(r *lineReader, _ *netfilter.Tuple, v string) error { return r.zone(netfilter.ZoneReply, v) },
}

// connWords are the fields of the connection.
var connWords = map[string]func(*netfilter.Conn, string) error{
	"mark":   func(c *netfilter.Conn, v string) error { return numberTo(&c.Mark, v) },
	"zone":   func(c *netfilter.Conn, v string) error { return numberTo(&c.Zone, v) },
	"helper": func(c *netfilter.Conn, v string) error { c.Helper = v; return nil },
	"use":    func(*netfilter.Conn, string) error { return nil },
	"secctx": func(*netfilter.Conn, string) error { return nil },
}

func (r *lineReader) counters() *netfilter.Counters {
	r.conn.HasCounters = true
	return &r.conn.Counters[r.side]
}

func (r *lineReader) zone(dir netfilter.ZoneDirection, v string) error {
	r.conn.ZoneDir = dir
	return numberTo(&r.conn.Zone, v)
}

func addrTo(a *netip.Addr, v string) (err error) {
	if *a, err = netip.ParseAddr(v); err == nil && a.Zone() != "" {
		return errors.New("an address here has no zone")
	}
	return err
}

func numberTo[T uint8 | uint16 | uint32 | uint64](to *T, v string) error {
	n, err := strconv.ParseUint(v, 0, 64)
	if err != nil {
		return errors.New("need a number")
	}
	if *to = T(n); uint64(*to) != n {
		return fmt.Errorf("%d is too large", n)
	}
	return nil
}

// finish validates the connection and sets the derived fields.
func (r *lineReader) finish() error {
	c := r.conn
	bits := c.Tuples[netfilter.DirOriginal].Src.BitLen()
	for d := range c.Tuples {
		t := &c.Tuples[d]
		t.Proto = r.proto
		if bits == 0 || t.Src.BitLen() != bits || t.Dst.BitLen() != bits {
			return errors.New("need src= and dst=, of one family, for each of two directions")
		}
	}
	answer, ok := Invert(c.Tuples[netfilter.DirOriginal])
	if !ok {
		return fmt.Errorf("icmp type %d opens no connection", c.Tuples[netfilter.DirOriginal].DstPort>>8)
	}
	c.Status |= netfilter.ConnSrcNATDone | netfilter.ConnDstNATDone
	c.Status |= translation(answer, c.Tuples[netfilter.DirReply])
	if !r.unreplied {
		c.Status |= netfilter.ConnSeenReply
	}
	if c.Helper != "" {
		c.Status |= netfilter.ConnHelper
	}
	return r.finishState()
}

// translation returns the NAT status bits, from the difference between the inverse of
// the original tuple (due) and the reply tuple (expected). A changed ICMP identifier
// counts as source translation.
func translation(due, expected netfilter.Tuple) (s netfilter.ConnStatus) {
	icmp := due.Proto == packet.ProtoICMP || due.Proto == packet.ProtoICMPv6
	if expected.Dst != due.Dst || expected.DstPort != due.DstPort || icmp && expected.SrcPort != due.SrcPort {
		s |= netfilter.ConnSrcNAT
	}
	if expected.Src != due.Src || !icmp && expected.SrcPort != due.SrcPort {
		s |= netfilter.ConnDstNAT
	}
	return s
}

// finishState sets the state of the protocol's tracker.
func (r *lineReader) finishState() error {
	var known bool
	switch r.proto {
	case packet.ProtoTCP:
		var i int
		i, known = indexOf(tcpStateNames[:], r.state)
		r.conn.Proto = TCP(TCPState(i))
	case packet.ProtoSCTP:
		var i int
		i, known = indexOf(sctpStateNames[:], r.state)
		r.conn.Proto = SCTP(SCTPState(i))
	case packet.ProtoUDP:
		r.conn.Proto, known = &udpConn{}, r.state == ""
	default:
		known = r.state == ""
	}
	if !known {
		return fmt.Errorf("%s has no state %q", protoName(r.proto), r.state)
	}
	return nil
}

func indexOf(names []string, name string) (int, bool) {
	i := slices.Index(names, name)
	return max(i, 0), i >= 0
}
