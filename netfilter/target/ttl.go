package target

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// TTL changes the time to live of IPv4 (net/netfilter/xt_HL.c, ttl_tg). The
// zero value sets it to 0.
type TTL struct {
	Op    HopOp
	Value uint8
}

// HopOp is the operation of TTL and HL. The zero value is SetHops.
type HopOp uint8

// The operations.
const (
	SetHops HopOp = iota
	IncHops       // up to 255
	DecHops       // down to 0; the packet is not dropped here
)

// hopOps are the suffixes of the option names, by HopOp.
var hopOps = [...]string{SetHops: "set", IncHops: "inc", DecHops: "dec"}

var ttlDefinition = netfilter.Definition{
	Name:     "TTL",
	Families: netfilter.OnlyIPv4,
	New:      func() netfilter.Extension { return &TTL{} },
	Tables:   []string{"mangle"},
	Options:  hopOptions("ttl-", func(e netfilter.Extension, op HopOp, n uint8) { *e.(*TTL) = TTL{op, n} }),
	Finish:   func(_ netfilter.Extension, given func(string) bool) error { return hopsGiven("ttl-", given) },
}

// hopOptions are the options "set", "inc" and "dec" with a prefix. A step of 0
// is refused (iptables extensions/libipt_TTL.c, libip6t_HL.c).
func hopOptions(prefix string, store func(e netfilter.Extension, op HopOp, n uint8)) []netfilter.OptionDef {
	var defs []netfilter.OptionDef
	for op, ending := range hopOps {
		least := uint64(1)
		if HopOp(op) == SetHops {
			least = 0
		}
		defs = append(defs, netfilter.OptionDef{Name: prefix + ending, Args: 1, Set: func(e netfilter.Extension, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), least, 255)
			store(e, HopOp(op), uint8(n))
			return err
		}})
	}
	return defs
}

func hopsGiven(prefix string, given func(string) bool) error {
	return opt.NeedOne(given, prefix+hopOps[SetHops], prefix+hopOps[IncHops], prefix+hopOps[DecHops])
}

// Definition returns the extension's definition.
func (t *TTL) Definition() *netfilter.Definition { return &ttlDefinition }

// Name returns "TTL".
func (t *TTL) Name() string { return "TTL" }

// AppendOptions appends "--ttl-set value", or the option of another comparison
// or operation.
func (t *TTL) AppendOptions(b []byte) []byte {
	return opt.AppendNumber(b, "ttl-"+opt.NameAt(hopOps[:], t.Op), t.Value)
}

// Check refuses undefined operations, and changes by 0 (ttl_tg_check).
func (t *TTL) Check(netfilter.CheckContext) error { return checkHops(t.Op, t.Value) }

func checkHops(op HopOp, value uint8) error {
	if op != SetHops && value == 0 {
		return errors.New("a change by 0 is not possible")
	}
	return opt.Named("operation", op, hopOps[:])
}

// Apply changes the time to live.
func (t *TTL) Apply(c *netfilter.Context) netfilter.Verdict {
	applyHops(c, t.Op, t.Value)
	return netfilter.Continue
}

func applyHops(c *netfilter.Context, op HopOp, value uint8) {
	old := int(c.Packet.TTL())
	n := int(value)
	switch op {
	case IncHops:
		n = min(old+n, 255)
	case DecHops:
		n = max(old-n, 0)
	}
	if n != old {
		c.Edit().SetTTL(uint8(n))
	}
}
