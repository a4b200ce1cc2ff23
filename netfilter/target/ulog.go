package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// ULog passes a copy of the packet to a logging program and has no effect on
// the packet (net/ipv4/netfilter/ipt_ULOG.c, ulog_tg). Linux since 3.17 has
// NFLOG instead.
type ULog struct {
	Prefix    string // up to 31 bytes
	Group     uint8  // netlink group, 1 to 32
	Range     uint64 // bytes of the packet that are copied; 0 is all
	Threshold uint64 // number of packets per netlink message, 1 to 50
}

const (
	maxULogPrefix = 31
	maxULogQueue  = 50
)

var ulogDefinition = netfilter.Definition{
	Name:     "ULOG",
	Families: netfilter.OnlyIPv4,
	New:      func() netfilter.Extension { return &ULog{Group: 1, Threshold: 1} },
	Options: []netfilter.OptionDef{
		opt.Number("ulog-nlgroup", 1, 32, func(t *ULog) *uint8 { return &t.Group }),
		opt.LogPrefix("ulog-prefix", [...]int{maxULogPrefix, maxULogPrefix}, func(t *ULog) *string { return &t.Prefix }),
		opt.Number("ulog-cprange", 0, 1<<64-1, func(t *ULog) *uint64 { return &t.Range }),
		opt.Number("ulog-qthreshold", 1, maxULogQueue, func(t *ULog) *uint64 { return &t.Threshold }),
	},
}

// Definition returns the extension's definition.
func (t *ULog) Definition() *netfilter.Definition { return &ulogDefinition }

// Name returns "ULOG".
func (t *ULog) Name() string { return "ULOG" }

// AppendOptions appends the options that differ from their defaults.
func (t *ULog) AppendOptions(b []byte) []byte {
	if t.Prefix != "" {
		b = netfilter.AppendQuoted(opt.AppendOption(b, "ulog-prefix ", false), t.Prefix)
	}
	if t.Group != 1 {
		b = opt.AppendNumber(b, "ulog-nlgroup", t.Group)
	}
	if t.Range != 0 {
		b = opt.AppendNumber(b, "ulog-cprange", uint32(t.Range))
	}
	if t.Threshold != 1 {
		b = opt.AppendNumber(b, "ulog-qthreshold", t.Threshold)
	}
	return b
}

// Apply has no effect on the packet.
func (t *ULog) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
