package eval

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

var (
	r0, r1  = nft.DataReg(0), nft.DataReg(1)
	client  = netip.MustParseAddr("10.0.0.1")
	server  = netip.MustParseAddr("10.0.0.2")
	syn     = packet.Spec{Src: client, Dst: server, SrcPort: 1000, DstPort: 80}
	drop    = &nft.SetVerdict{Verdict: nft.Verdict{Code: nft.Drop}}
	dstPort = &nft.Payload{Base: nft.TransportHeader, Offset: 2, Len: 2, Dest: r0}
)

// What holds is told by the rule's verdict: drop, or the policy accept where an
// expression broke.
func TestInstructions(t *testing.T) {
	fragment := syn
	fragment.FragOffset, fragment.Payload = 800, []byte{0, 1, 0, 80, 0, 0, 0, 0}
	options := syn
	options.TCPOptions = []byte{2, 4, 5, 0xb4}
	for _, c := range []struct {
		name   string
		packet packet.Spec
		exprs  []nft.Expr
		holds  bool
	}{
		{"port", syn, []nft.Expr{dstPort, &nft.Cmp{Source: r0, Data: "\x00\x50"}}, true},
		{"other port", syn, []nft.Expr{dstPort, &nft.Cmp{Op: nft.Neq, Source: r0, Data: "\x00\x50"}}, false},
		{"port of a later fragment by the fast way", fragment, []nft.Expr{dstPort, &nft.Cmp{Source: r0, Data: "\x00\x50"}}, true},
		{"three bytes of a later fragment", fragment,
			[]nft.Expr{&nft.Payload{Base: nft.TransportHeader, Offset: 2, Len: 3, Dest: r0}}, false},
		{"behind the end", syn, []nft.Expr{&nft.Payload{Base: nft.NetworkHeader, Offset: 39, Len: 2, Dest: r0}}, false},
		{"prefix", syn, []nft.Expr{&nft.Payload{Base: nft.NetworkHeader, Offset: 12, Len: 4, Dest: r0},
			&nft.Bitwise{Source: r0, Dest: r0, Len: 4, Mask: "\xff\xff\xff\xfe", Xor: "\x00\x00\x00\x00"},
			&nft.Cmp{Source: r0, Data: "\x0a\x00\x00\x00"}}, true},
		{"range", syn, []nft.Expr{dstPort, &nft.Range{Source: r0, From: "\x00\x01", To: "\x00\x50"}}, true},
		{"outside of a range", syn, []nft.Expr{dstPort, &nft.Range{Not: true, Source: r0, From: "\x00\x01", To: "\x00\x50"}}, false},
		{"length in host order", syn, []nft.Expr{&nft.Meta{Key: nft.MetaLen, Dest: r0}, &nft.Cmp{Source: r0, Data: "\x28\x00\x00\x00"}}, true},
		{"length turned for an order", syn, []nft.Expr{&nft.Meta{Key: nft.MetaLen, Dest: r0},
			&nft.Byteorder{ToNetwork: true, Source: r0, Dest: r0, Len: 4, Size: 4},
			&nft.Cmp{Op: nft.Gt, Source: r0, Data: "\x00\x00\x00\x27"}}, true},
		{"name of a link that is not there", syn, []nft.Expr{&nft.Meta{Key: nft.MetaOIFName, Dest: r0},
			&nft.Cmp{Op: nft.Neq, Source: r0, Data: "eth1"}}, true},
		{"group of a link that is not there", syn, []nft.Expr{&nft.Meta{Key: nft.MetaOIFGroup, Dest: r0}}, false},
		{"kind of a physical link", syn, []nft.Expr{&nft.Meta{Key: nft.MetaIIFKind, Dest: r0}}, false},
		{"link header", syn, []nft.Expr{&nft.Payload{Base: nft.LinkHeader, Offset: 6, Len: 6, Dest: r0},
			&nft.Cmp{Source: r0, Data: "\x02\x00\x00\x00\x00\x02"}}, true},
		{"state before tracking", syn, []nft.Expr{&nft.CT{Key: nft.CTState, Dest: r0}, &nft.Cmp{Source: r0, Data: "\x01\x00\x00\x00"}}, true},
		{"mark of no connection", syn, []nft.Expr{&nft.CT{Key: nft.CTMark, Dest: r0}}, false},
		{"option", options, []nft.Expr{&nft.Exthdr{Op: nft.ExthdrTCPOption, Type: 2, Offset: 2, Len: 2, Dest: r0},
			&nft.Cmp{Source: r0, Data: "\x05\xb4"}}, true},
		{"option that is not there", syn, []nft.Expr{&nft.Exthdr{Op: nft.ExthdrTCPOption, Type: 2, Offset: 2, Len: 2, Dest: r0}}, false},
		{"absence of an option", syn, []nft.Expr{&nft.Exthdr{Op: nft.ExthdrTCPOption, Type: 2, Len: 1, Present: true, Dest: r0},
			&nft.Cmp{Source: r0, Data: "\x00"}}, true},
		{"shift", syn, []nft.Expr{&nft.Immediate{Dest: r0, Data: "\x01\x00\x00\x00"},
			&nft.Bitwise{Op: nft.ShiftLeft, Source: r0, Dest: r1, Len: 4, Shift: 8}, &nft.Cmp{Source: r1, Data: "\x00\x01\x00\x00"}}, true},
		{"limit by bytes", syn, []nft.Expr{&nft.Limit{Rate: 39, Unit: 3600, Bytes: true}}, false},
		{"limit by packets", syn, []nft.Expr{&nft.Limit{Rate: 1, Unit: 3600}}, true},
		{"quota", syn, []nft.Expr{&nft.Quota{Bytes: 39}}, false},
		{"quota over", syn, []nft.Expr{&nft.Quota{Bytes: 39, Over: true}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, chainOf(append(c.exprs, drop)), build(t, c.packet))
			v, _ := b.run()
			require.Equal(t, c.holds, v == netfilter.Drop)
		})
	}
}

func TestWritesKeepChecksums(t *testing.T) {
	for _, c := range []struct {
		name   string
		packet packet.Spec
		write  []nft.Expr
		want   string
	}{
		{"destination", syn, []nft.Expr{&nft.Immediate{Dest: r0, Data: "\x0a\x00\x00\x09"},
			&nft.PayloadSet{Base: nft.NetworkHeader, Offset: 16, Len: 4, Source: r0, Checksum: nft.InetChecksum, ChecksumOffset: 10,
				ChecksumFlags: nft.ChecksumPseudo}}, "tcp 10.0.0.1:1000 > 10.0.0.9:80 syn"},
		{"port", syn, []nft.Expr{&nft.Immediate{Dest: r0, Data: "\x1f\x90"},
			&nft.PayloadSet{Base: nft.TransportHeader, Offset: 2, Len: 2, Source: r0, Checksum: nft.InetChecksum, ChecksumOffset: 16}},
			"tcp 10.0.0.1:1000 > 10.0.0.2:8080 syn"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, chainOf(c.write), build(t, c.packet))
			b.run()
			require.Equal(t, c.want, b.context.Packet.String())
		})
	}
}

func TestSegmentSizeIsNeverRaised(t *testing.T) {
	s := syn
	s.TCPOptions = []byte{2, 4, 5, 0xb4}
	for value, want := range map[string]string{"\x05\x00": "\x05\x00", "\x20\x00": "\x05\xb4"} {
		b := newBench(t, chainOf([]nft.Expr{&nft.Immediate{Dest: r0, Data: value},
			&nft.ExthdrSet{Op: nft.ExthdrTCPOption, Type: 2, Offset: 2, Len: 2, Source: r0}}), build(t, s))
		b.run()
		require.Equal(t, want, string(b.context.Packet.Wire()[42:44]))
	}
}

func TestNumbersGoRound(t *testing.T) {
	b := newBench(t, chainOf([]nft.Expr{&nft.Numgen{Mod: 3, Offset: 5, Dest: r0}, &nft.Cmp{Source: r0, Data: "\x06\x00\x00\x00"}, drop}), build(t, syn))
	var got []netfilter.Verdict
	for range 4 {
		v, _ := b.run()
		got = append(got, v)
	}
	require.Equal(t, []netfilter.Verdict{netfilter.Accept, netfilter.Drop, netfilter.Accept, netfilter.Accept}, got)
}

// A netmap keeps the bits in which the ends of its range differ.
func TestNetmap(t *testing.T) {
	table := chainOf([]nft.Expr{&nft.Immediate{Dest: r0, Data: "\xc0\xa8\x00\x00"}, &nft.Immediate{Dest: r1, Data: "\xc0\xa8\xff\xff"},
		&nft.NAT{Family: nft.IP, AddrMin: r0, AddrMax: r1, Flags: nft.NATNetmap}})
	b := newBench(t, table, build(t, syn))
	v, _ := b.run()
	require.Equal(t, netfilter.Accept, v)
	to := netip.MustParseAddr("192.168.0.2")
	require.Equal(t, []enginetest.NATCall{{Manip: netfilter.ManipDst, Range: netfilter.NATRange{MinAddr: to, MaxAddr: to}}}, b.engine.NAT)
}

func TestRejectCodes(t *testing.T) {
	table := chainOf([]nft.Expr{&nft.Reject{Type: nft.RejectICMPX, Code: nft.ICMPXAdminProhibited}})
	b := newBench(t, table, build(t, syn))
	v, _ := b.run()
	require.Equal(t, netfilter.Drop, v)
	require.Equal(t, []netfilter.RejectWith{{Type: 3, Code: 13}}, b.engine.Rejected)
	six := packet.Spec{Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2")}
	b = newBench(t, table, build(t, six))
	b.run()
	require.Equal(t, []netfilter.RejectWith{{Type: 1, Code: 1}}, b.engine.Rejected)
}
