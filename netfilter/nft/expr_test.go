package nft

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The notation is that of nft --debug=netlink.
func TestExprString(t *testing.T) {
	for _, c := range []struct {
		expr Expr
		want string
	}{
		{&Payload{Base: TransportHeader, Offset: 2, Len: 2, Dest: DataReg(0)}, "payload load 2b @ transport header + 2 => reg 1"},
		{&Payload{Base: TransportHeader, Offset: 2, Len: 2, Dest: DataReg(1)}, "payload load 2b @ transport header + 2 => reg 9"},
		{&Cmp{Op: Neq, Source: DataReg(0), Data: "\x0a\x00\x00\x01"}, "cmp neq reg 1 0x0100000a"},
		{&Cmp{Source: DataReg(0), Data: "eth"}, "cmp eq reg 1 0x00687465"},
		{&Bitwise{Source: DataReg(0), Dest: DataReg(0), Len: 4, Mask: "\xff\x00\x00\x00", Xor: "\x00\x00\x00\x00"}, "bitwise reg 1 = ( reg 1 & 0x000000ff ) ^ 0x00000000"},
		{&CT{Key: CTSrcIP, Dir: Original, Dest: DataReg(0)}, "ct load src_ip => reg 1 , dir original"},
		{&Lookup{Set: SetRef{Anon: &Set{Data: MapData{Kind: VerdictData}}}, Source: DataReg(0), Map: true}, "lookup reg 1 set __map%d dreg 0"},
		{&Fib{Result: FibOIF, Flags: FibSAddr | FibIIF | FibPresent, Dest: DataReg(0)}, "fib saddr . iif oif present => reg 1"},
		{&SetVerdict{Verdict{Code: Jump, Chain: "x"}}, "immediate reg 0 jump -> x"},
		{&Masquerade{}, "masq"},
	} {
		require.Equal(t, c.want, c.expr.String())
	}
}

func TestTypeLen(t *testing.T) {
	addr, port := Field{Type: "ipv4_addr", Bits: 32}, Field{Type: "inet_service", Bits: 16}
	require.Equal(t, 2, Type{Fields: []Field{port}}.Len())
	require.Equal(t, 8, Type{Fields: []Field{addr, port}}.Len())
}
