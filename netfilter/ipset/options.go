package ipset

import (
	"math/bits"
	"net/netip"
	"strconv"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Options are the options a set was created with. Which of them apply depends
// on the type. The zero value stands for the defaults of ipset; bitmaps also
// need a range.
type Options struct {
	Family   netfilter.Family
	HashSize uint32 // buckets; 0 means 1024. Others are rounded up to a power of two, at least 64
	MaxElem  uint32 // 0 means 65536, unless NoElem
	NoElem   bool   // maxelem 0: nothing can be added

	NetMask  uint8      // prefix length to which addresses are cut; 0 means all of the address
	BitMask  netip.Addr // mask of the significant bits of addresses, instead of NetMask; the zero Addr means all
	MarkMask uint32     // mask of the significant bits of marks; 0 means all

	From, To         netip.Addr // range of a bitmap of addresses
	FromPort, ToPort uint16     // range of a bitmap:port

	Size uint32 // of a list:set; 0 means 8, the minimum is 4. The kernel enforces no limit

	HasTimeout bool
	Timeout    time.Duration // of entries added without one; 0 means no timeout
	Counters   bool
	Comment    bool
	SKBInfo    bool
	ForceAdd   bool // a full set drops an entry for each that is added

	// BucketSize and InitVal are parameters of the kernel's hash table. They are
	// saved if they are known: if BucketSize is not 0, if HasInitVal.
	BucketSize uint8
	InitVal    uint32
	HasInitVal bool
}

// Defaults and limits (include/linux/netfilter/ipset/ip_set_hash.h, ip_set_bitmap.h,
// ip_set_list.h; ip_set_hash_gen.h).
const (
	defaultHashSize = 1024
	minHashSize     = 64
	defaultMaxElem  = 65536
	defaultBucket   = 12
	maxBucket       = 64
	maxBitmapRange  = 65535
	defaultListSize = 8
	minListSize     = 4
)

// hostBits returns the length of addresses of the set.
func (o *Options) hostBits() uint8 { return uint8(o.Family.Bits()) }

func (o *Options) maxElem() int {
	if o.MaxElem == 0 && !o.NoElem {
		return defaultMaxElem
	}
	return int(o.MaxElem)
}

// hashSize rounds as the kernel does when it makes the hash (ip_set_hash_gen.h,
// mtype_create).
func (o *Options) hashSize() uint64 {
	n := o.HashSize
	if n == 0 {
		n = defaultHashSize
	}
	n = max(n, minHashSize)
	return 1 << bits.Len32(n-1)
}

func (o *Options) bucketSize() int {
	if o.BucketSize == 0 {
		return defaultBucket
	}
	return int(o.BucketSize)
}

// mask returns the mask of the significant bits of addresses; the zero Addr
// means all.
func (o *Options) mask() netip.Addr {
	if o.BitMask.IsValid() || o.NetMask == 0 || o.NetMask == o.hostBits() {
		return o.BitMask
	}
	return prefixMask(o.Family, o.NetMask)
}

func (o *Options) markMask() uint32 {
	if o.MarkMask == 0 {
		return 1<<32 - 1
	}
	return o.MarkMask
}

// append appends the option of this name as "ipset save" prints it, or nothing.
// forceadd is never saved (ipset lib/data.c, ipset_data_set, which does not
// take it from the kernel).
func (o *Options) append(b []byte, t Type, name string) []byte {
	number := func(v uint64) []byte { return strconv.AppendUint(append(append(append(b, ' '), name...), ' '), v, 10) }
	flag := func(on bool) []byte {
		if on {
			b = append(append(b, ' '), name...)
		}
		return b
	}
	switch name {
	case "family":
		if o.Family == netfilter.IPv6 {
			return append(b, " family inet6"...)
		}
		return append(b, " family inet"...)
	case "range":
		return o.appendRange(append(b, " range "...), t)
	case "markmask":
		return appendHex8(append(b, " markmask "...), o.markMask())
	case "hashsize":
		return number(o.hashSize())
	case "maxelem":
		return number(uint64(o.maxElem()))
	case "netmask":
		if o.NetMask != 0 && o.NetMask != o.hostBits() {
			return number(uint64(o.NetMask))
		}
	case "bitmask":
		if o.BitMask.IsValid() && !allOnes(o.BitMask) {
			return o.BitMask.AppendTo(append(b, " bitmask "...))
		}
	case "size":
		return number(uint64(max(o.size(), minListSize)))
	case "timeout":
		if o.HasTimeout {
			return number(uint64(o.Timeout / time.Second))
		}
	case "counters":
		return flag(o.Counters)
	case "comment":
		return flag(o.Comment)
	case "skbinfo":
		return flag(o.SKBInfo)
	case "bucketsize":
		if o.BucketSize != 0 {
			return number(uint64(o.BucketSize))
		}
	case "initval":
		if o.HasInitVal {
			return appendHex8(append(b, " initval "...), o.InitVal)
		}
	}
	return b
}

func (o *Options) size() uint32 {
	if o.Size == 0 {
		return defaultListSize
	}
	return o.Size
}

func (o *Options) appendRange(b []byte, t Type) []byte {
	if t == BitmapPort {
		b = strconv.AppendUint(b, uint64(o.FromPort), 10)
		return strconv.AppendUint(append(b, '-'), uint64(o.ToPort), 10)
	}
	return o.To.AppendTo(append(o.From.AppendTo(b), '-'))
}

// appendHex8 appends 0x and eight hex digits.
func appendHex8(b []byte, v uint32) []byte {
	b = append(b, "0x"...)
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[v>>shift&15])
	}
	return b
}
