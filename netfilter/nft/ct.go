package nft

import "fmt"

// CTKey is the key of a ct expression: a property of the packet's connection.
// The zero value is its state.
type CTKey uint8

// The keys, in the kernel's numbering (enum nft_ct_keys).
const (
	CTState CTKey = iota
	CTDirection
	CTStatus
	CTMark
	CTSecMark
	CTExpiration
	CTHelperName
	CTL3Proto
	CTSrc
	CTDst
	CTProtocol
	CTProtoSrc
	CTProtoDst
	CTLabels
	CTPkts
	CTBytes
	CTAvgPkt
	CTZone
	CTEventMask
	CTSrcIP
	CTDstIP
	CTSrcIP6
	CTDstIP6
	CTID
)

var ctNames = [...]string{"state", "direction", "status", "mark", "secmark", "expiration", "helper", "l3protocol",
	"src", "dst", "protocol", "proto_src", "proto_dst", "label", "packets", "bytes", "avgpkt", "zone", "event",
	"src_ip", "dst_ip", "src_ip6", "dst_ip6", "ctid"}

// String returns the name in debug output.
func (k CTKey) String() string { return named(ctNames[:], k, "ct") }

// CTDir is the direction of a connection that a key refers to. The zero value
// is none, or the packet's own.
type CTDir uint8

// The directions.
const (
	NoDir CTDir = iota
	Original
	Reply
)

// String returns the word that nft uses, "" for none.
func (d CTDir) String() string { return [...]string{"", "original", "reply"}[d%3] }

// CT loads a property of the packet's connection (nft_ct.c, nft_ct_get_eval).
type CT struct {
	Key  CTKey
	Dir  CTDir
	Dest Reg
}

// String implements Expr.
func (e *CT) String() string {
	if e.Dir != NoDir {
		return fmt.Sprintf("ct load %s => reg %s , dir %s", e.Key, e.Dest, e.Dir)
	}
	return fmt.Sprintf("ct load %s => reg %s", e.Key, e.Dest)
}
