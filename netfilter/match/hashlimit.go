package match

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/bucket"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// HashLimit matches packets up to a rate that is limited separately for each
// key of addresses and ports (net/netfilter/xt_hashlimit.c,
// hashlimit_mt_common). Rules of one family with the same Table share its
// buckets; all fields except Above then have the values of the rule that was
// loaded first.
type HashLimit struct {
	Family netfilter.Family
	Above  bool // match packets above the rate instead of those within it
	Bytes  bool // the rate is in bytes, not in packets
	// RateMatch compares the measured rate of each Interval with the limit instead
	// of using a token bucket (--hashlimit-rate-match).
	RateMatch bool
	// Period is the time between two packets in µs. With Bytes it is 2³² divided
	// by one more than the bytes in a second divided by 16.
	Period uint64
	// Burst is the number of packets that match at once, or with Bytes the number
	// of seconds' worth of bytes; at least 1 without RateMatch and Bytes.
	Burst            uint64
	Interval         uint32 // with RateMatch, in seconds
	By               HashLimitKey
	Table            string // up to 254 bytes
	Size, Max        uint32 // buckets and entries of the table; 0 for the kernel's default
	GCInterval       uint32 // interval of garbage collection, ms
	Expire           uint32 // idle time after which an entry is removed, ms
	SrcBits, DstBits int    // prefix lengths of the addresses

	unit uint64 // unit of the rate in seconds, while options are parsed
}

// Equal reports whether both are the same match. It is used by go-cmp.
func (m HashLimit) Equal(o HashLimit) bool { return m == o }

// HashLimitKey is the set of packet fields, as bits, by which rates are kept.
// With the zero value all packets share one rate.
type HashLimitKey uint8

// The parts of the key, in the order of printing.
const (
	BySrc HashLimitKey = 1 << iota
	BySrcPort
	ByDst
	ByDstPort
)

var hashlimitKeys = opt.Names{"srcip", "srcport", "dstip", "dstport"}

const (
	hashlimitScale        = 1000000
	hashlimitDefaultBurst = 5
	maxHashlimitBurst     = 1000000
	maxHashlimitName      = 254
	maxHashlimitSize      = 1048576
	hashlimitGC           = 1000
	hashlimitBuckets      = 8192 // of a table without a size, on machines with more than 1 GB of memory
)

var (
	hashlimitDefinition  = hashlimitFor(netfilter.IPv4, netfilter.OnlyIPv4)
	hashlimitDefinition6 = hashlimitFor(netfilter.IPv6, netfilter.OnlyIPv6)
)

func hashlimitFor(f netfilter.Family, only netfilter.Families) netfilter.Definition {
	return netfilter.Definition{
		Name:     "hashlimit",
		Families: only,
		New: func() netfilter.Extension {
			return &HashLimit{Family: f, Burst: hashlimitDefaultBurst, GCInterval: hashlimitGC,
				SrcBits: f.Bits(), DstBits: f.Bits(), unit: 1}
		},
		Options: []netfilter.OptionDef{
			{Name: "hashlimit-upto", Aliases: []string{"hashlimit"}, Args: 1, Negatable: true, Excludes: []string{"hashlimit-above"},
				Set: netfilter.Into(func(m *HashLimit, v *netfilter.Value) error { m.Above = v.Invert; return m.setRate(v.Arg()) })},
			{Name: "hashlimit-above", Args: 1, Negatable: true, Excludes: []string{"hashlimit-upto"},
				Set: netfilter.Into(func(m *HashLimit, v *netfilter.Value) error { m.Above = !v.Invert; return m.setRate(v.Arg()) })},
			hashlimitMask("hashlimit-srcmask", func(m *HashLimit) *int { return &m.SrcBits }),
			hashlimitMask("hashlimit-dstmask", func(m *HashLimit) *int { return &m.DstBits }),
			{Name: "hashlimit-burst", Args: 1, Set: netfilter.Into((*HashLimit).setBurst)},
			opt.Number("hashlimit-htable-size", 0, 1<<32-1, func(m *HashLimit) *uint32 { return &m.Size }),
			opt.Number("hashlimit-htable-max", 0, 1<<32-1, func(m *HashLimit) *uint32 { return &m.Max }),
			opt.Number("hashlimit-htable-gcinterval", 0, 1<<32-1, func(m *HashLimit) *uint32 { return &m.GCInterval }),
			opt.Number("hashlimit-htable-expire", 0, 1<<32-1, func(m *HashLimit) *uint32 { return &m.Expire }),
			{Name: "hashlimit-mode", Args: 1, Set: netfilter.Into((*HashLimit).setKey)},
			{Name: "hashlimit-name", Args: 1, Required: true, Set: netfilter.Into((*HashLimit).setName)},
			opt.Flag("hashlimit-rate-match", func(m *HashLimit) *bool { return &m.RateMatch }),
			{Name: "hashlimit-rate-interval", Args: 1, Set: netfilter.Into((*HashLimit).setInterval)},
		},
		Finish: finishHashLimit,
	}
}

func hashlimitMask(name string, field func(*HashLimit) *int) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(m *HashLimit, v *netfilter.Value) (err error) {
		*field(m), err = opt.PrefixLength(v.Arg(), v.Family)
		return err
	})}
}

// setRate reads "number[/unit]", or "number[k|m]b/s" for bytes; other letters
// between the two are ignored (parse_bytes, parse_rate).
func (m *HashLimit) setRate(s string) error {
	n := uint64(opt.ScanInt64(s))
	if i := strings.Index(s, "b/s"); i > 0 && n != 0 {
		period, ok := bucket.PeriodOfBytes(n * opt.ByteFactor(s[i-1:]))
		if !ok {
			return fmt.Errorf("rate %q is out of range", s)
		}
		m.Bytes, m.Period, m.unit = true, period, 15
		return nil
	}
	unit, err := opt.RateUnit(s)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("bad rate %q: need a number of packets, or of bytes as in 512kb/s", s)
	}
	m.unit = unit
	if m.Period = hashlimitScale * unit / n; m.Period == 0 {
		return fmt.Errorf("rate %q is too fast: at most %d packets a second", s, hashlimitScale)
	}
	return nil
}

// setBurst reads a number, optionally followed by k or m; other trailing text
// is ignored, but then the number is not checked against the maximum
// (parse_burst).
func (m *HashLimit) setBurst(v *netfilter.Value) error {
	n, rest, ok := opt.UintPrefix(v.Arg())
	if !ok || n == 0 || rest == "" && n > maxHashlimitBurst {
		return fmt.Errorf("bad burst %q: need 1-%d, or bytes as in 100kb", v.Arg(), maxHashlimitBurst)
	}
	m.Burst = n * opt.ByteFactor(rest)
	return nil
}

// setKey reads the parts of the key, which "," and "|" separate.
func (m *HashLimit) setKey(v *netfilter.Value) error {
	for _, word := range strings.FieldsFunc(v.Arg(), func(r rune) bool { return r == ',' || r == '|' }) {
		i := hashlimitKeys.Exact(word)
		if i < 0 {
			return hashlimitKeys.Unknown(word)
		}
		m.By |= 1 << i
	}
	return nil
}

func (m *HashLimit) setName(v *netfilter.Value) error {
	if v.Arg() == "" {
		return errors.New("an empty name is not possible")
	}
	m.Table = v.Arg()[:min(len(v.Arg()), maxHashlimitName)]
	return nil
}

func (m *HashLimit) setInterval(v *netfilter.Value) error {
	n := opt.ScanInt(v.Arg())
	if n <= 0 {
		return fmt.Errorf("bad interval %q: need a number of seconds", v.Arg())
	}
	m.Interval = uint32(n)
	return nil
}

// finishHashLimit converts the parsed options to the values passed to the
// kernel (hashlimit_mt_check).
func finishHashLimit(e netfilter.Extension, given func(string) bool) error {
	m := e.(*HashLimit)
	if err := opt.NeedOne(given, "hashlimit-upto", "hashlimit-above"); err != nil {
		return err
	}
	if !given("hashlimit-htable-expire") {
		m.Expire = uint32(m.unit * 1000)
	}
	m.Size, m.Max = min(m.Size, maxHashlimitSize), min(m.Max, maxHashlimitSize)
	switch {
	case m.Bytes && given("hashlimit-burst"):
		least := bucket.BytesOfPeriod(m.Period)
		if m.Burst < least || least == 0 {
			return fmt.Errorf("--hashlimit-burst: at least one second's bytes are needed, %db", max(least, 16))
		}
		if !given("hashlimit-htable-expire") {
			m.Expire = 60000
		}
		times := uint64(uint32(m.Burst)) / least
		if m.Burst%least != 0 {
			times++
		}
		m.Burst = times
	case m.Bytes:
		m.Burst = 0
	case m.Burst > maxHashlimitBurst:
		return fmt.Errorf("--hashlimit-burst %d is out of range 1-%d", m.Burst, maxHashlimitBurst)
	}
	if m.RateMatch && !m.Bytes {
		m.Period /= m.unit
	}
	switch {
	case !m.RateMatch || m.Interval != 0:
	case m.Bytes:
		m.Interval = 1
	default:
		m.Interval = uint32(m.unit)
	}
	m.unit = 0
	return nil
}

// Definition returns the extension's definition.
func (m *HashLimit) Definition() *netfilter.Definition {
	if m.Family == netfilter.IPv6 {
		return &hashlimitDefinition6
	}
	return &hashlimitDefinition
}

// Name returns "hashlimit".
func (m *HashLimit) Name() string { return "hashlimit" }

// AppendOptions appends rate, burst and name, and the options that differ from
// their defaults.
func (m *HashLimit) AppendOptions(b []byte) []byte {
	name := "hashlimit-upto "
	if m.Above {
		name = "hashlimit-above "
	}
	b, usual := m.appendRate(opt.AppendOption(b, name, false))
	if m.By != 0 {
		b = opt.AppendSet(opt.AppendOption(b, "hashlimit-mode ", false), hashlimitKeys, m.By)
	}
	b = append(opt.AppendOption(b, "hashlimit-name ", false), m.Table...)
	for _, o := range [...]struct {
		name         string
		value, usual uint32
	}{
		{"hashlimit-htable-size", m.Size, 0}, {"hashlimit-htable-max", m.Max, 0},
		{"hashlimit-htable-gcinterval", m.GCInterval, hashlimitGC}, {"hashlimit-htable-expire", m.Expire, usual},
		{"hashlimit-srcmask", uint32(m.SrcBits), uint32(m.Family.Bits())}, {"hashlimit-dstmask", uint32(m.DstBits), uint32(m.Family.Bits())},
	} {
		if o.value != o.usual {
			b = opt.AppendNumber(b, o.name, o.value)
		}
	}
	if m.RateMatch {
		b = opt.AppendOption(b, "hashlimit-rate-match", false)
		if m.Interval != 1 {
			b = opt.AppendNumber(b, "hashlimit-rate-interval", m.Interval)
		}
	}
	return b
}

// appendRate appends rate and burst, and returns the value of Expire that is
// the default for this rate and so is not printed.
func (m *HashLimit) appendRate(b []byte) ([]byte, uint32) {
	if !m.Bytes {
		b, unit := opt.AppendRate(b, m.Period, hashlimitScale)
		return opt.AppendNumber(b, "hashlimit-burst", m.Burst), uint32(unit * 1000)
	}
	r := bucket.BytesOfPeriod(m.Period)
	// The tool clears the bits below the unit with a mask of 32 bits.
	b = append(opt.AppendBytes(b, r, func(unit uint64) bool {
		p, _ := bucket.PeriodOfBytes(r & uint64(^uint32(unit-1)))
		return p == m.Period
	}), "/s"...)
	if m.Burst == 0 {
		return b, 15000
	}
	b = opt.AppendOption(b, "hashlimit-burst ", false)
	return opt.AppendBytes(b, r*m.Burst, func(uint64) bool { return true }), 60000
}

// Check refuses what the kernel does (hashlimit_mt_check_common).
func (m *HashLimit) Check(netfilter.CheckContext) error {
	bits := uint(m.Family.Bits())
	switch {
	case m.GCInterval == 0 || m.Expire == 0:
		return errors.New("--hashlimit-htable-gcinterval and --hashlimit-htable-expire must not be 0")
	case uint(m.SrcBits) > bits || uint(m.DstBits) > bits:
		return fmt.Errorf("--hashlimit-srcmask and --hashlimit-dstmask must be prefixes of 0-%d bits", bits)
	case m.RateMatch && (m.Period == 0 || m.Period > 1<<32-1 || m.Interval == 0):
		return errors.New("the rate is out of range for --hashlimit-rate-match")
	case m.RateMatch:
	case m.Bytes && bucket.ByteCost(m.Period) == 0:
		return errors.New("the rate is too high: need less than 32767mb/s")
	case !m.Bytes && (m.Burst == 0 || bucket.Credit(m.Period*m.Burst) < bucket.Credit(m.Period)):
		return errors.New("rate and burst are out of range: need a higher rate or a burst of another size")
	}
	return opt.FileName(m.Table)
}

// Agree refuses RateMatch in a table that uses token buckets, and vice versa.
func (m *HashLimit) Agree(first netfilter.Sharing) error {
	if f, ok := first.(*HashLimit); ok && f.RateMatch != m.RateMatch {
		return fmt.Errorf("table %q cannot be used with and without --hashlimit-rate-match", m.Table)
	}
	return nil
}

// SharedKey returns the key of the table.
func (m *HashLimit) SharedKey() string {
	return "hashlimit " + strconv.Itoa(int(m.Family)) + " " + m.Table
}

// Join creates the table; later rules use it without changes.
func (m *HashLimit) Join(s netfilter.State) netfilter.State {
	if s != nil {
		return s
	}
	t := &hashlimitTable{rule: m, config: m.config(), entries: map[hashlimitKey]hashlimitEntry{}}
	size := int(m.Size)
	if size == 0 {
		size = hashlimitBuckets
	}
	t.room = max(int(m.Max), size)
	if m.Max == 0 {
		t.room = 8 * size
	}
	return t
}

func (m *HashLimit) config() bucket.Config {
	return bucket.Config{Bytes: m.Bytes, Measure: m.RateMatch, Period: m.Period, Burst: m.Burst, Interval: m.Interval}
}

// hashlimitTable holds the buckets of a table.
type hashlimitTable struct {
	rule    *HashLimit // rule that created the table
	config  bucket.Config
	room    int // maximum number of entries
	entries map[hashlimitKey]hashlimitEntry
	started bool
	swept   int64 // time of the last garbage collection, in jiffies
}

type hashlimitKey struct {
	src, dst         netip.Addr
	srcPort, dstPort uint16
}

type hashlimitEntry struct {
	bucket.Bucket
	expires int64
}

// Clone returns an independent copy.
func (t *hashlimitTable) Clone() netfilter.State {
	c := *t
	c.entries = maps.Clone(t.entries)
	return &c
}

// sweep removes idle entries at the interval of the kernel, counted from the
// table's first packet (htable_gc).
func (t *hashlimitTable) sweep(now int64) {
	if !t.started {
		t.started, t.swept = true, now
	}
	every := max(msToJiffies(t.rule.GCInterval), 1)
	if now-t.swept < every {
		return
	}
	t.swept += (now - t.swept) / every * every
	maps.DeleteFunc(t.entries, func(_ hashlimitKey, e hashlimitEntry) bool { return e.expires <= t.swept })
}

func msToJiffies(ms uint32) int64 {
	const tick = int64(time.Second/time.Millisecond) / netfilter.HZ
	return (int64(ms) + tick - 1) / tick
}

// Match charges the packet to the bucket of its key. A packet whose ports are
// missing is dropped, and so is one that needs a new entry in a full table.
func (m *HashLimit) Match(c *netfilter.Context) bool {
	t, ok := c.Engine.Shared(m.SharedKey(), func() netfilter.State { return m.Join(nil) }).(*hashlimitTable)
	if !ok {
		return false
	}
	now := netfilter.Jiffies(c.Engine.Now())
	t.sweep(now)
	key, ok := t.rule.key(c)
	if !ok {
		c.HotDrop()
		return false
	}
	e, known := t.entries[key]
	switch {
	case known:
		e.Refill(&t.config, now)
	case len(t.entries) >= t.room:
		c.HotDrop()
		return false
	default:
		e.Bucket = bucket.New(&t.config, now)
	}
	e.expires = now + msToJiffies(t.rule.Expire)
	within := m.within(&e.Bucket, &t.config, c.Packet.Len())
	t.entries[key] = e
	return within != m.Above
}

func (m *HashLimit) within(b *bucket.Bucket, c *bucket.Config, length int) bool {
	switch {
	case !m.RateMatch:
		return b.Take(m.Bytes, length)
	case m.Bytes:
		return b.Measure(c, uint64(length))
	}
	return b.Measure(c, 1)
}

// key returns the packet fields that the table uses as key; false if they are
// missing (hashlimit_init_dst).
func (m *HashLimit) key(c *netfilter.Context) (k hashlimitKey, ok bool) {
	if m.By&BySrc != 0 {
		p, _ := c.Packet.Src().Prefix(m.SrcBits)
		k.src = p.Addr()
	}
	if m.By&ByDst != 0 {
		p, _ := c.Packet.Dst().Prefix(m.DstBits)
		k.dst = p.Addr()
	}
	if m.By&(BySrcPort|ByDstPort) == 0 {
		return k, true
	}
	off, ok := portsOffset(c.Packet)
	if !ok || off < 0 {
		return k, ok
	}
	b, ok := c.Bytes(off, 4)
	if !ok {
		return k, false
	}
	if m.By&BySrcPort != 0 {
		k.srcPort = binary.BigEndian.Uint16(b)
	}
	if m.By&ByDstPort != 0 {
		k.dstPort = binary.BigEndian.Uint16(b[2:])
	}
	return k, true
}

// portsOffset returns the offset of the ports or the SPI; -1 if the protocol
// has none, false if a header is truncated. Later fragments of IPv4 are treated
// like other packets (lib/net_utils.c, proto_ports_offset).
func portsOffset(p *netfilter.Packet) (int, bool) {
	t := p.Transport()
	if p.Family() == netfilter.IPv6 {
		switch {
		case t.FragOff != 0:
			return -1, true
		case !t.Found || t.Proto == packet.ProtoNone:
			return 0, false
		}
	}
	switch t.Proto {
	case packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoDCCP, packet.ProtoSCTP, packet.ProtoESP:
		return t.Offset, true
	case packet.ProtoAH:
		return t.Offset + 4, true
	}
	return -1, true
}
