package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Realm matches the realm of the packet's route (net/netfilter/xt_realm.c,
// realm_mt). The zero value matches every packet.
type Realm struct{ Realm cond.Masked }

// realmZero is the name of realm 0. Names of other realms in
// /etc/iproute2/rt_realms are not read.
const realmZero = "cosmos"

var realmDefinition = netfilter.Definition{
	Name:     "realm",
	Families: netfilter.OnlyIPv4,
	New:      func() netfilter.Extension { return &Realm{} },
	Hooks:    netfilter.HooksOf(netfilter.Input, netfilter.Forward, netfilter.Output, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		opt.Required(opt.NamedMask("realm", realmZero, func(m *Realm) *cond.Masked { return &m.Realm })),
	},
}

// Definition returns the extension's definition.
func (m *Realm) Definition() *netfilter.Definition { return &realmDefinition }

// Name returns "realm".
func (m *Realm) Name() string { return "realm" }

// AppendOptions appends "[!] --realm value[/mask]".
func (m *Realm) AppendOptions(b []byte) []byte {
	return opt.AppendNamedMask(b, "realm", realmZero, m.Realm)
}

// Match compares the realm.
func (m *Realm) Match(c *netfilter.Context) bool { return m.Realm.Holds(c.Engine.Realm()) }
