package match

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// ConnBytes matches the number of packets or bytes of a connection, the current
// packet included (net/netfilter/xt_connbytes.c, connbytes_mt). The zero value
// matches connections with a count of 0.
type ConnBytes struct {
	Min, Max uint64 // inclusive
	Invert   bool
	Of       ConnBytesOf
	Dir      ConnBytesDir
}

// ConnBytesOf is the quantity that is counted. The zero value is ConnPackets.
type ConnBytesOf uint8

// What can be counted.
const (
	ConnPackets ConnBytesOf = iota
	ConnOctets
	ConnAverage // bytes of a packet, rounded down
)

// ConnBytesDir selects the direction whose packets are counted. The zero value
// is those of the original direction.
type ConnBytesDir uint8

// The directions.
const (
	CountOriginal ConnBytesDir = iota
	CountReply
	CountBoth
)

var (
	connbytesModes = opt.Names{"packets", "bytes", "avgpkt"}
	connbytesDirs  = opt.Names{"original", "reply", "both"}
)

var connbytesDefinition = netfilter.Definition{
	Name:     "connbytes",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &ConnBytes{} },
	Options: []netfilter.OptionDef{
		{Name: "connbytes", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*ConnBytes).setRange)},
		connbytesWord("connbytes-dir", connbytesDirs, func(m *ConnBytes, i int) { m.Dir = ConnBytesDir(i) }),
		connbytesWord("connbytes-mode", connbytesModes, func(m *ConnBytes, i int) { m.Of = ConnBytesOf(i) }),
	},
}

func connbytesWord(name string, words opt.Names, store func(*ConnBytes, int)) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Required: true, Set: netfilter.Into(func(m *ConnBytes, v *netfilter.Value) error {
		i := slices.Index(words, v.Arg())
		if i < 0 {
			return words.Unknown(v.Arg())
		}
		store(m, i)
		return nil
	})}
}

// setRange reads "low[:high]". A range of one number cannot be inverted: the
// kernel encodes inversion in the order of the two.
func (m *ConnBytes) setRange(v *netfilter.Value) (err error) {
	m.Min, m.Max, err = opt.UintRange(v, math.MaxUint64)
	switch {
	case err != nil:
		return err
	case !strings.Contains(v.Arg(), ":"):
		m.Max = math.MaxUint64
	case m.Max < m.Min:
		return fmt.Errorf("bad range %q: the lower number comes first", v.Arg())
	}
	m.Invert = v.Invert && m.Min != m.Max
	return nil
}

// Definition returns the extension's definition.
func (m *ConnBytes) Definition() *netfilter.Definition { return &connbytesDefinition }

// Name returns "connbytes".
func (m *ConnBytes) Name() string { return "connbytes" }

// AppendOptions appends range, mode and direction. Like iptables it omits an
// upper end of 0, so that 0:0 is printed as 0, which parses as the range of all
// numbers.
func (m *ConnBytes) AppendOptions(b []byte) []byte {
	b = strconv.AppendUint(append(opt.AppendOption(b, "connbytes", m.Invert), ' '), m.Min, 10)
	if m.Max != 0 && m.Max != math.MaxUint64 {
		b = strconv.AppendUint(append(b, ':'), m.Max, 10)
	}
	b = append(opt.AppendOption(b, "connbytes-mode ", false), opt.NameAt(connbytesModes, m.Of)...)
	return append(opt.AppendOption(b, "connbytes-dir ", false), opt.NameAt(connbytesDirs, m.Dir)...)
}

// Check refuses modes and undefined directions (connbytes_mt_check).
func (m *ConnBytes) Check(netfilter.CheckContext) error {
	return errors.Join(opt.Named("mode", m.Of, connbytesModes), opt.Named("direction", m.Dir, connbytesDirs))
}

// Requires implements netfilter.Requirer: connection tracking and counters in new connections.
func (m *ConnBytes) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack | netfilter.RequireAccounting
}

// Match compares the count. A packet without a connection, or whose connection
// has no counters, does not match, not even inverted.
func (m *ConnBytes) Match(c *netfilter.Context) bool {
	if c.Conn == nil || !c.Conn.HasCounters {
		return false
	}
	var n netfilter.Counters
	for d, count := range c.Conn.Counters {
		if m.Dir == CountBoth || m.Dir == ConnBytesDir(d) {
			n.Packets += count.Packets
			n.Bytes += count.Bytes
		}
	}
	value := n.Packets
	switch {
	case m.Of == ConnOctets:
		value = n.Bytes
	case m.Of == ConnAverage && n.Packets != 0:
		value = n.Bytes / n.Packets
	}
	return (value >= m.Min && value <= m.Max) != m.Invert
}
