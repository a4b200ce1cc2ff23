package match

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/jhash"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Cluster matches connections assigned to a node of a cluster by a hash of
// their original source address (net/netfilter/xt_cluster.c, xt_cluster_mt).
type Cluster struct {
	Nodes  uint32 // of the cluster, 1 to 32
	Mask   uint32 // of nodes, bit 0 being the first
	Seed   uint32
	Invert bool
}

const maxNodes = 32

var clusterDefinition = netfilter.Definition{
	Name:     "cluster",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Cluster{} },
	Options: []netfilter.OptionDef{
		{Name: "cluster-total-nodes", Args: 1, Required: true,
			Set: opt.Number("", 1, maxNodes, func(m *Cluster) *uint32 { return &m.Nodes }).Set},
		clusterMask("cluster-local-node", "cluster-local-nodemask", func(n uint64) uint32 { return 1 << (n - 1) }),
		clusterMask("cluster-local-nodemask", "cluster-local-node", func(n uint64) uint32 { return uint32(n) }),
		{Name: "cluster-hash-seed", Args: 1, Required: true,
			Set: opt.Number("", 0, 1<<32-1, func(m *Cluster) *uint32 { return &m.Seed }).Set},
	},
	Finish: func(e netfilter.Extension, given func(string) bool) error {
		m := e.(*Cluster)
		if err := opt.NeedOne(given, "cluster-local-node", "cluster-local-nodemask"); err != nil {
			return err
		}
		if uint64(m.Mask) >= 1<<m.Nodes {
			return fmt.Errorf("the node is not one of the %d of --cluster-total-nodes", m.Nodes)
		}
		return nil
	},
}

// clusterMask reads the mask of nodes. Because of a bug in iptables the mask is
// restricted to the range of a node number, 1 to 32.
func clusterMask(name, other string, mask func(n uint64) uint32) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true, Excludes: []string{other},
		Set: netfilter.Into(func(m *Cluster, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 1, maxNodes)
			if err != nil {
				return err
			}
			m.Mask, m.Invert = mask(n), v.Invert
			return nil
		})}
}

// Definition returns the extension's definition.
func (m *Cluster) Definition() *netfilter.Definition { return &clusterDefinition }

// Name returns "cluster".
func (m *Cluster) Name() string { return "cluster" }

// AppendOptions appends the options, a node's number as a mask.
func (m *Cluster) AppendOptions(b []byte) []byte {
	b = fmt.Appendf(opt.AppendOption(b, "cluster-local-nodemask", m.Invert), " 0x%08x", m.Mask)
	b = opt.AppendNumber(b, "cluster-total-nodes", m.Nodes)
	return fmt.Appendf(b, " --cluster-hash-seed 0x%08x", m.Seed)
}

// Requires implements netfilter.Requirer: connection tracking.
func (m *Cluster) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Check refuses what the kernel does (xt_cluster_mt_checkentry).
func (m *Cluster) Check(netfilter.CheckContext) error {
	if m.Nodes == 0 || m.Nodes > maxNodes || uint64(m.Mask) >= 1<<m.Nodes {
		return errors.New("the mask must be one of the nodes, of which there are 1 to 32")
	}
	return nil
}

// Match hashes the original source address of the connection, or of its master
// connection. A packet without a connection does not match, not even inverted,
// nor does one that has only the template of a CT rule.
func (m *Cluster) Match(c *netfilter.Context) bool {
	conn := c.Conn
	if conn == nil || conn.Status&netfilter.ConnTemplate != 0 {
		return false
	}
	if conn.Master != nil {
		conn = conn.Master
	}
	hash := jhash.Words(m.Seed, firstWord(conn.Tuples[netfilter.DirOriginal].Src))
	return (m.Mask>>jhash.Scale(hash, m.Nodes)&1 != 0) != m.Invert
}

// firstWord returns the first four bytes of an address, as a little-endian
// machine reads them. The kernel hashes no more than these for IPv6 either
// (xt_cluster_hash_ipv6).
func firstWord(a netip.Addr) uint32 {
	if a.Is4() {
		b := a.As4()
		return binary.LittleEndian.Uint32(b[:])
	}
	b := a.As16()
	return binary.LittleEndian.Uint32(b[:])
}
