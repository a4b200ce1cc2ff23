package match

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Conntrack matches the connection tracking state of the packet
// (net/netfilter/xt_conntrack.c, conntrack_mt). All conditions must hold. The
// zero value matches every packet of a connection.
type Conntrack struct {
	States       ConnStates // with HasStates
	HasStates    bool
	InvertStates bool

	Proto                 uint8 // of the connection, with HasProto
	HasProto, InvertProto bool

	OrigSrc, OrigDst, ReplSrc, ReplDst                     ConnAddr
	OrigSrcPorts, OrigDstPorts, ReplSrcPorts, ReplDstPorts cond.PortRange

	Status                  netfilter.ConnStatus // any of these bits, with HasStatus; 0 is never set
	HasStatus, InvertStatus bool

	ExpireMin, ExpireMax    uint32 // seconds left, inclusive, with HasExpire
	HasExpire, InvertExpire bool

	Dir    netfilter.Direction // with HasDir
	HasDir bool
}

// ConnAddr is a condition on an address of a connection. The zero value is
// none.
type ConnAddr struct {
	Prefix netip.Prefix
	Invert bool
}

// Equal reports whether both are the same condition. It is used by go-cmp.
func (a ConnAddr) Equal(b ConnAddr) bool { return a == b }

func (a *ConnAddr) holds(addr netip.Addr) bool {
	return !a.Prefix.IsValid() || a.Prefix.Contains(addr) != a.Invert
}

// ConnStates is a set of states of a packet.
type ConnStates uint8

// The states. A packet has one of the first five; SNAT and DNAT are set in
// addition if the connection's source or destination is translated.
const (
	StateInvalid ConnStates = 1 << iota
	StateNew
	StateRelated
	StateEstablished
	StateUntracked
	StateSNAT
	StateDNAT
)

// connStates are the names of the states, by bit.
var connStates = opt.Names{"INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"}

// connStatus are the status bits that have a name, by bit.
var connStatus = opt.Names{"EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"}

var directions = opt.Names{netfilter.DirOriginal: "ORIGINAL", netfilter.DirReply: "REPLY"}

var conntrackDefinition = netfilter.Definition{
	Name:     "conntrack",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Conntrack{} },
	Options: []netfilter.OptionDef{
		{Name: "ctstate", Args: 1, Negatable: true, Set: netfilter.Into((*Conntrack).setStates)},
		{Name: "ctproto", Args: 1, Negatable: true, Set: netfilter.Into((*Conntrack).setProto)},
		connAddrOption("ctorigsrc", func(m *Conntrack) *ConnAddr { return &m.OrigSrc }),
		connAddrOption("ctorigdst", func(m *Conntrack) *ConnAddr { return &m.OrigDst }),
		connAddrOption("ctreplsrc", func(m *Conntrack) *ConnAddr { return &m.ReplSrc }),
		connAddrOption("ctrepldst", func(m *Conntrack) *ConnAddr { return &m.ReplDst }),
		connPortOption("ctorigsrcport", func(m *Conntrack) *cond.PortRange { return &m.OrigSrcPorts }),
		connPortOption("ctorigdstport", func(m *Conntrack) *cond.PortRange { return &m.OrigDstPorts }),
		connPortOption("ctreplsrcport", func(m *Conntrack) *cond.PortRange { return &m.ReplSrcPorts }),
		connPortOption("ctrepldstport", func(m *Conntrack) *cond.PortRange { return &m.ReplDstPorts }),
		{Name: "ctstatus", Args: 1, Negatable: true, Set: netfilter.Into((*Conntrack).setStatus)},
		{Name: "ctexpire", Args: 1, Negatable: true, Set: netfilter.Into((*Conntrack).setExpire)},
		{Name: "ctdir", Args: 1, Set: netfilter.Into((*Conntrack).setDir)},
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		if *e.(*Conntrack) == (Conntrack{}) {
			return errors.New("at least one option must be given")
		}
		return nil
	},
}

func connAddrOption(name string, field func(*Conntrack) *ConnAddr) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *Conntrack, v *netfilter.Value) error {
			p, err := opt.Prefix(v.Arg(), v.Family)
			*field(m) = ConnAddr{p, v.Invert}
			return err
		})}
}

func connPortOption(name string, field func(*Conntrack) *cond.PortRange) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *Conntrack, v *netfilter.Value) error {
			r, err := opt.ResolvedPorts(v)
			*field(m) = r
			return err
		})}
}

func (m *Conntrack) setStates(v *netfilter.Value) (err error) {
	m.HasStates, m.InvertStates = true, v.Invert
	m.States, err = opt.PrefixSet[ConnStates](connStates, v.Arg())
	return err
}

func (m *Conntrack) setProto(v *netfilter.Value) (err error) {
	m.HasProto, m.InvertProto = true, v.Invert
	m.Proto, err = opt.Protocol(v.Arg())
	if err == nil && m.Proto == 0 && v.Context().Version.RefusesProtocolZero() {
		err = errors.New("protocol 0 matches no connection")
	}
	return err
}

// setStatus reads a list of status names; NONE adds nothing to it.
func (m *Conntrack) setStatus(v *netfilter.Value) error {
	m.HasStatus, m.InvertStatus = true, v.Invert
	const none = "NONE"
	set, err := opt.PrefixSet[netfilter.ConnStatus](append(connStatus[:len(connStatus):len(connStatus)], none), v.Arg())
	m.Status = set &^ (1 << len(connStatus))
	return err
}

func (m *Conntrack) setExpire(v *netfilter.Value) error {
	lo, hi, err := opt.UintRange(v, math.MaxUint32)
	m.HasExpire, m.InvertExpire = true, v.Invert
	m.ExpireMin, m.ExpireMax = uint32(lo), uint32(hi)
	return err
}

func (m *Conntrack) setDir(v *netfilter.Value) error {
	i := directions.Find(v.Arg())
	if i < 0 {
		return directions.Unknown(v.Arg())
	}
	m.Dir, m.HasDir = netfilter.Direction(i), true
	return nil
}

// Definition returns the extension's definition.
func (m *Conntrack) Definition() *netfilter.Definition { return &conntrackDefinition }

// Name returns "conntrack".
func (m *Conntrack) Name() string { return "conntrack" }

// Requires implements netfilter.Requirer: connection tracking.
func (m *Conntrack) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Check refuses undefined directions.
func (m *Conntrack) Check(netfilter.CheckContext) error {
	return opt.Named("direction", m.Dir, directions)
}

// AppendOptions appends the options given.
func (m *Conntrack) AppendOptions(b []byte) []byte {
	if m.HasStates {
		b = opt.AppendSet(append(opt.AppendOption(b, "ctstate", m.InvertStates), ' '), connStates, m.States)
	}
	if m.HasProto {
		b = append(opt.AppendOption(b, "ctproto", m.InvertProto), ' ')
		b = strconv.AppendUint(b, uint64(m.Proto), 10)
	}
	b = m.OrigSrc.append(b, "ctorigsrc")
	b = m.OrigDst.append(b, "ctorigdst")
	b = m.ReplSrc.append(b, "ctreplsrc")
	b = m.ReplDst.append(b, "ctrepldst")
	b = opt.AppendGivenPorts(b, "ctorigsrcport", m.OrigSrcPorts)
	b = opt.AppendGivenPorts(b, "ctorigdstport", m.OrigDstPorts)
	b = opt.AppendGivenPorts(b, "ctreplsrcport", m.ReplSrcPorts)
	b = opt.AppendGivenPorts(b, "ctrepldstport", m.ReplDstPorts)
	if m.HasStatus {
		b = append(opt.AppendOption(b, "ctstatus", m.InvertStatus), ' ')
		if m.Status == 0 {
			b = append(b, "NONE"...)
		}
		b = opt.AppendSet(b, connStatus, m.Status)
	}
	if m.HasExpire {
		b = opt.AppendRange(opt.AppendOption(b, "ctexpire", m.InvertExpire), uint64(m.ExpireMin), uint64(m.ExpireMax))
	}
	if m.HasDir {
		b = append(opt.AppendOption(b, "ctdir ", false), opt.NameAt(directions, m.Dir)...)
	}
	return b
}

// append appends the condition. Host bits are not cleared.
func (a *ConnAddr) append(b []byte, name string) []byte {
	if !a.Prefix.IsValid() {
		return b
	}
	b = append(opt.AppendOption(b, name, a.Invert), ' ')
	b = netfilter.AppendAddr(b, a.Prefix.Addr())
	if a.Prefix.IsSingleIP() {
		return b
	}
	return strconv.AppendInt(append(b, '/'), int64(a.Prefix.Bits()), 10)
}

// stateOf returns the state of the packet, without SNAT and DNAT.
func stateOf(c *netfilter.Context) ConnStates {
	switch c.CTState {
	case netfilter.CTUntracked:
		return StateUntracked
	case netfilter.CTNew:
		return StateNew
	case netfilter.CTEstablished, netfilter.CTEstablishedReply:
		return StateEstablished
	case netfilter.CTRelated, netfilter.CTRelatedReply:
		return StateRelated
	}
	return StateInvalid
}

// Bound implements netfilter.Bounded: bounds cannot express conditions on the
// connection.
func (m *Conntrack) Bound(netfilter.Bounds) bool { return true }

// Match checks the conditions. For a packet without a connection the state
// alone decides; without a condition on it such a packet does not match.
func (m *Conntrack) Match(c *netfilter.Context) bool {
	if m.HasStates && (m.fullState(c)&m.States != 0) == m.InvertStates {
		return false
	}
	if c.Conn == nil {
		return m.HasStates
	}
	return m.matchTuples(c.Conn) &&
		(!m.HasDir || c.CTState.Direction() == m.Dir) &&
		(!m.HasStatus || (c.Conn.Status&m.Status != 0) != m.InvertStatus) &&
		(!m.HasExpire || m.matchExpire(c))
}

func (m *Conntrack) fullState(c *netfilter.Context) ConnStates {
	s := stateOf(c)
	if c.Conn != nil {
		if c.Conn.Status&netfilter.ConnSrcNAT != 0 {
			s |= StateSNAT
		}
		if c.Conn.Status&netfilter.ConnDstNAT != 0 {
			s |= StateDNAT
		}
	}
	return s
}

// matchTuples compares protocol, addresses and ports. For ICMP queries the
// identifier, and type and code, take the place of the ports.
func (m *Conntrack) matchTuples(conn *netfilter.Conn) bool {
	orig, repl := &conn.Tuples[netfilter.DirOriginal], &conn.Tuples[netfilter.DirReply]
	return (!m.HasProto || (orig.Proto == m.Proto) != m.InvertProto) &&
		m.OrigSrc.holds(orig.Src) && m.OrigDst.holds(orig.Dst) && m.ReplSrc.holds(repl.Src) && m.ReplDst.holds(repl.Dst) &&
		m.OrigSrcPorts.Holds(orig.SrcPort) && m.OrigDstPorts.Holds(orig.DstPort) &&
		m.ReplSrcPorts.Holds(repl.SrcPort) && m.ReplDstPorts.Holds(repl.DstPort)
}

// matchExpire compares the whole seconds left; an entry that is not confirmed
// yet has none left. The kernel subtracts the current jiffies from the timeout
// of such an entry too, although it is still relative (nf_ct_expires): in the
// first five minutes after boot, and again after 2^31 ticks, the difference is
// positive.
func (m *Conntrack) matchExpire(c *netfilter.Context) bool {
	left := max(0, int64(c.Conn.Expires.Sub(c.Engine.Now())/time.Second))
	return (left >= int64(m.ExpireMin) && left <= int64(m.ExpireMax)) != m.InvertExpire
}

// Observe returns state, direction and status.
func (m *Conntrack) Observe(c *netfilter.Context) string {
	if c.Conn == nil {
		return observeState(c)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s dir %s status ", opt.AppendSet(nil, connStates, m.fullState(c)), directions[c.CTState.Direction()])
	if c.Conn.Status&0xf == 0 {
		b.WriteString("NONE")
	}
	b.Write(opt.AppendSet(nil, connStatus, c.Conn.Status))
	return b.String()
}

func observeState(c *netfilter.Context) string { return c.CTState.String() }
