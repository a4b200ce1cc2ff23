package nft

import "fmt"

// MetaKey is the key of a meta expression: metadata of the packet. The zero
// value is its length.
type MetaKey uint8

// The keys, in the kernel's numbering (enum nft_meta_keys).
const (
	MetaLen MetaKey = iota
	MetaProtocol
	MetaPriority
	MetaMark
	MetaIIF
	MetaOIF
	MetaIIFName
	MetaOIFName
	MetaIIFType
	MetaOIFType
	MetaSkUID
	MetaSkGID
	MetaNFTrace
	MetaRtClassID
	MetaSecMark
	MetaNFProto
	MetaL4Proto
	MetaBriIIFName
	MetaBriOIFName
	MetaPktType
	MetaCPU
	MetaIIFGroup
	MetaOIFGroup
	MetaCgroup
	MetaPRandom
	MetaSecPath
	MetaIIFKind
	MetaOIFKind
	MetaBriIIFPVID
	MetaBriIIFVProto
	MetaTime
	MetaDay
	MetaHour
	MetaSDIF
	MetaSDIFName
	MetaBriBroute
	MetaBriIIFHwAddr
)

var metaNames = [...]string{"len", "protocol", "priority", "mark", "iif", "oif", "iifname", "oifname", "iiftype", "oiftype",
	"skuid", "skgid", "nftrace", "rtclassid", "secmark", "nfproto", "l4proto", "bri_iifname", "bri_oifname", "pkttype", "cpu",
	"iifgroup", "oifgroup", "cgroup", "prandom", "secpath", "iifkind", "oifkind", "bri_iifpvid", "bri_iifvproto",
	"time", "day", "hour", "sdif", "sdifname", "broute", "ibrhwaddr"}

// String returns the name in debug output.
func (k MetaKey) String() string { return named(metaNames[:], k, "meta") }

// Meta loads metadata of the packet (nft_meta.c, nft_meta_get_eval).
type Meta struct {
	Key  MetaKey
	Dest Reg
}

// String implements Expr.
func (e *Meta) String() string { return fmt.Sprintf("meta load %s => reg %s", e.Key, e.Dest) }
