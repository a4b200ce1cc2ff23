package match

import (
	"math"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// CPU matches the number of the processor that handles the packet
// (net/netfilter/xt_cpu.c, cpu_mt). The zero value matches every packet.
type CPU struct{ Number cond.Number }

var cpuDefinition = netfilter.Definition{
	Name:     "cpu",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &CPU{} },
	Options: []netfilter.OptionDef{
		opt.Required(opt.Equal("cpu", math.MaxUint32, func(m *CPU) *cond.Number { return &m.Number })),
	},
}

// Definition returns the extension's definition.
func (m *CPU) Definition() *netfilter.Definition { return &cpuDefinition }

// Name returns "cpu".
func (m *CPU) Name() string { return "cpu" }

// AppendOptions appends "[!] --cpu number".
func (m *CPU) AppendOptions(b []byte) []byte { return opt.AppendEqual(b, "cpu", m.Number) }

// Match compares the number with Packet.CPU.
func (m *CPU) Match(c *netfilter.Context) bool {
	holds := m.Number.Holds(c.Packet.CPU)
	if c.Packet.CPU == 0 && !c.Engine.Suppose("processor 0 handles the packet") {
		return !holds
	}
	return holds
}
