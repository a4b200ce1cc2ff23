package packet_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
)

func ExampleICMPError_About() {
	p, _ := packet.Spec{Src: netip.MustParseAddr("10.0.0.5"), Dst: netip.MustParseAddr("203.0.113.9"), Proto: packet.ProtoUDP,
		SrcPort: 4000, DstPort: 53}.Build()
	e, err := packet.ICMPError{From: netip.MustParseAddr("192.0.2.1"), Type: packet.ICMPUnreachable,
		Code: packet.ICMPFragmentationNeeded, Info: 1400}.About(p)
	fmt.Println(e, err)
	// Output: icmp 192.0.2.1 > 10.0.0.5 type 3 code 4 seq 1400 tos 0xc0 payload hex:4500001c00000000401134c30a000005cb0071090fa000350008a9fa <nil>
}

// TestICMPErrorsQuoteWhatFits holds the lengths of errors, and that they are right
// packets.
func TestICMPErrorsQuoteWhatFits(t *testing.T) {
	for _, c := range []struct {
		src, dst, from string
		typ            uint8
		payload, want  int
	}{
		{"10.0.0.1", "10.0.0.2", "10.0.0.3", packet.ICMPTimeExceeded, 4, 20 + 8 + 32},
		{"10.0.0.1", "10.0.0.2", "10.0.0.3", packet.ICMPTimeExceeded, 2000, 576},
		{"2001:db8::1", "2001:db8::2", "fe80::1", packet.ICMPv6TimeExceeded, 4, 40 + 8 + 52},
		{"2001:db8::1", "2001:db8::2", "fe80::1", packet.ICMPv6PacketTooBig, 2000, 1280},
	} {
		p, err := packet.Spec{Src: netip.MustParseAddr(c.src), Dst: netip.MustParseAddr(c.dst), Proto: packet.ProtoUDP, Payload: make([]byte, c.payload)}.Build()
		require.NoError(t, err)
		e, err := packet.ICMPError{From: netip.MustParseAddr(c.from), Type: c.typ}.About(p)
		require.NoError(t, err)
		assert.Equal(t, c.want, e.Len())
		assert.Equal(t, p.Src(), e.Dst())
		again, err := packet.Decode(e.Wire())
		require.NoError(t, err)
		assert.True(t, e.Equal(again))
	}
}

func TestICMPErrorRefuses(t *testing.T) {
	p, err := packet.Spec{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2")}.Build()
	require.NoError(t, err)
	_, err = packet.ICMPError{From: netip.MustParseAddr("10.0.0.3"), Type: 3}.About(packet.Packet{})
	assert.EqualError(t, err, "an ICMP error needs a packet that it is about")
	_, err = packet.ICMPError{Type: 3}.About(p)
	assert.EqualError(t, err, "sender invalid IP of an ICMP error about an IPv4 packet")
	_, err = packet.ICMPError{From: netip.MustParseAddr("fe80::1"), Type: 3}.About(p)
	assert.EqualError(t, err, "sender fe80::1 of an ICMP error about an IPv4 packet")
	_, err = packet.ICMPError{From: netip.MustParseAddr("10.0.0.3"), Type: packet.ICMPEchoRequest}.About(p)
	assert.EqualError(t, err, "type 8 of icmp is no error")
}

func TestMACText(t *testing.T) {
	for _, text := range []string{"", "00:1a:2b:3c:4d:ff"} {
		var m packet.MAC
		require.NoError(t, m.UnmarshalText([]byte(text)))
		again, err := m.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, text, string(again))
	}
	for text, want := range map[string]string{
		"":                   `MAC address "": need six hex pairs joined by colons`,
		"1:2:3:4:5:6":        `MAC address "1:2:3:4:5:6": bad pair "1"`,
		"00:00:00:00:00:0g":  `MAC address "00:00:00:00:00:0g": bad pair "0g"`,
		"00-00-00-00-00-00":  `MAC address "00-00-00-00-00-00": need six hex pairs joined by colons`,
		"00:00:00:00:00:000": `MAC address "00:00:00:00:00:000": bad pair "000"`,
	} {
		_, err := packet.ParseMAC(text)
		assert.EqualError(t, err, want)
	}
}

func TestFamilyText(t *testing.T) {
	for f := packet.IPv4; f <= packet.IPv6; f++ {
		text, err := f.MarshalText()
		require.NoError(t, err)
		var g packet.Family
		require.NoError(t, g.UnmarshalText(text))
		assert.Equal(t, f, g)
	}
	_, err := packet.Family(2).MarshalText()
	require.Error(t, err)
	var f packet.Family
	require.EqualError(t, f.UnmarshalText([]byte("ipv4")), `unknown family "ipv4": need IPv4 or IPv6`)
}
