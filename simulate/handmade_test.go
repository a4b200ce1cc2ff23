package simulate_test

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"go4.org/netipx"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestHandmadeExtensions gives the fields of every extension any values at all,
// as a program that builds rulesets without a text might: what New accepts takes
// packets and shows itself without panicking.
func TestHandmadeExtensions(t *testing.T) {
	const tries = 60
	luck := rand.New(rand.NewPCG(1, 2))
	for _, family := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
		c := gen.Random(7, gen.Config{Family: 4 + 2*int(family)})
		var wires [][]byte
		for p := range c.Packets(nil) {
			wires = append(wires, p.Wire)
		}
		for _, d := range append(match.Definitions(), target.Definitions()...) {
			t.Run(family.String()+"/"+d.Name, func(t *testing.T) {
				accepted := 0
				for range tries {
					rs := handmade(d, family, luck)
					node, err := simulate.New(fuzzHost(), rs)
					if err != nil {
						continue
					}
					accepted++
					require.NotEmpty(t, rs.String())
					s := node.NewSession()
					for range 8 {
						p, err := packet.Decode(wires[luck.IntN(len(wires))])
						if err != nil {
							continue
						}
						require.NotEmpty(t, s.Receive("eth0", p).String())
						require.NotEmpty(t, s.Send(p).String())
					}
				}
				t.Logf("%d of %d accepted", accepted, tries)
			})
		}
	}
}

// TestHandmadeHosts does the same with hosts.
func TestHandmadeHosts(t *testing.T) {
	luck := rand.New(rand.NewPCG(3, 4))
	c := gen.Random(7, gen.Config{Family: 4})
	c6 := gen.Random(8, gen.Config{Family: 6})
	accepted := 0
	for range 300 {
		h := fuzzHost()
		h.Rules = []host.PolicyRule{{Priority: 100, Table: 254}, {Priority: 200, Table: 253}}
		h.Sockets = []host.Socket{{Proto: packet.ProtoTCP, Port: 80}}
		poke(reflect.ValueOf(&h).Elem(), luck)
		for _, c := range []*gen.Case{c, c6} {
			node, err := oracle.Load(h, c.Rules4, c.Rules6)
			if err != nil {
				t.Log(err)
				continue
			}
			accepted++
			s := node.NewSession()
			for p := range c.Packets(nil) {
				p, err := packet.Decode(p.Wire)
				if err != nil {
					continue
				}
				require.NotEmpty(t, s.Receive("eth0", p).String())
				require.NotEmpty(t, s.Send(p).String())
			}
		}
	}
	t.Logf("%d accepted", accepted)
}

// handmade returns a ruleset with an extension of random fields in every
// built-in chain of a table that may hold it.
func handmade(d *netfilter.Definition, f netfilter.Family, luck *rand.Rand) *netfilter.Ruleset {
	tables := d.Tables
	if tables == nil {
		tables = []string{"raw", "mangle", "nat", "filter"}
	}
	t := netfilter.NewTable(tables[luck.IntN(len(tables))])
	for _, c := range t.Chains {
		if h, _ := netfilter.HookByName(c.Name); d.Hooks != 0 && !d.Hooks.Has(h) {
			continue
		}
		r := &netfilter.Rule{}
		if len(d.Protocols) > 0 {
			r.Proto = d.Protocols[luck.IntN(len(d.Protocols))]
		}
		e := d.New()
		fill(reflect.ValueOf(e).Elem(), f, luck)
		if m, ok := e.(netfilter.Match); ok {
			r.Matches = []netfilter.Match{m}
		} else {
			r.Target = e.(netfilter.Target)
		}
		c.Rules = append(c.Rules, r)
	}
	return &netfilter.Ruleset{Family: f, Tables: []*netfilter.Table{t}}
}

// fill gives a value and all it holds random contents, half of the fields left
// as they are.
func fill(v reflect.Value, f netfilter.Family, luck *rand.Rand) {
	if !v.CanSet() {
		return
	}
	switch v.Interface().(type) {
	case netip.Addr:
		v.Set(reflect.ValueOf(anyAddr(f, luck)))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf(netip.PrefixFrom(anyAddr(f, luck), luck.IntN(140)-4)))
		return
	case netipx.IPRange:
		v.Set(reflect.ValueOf(netipx.IPRangeFrom(anyAddr(f, luck), anyAddr(f, luck))))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if luck.IntN(2) == 0 {
				fill(v.Field(i), f, luck)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), f, luck)
		}
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), luck.IntN(5), 6)
		for i := range s.Len() {
			fill(s.Index(i), f, luck)
		}
		v.Set(s)
	case reflect.Map:
		if luck.IntN(8) > 0 {
			return
		}
		m := reflect.MakeMap(v.Type())
		for range luck.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, f, luck)
			fill(value, f, luck)
			m.SetMapIndex(key, value)
		}
		v.Set(m)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		fill(p.Elem(), f, luck)
		v.Set(p)
	case reflect.String:
		v.SetString([]string{"", "a", "eth0", "%", "\x00", "a name that is longer than any kernel would take, by far"}[luck.IntN(6)])
	case reflect.Bool:
		v.SetBool(luck.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(anyNumber(luck))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(anyNumber(luck)))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(anyNumber(luck)) / 3)
	}
}

// poke gives some of what a value holds random contents, so that most of it keeps
// its sense.
func poke(v reflect.Value, luck *rand.Rand) {
	switch {
	case luck.IntN(40) == 0:
		fill(v, netfilter.Family(luck.IntN(2)), luck)
	case v.Kind() == reflect.Struct && v.Type().PkgPath() != "net/netip":
		for i := range v.NumField() {
			poke(v.Field(i), luck)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			poke(v.Index(i), luck)
		}
	}
}

// anyNumber is small most of the time.
func anyNumber(luck *rand.Rand) int64 {
	if luck.IntN(4) == 0 {
		return luck.Int64() - luck.Int64()
	}
	return luck.Int64N(12) - 2
}

func anyAddr(f netfilter.Family, luck *rand.Rand) netip.Addr {
	switch luck.IntN(8) {
	case 0:
		return netip.Addr{}
	case 1:
		f = 1 - f
	}
	if f == netfilter.IPv6 {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(luck.IntN(256))})
	}
	return netip.AddrFrom4([4]byte{10, 1, 0, byte(luck.IntN(256))})
}
