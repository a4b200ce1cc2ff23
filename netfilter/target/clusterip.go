package target

import (
	"errors"
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ClusterIP shares the packets to an address between the nodes of a cluster
// that have this address (net/ipv4/netfilter/ipt_CLUSTERIP.c, clusterip_tg).
// Linux since 6.4 has no such target, so it cannot be evaluated.
type ClusterIP struct {
	New      bool // the rule configures the address (--new); without it the other fields are ignored
	Mode     uint8
	MAC      packet.MAC // of the cluster, a multicast address
	Nodes    uint16     // up to 16
	Node     uint16     // number of this node, up to 16
	HashInit uint32
}

var clusteripModes = []string{"sourceip", "sourceip-sourceport", "sourceip-sourceport-destport"}

const maxClusterIPNodes = 16

var clusteripDefinition = netfilter.Definition{
	Name:     "CLUSTERIP",
	Families: netfilter.OnlyIPv4,
	New:      func() netfilter.Extension { return &ClusterIP{} },
	Options: []netfilter.OptionDef{
		opt.Flag("new", func(t *ClusterIP) *bool { return &t.New }),
		{Name: "hashmode", Args: 1, Needs: []string{"new"}, Set: netfilter.Into(func(t *ClusterIP, v *netfilter.Value) error {
			i := slices.Index(clusteripModes, v.Arg())
			if i < 0 {
				return opt.Names(clusteripModes).Unknown(v.Arg())
			}
			t.Mode = uint8(i)
			return nil
		})},
		{Name: "clustermac", Args: 1, Needs: []string{"new"}, Set: netfilter.Into((*ClusterIP).setMAC)},
		{Name: "total-nodes", Args: 1, Needs: []string{"new"},
			Set: opt.Number("", 0, maxClusterIPNodes, func(t *ClusterIP) *uint16 { return &t.Nodes }).Set},
		{Name: "local-node", Args: 1, Needs: []string{"new"},
			Set: opt.Number("", 0, maxClusterIPNodes, func(t *ClusterIP) *uint16 { return &t.Node }).Set},
		{Name: "hash-init", Args: 1, Needs: []string{"new"},
			Set: opt.Number("", 0, 1<<32-1, func(t *ClusterIP) *uint32 { return &t.HashInit }).Set},
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		for _, name := range []string{"hashmode", "clustermac", "total-nodes", "local-node"} {
			if given("new") && !given(name) {
				return fmt.Errorf("--new needs --%s", name)
			}
		}
		return nil
	},
}

func (t *ClusterIP) setMAC(v *netfilter.Value) (err error) {
	if t.MAC, err = opt.MAC(v.Arg()); err != nil {
		return err
	}
	if t.MAC[0]&1 == 0 {
		return fmt.Errorf("%q is no multicast address", v.Arg())
	}
	return nil
}

// Definition returns the extension's definition.
func (t *ClusterIP) Definition() *netfilter.Definition { return &clusteripDefinition }

// Name returns "CLUSTERIP".
func (t *ClusterIP) Name() string { return "CLUSTERIP" }

// AppendOptions appends the options if New is set.
func (t *ClusterIP) AppendOptions(b []byte) []byte {
	if !t.New {
		return b
	}
	m := t.MAC
	return fmt.Appendf(b, " --new --hashmode %s --clustermac %02X:%02X:%02X:%02X:%02X:%02X --total-nodes %d --local-node %d --hash-init %d",
		opt.NameAt(clusteripModes, t.Mode), m[0], m[1], m[2], m[3], m[4], m[5], t.Nodes, t.Node, t.HashInit)
}

// Check refuses undefined modes (clusterip_tg_check).
func (t *ClusterIP) Check(netfilter.CheckContext) error {
	return opt.Named("mode", t.Mode, clusteripModes)
}

// Apply fails the packet with an error.
func (t *ClusterIP) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Engine.Fail(errors.New("CLUSTERIP: kernels since 6.4 have no such target"))
	return netfilter.Drop
}
