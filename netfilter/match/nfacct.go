package match

import (
	"errors"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// NFAcct counts the packet in an accounting object of the host, and matches
// (net/netfilter/xt_nfacct.c, nfacct_mt). Objects with a quota, which match
// only packets beyond it, are not supported.
type NFAcct struct {
	Object string // 1 to 31 bytes
}

const maxNFAcctName = 31

var nfacctDefinition = netfilter.Definition{
	Name:     "nfacct",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &NFAcct{} },
	Options: []netfilter.OptionDef{
		{Name: "nfacct-name", Args: 1, Required: true, Set: netfilter.Into((*NFAcct).setName)},
	},
}

// setName truncates a name that is too long, as iptables does.
func (m *NFAcct) setName(v *netfilter.Value) error {
	if v.Arg() == "" {
		return errors.New("an empty name is not possible")
	}
	m.Object = v.Arg()[:min(len(v.Arg()), maxNFAcctName)]
	return nil
}

// Definition returns the extension's definition.
func (m *NFAcct) Definition() *netfilter.Definition { return &nfacctDefinition }

// Name returns "nfacct".
func (m *NFAcct) Name() string { return "nfacct" }

// AppendOptions appends "--nfacct-name  name", with two blanks as iptables-save
// prints them.
func (m *NFAcct) AppendOptions(b []byte) []byte {
	return netfilter.AppendQuoted(opt.AppendOption(b, "nfacct-name  ", false), m.Object)
}

// SharedKey returns the key of the object, whose state is an *[NFAcctObject].
func (m *NFAcct) SharedKey() string { return "nfacct:" + m.Object }

// Join creates the object; later rules use it.
func (m *NFAcct) Join(s netfilter.State) netfilter.State {
	if s != nil {
		return s
	}
	return &NFAcctObject{}
}

// NFAcctObject is an accounting object: the total of all rules that name it, of
// both families.
type NFAcctObject struct{ netfilter.Counters }

// Clone returns an independent copy.
func (o *NFAcctObject) Clone() netfilter.State { c := *o; return &c }

// Match counts the packet, even if a later match of the rule fails.
func (m *NFAcct) Match(c *netfilter.Context) bool {
	if o, ok := c.Engine.Shared(m.SharedKey(), func() netfilter.State { return m.Join(nil) }).(*NFAcctObject); ok {
		o.Packets++
		o.Bytes += uint64(c.Packet.Len())
	}
	c.Engine.Assume(fmt.Sprintf("the accounting object %s has no quota", m.Object))
	return true
}
