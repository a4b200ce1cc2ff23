package eval

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// TestRulesetsMadeByHand has rulesets refused whose evaluation would go beyond the
// registers, divide by zero, or meet what does not exist.
func TestRulesetsMadeByHand(t *testing.T) {
	key := nft.Type{Fields: []nft.Field{{Type: "ipv4_addr", Bits: 32}}}
	last := nft.DataReg(nft.RegWords - 1)
	named := func(s nft.Set) *nft.Table {
		s.Name, s.Key = "s", key
		return &nft.Table{Name: "t", Sets: []*nft.Set{&s}}
	}
	tables := map[string]*nft.Table{
		"nil table":      nil,
		"nil chain":      {Chains: []*nft.Chain{nil}},
		"nil rule":       {Chains: []*nft.Chain{{Rules: []*nft.Rule{nil}}}},
		"nil set":        {Sets: []*nft.Set{nil}},
		"nil object":     {Objects: []*nft.Object{nil}},
		"short key":      named(nft.Set{Elements: []nft.Element{{Key: "\x0a"}}}),
		"short end":      named(nft.Set{Interval: true, Elements: []nft.Element{{Key: "\x0a\x00\x00\x01", End: "\x0b"}}}),
		"missing data":   named(nft.Set{Data: nft.MapData{Kind: nft.ValueData, Type: key}, Elements: []nft.Element{{Key: "\x0a\x00\x00\x01"}}}),
		"missing object": named(nft.Set{Data: nft.MapData{Kind: nft.ObjectData}, Elements: []nft.Element{{Key: "\x0a\x00\x00\x01", Object: "o"}}}),
	}
	for name, e := range map[string]nft.Expr{
		"payload":          &nft.Payload{Len: 5, Dest: last},
		"verdict register": &nft.Payload{Len: 4},
		"empty payload":    &nft.Payload{Dest: r0},
		"immediate":        &nft.Immediate{Dest: last, Data: "12345"},
		"meta":             &nft.Meta{Key: nft.MetaIIFName, Dest: last},
		"ct":               &nft.CT{Key: nft.CTBytes, Dest: last},
		"cmp":              &nft.Cmp{Source: last, Data: "12345"},
		"range":            &nft.Range{Source: r0, From: "1", To: "12"},
		"mask":             &nft.Bitwise{Source: r0, Dest: r0, Len: 4, Mask: "1"},
		"shift":            &nft.Bitwise{Op: nft.ShiftLeft, Source: r0, Dest: r0, Len: 4, Shift: 32},
		"byteorder":        &nft.Byteorder{Source: r0, Dest: r0, Len: 4},
		"hash":             &nft.Hash{Source: r0, Dest: r0, Len: 4, HasSeed: true},
		"numgen":           &nft.Numgen{Dest: r0},
		"limit":            &nft.Limit{},
		"reject":           &nft.Reject{Type: nft.RejectICMPX, Code: 4},
		"nat":              &nft.NAT{Family: nft.IP6, AddrMin: last},
		"no set":           &nft.Lookup{Source: r0, Set: nft.SetRef{Name: "none"}},
		"no map":           &nft.ObjRef{Source: r0},
		"no chain":         &nft.SetVerdict{Verdict: nft.Verdict{Code: nft.Jump, Chain: "none"}},
	} {
		tables[name] = chainOf([]nft.Expr{e})
	}
	for name, table := range tables {
		rules := New(&nft.Ruleset{Tables: []*nft.Table{table}})
		require.Error(t, rules.Check(), name)
		require.Empty(t, rules.HookFunctions(), name)
		require.NotPanics(t, func() { rules.Snapshot(rules.NewState(loaded), loaded) }, name)
	}
	require.NoError(t, New(nil).Check())
}
