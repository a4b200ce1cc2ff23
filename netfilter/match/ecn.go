package match

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ECN matches the bits of explicit congestion notification
// (net/netfilter/xt_ecn.c, ecn_mt4, ecn_mt6). The zero value matches every
// packet.
type ECN struct {
	ECE, CWR FlagTest    // of the TCP header
	ECT      cond.Number // the lower two bits of the type of service, 0 to 3
}

// FlagTest is a condition on a bit. The zero value is none.
type FlagTest uint8

// The conditions.
const (
	AnyFlag   FlagTest = iota
	FlagSet            // the bit must be set
	FlagClear          // the bit must be clear: the option was inverted
)

func (t FlagTest) holds(set bool) bool { return t == AnyFlag || set == (t == FlagSet) }

var ecnDefinition = netfilter.Definition{
	Name:     "ecn",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &ECN{} },
	Options: []netfilter.OptionDef{
		flagTest("ecn-tcp-cwr", func(m *ECN) *FlagTest { return &m.CWR }),
		flagTest("ecn-tcp-ece", func(m *ECN) *FlagTest { return &m.ECE }),
		opt.Equal("ecn-ip-ect", 3, func(m *ECN) *cond.Number { return &m.ECT }),
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		if *e.(*ECN) == (ECN{}) {
			return errors.New("at least one option must be given")
		}
		return nil
	},
}

// flagTest is an option without a value that may be inverted.
func flagTest[E netfilter.Extension](name string, field func(E) *FlagTest) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Negatable: true, Set: netfilter.Into(func(e E, v *netfilter.Value) error {
		*field(e) = FlagSet
		if v.Invert {
			*field(e) = FlagClear
		}
		return nil
	})}
}

// append appends "[!] --name" if there is a condition.
func (t FlagTest) append(b []byte, name string) []byte {
	if t == AnyFlag {
		return b
	}
	return opt.AppendOption(b, name, t == FlagClear)
}

// Definition returns the extension's definition.
func (m *ECN) Definition() *netfilter.Definition { return &ecnDefinition }

// Name returns "ecn".
func (m *ECN) Name() string { return "ecn" }

// AppendOptions appends the options given.
func (m *ECN) AppendOptions(b []byte) []byte {
	b = m.CWR.append(m.ECE.append(b, "ecn-tcp-ece"), "ecn-tcp-cwr")
	return opt.AppendEqual(b, "ecn-ip-ect", m.ECT)
}

// Check refuses conditions on TCP without -p tcp (ecn_mt_check4,
// ecn_mt_check6).
func (m *ECN) Check(p netfilter.CheckContext) error {
	if m.ECE == AnyFlag && m.CWR == AnyFlag {
		return nil
	}
	return p.NeedProtocol(packet.ProtoTCP)
}

// Match compares the bits. Later fragments are treated like other packets; a
// packet without a whole TCP header does not match.
func (m *ECN) Match(c *netfilter.Context) bool {
	if !m.ECT.Holds(uint32(c.Packet.TOS() & 3)) {
		return false
	}
	if m.ECE == AnyFlag && m.CWR == AnyFlag {
		return true
	}
	h, ok := c.TransportHeader(20)
	if !ok {
		return false
	}
	flags := packet.TCPFlags(h[13])
	return m.ECE.holds(flags&packet.ECE != 0) && m.CWR.holds(flags&packet.CWR != 0)
}
