package syntax

import "github.com/packetpath/packetpath/netfilter/nft"

// Header is a protocol header with named fields.
type Header struct {
	Name       string
	Base       nft.PayloadBase
	Fields     []Field
	Key        string // the field that determines the next header; "" for none
	Bytes      int    // its length, of link layer headers
	Checksum   nft.ChecksumType
	ChecksumAt int      // offset in bytes of its checksum; 0 if it has none
	Pseudo     []string // fields that the transport's checksum covers
}

// Field is a field of a header. Offset and length are in bits.
type Field struct {
	Name     string
	Type     *Type
	Off, Len int
	Order    Order
	ICMP     int // the ICMP type that has this field, plus one; 0 if all have
}

func be(name string, off, n int) Field {
	return Field{Name: name, Type: IntegerType, Off: off, Len: n, Order: Big}
}

func typed(name string, t *Type, off, n int) Field {
	return Field{Name: name, Type: t, Off: off, Len: n, Order: t.Order}
}

func icmp(typ int, f Field) Field { f.ICMP = typ + 1; return f }

// Field returns the field of this name, nil if there is none.
func (h *Header) Field(name string) *Field {
	for i := range h.Fields {
		if h.Fields[i].Name == name {
			return &h.Fields[i]
		}
	}
	return nil
}

// The headers (man nft, PAYLOAD EXPRESSIONS).
var (
	Ether = &Header{Name: "ether", Base: nft.LinkHeader, Key: "type", Bytes: 14, Fields: []Field{
		typed("daddr", EtherType, 0, 48), typed("saddr", EtherType, 48, 48), typed("type", EtherProto, 96, 16)}}
	VLAN = &Header{Name: "vlan", Base: nft.LinkHeader, Key: "type", Bytes: 4, Fields: []Field{
		be("pcp", 0, 3), be("dei", 3, 1), be("id", 4, 12), typed("type", EtherProto, 16, 16)}}
	ARP = &Header{Name: "arp", Base: nft.NetworkHeader, Fields: []Field{
		be("htype", 0, 16), typed("ptype", EtherProto, 16, 16), be("hlen", 32, 8), be("plen", 40, 8),
		typed("operation", ARPOpType, 48, 16), typed("saddr ether", EtherType, 64, 48), typed("saddr ip", IPv4Type, 112, 32),
		typed("daddr ether", EtherType, 144, 48), typed("daddr ip", IPv4Type, 192, 32)}}
	IP = &Header{Name: "ip", Base: nft.NetworkHeader, Key: "protocol", Checksum: nft.InetChecksum, ChecksumAt: 10,
		Pseudo: []string{"saddr", "daddr", "protocol"}, Fields: []Field{
			be("version", 0, 4), be("hdrlength", 4, 4), typed("dscp", DSCPType, 8, 6), typed("ecn", ECNType, 14, 2),
			be("length", 16, 16), be("id", 32, 16), be("frag-off", 48, 16), be("ttl", 64, 8), typed("protocol", InetProto, 72, 8),
			be("checksum", 80, 16), typed("saddr", IPv4Type, 96, 32), typed("daddr", IPv4Type, 128, 32)}}
	IP6 = &Header{Name: "ip6", Base: nft.NetworkHeader, Key: "nexthdr",
		Pseudo: []string{"saddr", "daddr", "nexthdr"}, Fields: []Field{
			be("version", 0, 4), typed("dscp", DSCPType, 4, 6), typed("ecn", ECNType, 10, 2), be("flowlabel", 12, 20),
			be("length", 32, 16), typed("nexthdr", InetProto, 48, 8), be("hoplimit", 56, 8),
			typed("saddr", IPv6Type, 64, 128), typed("daddr", IPv6Type, 192, 128)}}
	TCP = &Header{Name: "tcp", Base: nft.TransportHeader, Checksum: nft.InetChecksum, ChecksumAt: 16, Fields: []Field{
		typed("sport", ServiceType, 0, 16), typed("dport", ServiceType, 16, 16), be("sequence", 32, 32), be("ackseq", 64, 32),
		be("doff", 96, 4), be("reserved", 100, 4), typed("flags", TCPFlagType, 104, 8), be("window", 112, 16),
		be("checksum", 128, 16), be("urgptr", 144, 16)}}
	UDP = &Header{Name: "udp", Base: nft.TransportHeader, Checksum: nft.InetChecksum, ChecksumAt: 6, Fields: []Field{
		typed("sport", ServiceType, 0, 16), typed("dport", ServiceType, 16, 16), be("length", 32, 16), be("checksum", 48, 16)}}
	UDPLite = &Header{Name: "udplite", Base: nft.TransportHeader, Fields: []Field{
		typed("sport", ServiceType, 0, 16), typed("dport", ServiceType, 16, 16), be("csumcov", 32, 16), be("checksum", 48, 16)}}
	SCTP = &Header{Name: "sctp", Base: nft.TransportHeader, Checksum: nft.SCTPChecksum, ChecksumAt: 8, Fields: []Field{
		typed("sport", ServiceType, 0, 16), typed("dport", ServiceType, 16, 16), be("vtag", 32, 32), be("checksum", 64, 32)}}
	DCCP = &Header{Name: "dccp", Base: nft.TransportHeader, Fields: []Field{
		typed("sport", ServiceType, 0, 16), typed("dport", ServiceType, 16, 16), typed("type", DCCPType, 67, 4)}}
	AH = &Header{Name: "ah", Base: nft.TransportHeader, Key: "nexthdr", Fields: []Field{
		typed("nexthdr", InetProto, 0, 8), be("hdrlength", 8, 8), be("reserved", 16, 16), be("spi", 32, 32), be("sequence", 64, 32)}}
	ESP  = &Header{Name: "esp", Base: nft.TransportHeader, Fields: []Field{be("spi", 0, 32), be("sequence", 32, 32)}}
	Comp = &Header{Name: "comp", Base: nft.TransportHeader, Key: "nexthdr", Fields: []Field{
		typed("nexthdr", InetProto, 0, 8), {Name: "flags", Type: BitmaskType, Off: 8, Len: 8, Order: Host}, be("cpi", 16, 16)}}
	ICMP = &Header{Name: "icmp", Base: nft.TransportHeader, Key: "type", Checksum: nft.InetChecksum, ChecksumAt: 2, Fields: []Field{
		typed("type", ICMPType, 0, 8), typed("code", ICMPCode, 8, 8), be("checksum", 16, 16),
		icmp(8, be("id", 32, 16)), icmp(8, be("sequence", 48, 16)), icmp(5, be("gateway", 32, 32)), icmp(3, be("mtu", 48, 16))}}
	ICMP6 = &Header{Name: "icmpv6", Base: nft.TransportHeader, Key: "type", Checksum: nft.InetChecksum, ChecksumAt: 2, Fields: []Field{
		typed("type", ICMPv6Type, 0, 8), typed("code", ICMPv6Code, 8, 8), be("checksum", 16, 16),
		icmp(4, be("parameter-problem", 32, 32)), icmp(2, be("mtu", 32, 32)),
		icmp(128, be("id", 32, 16)), icmp(128, be("sequence", 48, 16)), icmp(130, be("max-delay", 32, 16))}}
	IGMP = &Header{Name: "igmp", Base: nft.TransportHeader, Checksum: nft.InetChecksum, ChecksumAt: 2, Fields: []Field{
		typed("type", IGMPType, 0, 8), be("mrt", 8, 8), be("checksum", 16, 16), be("group", 32, 32)}}
	// TH stands for any transport protocol with ports.
	TH = &Header{Name: "th", Base: nft.TransportHeader, Fields: []Field{
		typed("sport", ServiceType, 0, 16), typed("dport", ServiceType, 16, 16)}}
	// InetDummy and NetdevDummy stand for the link layer if no header of it is tested,
	// Service for the network header of either family. The next header is determined
	// by meta nfproto, meta protocol and meta l4proto.
	InetDummy   = &Header{Name: "inet", Base: nft.LinkHeader}
	NetdevDummy = &Header{Name: "netdev", Base: nft.LinkHeader}
	Service     = &Header{Name: "inet-service", Base: nft.NetworkHeader}
)

// Headers are those that rules can name.
var Headers = []*Header{Ether, VLAN, ARP, IP, IP6, TCP, UDP, UDPLite, SCTP, DCCP, AH, ESP, Comp, ICMP, ICMP6, IGMP, TH}

var headersByName = func() map[string]*Header {
	m := make(map[string]*Header, len(Headers))
	for _, h := range Headers {
		m[h.Name] = h
	}
	return m
}()

// HeaderByName returns the header of this name, nil if there is none.
func HeaderByName(name string) *Header { return headersByName[name] }
