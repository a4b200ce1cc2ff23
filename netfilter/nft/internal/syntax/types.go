package syntax

// Order is the order of a number's bytes in a register.
type Order uint8

// The orders. Expressions that have no type yet have the order None.
const (
	None Order = iota
	Host       // little-endian
	Big        // network byte order
)

// Kind is the base of a data type.
type Kind uint8

// The kinds.
const (
	Integer Kind = iota
	Bitmask
	String
	VerdictKind
)

// Type is a data type of nft.
type Type struct {
	Name    string // as in "type ipv4_addr"; for concatenations all names
	Desc    string // as in error messages
	Bits    int    // 0 if it depends on the expression
	Order   Order
	Kind    Kind
	Base    *Type // the type it refines
	Symbols Symbols
	Hex     int  // digits in hexadecimal; 0 for decimal
	Prefix  bool // masks are written as prefixes
	Print   func(*Printer, Num) (string, bool)
	Parse   func(string) (Num, bool)
	Sub     []*Type // of a concatenation
	Odd     bool    // cannot be used in a set declaration
}

// Symbols are names of values, in nft's order: the first name of a value is printed.
type Symbols []Name

// Name is the name of a value.
type Name struct {
	Name  string
	Value uint64
}

// Find returns the value of a name.
func (s Symbols) Find(name string) (uint64, bool) {
	for _, n := range s {
		if n.Name == name {
			return n.Value, true
		}
	}
	return 0, false
}

// Text returns the first name of a value.
func (s Symbols) Text(v uint64) (string, bool) {
	for _, n := range s {
		if n.Value == v {
			return n.Name, true
		}
	}
	return "", false
}

// IsInteger reports whether values are numbers.
func (t *Type) IsInteger() bool {
	return t != nil && (t.Kind == Integer || t.Kind == Bitmask) && len(t.Sub) == 0
}

// IsBitmask reports whether values are sets of flags.
func (t *Type) IsBitmask() bool { return t != nil && t.Kind == Bitmask && t != BitmaskType }

// The basic types.
var (
	VerdictType = &Type{Name: "verdict", Desc: "netfilter verdict", Kind: VerdictKind}
	IntegerType = &Type{Name: "integer", Desc: "integer"}
	// HexType is an integer of unnamed bytes, printed in hexadecimal.
	HexType     = &Type{Name: "xinteger", Desc: "integer", Hex: 1, Base: IntegerType}
	BitmaskType = &Type{Name: "bitmask", Desc: "bitmask", Base: IntegerType, Kind: Bitmask}
	StringType  = &Type{Name: "string", Desc: "string", Kind: String, Order: Host}
	LLAddrType  = &Type{Name: "ll_addr", Desc: "link layer address", Order: Big, Base: IntegerType, Print: printMAC, Parse: parseMAC}
)

// Types of addresses and protocols.
var (
	IPv4Type    = &Type{Name: "ipv4_addr", Desc: "IPv4 address", Bits: 32, Order: Big, Prefix: true, Base: IntegerType, Print: printIPv4, Parse: parseIPv4}
	IPv6Type    = &Type{Name: "ipv6_addr", Desc: "IPv6 address", Bits: 128, Order: Big, Prefix: true, Base: IntegerType, Print: printIPv6, Parse: parseIPv6}
	EtherType   = &Type{Name: "ether_addr", Desc: "Ethernet address", Bits: 48, Order: Big, Base: LLAddrType, Print: printMAC, Parse: parseMAC}
	EtherProto  = &Type{Name: "ether_type", Desc: "Ethernet protocol", Bits: 16, Order: Big, Hex: 4, Base: IntegerType, Symbols: etherTypes}
	ARPOpType   = &Type{Name: "arp_op", Desc: "ARP operation", Bits: 16, Order: Big, Base: IntegerType, Symbols: arpOps}
	InetProto   = &Type{Name: "inet_proto", Desc: "Internet protocol", Bits: 8, Order: Big, Base: IntegerType, Print: printProto, Parse: parseProto}
	ServiceType = &Type{Name: "inet_service", Desc: "internet network service", Bits: 16, Order: Big, Base: IntegerType, Parse: parseService}
	NFProtoType = &Type{Name: "nf_proto", Desc: "netfilter protocol", Bits: 8, Order: Host, Base: IntegerType, Symbols: nfProtos}
)

// Types of header fields.
var (
	ICMPType    = &Type{Name: "icmp_type", Desc: "ICMP type", Bits: 8, Order: Big, Base: IntegerType, Symbols: icmpTypes}
	ICMPCode    = &Type{Name: "icmp_code", Desc: "icmp code", Bits: 8, Order: Big, Base: IntegerType, Symbols: icmpCodes}
	ICMPv6Type  = &Type{Name: "icmpv6_type", Desc: "ICMPv6 type", Bits: 8, Order: Big, Base: IntegerType, Symbols: icmpv6Types}
	ICMPv6Code  = &Type{Name: "icmpv6_code", Desc: "icmpv6 code", Bits: 8, Order: Big, Base: IntegerType, Symbols: icmpv6Codes}
	ICMPXCode   = &Type{Name: "icmpx_code", Desc: "icmpx code", Bits: 8, Order: Big, Base: IntegerType, Symbols: icmpxCodes}
	IGMPType    = &Type{Name: "igmp_type", Desc: "IGMP type", Bits: 8, Order: Big, Base: IntegerType, Symbols: igmpTypes}
	TCPFlagType = &Type{Name: "tcp_flag", Desc: "TCP flag", Bits: 8, Order: Host, Kind: Bitmask, Hex: 2, Base: BitmaskType, Symbols: tcpFlags}
	DCCPType    = &Type{Name: "dccp_pkttype", Desc: "DCCP packet type", Bits: 4, Order: Big, Hex: 2, Base: IntegerType, Symbols: dccpTypes}
	MHType      = &Type{Name: "mh_type", Desc: "Mobility Header Type", Bits: 8, Order: Big, Base: IntegerType, Symbols: mhTypes}
	DSCPType    = &Type{Name: "dscp", Desc: "Differentiated Services Code Point", Bits: 6, Order: Big, Hex: 2, Base: IntegerType, Symbols: dscps}
	ECNType     = &Type{Name: "ecn", Desc: "Explicit Congestion Notification", Bits: 2, Order: Big, Base: IntegerType, Symbols: ecns}
	BooleanType = &Type{Name: "boolean", Desc: "boolean type", Bits: 1, Order: Host, Base: IntegerType, Symbols: booleans}
	MPTCPType   = &Type{Name: "integer", Desc: "mptcp option subtype", Bits: 4, Order: Big, Base: IntegerType, Odd: true}
)

// Types of properties of a packet.
var (
	MarkType     = &Type{Prefix: true, Name: "mark", Desc: "packet mark", Bits: 32, Order: Host, Hex: 8, Base: IntegerType}
	IfIndexType  = &Type{Name: "iface_index", Desc: "network interface index", Bits: 32, Order: Host, Base: IntegerType, Print: printIfIndex}
	IfNameType   = &Type{Name: "ifname", Desc: "network interface name", Bits: 128, Order: Host, Kind: String, Base: StringType}
	ARPHRDType   = &Type{Name: "iface_type", Desc: "network interface type", Bits: 16, Order: Host, Base: IntegerType, Symbols: ifaceTypes}
	RealmType    = &Type{Prefix: true, Name: "realm", Desc: "routing realm", Bits: 32, Order: Host, Base: IntegerType, Symbols: realms}
	ClassIDType  = &Type{Name: "classid", Desc: "TC classid", Bits: 32, Order: Host, Base: IntegerType, Print: printClassID, Parse: parseClassID}
	UIDType      = &Type{Name: "uid", Desc: "user ID", Bits: 32, Order: Host, Base: IntegerType, Parse: parseUser}
	GIDType      = &Type{Name: "gid", Desc: "group ID", Bits: 32, Order: Host, Base: IntegerType, Parse: parseGroup}
	PktType      = &Type{Name: "pkt_type", Desc: "packet type", Bits: 8, Order: Host, Base: IntegerType, Symbols: pktTypes}
	DevGroupType = &Type{Prefix: true, Name: "devgroup", Desc: "devgroup name", Bits: 32, Order: Host, Base: IntegerType, Symbols: devGroups}
	DateType     = &Type{Name: "date", Desc: "Relative time of packet reception", Bits: 64, Order: Host, Base: IntegerType, Print: printDate, Parse: parseDate}
	HourType     = &Type{Name: "hour", Desc: "Hour of day of packet reception", Bits: 32, Order: Host, Base: IntegerType, Print: printHour, Parse: parseHour}
	DayType      = &Type{Name: "day", Desc: "Day of week of packet reception", Bits: 8, Order: Host, Base: IntegerType, Print: printDay, Symbols: days}
	FibAddrType  = &Type{Name: "fib_addrtype", Desc: "fib address type", Bits: 32, Order: Host, Base: IntegerType, Symbols: fibAddrTypes}
	CgroupV2Type = &Type{Name: "cgroupsv2", Desc: "cgroupsv2 path", Bits: 64, Order: Host, Base: IntegerType, Print: printCgroup, Parse: parseCgroup}
	TimeType     = &Type{Name: "time", Desc: "relative time", Bits: 32, Order: Host, Base: IntegerType, Print: printMillis, Parse: parseMillis}
	CTStateType  = &Type{Name: "ct_state", Desc: "conntrack state", Bits: 32, Order: Host, Kind: Bitmask, Hex: 8, Base: BitmaskType, Symbols: ctStates}
	CTDirType    = &Type{Name: "ct_dir", Desc: "conntrack direction", Bits: 8, Order: Host, Base: IntegerType, Symbols: ctDirs}
	CTStatusType = &Type{Name: "ct_status", Desc: "conntrack status", Bits: 32, Order: Host, Kind: Bitmask, Hex: 8, Base: BitmaskType, Symbols: ctStatuses}
	CTEventType  = &Type{Name: "ct_event", Desc: "conntrack event bits", Bits: 32, Order: Host, Kind: Bitmask, Hex: 8, Base: BitmaskType, Symbols: ctEvents}
	CTLabelType  = &Type{Name: "ct_label", Desc: "conntrack label", Bits: 128, Order: Host, Kind: Bitmask, Base: BitmaskType, Parse: parseLabel}
)

var allTypes = []*Type{IntegerType, StringType, LLAddrType, IPv4Type, IPv6Type, EtherType, EtherProto, ARPOpType, InetProto,
	ServiceType, NFProtoType, ICMPType, ICMPCode, ICMPv6Type, ICMPv6Code, ICMPXCode, IGMPType, TCPFlagType, DCCPType, MHType,
	DSCPType, ECNType, BooleanType, MarkType, IfIndexType, IfNameType, ARPHRDType, RealmType, ClassIDType, UIDType, GIDType,
	PktType, DevGroupType, DateType, HourType, DayType, FibAddrType, CgroupV2Type, TimeType, CTStateType, CTDirType,
	CTStatusType, CTEventType, CTLabelType, BitmaskType, HexType}

var typesByName = func() map[string]*Type {
	m := make(map[string]*Type)
	for _, t := range allTypes {
		if _, ok := m[t.Name]; !ok {
			m[t.Name] = t
		}
	}
	return m
}()

// TypeByName returns the type of this name, nil if there is none.
func TypeByName(name string) *Type { return typesByName[name] }

// Concatenated returns the type of a concatenation.
func Concatenated(sub []*Type) *Type {
	t := &Type{Sub: sub}
	for i, s := range sub {
		if i > 0 {
			t.Name += " . "
			t.Desc += " . "
		}
		t.Name += s.Name
		t.Desc += s.Desc
		t.Bits += (s.Bits + 31) &^ 31
	}
	return t
}
