package packet_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
)

func ExampleSpec_Build() {
	p, err := packet.Spec{
		Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"),
		Proto: packet.ProtoUDP, SrcPort: 1024, DstPort: 53, Payload: []byte("hi"),
	}.Build()
	fmt.Println(&p, err)
	fmt.Println(hex.EncodeToString(p.Wire()))
	// Output:
	// udp 10.0.0.1:1024 > 10.0.0.2:53 payload "hi" <nil>
	// 4500001e00000000401166cd0a0000010a00000204000035000a7f396869
}

func ExampleDecode() {
	wire, _ := hex.DecodeString("4500002800000000400666060a0000010ac80002" +
		"0400005000000000000000005002faf09bd70000")
	p, err := packet.Decode(wire)
	fmt.Println(p.Src(), p.SrcPort(), p.Dst(), p.DstPort(), p.TCPFlags(), err)
	p.SetDst(netip.MustParseAddr("10.0.0.2")) // and updates both checksums
	fmt.Printf("%x %x\n", p.Wire()[10:12], p.Wire()[36:38])

	_, err = packet.Decode(wire[:30])
	fmt.Println(err)
	// Output:
	// 10.0.0.1 1024 10.200.0.2 80 syn <nil>
	// 66ce 9c9f
	// length in the header exceeds the bytes given: 40 > 30
}

// TestSettersMendChecksums changes packets into others and compares them with
// those built so from the start.
func TestSettersMendChecksums(t *testing.T) {
	for _, addrs := range [][4]string{{"10.0.0.1", "10.0.0.2", "192.0.2.255", "198.51.100.0"},
		{"2001:db8::1", "2001:db8::2", "fe80::", "ff02::ffff:ffff"}} {
		for _, proto := range []uint8{packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoSCTP,
			packet.ProtoDCCP, packet.ProtoICMP, packet.ProtoICMPv6, packet.ProtoGRE} {
			s := packet.Spec{Src: netip.MustParseAddr(addrs[0]), Dst: netip.MustParseAddr(addrs[1]), Proto: proto,
				SrcPort: 1, DstPort: 65535, ICMPID: 1, TTL: 1, TOS: 0xff, Payload: []byte("odd")}
			p, err := s.Build()
			require.NoError(t, err)
			s.Src, s.Dst = netip.MustParseAddr(addrs[2]), netip.MustParseAddr(addrs[3])
			s.SrcPort, s.DstPort, s.ICMPID, s.TTL, s.TOS = 40000, 0, 40000, 255, 1
			want, err := s.Build()
			require.NoError(t, err)
			p.SetSrc(s.Src)
			p.SetDst(s.Dst)
			p.SetDstPort(s.DstPort)
			p.SetSrcPort(s.SrcPort)
			p.SetTTL(s.TTL)
			p.SetTOS(s.TOS)
			if proto == packet.ProtoICMP || proto == packet.ProtoICMPv6 {
				p.SetDstPort(s.ICMPID)
			}
			require.Equal(t, hex.EncodeToString(want.Wire()), hex.EncodeToString(p.Wire()), "protocol %d", proto)
		}
	}
}

// TestLongestPackets fills the 16 bits that say how long a packet is.
func TestLongestPackets(t *testing.T) {
	for _, c := range []struct {
		src, dst string
		room     int
	}{{"10.0.0.1", "10.0.0.2", 65535 - 20 - 8}, {"2001:db8::1", "2001:db8::2", 65535 - 40 - 8}} {
		s := packet.Spec{Src: netip.MustParseAddr(c.src), Dst: netip.MustParseAddr(c.dst),
			Proto: packet.ProtoUDP, Payload: make([]byte, c.room)}
		p, err := s.Build()
		require.NoError(t, err)
		require.Equal(t, 65535, p.Len())
		q, err := packet.Decode(p.Wire())
		require.NoError(t, err)
		require.True(t, p.Equal(q))
		s.Payload = make([]byte, c.room+1)
		_, err = s.Build()
		require.EqualError(t, err, "packet of 65536 bytes is too long: at most 65535 are possible")
	}
}

// FuzzDecode reads and changes whatever is taken for a packet.
func FuzzDecode(f *testing.F) {
	for _, s := range []packet.Spec{
		{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), SrcPort: 1, DstPort: 2},
		{Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2"), Proto: packet.ProtoUDP, FragOffset: 8},
		{Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2"), Proto: packet.ProtoICMPv6},
		{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), Proto: packet.ProtoSCTP},
	} {
		p, err := s.Build()
		require.NoError(f, err)
		f.Add(p.Wire(), uint16(80))
	}
	f.Fuzz(func(t *testing.T, wire []byte, port uint16) {
		p, err := packet.Decode(wire)
		if err != nil {
			return
		}
		require.True(t, bytes.HasPrefix(wire, p.Wire()))
		_, _, _ = p.ICMP()
		_ = p.String()
		for _, h := range []uint8{packet.ProtoRouting, packet.ProtoFragment, packet.ProtoAH, packet.ProtoHopByHop} {
			if at, found := p.ExtensionHeader(h); found == packet.HeaderFound {
				require.LessOrEqual(t, at+2, p.Len())
			}
		}
		before := p.Clone()
		src, dst, ttl, tos := p.Src(), p.Dst(), p.TTL(), p.TOS()
		p.SetSrc(dst)
		p.SetDst(src)
		p.SetTTL(ttl + 1)
		p.SetTOS(^tos)
		require.Equal(t, []any{dst, src, ttl + 1, ^tos}, []any{p.Src(), p.Dst(), p.TTL(), p.TOS()})
		p.SetSrcPort(port)
		p.SetDstPort(port)
		require.Equal(t, before.Len(), p.Len())
	})
}

// TestGettersOfResults reads packets that functions return, which have no address.
func TestGettersOfResults(t *testing.T) {
	built := func() packet.Packet {
		p, err := packet.Spec{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), SrcPort: 5, DstPort: 80}.Build()
		require.NoError(t, err)
		return p
	}
	require.True(t, built().IsValid())
	require.Equal(t, netip.MustParseAddrPort("10.0.0.1:5"), netip.AddrPortFrom(built().Src(), built().SrcPort()))
	require.Equal(t, netip.MustParseAddrPort("10.0.0.2:80"), netip.AddrPortFrom(built().Dst(), built().DstPort()))
	require.Equal(t, uint8(packet.ProtoTCP), built().Proto())
}
