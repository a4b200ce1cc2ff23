package conntrack

import (
	"math"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// record is the stored form of a connection. It has no pointers, so that the garbage
// collector need not scan the records.
type record struct {
	src, dst [2]words // by direction
	ports    [2][2]uint16
	status   netfilter.ConnStatus
	mark     uint32
	expires  int64 // nanoseconds since 1970

	prev, next   uint32 // list in order of confirmation; noRef for none
	older, newer uint32 // list of connections from the same source

	zone                    uint16
	outDev, helper, timeout uint16 // indexes in Table.names plus 1; 0 is ""
	proto                   uint8
	zoneDir                 netfilter.ZoneDirection
	six                     bool
	sourced                 bool // it is in Table.bySource
	tracker                 trackerKind
	extra                   uint32 // reference of the extra, plus 1; 0 for none

	tcp tcpConn // state of the TCP tracker; also used for that of UDP (setStream)
}

// setStream stores the time from which a UDP connection may become a stream, in
// nanoseconds since 1970, in the fields of two TCP sequence numbers.
func (r *record) setStream(n int64) { r.tcp.lastSeq, r.tcp.lastAck = uint32(n>>32), uint32(n) }

func (r *record) stream() int64 { return int64(r.tcp.lastSeq)<<32 | int64(r.tcp.lastAck) }

// noRef is the reference that refers to no record.
const noRef = ^uint32(0)

// trackerKind is the kind of tracker state of a connection.
type trackerKind uint8

const (
	trackerNone trackerKind = iota
	trackerTCP
	trackerUDP
	trackerOther // stored in extra
)

// extra holds the fields that only few connections need.
type extra struct {
	labels      [16]byte
	hasLabels   bool
	hasCounters bool
	counters    [2]netfilter.Counters
	master      *netfilter.Conn
	proto       netfilter.ConnProto
	synProxy    netfilter.SynProxyConn
	seqOffset   [2]uint32
}

// key returns the lookup key of the record in a direction.
func (r *record) key(d netfilter.Direction) key {
	z := Zone{r.zone, r.zoneDir}
	return key{r.src[d], r.dst[d], r.ports[d][0], r.ports[d][1], z.in(d), r.proto, d, r.six}
}

// nanos returns a time as nanoseconds since 1970; for the zero time, a large negative
// number.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixNano()
}

// timeOf is the inverse of nanos, in the time zone of the table's clock.
func (t *Table) timeOf(n int64) time.Time {
	if n == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(0, n).In(t.now.Location())
}

// nameOf returns the index plus 1 of a name in names; 0 for "". Names are never removed,
// because there are only few links, helpers and policies.
func (t *Table) nameOf(s string) uint16 {
	if s == "" {
		return 0
	}
	i := slices.Index(t.names, s)
	if i < 0 {
		i = len(t.names)
		t.names = append(t.names, s)
	}
	return uint16(i + 1)
}

func (t *Table) name(n uint16) string {
	if n == 0 {
		return ""
	}
	return t.names[n-1]
}

// storeTuples writes the tuples and zone to a record. They never change.
func (t *Table) storeTuples(ref uint32, c *netfilter.Conn) {
	r := t.records.edit(ref)
	for d := range c.Tuples {
		u := &c.Tuples[d]
		r.src[d], r.dst[d] = wordsOf(u.Src), wordsOf(u.Dst)
		r.ports[d] = [2]uint16{u.SrcPort, u.DstPort}
	}
	r.proto, r.six = c.Tuples[0].Proto, !c.Tuples[0].Src.Is4()
	r.zone, r.zoneDir = c.Zone, c.ZoneDir
}

// store writes the mutable fields of a connection to a record.
func (t *Table) store(ref uint32, c *netfilter.Conn) {
	r := t.records.edit(ref)
	r.status, r.mark, r.expires = c.Status, c.Mark, nanos(c.Expires)
	r.outDev, r.helper, r.timeout = t.nameOf(c.OutDev), t.nameOf(c.Helper), t.nameOf(c.Timeout)
	switch k := c.Proto.(type) {
	case nil:
		r.tracker = trackerNone
	case *tcpConn:
		r.tracker, r.tcp = trackerTCP, *k
	case *udpConn:
		r.tracker = trackerUDP
		r.setStream(nanos(k.stream))
	default:
		r.tracker = trackerOther
	}
	t.storeExtra(r, c)
}

func (t *Table) storeExtra(r *record, c *netfilter.Conn) {
	x := extra{labels: c.Labels, hasLabels: c.HasLabels, counters: c.Counters, hasCounters: c.HasCounters, master: c.Master,
		synProxy: c.SynProxy, seqOffset: c.SeqOffset}
	if r.tracker == trackerOther {
		x.proto = c.Proto
	}
	if r.extra == 0 {
		if x == (extra{}) {
			return
		}
		r.extra = t.newExtra() + 1
	}
	*t.extras.edit(r.extra - 1) = x
}

func (t *Table) newExtra() uint32 {
	if n := len(t.freeExtras); n > 0 {
		ref := t.freeExtras[n-1]
		t.freeExtras = t.freeExtras[:n-1]
		return ref
	}
	return t.extras.grow()
}

// load reads a connection from its record into h, including the state of its tracker.
func (t *Table) load(r *record, h *handle) {
	c := &h.conn
	*c = netfilter.Conn{Zone: r.zone, ZoneDir: r.zoneDir, Status: r.status, Mark: r.mark, Expires: t.timeOf(r.expires),
		OutDev: t.name(r.outDev), Helper: t.name(r.helper), Timeout: t.name(r.timeout)}
	for d := range c.Tuples {
		c.Tuples[d] = netfilter.Tuple{Src: r.src[d].addr(r.six), Dst: r.dst[d].addr(r.six), Proto: r.proto,
			SrcPort: r.ports[d][0], DstPort: r.ports[d][1]}
	}
	switch r.tracker {
	case trackerTCP:
		h.tcp = r.tcp
		c.Proto = &h.tcp
	case trackerUDP:
		h.udp.stream = t.timeOf(r.stream())
		c.Proto = &h.udp
	}
	if r.extra == 0 {
		return
	}
	x := t.extras.at(r.extra - 1)
	c.Labels, c.HasLabels, c.Counters, c.HasCounters = x.labels, x.hasLabels, x.counters, x.hasCounters
	c.Master, c.SynProxy, c.SeqOffset = x.master, x.synProxy, x.seqOffset
	if x.proto != nil {
		c.Proto = x.proto.Clone()
	}
}
