package nft

import "fmt"

// Flags of NAT, Masquerade and Redirect (include/uapi/linux/netfilter/nf_nat.h,
// NF_NAT_RANGE_*).
const (
	NATMapIPs         = 0x01
	NATProtoSpecified = 0x02
	NATRandom         = 0x04
	NATPersistent     = 0x08
	NATFullyRandom    = 0x10
	NATNetmap         = 0x40
)

// NAT translates the addresses or ports of the packet's connection (nft_nat.c).
// Registers that are zero are not given.
type NAT struct {
	Source             bool   // snat; dnat otherwise
	Family             Family // IP or IP6: of the addresses, and of the packets that it acts on; Inet for both, with ports only
	AddrMin, AddrMax   Reg
	ProtoMin, ProtoMax Reg
	Flags              uint32
}

// String implements Expr.
func (e *NAT) String() string {
	s := "nat dnat"
	if e.Source {
		s = "nat snat"
	}
	s += " " + e.Family.String()
	for _, r := range []struct {
		name string
		reg  Reg
	}{{"addr_min", e.AddrMin}, {"addr_max", e.AddrMax}, {"proto_min", e.ProtoMin}, {"proto_max", e.ProtoMax}} {
		if r.reg != 0 {
			s += fmt.Sprintf(" %s reg %s", r.name, r.reg)
		}
	}
	if e.Flags != 0 {
		s += fmt.Sprintf(" flags 0x%x", e.Flags)
	}
	return s
}
