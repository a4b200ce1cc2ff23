package ipset

import "slices"

// Type is the type of a set. The zero value is bitmap:ip.
type Type uint8

// The types of ipset 7.
const (
	BitmapIP Type = iota
	BitmapIPMAC
	BitmapPort
	HashIP
	HashMAC
	HashIPMAC
	HashIPMark
	HashIPPort
	HashIPPortIP
	HashIPPortNet
	HashNet
	HashNetNet
	HashNetPort
	HashNetPortNet
	HashNetIface
	ListSet
)

// part is the kind of a dimension of an element.
type part uint8

const (
	partIP   part = iota // an address
	partNet              // an address with a prefix length
	partPort             // a protocol with a port
	partMAC
	partMark
	partIface
	partName // another set
)

// typeInfo describes a type.
type typeInfo struct {
	name    string
	alias   string // of ipset 4
	parts   []part
	neutral bool     // it has no address family
	options []string // of create, in the order in which they are saved
	ignored []string // options of ipset 4 that are accepted and ignored; each has a value
}

var (
	hashOptions   = []string{"family", "hashsize", "maxelem", "timeout", "counters", "comment", "forceadd", "skbinfo", "bucketsize", "initval"}
	bitmapOptions = []string{"range", "timeout", "counters", "comment", "skbinfo"}
	oldHash       = []string{"probes", "resize", "gc"}
	oldHashRange  = []string{"probes", "resize", "from", "to", "network"}
)

func withOptions(base []string, at int, more ...string) []string {
	return slices.Insert(slices.Clone(base), at, more...)
}

// types are the types by number (ipset lib/ipset_*.c; net/netfilter/ipset/
// ip_set_*.c, struct ip_set_type).
var types = [...]typeInfo{
	BitmapIP:    {name: "bitmap:ip", alias: "ipmap", parts: []part{partIP}, options: withOptions(bitmapOptions, 1, "netmask")},
	BitmapIPMAC: {name: "bitmap:ip,mac", alias: "macipmap", parts: []part{partIP, partMAC}, options: bitmapOptions},
	BitmapPort:  {name: "bitmap:port", alias: "portmap", parts: []part{partPort}, neutral: true, options: bitmapOptions},
	HashIP: {name: "hash:ip", alias: "iphash", parts: []part{partIP}, ignored: oldHash,
		options: withOptions(hashOptions, 3, "netmask", "bitmask")},
	HashMAC:   {name: "hash:mac", alias: "machash", parts: []part{partMAC}, neutral: true, options: hashOptions[1:]},
	HashIPMAC: {name: "hash:ip,mac", alias: "ipmachash", parts: []part{partIP, partMAC}, options: hashOptions},
	HashIPMark: {name: "hash:ip,mark", alias: "ipmarkhash", parts: []part{partIP, partMark},
		options: withOptions(hashOptions, 1, "markmask")},
	HashIPPort: {name: "hash:ip,port", alias: "ipporthash", parts: []part{partIP, partPort}, ignored: oldHashRange,
		options: withOptions(hashOptions, len(hashOptions), "netmask", "bitmask")},
	HashIPPortIP: {name: "hash:ip,port,ip", alias: "ipportiphash", parts: []part{partIP, partPort, partIP},
		ignored: oldHashRange, options: hashOptions},
	HashIPPortNet: {name: "hash:ip,port,net", alias: "ipportnethash", parts: []part{partIP, partPort, partNet},
		ignored: oldHashRange, options: hashOptions},
	HashNet: {name: "hash:net", alias: "nethash", parts: []part{partNet}, ignored: oldHash, options: hashOptions},
	HashNetNet: {name: "hash:net,net", alias: "netnethash", parts: []part{partNet, partNet},
		options: withOptions(hashOptions, len(hashOptions), "bitmask", "netmask")},
	HashNetPort:    {name: "hash:net,port", alias: "netporthash", parts: []part{partNet, partPort}, options: hashOptions},
	HashNetPortNet: {name: "hash:net,port,net", alias: "netportnethash", parts: []part{partNet, partPort, partNet}, options: hashOptions},
	HashNetIface:   {name: "hash:net,iface", alias: "netifacehash", parts: []part{partNet, partIface}, options: hashOptions},
	ListSet: {name: "list:set", alias: "setlist", parts: []part{partName}, neutral: true,
		options: []string{"size", "timeout", "counters", "comment", "skbinfo"}},
}

// TypeByName returns the type of this name; the names of ipset 4, such as
// iphash, are accepted, too.
func TypeByName(name string) (Type, bool) {
	for i := range types {
		if types[i].name == name || types[i].alias == name {
			return Type(i), true
		}
	}
	return 0, false
}

// String returns the name, such as "hash:ip,port".
func (t Type) String() string {
	if int(t) < len(types) {
		return types[t].name
	}
	return "type?"
}

// info returns the description of the type; an undefined type has no parts.
func (t Type) info() *typeInfo {
	if int(t) < len(types) {
		return &types[t]
	}
	return &typeInfo{}
}

// Dimensions returns how many parts an element has, from 1 to 3; 0 for an
// undefined type.
func (t Type) Dimensions() int { return len(t.info().parts) }

// HasFamily reports whether sets of the type hold addresses of one family.
func (t Type) HasFamily() bool { return !t.info().neutral }

// Options returns the names of the options of create, in the order in which
// they are saved.
func (t Type) Options() []string { return t.info().options }

// IgnoredOptions returns the names of options, each with a value, that create
// accepts for compatibility with ipset 4 and ignores.
func (t Type) IgnoredOptions() []string { return t.info().ignored }

func (t Type) isBitmap() bool { return t <= BitmapPort }

func (t Type) has(p part) bool { return slices.Contains(t.info().parts, p) }

// HasNomatch reports whether elements can have the flag nomatch.
func (t Type) HasNomatch() bool { return t.has(partNet) }

// networks returns how many parts of an element are networks.
func (t Type) networks() int {
	n := 0
	for _, p := range t.info().parts {
		if p == partNet {
			n++
		}
	}
	return n
}
