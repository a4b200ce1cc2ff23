package simulate

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// Conn is a copy of an entry of the connection table at the time of the call.
type Conn struct {
	netfilter.Conn               // its Master points into the session and must not be changed
	Left           time.Duration // until it expires, if no further packet comes
	// Uses is the reference count of the entry: one for the table, one for each
	// connection of which it is the master and one for each queued fragment.
	Uses int
}

// AppendText implements encoding.TextAppender: the entry as conntrack -L prints
// it.
func (c Conn) AppendText(b []byte) ([]byte, error) {
	return conntrack.AppendLine(b, &c.Conn, c.Expires.Add(-c.Left), c.Uses), nil
}

// String returns the entry as conntrack -L prints it.
func (c Conn) String() string {
	b, _ := c.AppendText(nil)
	return string(b)
}

// Conns yields the connections of both families in the order of their creation,
// without those that have expired. The session may be used during the iteration.
func (s *Session) Conns() iter.Seq[Conn] {
	if s.conns == nil {
		return func(func(Conn) bool) {}
	}
	s.conns.Expire(s.now)
	all, held := slices.Collect(s.conns.All()), s.held()
	return func(yield func(Conn) bool) {
		for _, c := range all {
			if !yield(s.snapshot(c, 1+held[connKey{c.Tuples, c.Zone}])) {
				return
			}
		}
	}
}

func (s *Session) snapshot(c *netfilter.Conn, uses int) Conn {
	out := Conn{Conn: *c, Left: c.Expires.Sub(s.now), Uses: uses}
	if c.Proto != nil {
		out.Proto = c.Proto.Clone()
	}
	return out
}

// connKey identifies a connection.
type connKey struct {
	tuples [2]netfilter.Tuple
	zone   uint16
}

// held counts the references to connections other than that of the table
// (net/netfilter/nf_conntrack_netlink.c, ctnetlink_dump_use).
func (s *Session) held() map[connKey]int {
	held := map[connKey]int{}
	for c := range s.conns.All() {
		if m := c.Master; m != nil {
			held[connKey{m.Tuples, m.Zone}]++
		}
	}
	for c := range s.stack.frags.Conns(s.now) {
		held[connKey{c.Tuples, c.Zone}]++
	}
	return held
}

// LoadConns adds connections from a text with one connection per line, in the format
// of conntrack -L (also with -o extended, or /proc/net/nf_conntrack), to those of the
// session. Empty lines and the summary line of conntrack are skipped. Errors refer to
// the text by name. The TCP windows of loaded connections are unknown, so that any
// sequence number is in the window. On error the session is unchanged. More
// connections than Limits.Conns allows are a *LimitError.
func (s *Session) LoadConns(name string, text io.Reader) error {
	if s.conns == nil {
		return errNoNode
	}
	if text == nil {
		return fmt.Errorf("%s: no text to read from", name)
	}
	list, err := s.readConns(name, text)
	if err != nil {
		return err
	}
	s.conns.Expire(s.now)
	conns := s.conns.Clone()
	for _, c := range list {
		if most := s.budget.Conns; conns.AtLeast(most) {
			return fmt.Errorf("%s:%d: %w", name, c.line, &LimitError{Limit: "Conns", Max: int64(most)})
		}
		if !conns.Add(c.conn) {
			return fmt.Errorf("%s:%d: the session has a connection with these addresses and ports", name, c.line)
		}
	}
	s.conns = conns
	return nil
}

// listedConn is a parsed connection with its line number.
type listedConn struct {
	conn *netfilter.Conn
	line int
}

func (s *Session) readConns(name string, text io.Reader) ([]listedConn, error) {
	lines := bufio.NewReader(text)
	var list []listedConn
	for n := 1; ; n++ {
		if err := s.stopped(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		end := err == io.EOF
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "conntrack v") {
			c, err := conntrack.ParseLine(line, s.now)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			if most := s.budget.Conns; len(list) >= most {
				return nil, fmt.Errorf("%s:%d: %w", name, n, &LimitError{Limit: "Conns", Max: int64(most)})
			}
			list = append(list, listedConn{c, n})
		}
		if end {
			return list, nil
		}
	}
}

// Expect adds an expectation, as a conntrack helper does after it parsed the payload
// of another connection, such as for the data connection of FTP: the first packet of
// the expected connection is RELATED to master. It returns false if the session has no
// connection with the tuple master.
func (s *Session) Expect(master netfilter.Tuple, x Expectation) bool {
	if s.conns == nil {
		return false
	}
	s.conns.Expire(s.now)
	for c := range s.conns.All() {
		if c.Tuples[netfilter.DirOriginal] != master && c.Tuples[netfilter.DirReply] != master {
			continue
		}
		e := conntrack.Expectation{Master: c, Proto: x.Proto, Src: x.Src, SrcPort: x.SrcPort, Dst: x.Dst, DstPort: x.DstPort, Helper: x.Helper}
		if x.Timeout > 0 {
			e.Expires = s.now.Add(x.Timeout)
		}
		s.conns.Expect(e)
		return true
	}
	return false
}

// Expectation describes an expected connection (conntrack -L expect).
type Expectation struct {
	Proto   uint8
	Src     netip.Addr // the zero Addr: from anywhere
	SrcPort uint16     // 0: from any port
	Dst     netip.Addr
	DstPort uint16
	Helper  string        // helper of the expected connection; "" for none
	Timeout time.Duration // 0: until its master expires
}
