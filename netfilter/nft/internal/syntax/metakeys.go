package syntax

import "github.com/packetpath/packetpath/netfilter/nft"

// Key is a keyword for a property of a packet, or of its connection, route or socket.
type Key struct {
	Name  string
	Type  *Type
	Bits  int
	Order Order
	Bare  bool // written without "meta"
}

// MetaKeys are the keys of meta.
var MetaKeys = map[nft.MetaKey]Key{
	nft.MetaLen:          {"length", IntegerType, 32, Host, false},
	nft.MetaProtocol:     {"protocol", EtherProto, 16, Big, false},
	nft.MetaPriority:     {"priority", ClassIDType, 32, Host, false},
	nft.MetaMark:         {"mark", MarkType, 32, Host, false},
	nft.MetaIIF:          {"iif", IfIndexType, 32, Host, true},
	nft.MetaOIF:          {"oif", IfIndexType, 32, Host, true},
	nft.MetaIIFName:      {"iifname", IfNameType, 128, Host, true},
	nft.MetaOIFName:      {"oifname", IfNameType, 128, Host, true},
	nft.MetaIIFType:      {"iiftype", ARPHRDType, 16, Host, false},
	nft.MetaOIFType:      {"oiftype", ARPHRDType, 16, Host, false},
	nft.MetaSkUID:        {"skuid", UIDType, 32, Host, false},
	nft.MetaSkGID:        {"skgid", GIDType, 32, Host, false},
	nft.MetaNFTrace:      {"nftrace", IntegerType, 1, Host, false},
	nft.MetaRtClassID:    {"rtclassid", RealmType, 32, Host, false},
	nft.MetaSecMark:      {"secmark", IntegerType, 32, Host, false},
	nft.MetaNFProto:      {"nfproto", NFProtoType, 8, Host, false},
	nft.MetaL4Proto:      {"l4proto", InetProto, 8, Host, false},
	nft.MetaBriIIFName:   {"ibrname", IfNameType, 128, Host, false},
	nft.MetaBriOIFName:   {"obrname", IfNameType, 128, Host, false},
	nft.MetaPktType:      {"pkttype", PktType, 8, Host, false},
	nft.MetaCPU:          {"cpu", IntegerType, 32, Host, false},
	nft.MetaIIFGroup:     {"iifgroup", DevGroupType, 32, Host, true},
	nft.MetaOIFGroup:     {"oifgroup", DevGroupType, 32, Host, true},
	nft.MetaCgroup:       {"cgroup", IntegerType, 32, Host, false},
	nft.MetaPRandom:      {"random", IntegerType, 32, Big, false},
	nft.MetaSecPath:      {"ipsec", BooleanType, 8, Host, false},
	nft.MetaIIFKind:      {"iifkind", IfNameType, 128, Host, false},
	nft.MetaOIFKind:      {"oifkind", IfNameType, 128, Host, false},
	nft.MetaBriIIFPVID:   {"ibrpvid", IntegerType, 16, Host, false},
	nft.MetaBriIIFVProto: {"ibrvproto", EtherProto, 16, Big, false},
	nft.MetaTime:         {"time", DateType, 64, Host, false},
	nft.MetaDay:          {"day", DayType, 8, Host, false},
	nft.MetaHour:         {"hour", HourType, 32, Host, false},
	nft.MetaSDIF:         {"sdif", IfIndexType, 32, Host, false},
	nft.MetaSDIFName:     {"sdifname", IfNameType, 128, Host, false},
	nft.MetaBriBroute:    {"broute", IntegerType, 1, Host, false},
}

// CTKeys are the keys of ct. saddr and daddr are not among them: their type
// depends on the family.
var CTKeys = map[nft.CTKey]Key{
	nft.CTState:      {"state", CTStateType, 32, Host, false},
	nft.CTDirection:  {"direction", CTDirType, 8, Host, false},
	nft.CTStatus:     {"status", CTStatusType, 32, Host, false},
	nft.CTMark:       {"mark", MarkType, 32, Host, false},
	nft.CTSecMark:    {"secmark", IntegerType, 32, Host, false},
	nft.CTExpiration: {"expiration", TimeType, 32, Host, false},
	nft.CTHelperName: {"helper", StringType, 128, Host, false},
	nft.CTL3Proto:    {"l3proto", NFProtoType, 8, Host, false},
	nft.CTSrc:        {"saddr", nil, 0, Big, false},
	nft.CTDst:        {"daddr", nil, 0, Big, false},
	nft.CTProtocol:   {"protocol", InetProto, 8, Big, false},
	nft.CTProtoSrc:   {"proto-src", ServiceType, 16, Big, false},
	nft.CTProtoDst:   {"proto-dst", ServiceType, 16, Big, false},
	nft.CTLabels:     {"label", CTLabelType, 128, Host, false},
	nft.CTPkts:       {"packets", IntegerType, 64, Host, false},
	nft.CTBytes:      {"bytes", IntegerType, 64, Host, false},
	nft.CTAvgPkt:     {"avgpkt", IntegerType, 64, Host, false},
	nft.CTZone:       {"zone", IntegerType, 16, Host, false},
	nft.CTEventMask:  {"event", CTEventType, 32, Host, false},
	nft.CTSrcIP:      {"ip saddr", IPv4Type, 32, Big, false},
	nft.CTDstIP:      {"ip daddr", IPv4Type, 32, Big, false},
	nft.CTSrcIP6:     {"ip6 saddr", IPv6Type, 128, Big, false},
	nft.CTDstIP6:     {"ip6 daddr", IPv6Type, 128, Big, false},
	nft.CTID:         {"id", IntegerType, 32, Big, false},
}

// RTKeys are the keys of rt.
var RTKeys = map[nft.RTKey]Key{
	nft.RTClassID:  {"classid", RealmType, 32, Host, false},
	nft.RTNextHop4: {"ip nexthop", IPv4Type, 32, Big, false},
	nft.RTNextHop6: {"ip6 nexthop", IPv6Type, 128, Big, false},
	nft.RTTCPMSS:   {"mtu", IntegerType, 16, Host, false},
	nft.RTXfrm:     {"ipsec", BooleanType, 8, Host, false},
}

// SocketKeys are the keys of socket.
var SocketKeys = map[nft.SocketKey]Key{
	nft.SocketTransparent: {"transparent", IntegerType, 8, Host, false},
	nft.SocketMark:        {"mark", MarkType, 32, Host, false},
	nft.SocketWildcard:    {"wildcard", IntegerType, 8, Host, false},
	nft.SocketCgroupV2:    {"cgroupv2", CgroupV2Type, 64, Host, false},
}

// XfrmKeys are the keys of ipsec.
var XfrmKeys = map[nft.XfrmKey]Key{
	nft.XfrmDAddrIP4: {"ip daddr", IPv4Type, 32, Big, false},
	nft.XfrmDAddrIP6: {"ip6 daddr", IPv6Type, 128, Big, false},
	nft.XfrmSAddrIP4: {"ip saddr", IPv4Type, 32, Big, false},
	nft.XfrmSAddrIP6: {"ip6 saddr", IPv6Type, 128, Big, false},
	nft.XfrmReqID:    {"reqid", IntegerType, 32, Host, false},
	nft.XfrmSPI:      {"spi", IntegerType, 32, Big, false},
}

// KeyByName returns the key of this name.
func KeyByName[K comparable](keys map[K]Key, name string) (K, bool) {
	for k, d := range keys {
		if d.Name == name {
			return k, true
		}
	}
	var none K
	return none, false
}
