package target

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ECN changes the bits of explicit congestion notification (net/ipv4/netfilter/
// ipt_ECN.c, ecn_tg). The zero value changes nothing.
type ECN struct {
	SetECT, SetECE, SetCWR bool  // which fields are changed
	ECT                    uint8 // the lower two bits of the type of service
	ECE, CWR               bool  // flags of TCP
}

var ecnDefinition = netfilter.Definition{
	Name:     "ECN",
	Families: netfilter.OnlyIPv4,
	New:      func() netfilter.Extension { return &ECN{} },
	Tables:   []string{"mangle"},
	Options: []netfilter.OptionDef{
		{Name: "ecn-tcp-remove", Excludes: []string{"ecn-tcp-cwr", "ecn-tcp-ece"},
			Set: netfilter.Into(func(t *ECN, _ *netfilter.Value) error {
				// The operation replaces a previous one instead of being combined with it.
				*t = ECN{SetECE: true, SetCWR: true}
				return nil
			})},
		ecnFlag("ecn-tcp-cwr", func(t *ECN, on bool) { t.SetCWR, t.CWR = true, on }),
		ecnFlag("ecn-tcp-ece", func(t *ECN, on bool) { t.SetECE, t.ECE = true, on }),
		{Name: "ecn-ip-ect", Args: 1, Set: netfilter.Into(func(t *ECN, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, 3)
			t.SetECT, t.ECT = true, uint8(n)
			return err
		})},
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		if t := e.(*ECN); !t.SetECT && !t.SetECE && !t.SetCWR {
			return errors.New("one of --ecn-tcp-remove, --ecn-tcp-cwr, --ecn-tcp-ece, --ecn-ip-ect must be given")
		}
		return nil
	},
}

func ecnFlag(name string, set func(t *ECN, on bool)) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Excludes: []string{"ecn-tcp-remove"},
		Set: netfilter.Into(func(t *ECN, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, 1)
			set(t, n == 1)
			return err
		})}
}

// Definition returns the extension's definition.
func (t *ECN) Definition() *netfilter.Definition { return &ecnDefinition }

// Name returns "ECN".
func (t *ECN) Name() string { return "ECN" }

// AppendOptions appends "--ecn-tcp-remove" if that is the only change, else the
// fields that are changed.
func (t *ECN) AppendOptions(b []byte) []byte {
	if *t == (ECN{SetECE: true, SetCWR: true}) {
		return opt.AppendOption(b, "ecn-tcp-remove", false)
	}
	if t.SetECE {
		b = opt.AppendNumber(b, "ecn-tcp-ece", bit(t.ECE))
	}
	if t.SetCWR {
		b = opt.AppendNumber(b, "ecn-tcp-cwr", bit(t.CWR))
	}
	if t.SetECT {
		b = opt.AppendNumber(b, "ecn-ip-ect", t.ECT)
	}
	return b
}

func bit(on bool) uint8 {
	if on {
		return 1
	}
	return 0
}

// Check requires -p tcp for changes of TCP flags (ecn_tg_check).
func (t *ECN) Check(p netfilter.CheckContext) error {
	if !t.SetECE && !t.SetCWR {
		return nil
	}
	return p.NeedProtocol(packet.ProtoTCP)
}

// Apply changes the bits. A packet too short for a TCP header is dropped.
func (t *ECN) Apply(c *netfilter.Context) netfilter.Verdict {
	if old := c.Packet.TOS(); t.SetECT && old&3 != t.ECT {
		c.Edit().SetTOS(old&^3 | t.ECT)
	}
	if !t.SetECE && !t.SetCWR || c.Packet.Proto() != packet.ProtoTCP {
		return netfilter.Continue
	}
	if !t.applyTCP(c) {
		return netfilter.Drop
	}
	return netfilter.Continue
}

// applyTCP changes the flags. A later fragment is modified at the same offset.
// It returns false if the packet is too short (set_ect_tcp).
func (t *ECN) applyTCP(c *netfilter.Context) bool {
	off := c.Packet.HeaderLen()
	h, ok := c.Bytes(off, 20)
	if !ok {
		return false
	}
	flags := packet.TCPFlags(h[13])
	if t.SetECE {
		flags = flags&^packet.ECE | flagIf(t.ECE, packet.ECE)
	}
	if t.SetCWR {
		flags = flags&^packet.CWR | flagIf(t.CWR, packet.CWR)
	}
	if uint8(flags) != h[13] {
		c.Engine.MakeWritable(off + packet.TCPHeaderLen)
		c.Edit().SetTCP(off, 13, []byte{uint8(flags)})
	}
	return true
}

func flagIf(on bool, f packet.TCPFlags) packet.TCPFlags {
	if on {
		return f
	}
	return 0
}
