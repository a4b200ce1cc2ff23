package syntax

import "github.com/packetpath/packetpath/netfilter/nft"

// Option is an extension header, an option or a chunk with named fields.
type Option struct {
	Op     nft.ExthdrOp
	Name   string
	Type   uint8
	Fields []Field
	// Index reports that names of this option end in a number ("sack1", "addr[2]").
	Alias string // another name
}

// Field returns the field of this name, nil if there is none.
func (o *Option) Field(name string) *Field {
	for i := range o.Fields {
		if o.Fields[i].Name == name {
			return &o.Fields[i]
		}
	}
	return nil
}

func opts(op nft.ExthdrOp, name string, typ uint8, fields ...Field) *Option {
	return &Option{Op: op, Name: name, Type: typ, Fields: fields}
}

func nexthdr(name string, typ uint8, more ...Field) *Option {
	return opts(nft.ExthdrIPv6, name, typ, append([]Field{typed("nexthdr", InetProto, 0, 8), be("hdrlength", 8, 8)}, more...)...)
}

// IPv6 extension headers (man nft, EXTENSION HEADER EXPRESSIONS). Headers of
// one type come with the most common first.
var exthdrs = []*Option{
	nexthdr("hbh", 0),
	nexthdr("rt", 43, be("type", 16, 8), be("seg-left", 24, 8)),
	opts(nft.ExthdrIPv6, "rt0", 43, append([]Field{be("reserved", 32, 32)}, numbered("addr", 64)...)...),
	opts(nft.ExthdrIPv6, "rt2", 43, be("reserved", 32, 32), typed("addr", IPv6Type, 64, 128)),
	opts(nft.ExthdrIPv6, "srh", 43, append([]Field{be("last-entry", 32, 8), be("flags", 40, 8), be("tag", 48, 16)}, numbered("sid", 64)...)...),
	opts(nft.ExthdrIPv6, "frag", 44, typed("nexthdr", InetProto, 0, 8), be("reserved", 8, 8), be("frag-off", 16, 13),
		be("reserved2", 29, 2), be("more-fragments", 31, 1), be("id", 32, 32)),
	nexthdr("dst", 60),
	nexthdr("mh", 135, typed("type", MHType, 16, 8), be("reserved", 24, 8), be("checksum", 32, 16)),
}

// numbered returns the addresses of a list, the first of which has number 1.
func numbered(name string, off int) []Field {
	var out []Field
	for i := range 16 {
		out = append(out, typed(name+"["+N(uint64(i+1)).String()+"]", IPv6Type, off+128*i, 128))
	}
	return out
}

func tcpopt(name string, typ uint8, more ...Field) *Option {
	return opts(nft.ExthdrTCPOption, name, typ, append([]Field{be("kind", 0, 8), be("length", 8, 8)}, more...)...)
}

// TCP options.
var tcpOptions = []*Option{
	opts(nft.ExthdrTCPOption, "eol", 0, be("kind", 0, 8)),
	opts(nft.ExthdrTCPOption, "nop", 1, be("kind", 0, 8)),
	{Op: nft.ExthdrTCPOption, Name: "maxseg", Alias: "mss", Type: 2, Fields: []Field{be("kind", 0, 8), be("length", 8, 8), be("size", 16, 16)}},
	tcpopt("window", 3, be("count", 16, 8)),
	{Op: nft.ExthdrTCPOption, Name: "sack-perm", Alias: "sack-permitted", Type: 4, Fields: []Field{be("kind", 0, 8), be("length", 8, 8)}},
	tcpopt("sack", 5, be("left", 16, 32), be("right", 48, 32)),
	tcpopt("sack0", 5, be("left", 16, 32), be("right", 48, 32)),
	opts(nft.ExthdrTCPOption, "sack1", 5, be("left", 80, 32), be("right", 112, 32)),
	opts(nft.ExthdrTCPOption, "sack2", 5, be("left", 144, 32), be("right", 176, 32)),
	opts(nft.ExthdrTCPOption, "sack3", 5, be("left", 208, 32), be("right", 240, 32)),
	tcpopt("echo", 6),
	tcpopt("timestamp", 8, be("tsval", 16, 32), be("tsecr", 48, 32)),
	tcpopt("md5sig", 19),
	tcpopt("mptcp", 30, typed("subtype", MPTCPType, 16, 4)),
	tcpopt("fastopen", 34),
}

// IPv4 options.
var ipOptions = []*Option{
	opts(nft.ExthdrIPOption, "lsrr", 131, be("type", 0, 8), be("length", 8, 8), be("ptr", 16, 8), be("addr", 24, 32)),
	opts(nft.ExthdrIPOption, "rr", 7, be("type", 0, 8), be("length", 8, 8), be("ptr", 16, 8), be("addr", 24, 32)),
	opts(nft.ExthdrIPOption, "ssrr", 137, be("type", 0, 8), be("length", 8, 8), be("ptr", 16, 8), be("addr", 24, 32)),
	opts(nft.ExthdrIPOption, "ra", 148, be("type", 0, 8), be("length", 8, 8), be("value", 16, 16)),
}

func chunk(name string, typ uint8, more ...Field) *Option {
	return opts(nft.ExthdrSCTPChunk, name, typ, append([]Field{be("type", 0, 8), be("flags", 8, 8), be("length", 16, 16)}, more...)...)
}

func initFields() []Field {
	return []Field{be("init-tag", 32, 32), be("a-rwnd", 64, 32), be("num-outbound-streams", 96, 16),
		be("num-inbound-streams", 112, 16), be("initial-tsn", 128, 32)}
}

// SCTP chunks.
var sctpChunks = []*Option{
	chunk("data", 0, be("tsn", 32, 32), be("stream", 64, 16), be("ssn", 80, 16), be("ppid", 96, 32)),
	chunk("init", 1, initFields()...),
	chunk("init-ack", 2, initFields()...),
	chunk("sack", 3, be("cum-tsn-ack", 32, 32), be("a-rwnd", 64, 32), be("num-gap-ack-blocks", 96, 16), be("num-dup-tsns", 112, 16)),
	chunk("heartbeat", 4), chunk("heartbeat-ack", 5), chunk("abort", 6),
	chunk("shutdown", 7, be("cum-tsn-ack", 32, 32)),
	chunk("shutdown-ack", 8), chunk("error", 9), chunk("cookie-echo", 10), chunk("cookie-ack", 11),
	chunk("ecne", 12, be("lowest-tsn", 32, 32)), chunk("cwr", 13, be("lowest-tsn", 32, 32)),
	chunk("shutdown-complete", 14),
	chunk("asconf-ack", 0x80, be("seqno", 32, 32)),
	chunk("forward-tsn", 0xc0, be("new-cum-tsn", 32, 32)),
	chunk("asconf", 0xc1, be("seqno", 32, 32)),
}

// OptionsOf returns the known options of a kind.
func OptionsOf(op nft.ExthdrOp) []*Option {
	switch op {
	case nft.ExthdrIPv6:
		return exthdrs
	case nft.ExthdrTCPOption:
		return tcpOptions
	case nft.ExthdrIPOption:
		return ipOptions
	case nft.ExthdrSCTPChunk:
		return sctpChunks
	}
	return nil
}

// OptionByName returns the option of a kind with a name; nil if there is none.
func OptionByName(op nft.ExthdrOp, name string) *Option {
	for _, o := range OptionsOf(op) {
		if o.Name == name || o.Alias != "" && o.Alias == name {
			return o
		}
	}
	return nil
}
