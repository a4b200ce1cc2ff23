package ipopt_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
)

// header returns an IPv4 header with options.
func header(opts ...byte) []byte {
	for len(opts)%4 != 0 {
		opts = append(opts, 0)
	}
	h := append(make([]byte, 20), opts...)
	h[0] = 0x40 | byte(len(h)/4)
	return h
}

func TestCheck4(t *testing.T) {
	for name, c := range map[string]struct {
		opts []byte
		at   int // 0: ok
	}{
		"none":               {nil, 0},
		"padding":            {[]byte{1, 1, 1, 0}, 0},
		"record route":       {[]byte{7, 7, 4, 0, 0, 0, 0}, 0},
		"its pointer":        {[]byte{7, 7, 3, 0, 0, 0, 0}, 22},
		"no room for one":    {[]byte{7, 6, 4, 0, 0, 0}, 22},
		"two of them":        {[]byte{7, 3, 4, 7, 3, 4}, 23},
		"both source routes": {[]byte{131, 3, 4, 137, 3, 4}, 23},
		"length 1":           {[]byte{7, 1, 0, 0}, 20},
		"beyond the end":     {[]byte{1, 7, 7, 4}, 21},
		"router alert":       {[]byte{148, 4, 0, 0}, 0},
		"short router alert": {[]byte{148, 3, 0, 0}, 21},
		"timestamp":          {[]byte{68, 8, 5, 0, 0, 0, 0, 0}, 0},
		"no room for both":   {[]byte{68, 8, 5, 1, 0, 0, 0, 0}, 22},
		"overflow":           {[]byte{68, 4, 5, 0xf0}, 23},
	} {
		at, ok := ipopt.Check4(header(c.opts...))
		assert.Equal(t, c.at == 0, ok, name)
		assert.Equal(t, c.at, at, name)
	}
}

func TestResidue(t *testing.T) {
	assert.Zero(t, ipopt.Residue(header(1, 1, 0, 0)))
	assert.Equal(t, 22, ipopt.Residue(header(1, 1, 0, 9)))
	assert.Equal(t, 24, ipopt.Residue(header(148, 4, 0, 0, 0, 1)))
}

func TestSourceRouted(t *testing.T) {
	assert.True(t, ipopt.SourceRouted4(header(1, 137, 3, 4)))
	assert.True(t, ipopt.SourceRouted4(header(7, 3, 4, 131, 3, 4)))
	assert.False(t, ipopt.SourceRouted4(header(0, 137, 3, 4)))
	w := make([]byte, 60)
	w[6], w[40] = packet.ProtoDestOpts, packet.ProtoRouting
	assert.True(t, ipopt.SourceRouted6(w))
	w[40] = packet.ProtoUDP
	assert.False(t, ipopt.SourceRouted6(w))
}

// packet6 returns an IPv6 packet with a hop-by-hop header that holds these options.
func packet6(opts ...byte) []byte {
	for len(opts)%8 != 6 {
		opts = append(opts, 0)
	}
	w := append(make([]byte, 42), opts...)
	w[0], w[6], w[40], w[41] = 0x60, 0, packet.ProtoUDP, byte((len(opts)+2)/8-1)
	return w
}

func TestCheck6(t *testing.T) {
	group := func(w []byte) []byte { w[24] = 0xff; return w }
	for name, c := range map[string]struct {
		w    []byte
		want ipopt.Action
		at   int
	}{
		"padding":            {packet6(1, 4, 0, 0, 0, 0), ipopt.Keep, 0},
		"padding of ones":    {packet6(1, 4, 0, 0, 1, 0), ipopt.Drop, 0},
		"too much padding":   {packet6(1, 6, 0, 0, 0, 0, 0, 0), ipopt.Drop, 0},
		"router alert":       {packet6(5, 2, 0, 0), ipopt.Keep, 0},
		"its length":         {packet6(5, 3, 0, 0, 0), ipopt.Drop, 0},
		"unknown, skipped":   {packet6(0x1e, 2, 0, 0), ipopt.Keep, 0},
		"unknown, dropped":   {packet6(0x5e, 2, 0, 0), ipopt.Drop, 42},
		"unknown, reported":  {packet6(0x9e, 2, 0, 0), ipopt.Report, 42},
		"to one":             {packet6(0xde, 2, 0, 0), ipopt.Report, 42},
		"to one, of a group": {group(packet6(0xde, 2, 0, 0)), ipopt.Drop, 42},
		"beyond the end":     {packet6(5, 5, 0, 0), ipopt.Drop, 0},
		"cut short":          {packet6(5, 2, 0, 0)[:47], ipopt.Drop, 0},
	} {
		at, a := ipopt.Check6(c.w, 40, true)
		assert.Equal(t, c.want, a, name)
		assert.Equal(t, c.at, at, name)
	}
}

func TestClearUncopied(t *testing.T) {
	o := []byte{7, 3, 4, 148, 4, 0, 0, 0}
	ipopt.ClearUncopied(o)
	assert.Equal(t, []byte{1, 1, 1, 148, 4, 0, 0, 0}, o)
}

// host is one that packets come to.
type host struct{ w []byte }

func (h host) Edit() []byte              { return h.w }
func (h host) KnownAs() netip.Addr       { return netip.MustParseAddr("192.0.2.1") }
func (h host) Foreign(a netip.Addr) bool { return a != h.KnownAs() }
func (h host) TimeOfDay() uint32         { return 0x01020304 }

// TestRecord enters a host in the options of a packet and of its answer.
func TestRecord(t *testing.T) {
	w := header(7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	r := ipopt.Record(w, host{w})
	assert.Equal(t, ipopt.Records{Route: 20, Stamp: 32, AddrInRoute: true, TimeInStamp: true, Changed: true}, r)
	assert.Equal(t, []byte{7, 11, 8, 192, 0, 2, 1}, w[20:27])
	assert.Equal(t, []byte{68, 12, 9, 0, 1, 2, 3, 4}, w[32:40])

	opts, back, ok := r.Echo(w, netip.MustParseAddr("192.0.2.9"), host{w})
	require.True(t, ok)
	assert.Equal(t, []byte{7, 11, 12, 192, 0, 2, 1, 192, 0, 2, 9}, opts[:11])
	assert.Equal(t, ipopt.Records{Route: 20, Stamp: 31, AddrInRoute: true, TimeInStamp: true}, back)
	_, _, ok = back.Echo(append(header()[:20], opts...), netip.MustParseAddr("192.0.2.9"), host{w})
	assert.True(t, ok, "a full route has nothing to enter")

	r.Leave(w, func() netip.Addr { return netip.MustParseAddr("198.51.100.1") })
	assert.Equal(t, []byte{198, 51, 100, 1}, w[23:27])
	assert.Zero(t, packet.Checksum(w, 0))

	p := ipopt.Insert(header()[:20], opts)
	assert.Equal(t, byte(0x40|(20+len(opts))/4), p[0])
	assert.Zero(t, packet.Checksum(p, 0))
}
