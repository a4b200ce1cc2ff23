package parser_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
)

// packetTexts are packets in the form FormatPacket gives them.
var packetTexts = []string{
	"eth0: tcp 192.168.199.132:50995 > 192.168.199.119:32741 syn",
	"tcp 10.0.0.1:1 > 10.0.0.2:2 syn,ack seq 1 ackno 4294967295 win 0 mark 0x4000",
	"eth0.5: tcp 10.0.0.1:0 > 10.0.0.2:65535 none win 1 tcpopt hex:020405b4",
	"tcp 10.0.0.1:1 > 10.0.0.2:2 fin,syn,rst,psh,ack,urg,ece,cwr win 5",
	"tcp 10.0.0.1:1 > 10.0.0.2:2 rst",
	`tcp 10.0.0.1:1 > 10.0.0.2:2 psh,ack payload "GET / HTTP/1.0\r\n\r\n"`,
	"tcp [2001:db8::1]:5000 > [2001:db8::2]:53 syn ttl 0 tos 0xb8 flowlabel 0xfffff",
	"udp [2001:db8::1]:5000 > [2001:db8::2]:53",
	`udp [::ffff:10.0.0.1]:1 > [::1]:2 payload " x "`,
	"udp 10.0.0.1:1 > 10.0.0.2:2 len 1400 uid 0 gid 0",
	"udp 10.0.0.1:1 > 10.0.0.2:2 payload hex:00ff uid 1000 gid 100 nofile bound broadcast",
	"udplite 10.0.0.1:1 > 10.0.0.2:2",
	"cni0: sctp 10.0.0.1:1 > 10.0.0.2:2 payload hex:01000004 smac 02:00:00:00:00:01 dmac ff:ff:ff:ff:ff:ff",
	"sctp 10.0.0.1:1 > 10.0.0.2:2",
	"sctp 10.0.0.1:1 > 10.0.0.2:2 len 0",
	"sctp [2001:db8::1]:1 > [2001:db8::2]:2 frag 0+ len 8",
	"dccp 10.0.0.1:1 > 10.0.0.2:2 priority 0x10002",
	"icmp 10.0.0.1 > 10.0.0.2 echo-request id 7 seq 1",
	"icmp 10.0.0.1 > 10.0.0.2 echo-reply code 1",
	"icmp 10.0.0.1 > 10.0.0.2 type 3 code 1 payload hex:45ff",
	"icmp6 2001:db8::1 > 2001:db8::2 echo-request id 7 seq 1",
	"icmp6 fe80::1 > ff02::1 type 0",
	"proto 47 10.0.0.1 > 10.0.0.2 payload hex:0000880b",
	"proto 0 10.0.0.1 > 10.0.0.2",
	"proto 59 2001:db8::1 > 2001:db8::2",
	"udp 10.0.0.1:1 > 10.0.0.2:2 ttl 1 tos 0x01 ipid 65535 df",
	"udp 10.0.0.1:1 > 10.0.0.2:2 ipid 9 frag 0+ len 8",
	"udp 10.0.0.1 > 10.0.0.2 ipid 9 frag 1480",
	"udp 10.0.0.1 > 10.0.0.2 ipid 9 frag 1480+ len 16",
	"tcp 2001:db8::1 > 2001:db8::2 ipid 9 frag 8",
	"udp [2001:db8::1]:1 > [2001:db8::2]:2 ipid 9 frag 0+ len 8",
	"udp 10.0.0.1:1 > 10.0.0.2:2 wire 4500001c00000000401166ce0a0000010a0000020001000200080000",
	"tcp 10.0.0.1:1 > 10.0.0.2:2 wire 4500001c00000000400666d90a0000010a0000020001000200080000 mark 0x1",
}

func TestPacketTexts(t *testing.T) {
	for _, text := range packetTexts {
		dev, p, err := parser.ParsePacket(text)
		require.NoError(t, err, text)
		require.Equal(t, text, parser.FormatPacket(dev, p))
	}
}

// TestPacketSpellings gives packets in other words than FormatPacket does.
func TestPacketSpellings(t *testing.T) {
	for text, want := range map[string]string{
		"tcp 10.0.0.1:1 > 10.0.0.2:2":                                   "tcp 10.0.0.1:1 > 10.0.0.2:2 syn",
		"  proto tcp \t10.0.0.1:1 > 10.0.0.2:2 mark 5 ack,syn\n":        "tcp 10.0.0.1:1 > 10.0.0.2:2 syn,ack mark 0x5",
		"TCP 10.0.0.1:1 > 10.0.0.2:2 mark 0x0":                          "tcp 10.0.0.1:1 > 10.0.0.2:2 syn",
		"proto 6 10.0.0.1:1 > 10.0.0.2:2 tcpopt hex:01":                 "tcp 10.0.0.1:1 > 10.0.0.2:2 syn tcpopt hex:01000000",
		"gre 10.0.0.1 > [10.0.0.2]":                                     "proto 47 10.0.0.1 > 10.0.0.2",
		"icmp 10.0.0.1 > 10.0.0.2":                                      "icmp 10.0.0.1 > 10.0.0.2 echo-request",
		"icmpv6 [::1] > ::1 seq 0x10":                                   "icmp6 ::1 > ::1 echo-request seq 16",
		"icmp6 ::1 > ::1 type 129":                                      "icmp6 ::1 > ::1 echo-reply",
		"udp 10.0.0.1:1 > 10.0.0.2:2 dscp 46":                           "udp 10.0.0.1:1 > 10.0.0.2:2 tos 0xb8",
		"udp 10.0.0.1:1 > 10.0.0.2:2 payload hello gid 5":               `udp 10.0.0.1:1 > 10.0.0.2:2 payload "hello" uid 0 gid 5`,
		"wire 4500001c00000000401166ce0a0000010a0000020001000200080000": "udp 10.0.0.1:1 > 10.0.0.2:2 wire 4500001c00000000401166ce0a0000010a0000020001000200080000",
		"a: wire hex:45000014000000004011" + "66d60a0000010a000002":     "a: udp 10.0.0.1:0 > 10.0.0.2:0 wire 45000014000000004011" + "66d60a0000010a000002",
		"udp 2001:db8::1 > 2001:db8::2 frag 8":                          "udp 2001:db8::1 > 2001:db8::2 frag 8",
	} {
		dev, p, err := parser.ParsePacket(text)
		require.NoError(t, err, text)
		require.Equal(t, want, parser.FormatPacket(dev, p))
	}
}

// TestPacketFaults shows what is said of a text that is no packet, and where.
func TestPacketFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                                             "1:1: the protocol is missing",
		"eth0:":                                        "1:6: the protocol is missing",
		"eth0 tcp 1.1.1.1:1 > 2.2.2.2:2":               `1:1: unknown protocol "eth0"; a link is followed by a colon, a protocol without a name is "proto 47"`,
		"proto 256 1.1.1.1 > 2.2.2.2":                  `1:7: unknown protocol "256"; a link is followed by a colon, a protocol without a name is "proto 47"`,
		"tcp 1.1.1.1:1":                                `1:14: ">" and the destination is missing; a shell takes ">" for itself: put the packet between quotes`,
		"tcp 1.1.1.1:1 2.2.2.2:2":                      `1:15: need ">" between source and destination, not "2.2.2.2:2"`,
		"tcp 1.1.1.1 > 2.2.2.2:2":                      "1:5: tcp needs a port: 1.1.1.1:1024",
		"tcp [2001:db8::1]:5 > 2001:db8::2:22":         "1:23: tcp needs a port: [2001:db8::2:22]:1024, or with brackets if 22 is the port: [2001:db8::2]:22",
		"tcp ::1 > [::1]:2":                            "1:5: tcp needs a port: [::1]:1024",
		"tcp 1.1.1.1:x > 2.2.2.2:2":                    `1:5: bad address and port "1.1.1.1:x": they look like 10.0.0.1:80 or [2001:db8::1]:80; a port is a number`,
		"tcp 1.1.1.1:1 > [::1]:2":                      "1:17: 1.1.1.1 and ::1 are of different families",
		"icmp 1.1.1.1:1 > 2.2.2.2":                     "1:6: icmp has no ports",
		"proto 47 fe80::1%lo > fe80::2":                `1:10: bad address "fe80::1%lo"`,
		"udp 1.1.1.1:1 > 2.2.2.2:2 frag 8":             "1:5: a fragment after the first has no ports",
		"udp 1.1.1.1:1 > 2.2.2.2:2 syn":                "1:27: syn is not possible: the packet is not TCP",
		"udp 1.1.1.1:1 > 2.2.2.2:2 seq 1":              "1:27: seq is not possible: the packet is not TCP or ICMP",
		"icmp 1.1.1.1 > 2.2.2.2 seq 65536":             "1:24: seq is not possible: its greatest value is 65535 here",
		"tcp 1.1.1.1 > 2.2.2.2 frag 8 syn":             "1:30: syn is not possible: a fragment after the first has no TCP header",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 flowlabel 1":        "1:27: flowlabel is not possible: the packet is not IPv6",
		"tcp [::1]:1 > [::1]:2 df":                     "1:23: df is not possible: the packet is not IPv4",
		"tcp [::1]:1 > [::1]:2 ipid 1":                 "1:23: ipid is not possible: only fragments have an identification in IPv6",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 syn ack":            "1:31: a second flags: only one is possible; flags are joined by commas: syn,ack",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 synn":               `1:27: unknown word "synn"; did you mean "syn"?`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 mrak 5":             `1:27: unknown word "mrak"; did you mean "mark"?`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 flags":              `1:27: unknown word "flags"`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 mark":               "1:31: the value of mark is missing",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 ttl 256":            `1:31: bad number "256": ttl is between 0 and 255`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 tos 1 dscp 1":       "1:33: dscp is not possible: tos says it",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 len 1 payload x":    "1:27: len is not possible: the payload has a length",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 len 65535":          "1:17: packet of 65575 bytes is too long: at most 65535 are possible",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 frag 3":             `1:32: bad fragment offset "3": need a multiple of 8 up to 65528`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 frag 0":             "1:32: an offset of 0 without more fragments is no fragment",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 tcpopt 0204":        "1:34: TCP options look like hex:020405b4",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 payload hex:0":      "1:35: bad hex: encoding/hex: odd length hex string",
		`tcp 1.1.1.1:1 > 2.2.2.2:2 payload "x`:         "1:35: the quote is not closed, or holds a bad escape",
		`tcp 1.1.1.1:1 > 2.2.2.2:2 "x"`:                "1:27: text in quotes must follow the word payload",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 smac 1":             `1:32: bad Ethernet address "1": it looks like 02:00:00:00:00:01`,
		"eth0: tcp 1.1.1.1:1 > 2.2.2.2:2 mark 1 gid 5": "1:40: gid is of the socket that sends a packet, but this one arrives by eth0: leave it out, or leave out the link",
		"wire":      "1:5: the value of wire is missing",
		"wire 45":   "1:1: packet shorter than its header",
		"wire 1234": "1:1: not an IPv4 or IPv6 packet",
		"wire 45000014000000004011" + "66d60a0000010a00000200":     "1:1: 1 bytes follow the packet, which has 20",
		"wire 45000014000000004011" + "66d60a0000010a000002 ttl 5": "1:47: ttl has no place beside wire: the bytes say it",
		"tcp 1.1.1.1:1 > 2.2.2.2:2 wire 45000014000000004011" + "66d60a0000010a000002": "1:1: the bytes after wire are another packet's: " +
			"udp 10.0.0.1:0 > 10.0.0.2:0 wire 45000014000000004011" + "66d60a0000010a000002",
	} {
		_, p, err := parser.ParsePacket(text)
		var fault *parser.Error
		if !errors.As(err, &fault) {
			t.Errorf("%q is taken as %s", text, p)
			continue
		}
		if err.Error() != want {
			t.Errorf("%q\n got %s\nwant %s", text, err, want)
		}
		requireInside(t, text, fault)
	}
}

func TestZeroPacketHasText(t *testing.T) {
	require.Equal(t, "no packet", netfilter.Packet{}.String())
	require.Equal(t, "wire 4500", packet.View([]byte{0x45, 0}).String())
}

// TestRandomPacketsComeBack prints packets of random bytes, half of them made
// good, and reads them again.
func TestRandomPacketsComeBack(t *testing.T) {
	const seed = 1
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20000 {
		p, ok := randomPacket(r)
		if !ok {
			continue
		}
		dev := "eth0"
		if p.Socket != nil {
			dev = ""
		}
		requireComesBack(t, dev, p)
	}
}

func requireComesBack(t *testing.T, dev string, p netfilter.Packet) {
	t.Helper()
	text := parser.FormatPacket(dev, p)
	dev2, again, err := parser.ParsePacket(text)
	if err != nil || dev2 != dev || !again.Equal(p) {
		t.Fatalf("%s\n%s\ncomes back as %s: %s\n%s\nerror %v", text, hexOf(p), dev2, again, hexOf(again), err)
	}
}

func hexOf(p netfilter.Packet) string { return hex.EncodeToString(p.Wire()) }

func randomPacket(r *rand.Rand) (netfilter.Packet, bool) {
	protos := []uint8{1, 6, 17, 33, 44, 47, 58, 132, 136, uint8(r.Uint32())}
	payload := make([]byte, r.IntN(50))
	if r.IntN(3) > 0 {
		for i := range payload {
			payload[i] = byte(r.Uint32())
		}
	}
	few := func(max int64) uint64 { return uint64(r.Int64N(2) * r.Int64N(max)) }
	s := packet.Spec{
		Src: randomAddr(r, 4), Dst: randomAddr(r, 4), Proto: protos[r.IntN(len(protos))],
		SrcPort: uint16(r.Uint32()), DstPort: uint16(r.Uint32()), Flags: packet.TCPFlags(r.Uint32()),
		Seq: uint32(few(1 << 31)), Ack: uint32(few(1 << 31)), Window: uint16(few(1 << 16)), TCPOptions: payload[:min(len(payload), r.IntN(41))],
		ICMPType: uint8(few(256)), ICMPCode: uint8(few(256)), ICMPID: uint16(few(1 << 16)), ICMPSeq: uint16(few(1 << 16)),
		TTL: uint8(few(256)), TOS: uint8(few(256)), ID: uint16(few(1 << 16)), FlowLabel: uint32(few(1 << 20)),
		DontFragment: r.IntN(2) == 0, FragOffset: uint16(few(1<<13)) << 3, MoreFragments: r.IntN(4) == 0,
		Payload: payload, Literal: r.IntN(2) == 0,
	}
	if r.IntN(2) == 0 {
		s.Src, s.Dst = randomAddr(r, 16), randomAddr(r, 16)
	}
	if r.IntN(2) == 0 {
		s.FragOffset, s.MoreFragments = 0, false
	}
	p, err := s.Build()
	if err != nil {
		return p, false
	}
	if r.IntN(2) == 0 {
		p.Wire()[20+r.IntN(p.Len()-19)-1] ^= byte(r.Uint32())
	}
	if r.IntN(2) == 0 {
		p.Mark, p.Priority, p.SrcMAC = r.Uint32(), uint32(few(1<<31)), packet.MAC{2, 0, 0, 0, 0, byte(r.Uint32())}
	}
	if r.IntN(3) == 0 {
		p.Socket = &packet.Socket{UID: uint32(few(1 << 31)), NoFile: r.IntN(2) == 0}
	}
	return p, true
}

func randomAddr(r *rand.Rand, n int) netip.Addr {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32()) & byte(-r.IntN(2))
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

func FuzzParsePacket(f *testing.F) {
	for _, text := range packetTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		dev, p, err := parser.ParsePacket(text)
		if err == nil {
			requireComesBack(t, dev, p)
			return
		}
		var fault *parser.Error
		if !errors.As(err, &fault) {
			t.Fatalf("%q: %v", text, err)
		}
		if fault.Pos.Line != 1 || fault.Pos.Col < 1 || fault.Pos.Col > len(text)+1 {
			t.Fatalf("%q: the place %s is not in the text: %v", text, fault.Pos, err)
		}
		_ = fault.Snippet()
	})
}

func ExampleParsePacket() {
	dev, p, err := parser.ParsePacket("eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn,ack ttl 3 mark 0x1")
	fmt.Println(dev, p.Src(), p.DstPort(), p.TCPFlags(), p.TTL(), p.Mark, err)
	_, _, err = parser.ParsePacket("eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 synn")
	fmt.Printf("%+v\n", err)
	// Output:
	// eth0 10.0.0.1 80 syn,ack 3 1 <nil>
	// 1:39: unknown word "synn"; did you mean "syn"?
	//     eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 synn
	//                                           ^~~~
}

// TestSCTPPacketHasChunk begins an association where nothing else is said, as
// a TCP packet is a SYN: connection tracking takes no packet without a chunk.
func TestSCTPPacketHasChunk(t *testing.T) {
	_, p := parser.MustPacket("sctp 10.0.0.1:1 > 10.0.0.2:2")
	built, err := packet.Spec{Src: p.Src(), Dst: p.Dst(), Proto: packet.ProtoSCTP, SrcPort: 1, DstPort: 2}.Build()
	require.NoError(t, err)
	require.Equal(t, p.Wire(), built.Wire())
	require.Equal(t, packet.SCTPInit(), p.Wire()[32:])
}

func TestMustPacket(t *testing.T) {
	dev, p := parser.MustPacket("eth0: udp 10.0.0.1:1 > 10.0.0.2:2")
	require.Equal(t, "eth0: udp 10.0.0.1:1 > 10.0.0.2:2", parser.FormatPacket(dev, p))
	require.PanicsWithValue(t, `parser.MustPacket("udp"): 1:4: the source is missing`, func() { parser.MustPacket("udp") })
}
