package netfilter_test

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/parser"
)

// drawer fills values with what their types allow, odd ones often.
type drawer struct{ *rand.Rand }

var oddTexts = []string{"", "a", "eth0", "eth+", "+", "lo", "a b", "-j", "--name", "!", "\"", "\\", "'", "a\nb", "\x00", "ACCEPT", "ü",
	strings.Repeat("x", 15), strings.Repeat("x", 16), strings.Repeat("x", 29), strings.Repeat("x", 64), strings.Repeat("x", 255), strings.Repeat("y", 300), "/", "10.0.0.1"}

func (d drawer) number(bits int) uint64 {
	all := uint64(1)<<(bits-1)<<1 - 1
	switch d.IntN(6) {
	case 0:
		return 0
	case 1:
		return all
	case 2:
		return d.Uint64() & all
	}
	return d.Uint64N(min(all, 40))
}

func (d drawer) addr() netip.Addr {
	all := []string{"10.0.0.1", "192.0.2.0", "0.0.0.0", "255.255.255.0", "255.255.255.255", "224.0.0.1", "2001:db8::1", "2001:db8::", "::",
		"ffff:ffff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:1.2.3.4", "fe80::1%eth0"}
	if d.IntN(8) == 0 {
		return netip.Addr{}
	}
	return netip.MustParseAddr(all[d.IntN(len(all))])
}

// fill sets what v holds.
func (d drawer) fill(v reflect.Value) {
	if !v.CanSet() {
		return
	}
	switch x := v.Addr().Interface().(type) {
	case *netip.Addr:
		*x = d.addr()
		return
	case *netip.Prefix:
		*x = netip.PrefixFrom(d.addr(), d.IntN(140)-5)
		return
	case *netfilter.Pos:
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(d.IntN(3) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(d.number(v.Type().Bits())))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(d.number(v.Type().Bits()))
	case reflect.String:
		v.SetString(oddTexts[d.IntN(len(oddTexts))])
	case reflect.Array:
		for i := range v.Len() {
			d.fill(v.Index(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), d.IntN(4), 4))
		for i := range v.Len() {
			d.fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			d.fill(v.Field(i))
		}
	}
}

// extension draws an extension: its defaults with some fields changed.
func (d drawer) extension(def *netfilter.Definition) netfilter.Extension {
	e := def.New()
	v := reflect.ValueOf(e).Elem()
	if d.IntN(5) == 0 {
		v.SetZero()
	}
	for i := range v.NumField() {
		if d.IntN(2) == 0 {
			d.fill(v.Field(i))
		}
	}
	return e
}

func (d drawer) rule(f netfilter.Family, def *netfilter.Definition, isTarget bool) *netfilter.Rule {
	r := &netfilter.Rule{}
	if d.IntN(3) == 0 {
		d.fill(reflect.ValueOf(&r.Header).Elem())
		r.ProtoNumber = false // the style of another release, which is not told to the reader
	}
	if len(def.Protocols) > 0 && d.IntN(8) > 0 {
		r.Proto, r.InvProto, r.MPTCP = def.Protocols[d.IntN(len(def.Protocols))], false, false
	}
	e := d.extension(def)
	if d.IntN(6) > 0 {
		if family := reflect.ValueOf(e).Elem().FieldByName("Family"); family.IsValid() {
			family.SetUint(uint64(f))
		}
	}
	if isTarget {
		r.Target = e.(netfilter.Target)
	} else {
		r.Matches = append(r.Matches, e.(netfilter.Match))
	}
	return r
}

// ruleset puts a rule where its extension may stand.
func (d drawer) ruleset(f netfilter.Family, def *netfilter.Definition, r *netfilter.Rule) *netfilter.Ruleset {
	name := "mangle"
	if def.Tables != nil {
		name = def.Tables[d.IntN(len(def.Tables))]
	}
	t := netfilter.NewTable(name)
	c := t.Chains[d.IntN(len(t.Chains))]
	for _, fits := range t.Chains {
		if h, _ := netfilter.HookByName(fits.Name); def.Hooks.Has(h) && d.IntN(2) == 0 {
			c = fits
		}
	}
	c.Rules = []*netfilter.Rule{r}
	return &netfilter.Ruleset{Family: f, Tables: []*netfilter.Table{t}}
}

// TestWhatPassesIsReadAgain draws rules made by hand, of every extension, and holds
// that those that Check takes print as text that is read again as the same.
func TestWhatPassesIsReadAgain(t *testing.T) {
	d := drawer{rand.New(rand.NewPCG(1, 2))}
	const draws = 60
	kinds := 0
	for _, isTarget := range []bool{false, true} {
		for _, def := range map[bool][]*netfilter.Definition{false: match.Definitions(), true: target.Definitions()}[isTarget] {
			passed := 0
			for i := range 2 * draws {
				f := netfilter.Family(i % 2)
				if !def.Families.Has(f) {
					continue
				}
				rs := d.ruleset(f, def, d.rule(f, def, isTarget))
				var text string
				var err error
				if !assert.NotPanics(t, func() { err, text = rs.Check(), rs.String() }, "%s", def.Name) {
					break
				}
				if err != nil {
					continue
				}
				passed++
				again, err := parser.ParseString(text, parser.Family(f))
				if assert.NoError(t, err, text) {
					assert.Equal(t, text, again.String())
				}
			}
			if passed > 0 {
				kinds++
			}
		}
	}
	assert.Greater(t, kinds, 80, "extensions of which some rule passes")
}

// TestCheckOfHeaders draws the parts of rules that are no extension.
func TestCheckOfHeaders(t *testing.T) {
	d := drawer{rand.New(rand.NewPCG(3, 4))}
	passed := 0
	for i := range 4000 {
		f := netfilter.Family(i % 2)
		r := &netfilter.Rule{}
		for k := range reflect.TypeFor[netfilter.Header]().NumField() {
			if d.IntN(4) == 0 {
				d.fill(reflect.ValueOf(&r.Header).Elem().Field(k))
			}
		}
		r.ProtoNumber = false // the style of another release, which is not told to the reader
		rs := rulesetOf(r)
		rs.Family = f
		c := &netfilter.Chain{Name: oddTexts[d.IntN(len(oddTexts))]}
		rs.Tables[0].Chains = append(rs.Tables[0].Chains, c)
		if d.IntN(2) == 0 {
			c.Rules, rs.Tables[0].Chain("FORWARD").Rules = rs.Tables[0].Chain("FORWARD").Rules, nil
		}
		text := rs.String()
		if rs.Check() != nil {
			continue
		}
		passed++
		again, err := parser.ParseString(text, parser.Family(f))
		require.NoError(t, err, text)
		require.Equal(t, text, again.String())
	}
	assert.Greater(t, passed, 300)
}

// TestCheckNamesWhatIsWrong holds the words of refusals.
func TestCheckNamesWhatIsWrong(t *testing.T) {
	in := func(change func(h *netfilter.Header)) *netfilter.Rule {
		r := &netfilter.Rule{}
		change(&r.Header)
		return r
	}
	with := func(m netfilter.Match) *netfilter.Rule { return &netfilter.Rule{Matches: []netfilter.Match{m}} }
	for _, c := range []struct {
		rule *netfilter.Rule
		want string
	}{
		{in(func(h *netfilter.Header) { h.In = strings.Repeat("x", 100) }), "a name has at most 15 bytes"},
		{in(func(h *netfilter.Header) { h.In = "eth0\n-A X" }), "byte 0x0a cannot stand in a line"},
		{in(func(h *netfilter.Header) { h.InvProto = true }), `"! -p all" matches no packet`},
		{in(func(h *netfilter.Header) { h.InvFragment = true }), "InvFragment without Fragment matches no packet"},
		{in(func(h *netfilter.Header) {
			h.Src = netfilter.PrefixMask(netip.MustParsePrefix("192.0.2.0/24"))
			h.Src.Addr = netip.MustParseAddr("192.0.2.9")
		}), "address 192.0.2.9/24 has bits outside its mask: PrefixMask clears them"},
		{with(&match.Comment{Text: strings.Repeat("x", 300)}), "would be read again as"},
		{with(&match.U32{}), "u32"},
		{with(&match.Multiport{}), "multiport"},
		{&netfilter.Rule{Header: netfilter.Header{Proto: packet.ProtoTCP}, Matches: []netfilter.Match{&match.Multiport{}}}, "multiport: options"},
		{&netfilter.Rule{Target: &target.Log{Config: netfilter.LogConfig{Level: 99}}}, "LOG"},
		{&netfilter.Rule{Target: &target.Log{Config: netfilter.LogConfig{Prefix: strings.Repeat("x", 200)}}}, "LOG"},
		{with(&netfilter.Unknown{Keyword: "geoip", Options: "--cc DE\n-A INPUT"}), "byte 0x0a cannot stand in a line"},
		{with(&netfilter.Unknown{Keyword: "geoip", Options: "--cc DE -j DROP"}), "-j would be read as an option of the rule"},
		{with(&netfilter.Unknown{}), `"" cannot be the name of an extension`},
	} {
		require.ErrorContains(t, rulesetOf(c.rule).Check(), c.want)
	}
	rs := rulesetOf()
	rs.Tables[0].Chain("INPUT").Rules = []*netfilter.Rule{{Header: netfilter.Header{Out: "eth0"}}}
	require.EqualError(t, rs.Check(), "table filter, chain INPUT, rule 1: -o is not possible in chain INPUT")
	for name, want := range map[string]string{"": `"" cannot be the name of a chain`, "a\nb": `"a\nb" cannot be the name of a chain`,
		"ACCEPT": "ACCEPT is a verdict, no chain can be called so", strings.Repeat("x", 60): "the name of the chain has 60 bytes: at most 28 are possible"} {
		rs := rulesetOf()
		rs.Tables[0].Chains = append(rs.Tables[0].Chains, &netfilter.Chain{Name: name})
		require.ErrorContains(t, rs.Check(), want)
	}
	rs = rulesetOf()
	rs.Tables[0].Before = []string{"-A INPUT -j DROP"}
	require.ErrorContains(t, rs.Check(), "is no comment")
}
