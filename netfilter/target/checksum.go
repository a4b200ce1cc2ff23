package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Checksum completes a checksum that was left to the network device. Packets of
// the simulation have complete checksums, so it has no effect
// (net/netfilter/xt_CHECKSUM.c, checksum_tg).
type Checksum struct{}

var checksumDefinition = netfilter.Definition{
	Name:     "CHECKSUM",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Checksum{} },
	Tables:   []string{"mangle"},
	Options: []netfilter.OptionDef{
		{Name: "checksum-fill", Required: true, Set: func(netfilter.Extension, *netfilter.Value) error { return nil }},
	},
}

// Definition returns the extension's definition.
func (t *Checksum) Definition() *netfilter.Definition { return &checksumDefinition }

// Name returns "CHECKSUM".
func (t *Checksum) Name() string { return "CHECKSUM" }

// AppendOptions appends "--checksum-fill".
func (t *Checksum) AppendOptions(b []byte) []byte { return opt.AppendOption(b, "checksum-fill", false) }

// Apply has no effect on the packet.
func (t *Checksum) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
