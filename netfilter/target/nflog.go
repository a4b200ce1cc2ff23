package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// NFLog passes a copy of the packet to a netlink log group; evaluation
// continues with the next rule (net/netfilter/xt_NFLOG.c, nflog_tg).
type NFLog struct {
	Prefix    string // up to 63 bytes
	Group     uint16 // netlink group
	Range     uint32 // without effect
	Size      uint32 // bytes of the packet that are copied; only with Sized
	Sized     bool
	Threshold uint16 // number of packets per netlink message; 0 means 1
}

// Maximum length of a prefix in bytes: iptables-nft converts the rule to an
// nf_tables expression, which allows longer ones (iptables/nft.c, add_log;
// include/uapi/linux/netfilter/nf_log.h, NF_LOG_PREFIXLEN).
const (
	maxNFLogPrefix         = 63
	maxNFLogPrefixNFTables = 127
)

var nflogDefinition = netfilter.Definition{
	Name:     "NFLOG",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &NFLog{} },
	Options: []netfilter.OptionDef{
		opt.LogPrefix("nflog-prefix", [...]int{maxNFLogPrefix, maxNFLogPrefixNFTables}, func(t *NFLog) *string { return &t.Prefix }),
		opt.Number("nflog-group", 0, 1<<16-1, func(t *NFLog) *uint16 { return &t.Group }),
		{Name: "nflog-range", Args: 1, Excludes: []string{"nflog-size"},
			Set: opt.Number("", 0, 1<<32-1, func(t *NFLog) *uint32 { return &t.Range }).Set},
		{Name: "nflog-size", Args: 1, Excludes: []string{"nflog-range"}, Set: netfilter.Into((*NFLog).setSize)},
		opt.Number("nflog-threshold", 0, 1<<16-1, func(t *NFLog) *uint16 { return &t.Threshold }),
	},
}

func (t *NFLog) setSize(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 0, 1<<32-1)
	t.Size, t.Sized = uint32(n), true
	return err
}

// Definition returns the extension's definition.
func (t *NFLog) Definition() *netfilter.Definition { return &nflogDefinition }

// Name returns "NFLOG".
func (t *NFLog) Name() string { return "NFLOG" }

// AppendOptions appends the options that differ from their defaults.
func (t *NFLog) AppendOptions(b []byte) []byte {
	if t.Prefix != "" {
		b = netfilter.AppendQuoted(opt.AppendOption(b, "nflog-prefix ", false), t.Prefix)
	}
	if t.Group != 0 {
		b = opt.AppendNumber(b, "nflog-group", t.Group)
	}
	switch {
	case t.Sized:
		b = opt.AppendNumber(b, "nflog-size", t.Size)
	case t.Range != 0:
		b = opt.AppendNumber(b, "nflog-range", t.Range)
	}
	if t.Threshold != 0 {
		b = opt.AppendNumber(b, "nflog-threshold", t.Threshold)
	}
	return b
}

// Apply has no effect on the packet.
func (t *NFLog) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
