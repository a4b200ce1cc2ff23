package match

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// TTL compares the time to live of IPv4 (net/netfilter/xt_hl.c, ttl_mt). The
// zero value matches a time to live of 0.
type TTL struct {
	Op    cond.Comparison
	Value uint8
}

// hopEndings are the suffixes of the option names, by cond.Comparison.
var hopEndings = [...]string{cond.EqualTo: "eq", cond.NotEqualTo: "eq", cond.LessThan: "lt", cond.GreaterThan: "gt"}

var ttlDefinition = netfilter.Definition{
	Name:     "ttl",
	Families: netfilter.OnlyIPv4,
	New:      func() netfilter.Extension { return &TTL{} },
	Options:  hopOptions("ttl", func(e netfilter.Extension) *TTL { return e.(*TTL) }),
	Finish:   func(_ netfilter.Extension, given func(string) bool) error { return hopsGiven("ttl", given) },
}

// hopOptions are the comparisons of ttl and hl (iptables extensions/
// libipt_ttl.c, libip6t_hl.c).
func hopOptions(name string, as func(netfilter.Extension) *TTL) []netfilter.OptionDef {
	lt, eq, gt := name+"-lt", name+"-eq", name+"-gt"
	option := func(o netfilter.OptionDef, op cond.Comparison) netfilter.OptionDef {
		o.Args = 1
		o.Set = func(e netfilter.Extension, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, 255)
			*as(e) = TTL{op, uint8(n)}
			if v.Invert {
				as(e).Op = cond.NotEqualTo
			}
			return err
		}
		return o
	}
	return []netfilter.OptionDef{
		option(netfilter.OptionDef{Name: lt, Excludes: []string{gt, eq}}, cond.LessThan),
		option(netfilter.OptionDef{Name: gt, Excludes: []string{lt, eq}}, cond.GreaterThan),
		option(netfilter.OptionDef{Name: eq, Aliases: []string{name}, Negatable: true, Excludes: []string{lt, gt}}, cond.EqualTo),
	}
}

func hopsGiven(name string, given func(string) bool) error {
	return opt.NeedOne(given, name+"-eq", name+"-lt", name+"-gt")
}

// Definition returns the extension's definition.
func (m *TTL) Definition() *netfilter.Definition { return &ttlDefinition }

// Name returns "ttl".
func (m *TTL) Name() string { return "ttl" }

// AppendOptions appends "[!] --ttl-eq value", or the option of another
// comparison or operation.
func (m *TTL) AppendOptions(b []byte) []byte { return m.append(b, "ttl-") }

func (m *TTL) append(b []byte, prefix string) []byte {
	b = append(opt.AppendOption(b, prefix, m.Op == cond.NotEqualTo), opt.NameAt(hopEndings[:], m.Op)...)
	return strconv.AppendUint(append(b, ' '), uint64(m.Value), 10)
}

// Check refuses undefined comparisons.
func (m *TTL) Check(netfilter.CheckContext) error {
	return opt.Named("comparison", m.Op, hopEndings[:])
}

// Match compares the time to live.
func (m *TTL) Match(c *netfilter.Context) bool { return m.Op.Holds(c.Packet.TTL(), m.Value) }

// Observe returns the time to live.
func (m *TTL) Observe(c *netfilter.Context) string { return "ttl " + strconv.Itoa(int(c.Packet.TTL())) }
