package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Audit generates an audit record and has no effect on the packet
// (net/netfilter/xt_AUDIT.c, audit_tg).
type Audit struct{ Type AuditType }

// AuditType is the packet's verdict according to the record. The zero value is
// AuditAccept.
type AuditType uint8

// The types.
const (
	AuditAccept AuditType = iota
	AuditDrop
	AuditReject
)

var auditTypes = opt.Names{"accept", "drop", "reject"}

var auditDefinition = netfilter.Definition{
	Name:     "AUDIT",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Audit{} },
	Options: []netfilter.OptionDef{
		{Name: "type", Args: 1, Required: true, Set: netfilter.Into(func(t *Audit, v *netfilter.Value) error {
			i := auditTypes.Find(v.Arg())
			if i < 0 {
				return auditTypes.Unknown(v.Arg())
			}
			t.Type = AuditType(i)
			return nil
		})},
	},
}

// Definition returns the extension's definition.
func (t *Audit) Definition() *netfilter.Definition { return &auditDefinition }

// Name returns "AUDIT".
func (t *Audit) Name() string { return "AUDIT" }

// Check refuses undefined types (audit_tg_check).
func (t *Audit) Check(netfilter.CheckContext) error { return opt.Named("type", t.Type, auditTypes) }

// AppendOptions appends "--type type".
func (t *Audit) AppendOptions(b []byte) []byte {
	return append(opt.AppendOption(b, "type ", false), opt.NameAt(auditTypes, t.Type)...)
}

// Apply has no effect on the packet.
func (t *Audit) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
