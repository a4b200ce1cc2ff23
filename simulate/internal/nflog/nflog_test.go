package nflog_test

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

// packet reads hexadecimal with blanks.
func packetFrom(t *testing.T, text string) *netfilter.Packet {
	t.Helper()
	wire, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	require.NoError(t, err)
	p := packet.View(wire)
	return &p
}

// all are the flags that TRACE uses.
var all = netfilter.LogConfig{TCPSequence: true, TCPOptions: true, IPOptions: true, UID: true}

const (
	// From 192.0.2.1 to 198.51.100.2, TTL 64, identification 7; the length, the
	// fragment bits and the protocol are to be filled in.
	from4 = "c0000201 c6336402"
	from6 = "20010db8000000000000000000000001 20010db8000000000000000000000002"

	text4 = "IN= OUT= SRC=192.0.2.1 DST=198.51.100.2 "
	text6 = "IN= OUT= SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 "
)

func TestAppend(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  netfilter.LogConfig
		wire string
		want string
	}{
		{
			"tcp, no flag", netfilter.LogConfig{Prefix: "fw: "},
			"45000028 00074000 40060000" + from4 + "04d20050 00000001 00000002 5010ffff 00000005",
			"fw: " + text4 + "LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=7 DF PROTO=TCP SPT=1234 DPT=80 WINDOW=65535 RES=0x00 ACK URGP=5 ",
		}, {
			"tcp sequence", netfilter.LogConfig{TCPSequence: true},
			"45ff0028 0007a000 40060000" + from4 + "04d20050 ffffffff 00000002 5fff0001 00000000",
			text4 + "LEN=40 TOS=0x1E PREC=0xE0 TTL=64 ID=7 CE MF PROTO=TCP SPT=1234 DPT=80 SEQ=4294967295 ACK=2 WINDOW=1 " +
				"RES=0x38 AE CWR ECE URG ACK PSH RST SYN FIN URGP=0 ",
		}, {
			"tcp and ip options", all,
			"4600002c 00070000 40060000" + from4 + "94040000 04d20050 00000001 00000000 6002ffff 00000000 020405b4",
			text4 + "LEN=44 TOS=0x00 PREC=0x00 TTL=64 ID=7 OPT (94040000) PROTO=TCP SPT=1234 DPT=80 SEQ=1 ACK=0 WINDOW=65535 " +
				"RES=0x00 SYN URGP=0 OPT (020405B4) ",
		}, {
			"tcp options cut", all,
			"45000028 00070000 40060000" + from4 + "04d20050 00000001 00000000 6002ffff 00000000",
			text4 + "LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=TCP SPT=1234 DPT=80 SEQ=1 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0 OPT (TRUNCATED)",
		}, {
			"tcp header cut", all, "45000016 00070000 40060000" + from4 + "04d2",
			text4 + "LEN=22 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=TCP INCOMPLETE [2 bytes] ",
		}, {
			"later fragment", all, "45000016 00070008 40110000" + from4 + "04d2",
			text4 + "LEN=22 TOS=0x00 PREC=0x00 TTL=64 ID=7 FRAG:8 PROTO=UDP ",
		}, {
			"udp-lite", all, "4500001c 00070000 40880000" + from4 + "04d20050 00080000",
			text4 + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=UDPLITE SPT=1234 DPT=80 LEN=8 ",
		}, {
			"sctp", all, "45000014 00070000 40840000" + from4,
			text4 + "LEN=20 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=132 ",
		}, {
			"esp", all, "4500001c 00070000 40320000" + from4 + "00000102 00000001",
			text4 + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ESP SPI=0x102 ",
		}, {
			"ah cut", all, "4500001c 00070000 40330000" + from4 + "06040000 00000102",
			text4 + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=AH INCOMPLETE [8 bytes] ",
		}, {
			"later fragment of ah", all, "4500001c 00070001 40330000" + from4 + "06040000 00000102",
			text4 + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 FRAG:1 ",
		}, {
			"echo", all, "4500001c 00070000 40010000" + from4 + "08000000 00110012",
			text4 + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=8 CODE=0 ID=17 SEQ=18 ",
		}, {
			"icmp error", all,
			"45000038 00070000 40010000" + from4 + "03040000 000005dc 4500001c 00010000 3f110000 c6336402 c0000201 00500051 00080000",
			text4 + "LEN=56 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=3 CODE=4 [SRC=198.51.100.2 DST=192.0.2.1 LEN=28 TOS=0x00 " +
				"PREC=0x00 TTL=63 ID=1 PROTO=UDP SPT=80 DPT=81 LEN=8 ] MTU=1500 ",
		}, {
			"icmp error quotes too little", all,
			"45000020 00070000 40010000" + from4 + "03000000 00000000 4500001c",
			text4 + "LEN=32 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=3 CODE=0 INCOMPLETE [12 bytes] ",
		}, {
			"header beyond the end", all,
			"45000030 00070000 40010000" + from4 + "0b000000 00000000 4600001c 00010000 3f110000 c6336402 c0000201",
			text4 + "LEN=48 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=11 CODE=0 [SRC=198.51.100.2 DST=192.0.2.1 LEN=28 TOS=0x00 " +
				"PREC=0x00 TTL=63 ID=1 TRUNCATED] ",
		}, {
			"header beyond the end, counted without sign", netfilter.LogConfig{},
			"45000030 00070000 40010000" + from4 + "0b000000 00000000 4600001c 00010000 3f110000 c6336402 c0000201",
			text4 + "LEN=48 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=11 CODE=0 [SRC=198.51.100.2 DST=192.0.2.1 LEN=28 TOS=0x00 " +
				"PREC=0x00 TTL=63 ID=1 PROTO=UDP INCOMPLETE [4294967292 bytes] ] ",
		}, {
			"redirect", all,
			"45000038 00070000 40010000" + from4 + "05010000 c0000203 4500001c 00010000 3f000000 c6336402 c0000201 00500051 00080000",
			text4 + "LEN=56 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=ICMP TYPE=5 CODE=1 GATEWAY=192.0.2.3 [SRC=198.51.100.2 DST=192.0.2.1 " +
				"LEN=28 TOS=0x00 PREC=0x00 TTL=63 ID=1 PROTO=0 ] ",
		}, {
			"v6 udp", all, "6ab12345 00081140" + from6 + "04d20050 00080000",
			text6 + "LEN=48 TC=171 HOPLIMIT=64 FLOWLBL=74565 PROTO=UDP SPT=1234 DPT=80 LEN=8 ",
		}, {
			"v6 no next header", all, "60000001 00003b40" + from6,
			text6 + "LEN=40 TC=0 HOPLIMIT=64 FLOWLBL=1 PROTO=59 ",
		}, {
			"v6 extension headers", all,
			"60000001 00280040" + from6 + "3c00010400000000 2c00010400000000 33000001000000ff 1101000000000304 04d2005000080000",
			text6 + "LEN=80 TC=0 HOPLIMIT=64 FLOWLBL=1 OPT ( ) OPT ( ) OPT ( FRAG:0 INCOMPLETE ID:000000ff ) OPT ( AH SPI=0x304 ) " +
				"PROTO=UDP INCOMPLETE [4 bytes] ",
		}, {
			"v6 extension headers, no flag", netfilter.LogConfig{},
			"60000001 00200040" + from6 + "3c00010400000000 2c00010400000000 11000001000000ff 04d2005000080000",
			text6 + "LEN=72 TC=0 HOPLIMIT=64 FLOWLBL=1 FRAG:0 INCOMPLETE ID:000000ff PROTO=UDP SPT=1234 DPT=80 LEN=8 ",
		}, {
			"v6 esp", all, "60000001 00083240" + from6 + "0000010200000001",
			text6 + "LEN=48 TC=0 HOPLIMIT=64 FLOWLBL=1 OPT ( ESP SPI=0x102 )",
		}, {
			"v6 esp, no flag", netfilter.LogConfig{}, "60000001 00083240" + from6 + "0000010200000001",
			text6 + "LEN=48 TC=0 HOPLIMIT=64 FLOWLBL=1 ",
		}, {
			"v6 later fragment", all, "60000001 00082c40" + from6 + "06000509000000ff",
			text6 + "LEN=48 TC=0 HOPLIMIT=64 FLOWLBL=1 OPT ( FRAG:1288 INCOMPLETE ID:000000ff ) PROTO=TCP ",
		}, {
			"v6 options behind a later fragment", all, "60000001 00102c40" + from6 + "3c000508000000ff 0600010400000000",
			text6 + "LEN=56 TC=0 HOPLIMIT=64 FLOWLBL=1 OPT ( FRAG:1288 ID:000000ff ) OPT ( )",
		}, {
			"v6 fragment header cut", all, "60000001 00042c40" + from6 + "06000509",
			text6 + "LEN=44 TC=0 HOPLIMIT=64 FLOWLBL=1 OPT ( FRAG:TRUNCATED ",
		}, {
			"v6 extension header cut", all, "60000001 00013c40" + from6 + "06",
			text6 + "LEN=41 TC=0 HOPLIMIT=64 FLOWLBL=1 TRUNCATED",
		}, {
			"icmpv6 error", all,
			"60000001 00383a40" + from6 + "02000000 00000500 60000002 00081140" + from6 + "04d2005000080000",
			text6 + "LEN=96 TC=0 HOPLIMIT=64 FLOWLBL=1 PROTO=ICMPv6 TYPE=2 CODE=0 [SRC=2001:0db8:0000:0000:0000:0000:0000:0001 " +
				"DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=48 TC=0 HOPLIMIT=64 FLOWLBL=2 PROTO=UDP SPT=1234 DPT=80 LEN=8 ] MTU=1280 ",
		}, {
			"icmpv6 parameter problem", all, "60000001 00083a40" + from6 + "04010000 00000028",
			text6 + "LEN=48 TC=0 HOPLIMIT=64 FLOWLBL=1 PROTO=ICMPv6 TYPE=4 CODE=1 POINTER=00000028 [TRUNCATED] ",
		}, {
			"icmpv6 cut", all, "60000001 00043a40" + from6 + "04010000",
			text6 + "LEN=44 TC=0 HOPLIMIT=64 FLOWLBL=1 PROTO=ICMPv6 INCOMPLETE [4 bytes] ",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, string(nflog.Append(nil, c.cfg, packetFrom(t, c.wire), &nflog.Meta{})))
		})
	}
}

const udp4 = "4500001c 00070000 40110000" + from4 + "04d20050 00080000"

func TestOwner(t *testing.T) {
	const text = text4 + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=UDP SPT=1234 DPT=80 LEN=8 "
	p := packetFrom(t, udp4)
	p.Mark, p.Socket = 0x4000, &packet.Socket{UID: 1000, GID: 100}
	assert.Equal(t, text+"UID=1000 GID=100 MARK=0x4000 ", string(nflog.Append(nil, all, p, &nflog.Meta{})))
	assert.Equal(t, text+"MARK=0x4000 ", string(nflog.Append(nil, netfilter.LogConfig{}, p, &nflog.Meta{})))

	p.Socket.NoFile = true
	assert.Equal(t, text+"MARK=0x4000 ", string(nflog.Append(nil, all, p, &nflog.Meta{})), "nobody's socket")

	cut := packetFrom(t, "45000015 00070000 40110000"+from4+"04")
	cut.Mark = 1
	assert.Equal(t, text4+"LEN=21 TOS=0x00 PREC=0x00 TTL=64 ID=7 PROTO=UDP INCOMPLETE [1 bytes] ",
		string(nflog.Append(nil, all, cut, &nflog.Meta{})), "no mark where the line ends early")
}

func TestLinks(t *testing.T) {
	m := nflog.Meta{
		In: "eth0", Out: "eth1", Link: nflog.Ethernet,
		DstMAC: packet.MAC{2, 0, 0, 0, 0, 1}, SrcMAC: packet.MAC{2, 0xff, 0, 0, 0, 1},
	}
	decode := netfilter.LogConfig{MACDecode: true}
	for _, c := range []struct {
		name string
		cfg  netfilter.LogConfig
		edit func(*nflog.Meta)
		want string
	}{
		{"plain", all, func(*nflog.Meta) {}, "IN=eth0 OUT=eth1 MAC=02:00:00:00:00:01:02:ff:00:00:00:01:08:00 SRC="},
		{"decoded", decode, func(*nflog.Meta) {}, "IN=eth0 OUT=eth1 MACSRC=02:ff:00:00:00:01 MACDST=02:00:00:00:00:01 MACPROTO=0800 SRC="},
		{
			"tagged", decode, func(m *nflog.Meta) { m.VLANProto, m.VLANTag = 0x8100, 12 },
			"IN=eth0 OUT=eth1 MACSRC=02:ff:00:00:00:01 MACDST=02:00:00:00:00:01 VPROTO=8100 VID=12 MACPROTO=0800 SRC=",
		},
		{"no link it came by", all, func(m *nflog.Meta) { m.In = "" }, "IN= OUT=eth1 SRC="},
		{"tunnel", all, func(m *nflog.Meta) { m.Link = nflog.Bare }, "IN=eth0 OUT=eth1 MAC= SRC="},
		{"tunnel, decoded", decode, func(m *nflog.Meta) { m.Link = nflog.Bare }, "IN=eth0 OUT=eth1 MAC= SRC="},
		{
			"loopback, decoded", decode, func(m *nflog.Meta) { *m = nflog.Meta{In: "lo", Link: nflog.Loopback} },
			"IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=",
		},
		{
			"bridged", all, func(m *nflog.Meta) { m.Link, m.PhysIn, m.PhysOut = nflog.Bare, "p0", "p1" },
			"IN=eth0 OUT=eth1 PHYSIN=p0 PHYSOUT=p1 MAC= SRC=",
		},
		{
			"bridge port itself", all, func(m *nflog.Meta) { m.Link, m.PhysIn, m.PhysOut = nflog.Bare, "eth0", "eth1" },
			"IN=eth0 OUT=eth1 MAC= SRC=",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := m
			c.edit(&m)
			got := string(nflog.Append(nil, c.cfg, packetFrom(t, udp4), &m))
			head, _, _ := strings.Cut(got, "192.0.2.1")
			assert.Equal(t, c.want, head)
		})
	}
}

func TestAppendTrace(t *testing.T) {
	p, err := packet.Spec{
		Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2"), SrcPort: 1, DstPort: 2, Seq: 3,
		TCPOptions: []byte{1, 1, 1, 0}, Mark: 0x10,
	}.Build()
	require.NoError(t, err)
	p.Socket = &packet.Socket{}
	got := nflog.AppendTrace([]byte("> "), "nat", "OUTPUT", "policy", 3, &p, &nflog.Meta{Out: "eth0"})
	assert.Equal(t, "> nat:OUTPUT:policy:3 IN= OUT=eth0 SRC=2001:0db8:0000:0000:0000:0000:0000:0001 "+
		"DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=64 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=TCP SPT=1 DPT=2 SEQ=3 ACK=0 "+
		"WINDOW=64240 RES=0x00 SYN URGP=0 OPT (01010100) UID=0 GID=0 MARK=0x10 ", string(got))
}

// manyHeaders has 150 extension headers, too many for a line.
func manyHeaders(t *testing.T) *netfilter.Packet {
	return packetFrom(t, "60000001 04b03c40"+from6+strings.Repeat("3c00010400000000", 149)+"3b00010400000000")
}

func TestBufferEnds(t *testing.T) {
	const kept = 1016 // of a line, level and final zero apart
	p := manyHeaders(t)
	got := string(nflog.Append([]byte("> "), netfilter.LogConfig{Prefix: "fw: ", IPOptions: true}, p, &nflog.Meta{}))
	assert.Len(t, got, 2+kept)
	assert.True(t, strings.HasPrefix(got, "> fw: IN="))
	got = string(nflog.AppendTrace(nil, "raw", "PREROUTING", "rule", 1, p, &nflog.Meta{}))
	assert.Len(t, got, kept-len("TRACE: "))
}

func TestHostileBytes(t *testing.T) {
	for _, wire := range []string{"", "45", "60", "00000000 00000000 00000000" + from4, "f000" + from6} {
		assert.NotPanics(t, func() { nflog.Append(nil, all, packetFrom(t, wire), &nflog.Meta{In: "eth0", Link: nflog.Ethernet}) })
	}
}

func TestNoAllocations(t *testing.T) {
	m := &nflog.Meta{In: "eth0", Link: nflog.Ethernet}
	buf := make([]byte, 0, 2048)
	for _, p := range []*netfilter.Packet{packetFrom(t, udp4), manyHeaders(t)} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { buf = nflog.AppendTrace(buf[:0], "raw", "PREROUTING", "rule", 1, p, m) }))
		assert.Zero(t, testing.AllocsPerRun(100, func() { buf = nflog.Append(buf[:0], netfilter.LogConfig{MACDecode: true}, p, m) }))
	}
}

func BenchmarkAppendTrace(b *testing.B) {
	p, err := packet.Spec{Src: netip.MustParseAddr("192.0.2.1"), Dst: netip.MustParseAddr("198.51.100.2"), DstPort: 80}.Build()
	require.NoError(b, err)
	m := &nflog.Meta{In: "eth0", Link: nflog.Ethernet}
	buf := make([]byte, 0, 2048)
	b.ReportAllocs()
	for b.Loop() {
		buf = nflog.AppendTrace(buf[:0], "raw", "PREROUTING", "rule", 1, &p, m)
	}
}
