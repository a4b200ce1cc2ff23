package listing

import (
	"regexp"
	"strconv"
	"strings"
)

// port is a pattern for a port or a range of ports. The text of bpf follows it without a
// space.
const port = `\d+(?::\d+)?|[a-zA-Z][\w.:-]*`

// ports are the parts that tcp, udp, udplite, sctp and dccp print for ports.
var ports = []part{
	p(`spts?:(!?)(`+port+`)`, "!1 --sport $2"),
	p(`dpts?:(!?)(`+port+`)`, "!1 --dport $2"),
}

// forms are the forms of matches and targets (the print functions in extensions/ of
// iptables). The first that applies is used.
var forms = append([]form{
	{name: "comment", open: re(`/\* (.*?) \*/`), options: `--comment $1`, finish: quoteValue("--comment")},
	{name: "tcp", open: re(`tcp` + end), parts: append([]part{
		p(`option=(!?)(\d+)`, "!1 --tcp-option $2"),
		p(`(?:tcp)?flags:\s?(!?)(0x[0-9A-Fa-f]{2})/(0x[0-9A-Fa-f]{2})`, "!1 --tcp-flags $2 $3"),
		p(`(?:tcp)?flags:\s?(!?)([A-Z,]+)/([A-Z,]+)`, "!1 --tcp-flags $2 $3"),
	}, ports...), finish: tcpFlags},
	{name: "udp", open: re(`udp` + end), parts: ports},
	{name: "udplite", open: re(`udplite` + end), parts: ports},
	{name: "sctp", open: re(`sctp` + end), parts: append([]part{p(`(! )?(all|any|only) (\S+)`, "!1 --chunk-types $2 $3")}, ports...), finish: chunks},
	{name: "dccp", open: re(`dccp` + end), parts: append([]part{
		p(`option=(!?)(\d+)`, "!1 --dccp-option $2"),
		p(`(! )?([0-9]+(?:,[0-9]+)*)`, "!1 --dccp-types $2"),
	}, ports...), finish: dccpTypes},
	{name: "icmp", open: re(`icmp ?(!?)type (\d+) code (\d+)(?: to (\d+))?`), options: "!1 --icmp-type $2/$3"},
	{name: "icmp", open: re(`icmp !type 255`), options: "! --icmp-type any"},
	{name: "icmp", open: re(`icmp any`), options: "--icmp-type any"},
	{name: "icmp", open: re(`icmp ?(!?)type (\d+)`), options: "!1 --icmp-type $2"},
	{name: "icmp", open: re(`icmp (!?)([a-zA-Z-]+)`), options: "!1 --icmp-type $2"},
	{name: "icmp6", open: re(`ipv6-icmp ?(!?)type (\d+) code (\d+)(?:-\d+)?`), options: "!1 --icmpv6-type $2/$3"},
	{name: "icmp6", open: re(`ipv6-icmp ?(!?)type (\d+)`), options: "!1 --icmpv6-type $2"},
	{name: "icmp6", open: re(`ipv6-icmp (!?)([a-zA-Z-]+)`), options: "!1 --icmpv6-type $2"},
	{name: "state", open: re(`(! )?state ([A-Z,]+)`), options: "!1 --state $2"},
	{name: "conntrack", open: re(`(! ?)?ctstate ([A-Z,]+)`), options: "!1 --ctstate $2", parts: conntrack},
	{name: "conntrack", open: re(`(! ?)?(ct(?:proto|origsrc|origdst|replsrc|repldst|origsrcport|origdstport|replsrcport|repldstport|status|expire|dir)) (\S+)`), options: "!1 --$2 $3", parts: conntrack},
	{name: "multiport", open: re(`multiport (sports|dports|ports) +(!?)(\S+)`), options: "!2 --$1 $3"},
	{name: "addrtype", open: re(`ADDRTYPE match`), parts: []part{
		p(`(src|dst)-type (!?)(\S+)`, "!2 --$1-type $3"),
		p(`limit-in`, "--limit-iface-in"), p(`limit-out`, "--limit-iface-out"),
	}},
	{name: "set", open: re(`(! )?(?:match-)?set (\S+) (\S+)`), options: "!1 --match-set $2 $3", parts: []part{
		p(`return-nomatch`, "--return-nomatch"), p(`! update-counters`, "! --update-counters"), p(`! update-subcounters`, "! --update-subcounters"),
		p(`packets-eq (\d+)`, "--packets-eq $1"), p(`! packets-eq (\d+)`, "! --packets-eq $1"), p(`packets-(lt|gt) (\d+)`, "--packets-$1 $2"),
		p(`bytes-eq (\d+)`, "--bytes-eq $1"), p(`! bytes-eq (\d+)`, "! --bytes-eq $1"), p(`bytes-(lt|gt) (\d+)`, "--bytes-$1 $2"),
	}},
	{name: "limit", open: re(`limit: avg (\S+) burst (\d+)`), options: "--limit $1 --limit-burst $2"},
	{name: "hashlimit", open: re(`limit: (up to|above) (\S+)`), options: "--hashlimit-$1 $2", parts: []part{
		p(`burst (\S+)`, "--hashlimit-burst $1"), p(`mode (\S+)`, "--hashlimit-mode $1"),
		p(`(htable-(?:size|max|gcinterval|expire)) (\d+)`, "--hashlimit-$1 $2"), p(`(srcmask|dstmask) (\d+)`, "--hashlimit-$1 $2"),
		p(`rate-match`, "--hashlimit-rate-match"), p(`rate-interval (\S+)`, "--hashlimit-rate-interval $1"),
	}, finish: hashlimit, lost: "hashlimit's table has a name that the listing does not show; rules of the same rate and mode are taken to share one"},
	{name: "mark", open: re(`(?:mark|MARK) match (! )?(\S+)`), options: "!1 --mark $2"},
	{name: "connmark", open: re(`(?:connmark|CONNMARK) match +(! )?(\S+)`), options: "!1 --mark $2"},
	{name: "mac", open: re(`MAC (! ?)?(\S+)`), options: "!1 --mac-source $2"},
	{name: "owner", open: re(`(! )?(?:owner|OWNER) UID match (\S+)`), options: "!1 --uid-owner $2", parts: owner},
	{name: "owner", open: re(`(! )?(?:owner|OWNER) GID match (\S+)`), options: "!1 --gid-owner $2", parts: owner},
	{name: "owner", open: re(`(! )?owner socket exists`), options: "!1 --socket-exists", parts: owner},
	{name: "length", open: re(`length (!?)(\S+)`), options: "!1 --length $2"},
	{name: "iprange", open: re(`source IP range (! )?(\S+)(?: destination IP range (! )?(\S+))?`), options: "!1 --src-range $2 !3 --dst-range $4", finish: ranges},
	{name: "iprange", open: re(`destination IP range (! )?(\S+)`), options: "!1 --dst-range $2"},
	{name: "pkttype", open: re(`PKTTYPE (!?)= (\S+)`), options: "!1 --pkt-type $2"},
	{name: "physdev", open: re(`PHYSDEV match`), parts: []part{p(`(! )?(--physdev-(?:in|out)) (\S+)`, "!1 $2 $3"), p(`(! )?(--physdev-is-(?:in|out|bridged))`, "!1 $2")}},
	{name: "policy", open: re(`policy match dir (in|out) pol (ipsec|none)`), options: "--dir $1 --pol $2", parts: []part{
		p(`strict`, "--strict"), p(`\[0\]`, ""), p(`\[\d\]`, "--next"),
		p(`(! )?(reqid|spi|proto|mode|tunnel-src|tunnel-dst) (\S+)`, "!1 --$2 $3"),
	}},
	{name: "recent", open: re(`(! )?recent: (SET|CHECK|UPDATE|REMOVE)`), options: "!1 --$2", parts: []part{
		p(`seconds: (\d+)`, "--seconds $1"), p(`reap`, "--reap"), p(`hit_count: (\d+)`, "--hitcount $1"), p(`TTL-Match`, "--rttl"),
		p(`name: (\S+)`, "--name $1"), p(`side: source`, "--rsource"), p(`side: dest`, "--rdest"), p(`mask: (\S+)`, "--mask $1"),
	}, finish: func(s string) string {
		return strings.NewReplacer("--SET", "--set", "--CHECK", "--rcheck", "--UPDATE", "--update", "--REMOVE", "--remove").Replace(s)
	}},
	{name: "statistic", open: re(`statistic mode random (! )?probability (\S+)`), options: "--mode random !1 --probability $2"},
	{name: "statistic", open: re(`statistic mode nth (! )?every (\d+)(?: packet (\d+))?`), options: "--mode nth !1 --every $2 --packet $3", finish: func(s string) string {
		if strings.HasSuffix(s, "--packet") {
			return s + " 0"
		}
		return s
	}},
	{name: "string", open: re(`STRING match (!)? ?("(?:[^"\\]|\\.)*") ALGO name (\S+)`), options: "!1 --string $2 --algo $3", parts: []part{
		p(`FROM (\d+)`, "--from $1"), p(`TO (\d+)`, "--to $1"), p(`ICASE`, "--icase"),
	}, finish: hexString},
	{name: "tcpmss", open: re(`tcpmss match (!?)(\S+)`), options: "!1 --mss $2"},
	{name: "ttl", open: re(`TTL match TTL (==|!=|<|>) (\d+)`), options: "--ttl$1 $2", finish: compare},
	{name: "hl", open: re(`HL match HL (==|!=|<|>) (\d+)`), options: "--hl$1 $2", finish: compare},
	{name: "tos", open: re(`(?:tos|TOS) match ?(!?)(\S+)`), options: "!1 --tos $2"},
	{name: "dscp", open: re(`DSCP match (!?)(\S+)`), options: "!1 --dscp $2"},
	{name: "ecn", open: re(`ECN match`), parts: []part{p(`(!?)ECE`, "!1 --ecn-tcp-ece"), p(`(!?)CWR`, "!1 --ecn-tcp-cwr"), p(`(!?)ECT=(\d)`, "!1 --ecn-ip-ect $2")}},
	{name: "helper", open: re(`helper match (! )?("[^"]*")`), options: "!1 --helper $2"},
	{name: "connlimit", open: re(`#conn (src|dst)/(\d+) (>|<=) (\d+)`), options: "$3 $4 --connlimit-mask $2 --$1", finish: func(s string) string {
		s = strings.NewReplacer("--src", "--connlimit-saddr", "--dst", "--connlimit-daddr").Replace(s)
		return strings.NewReplacer(" > ", " --connlimit-above ", " <= ", " --connlimit-upto ").Replace(s)
	}},
	{name: "connbytes", open: re(`(! )?connbytes (\S+) connbytes mode (\S+) connbytes direction (\S+)`), options: "!1 --connbytes $2 --connbytes-mode $3 --connbytes-dir $4"},
	{name: "connlabel", open: re(`connlabel (! )?(\S+)( set)?`), options: `!1 --label "$2"$3`, finish: func(s string) string { return strings.Replace(s, `" set`, `" --set`, 1) }},
	{name: "devgroup", open: re(`(! )?src-group (\S+)(?: (! )?dst-group (\S+))?`), options: "!1 --src-group $2 !3 --dst-group $4", finish: func(s string) string { return strings.TrimSuffix(s, " --dst-group") }},
	{name: "devgroup", open: re(`(! )?dst-group (\S+)`), options: "!1 --dst-group $2"},
	{name: "realm", open: re(`(! )?realm (\S+)`), options: "!1 --realm $2"},
	{name: "cpu", open: re(`cpu (! )?(\d+)`), options: "!1 --cpu $2"},
	{name: "cgroup", open: re(`cgroup (! )?(\d+)`), options: "!1 --cgroup $2"},
	{name: "cgroup", open: re(`cgroup (! )?(/\S*|$)`), options: `!1 --path "$2"`},
	{name: "cluster", open: re(`cluster (!?)node_mask=(\S+) total_nodes=(\S+) hash_seed=(\S+)`), options: "!1 --cluster-local-nodemask $2 --cluster-total-nodes $3 --cluster-hash-seed $4"},
	{name: "quota", open: re(`quota: (\d+) bytes`), options: "--quota $1", lost: "a listing does not show whether quota is inverted; it is taken not to be"},
	{name: "rpfilter", open: re(`rpfilter` + end), parts: []part{p(`loose`, "--loose"), p(`validmark`, "--validmark"), p(`accept-local`, "--accept-local"), p(`invert`, "--invert")}},
	{name: "socket", open: re(`socket` + end), parts: []part{p(`(--(?:transparent|nowildcard|restore-skmark))`, "$1")}},
	{name: "u32", open: re(`u32 (! )?("[^"]*")`), options: "!1 --u32 $2"},
	{name: "bpf", open: re(`match bpf (\d[\d ,]*)\x00?`), options: "$1", finish: bytecode},
	{name: "bpf", open: re(`match bpf pinned (\S+)`), options: "--object-pinned $1"},
	{name: "time", open: re(`TIME` + end), parts: []part{
		p(`from (\d\d:\d\d:\d\d) to (\d\d:\d\d:\d\d)`, "--timestart $1 --timestop $2"),
		p(`(all days)`, ""), p(`on (!? ?)((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:,(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))*)`, "!1 --weekdays $2"),
		p(`on (!? ?)(\d+(?:st|nd|rd|th)(?:,\d+(?:st|nd|rd|th))*)`, "!1 --monthdays $2"),
		p(`starting from (\S+) (\d\d:\d\d:\d\d)`, "--datestart $1T$2"), p(`until date (\S+) (\d\d:\d\d:\d\d)`, "--datestop $1T$2"),
		p(`UTC`, "UTC"), p(`contiguous`, "--contiguous"),
	}, finish: timeWords},
	{name: "nfacct", open: re(`nfacct-name +(\S+)`), options: "--nfacct-name $1"},
	{name: "osf", open: re(`OS fingerprint match (! )?(\S+)`), options: "!1 --genre $2", lost: "a listing does not show --ttl and --log of osf"},
	{name: "ah", open: re(`ah` + end), parts: []part{p(`spis?:(!?)([^l\s]+)`, "!1 --ahspi $2"), p(`length:(!?)(\d+)`, "!1 --ahlen $2"), p(`reserved`, "--ahres")}},
	{name: "esp", open: re(`esp` + end), parts: []part{p(`spis?:(!?)(\S+)`, "!1 --espspi $2")}},
	{name: "ipcomp", open: re(`comp` + end), parts: []part{p(`spis?:(!?)(\S+)`, "!1 --ipcompspi $2"), p(`reserved`, "--compres")}},
	{name: "eui64", open: re(`eui64` + end)},
	{name: "ipv6header", open: re(`ipv6header flags:(!?)(0x[0-9a-fA-F]+)( soft)?`), options: "!1 --header $2$3", finish: headers},
	{name: "frag", open: re(`frag` + end), parts: []part{p(`ids?:(!?)(\S+)`, "!1 --fragid $2"), p(`length:(!?)(\d+)`, "!1 --fraglen $2"), p(`reserved`, "--fragres"), p(`first`, "--fragfirst"), p(`more`, "--fragmore"), p(`last`, "--fraglast")}},
	{name: "dst", open: re(`dst` + end), parts: []part{p(`length:(!?)(\d+)`, "!1 --dst-len $2"), p(`opts (\S+)`, "--dst-opts $1")}},
	{name: "hbh", open: re(`hbh` + end), parts: []part{p(`length:(!?)(\d+)`, "!1 --hbh-len $2"), p(`opts (\S+)`, "--hbh-opts $1")}},
	{name: "rt", open: re(`rt` + end), parts: []part{p(`type:(!?)(-?\d+)`, "!1 --rt-type $2"), p(`segslefts?:(!?)(\S+)`, "!1 --rt-segsleft $2"), p(`length:(!?)(\d+)`, "!1 --rt-len $2"),
		p(`reserved`, "--rt-0-res"), p(`0-addrs (\S+)`, "--rt-0-addrs $1"), p(`0-not-strict`, "--rt-0-not-strict")}, finish: unsignedType},
	{name: "mh", open: re(`mh (!?)(\d\S*)`), options: "!1 --mh-type $2"},
	{name: "mh", open: re(`mh` + end)},
	{name: "srh", open: re(`srh` + end), parts: []part{p(`((?:next-hdr|hdr-len-eq|hdr-len-gt|hdr-len-lt|segs-left-eq|segs-left-gt|segs-left-lt|last-entry-eq|last-entry-gt|last-entry-lt|tag)):(!?)(\d+)`, "!2 --srh-$1 $3"),
		p(`(psid|nsid|lsid) (!?) ?(\S+)`, "!2 --srh-$1 $3")}},
	{name: "rateest", open: re(`rateest match (.*)$`), options: "$1", finish: func(s string) string { return s }},
	{name: "ipvs", open: re(`(! )?ipvs` + end), options: "!1 --ipvs"},
}, targets...)

var conntrack = []part{p(`(! ?)?(ct(?:state|proto|origsrc|origdst|replsrc|repldst|origsrcport|origdstport|replsrcport|repldstport|status|expire|dir)) (\S+)`, "!1 --$2 $3")}

var owner = []part{
	p(`(! )?owner UID match (\S+)`, "!1 --uid-owner $2"), p(`(! )?owner GID match (\S+)`, "!1 --gid-owner $2"), p(`(! )?owner socket exists`, "!1 --socket-exists"),
	p(`incl\. suppl\. groups`, "--suppl-groups"),
}

// flagNames are the flags of TCP from the lowest bit (extensions/libxt_tcp.c,
// tcp_flag_names).
var flagNames = []string{"FIN", "SYN", "RST", "PSH", "ACK", "URG"}

var flagBits = regexp.MustCompile(`0x[0-9A-Fa-f]{2} 0x[0-9A-Fa-f]{2}`)

// tcpFlags writes the names of the flags in the mask and the value of --tcp-flags.
func tcpFlags(options string) string {
	return flagBits.ReplaceAllStringFunc(options, func(s string) string {
		mask, value, _ := strings.Cut(s, " ")
		return flagList(mask) + " " + flagList(value)
	})
}

func flagList(hex string) string {
	n, _ := strconv.ParseUint(hex, 0, 8)
	if n == 0 {
		return "NONE"
	}
	var names []string
	for i, name := range flagNames {
		if n&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// dccpTypeNames are the packet types of DCCP by number (extensions/libxt_dccp.c,
// dccp_pkt_types).
var dccpTypeNames = []string{"REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID"}

var dccpNumbers = regexp.MustCompile(`--dccp-types ([\d,]+)`)

func dccpTypes(options string) string {
	return dccpNumbers.ReplaceAllStringFunc(options, func(s string) string {
		var names []string
		for w := range strings.SplitSeq(strings.TrimPrefix(s, "--dccp-types "), ",") {
			if n, err := strconv.Atoi(w); err == nil && n < len(dccpTypeNames) {
				names = append(names, dccpTypeNames[n])
			}
		}
		return "--dccp-types " + strings.Join(names, ",")
	})
}

// chunkNames are the chunk types of SCTP that have a name (extensions/
// libxt_sctp.c, sctp_chunk_names).
var chunkNames = map[uint64]string{0: "DATA", 1: "INIT", 2: "INIT_ACK", 3: "SACK", 4: "HEARTBEAT", 5: "HEARTBEAT_ACK", 6: "ABORT", 7: "SHUTDOWN", 8: "SHUTDOWN_ACK",
	9: "ERROR", 10: "COOKIE_ECHO", 11: "COOKIE_ACK", 12: "ECN_ECNE", 13: "ECN_CWR", 14: "SHUTDOWN_COMPLETE", 15: "AUTH", 64: "I_DATA", 130: "RE_CONFIG", 132: "PAD", 193: "ASCONF", 128: "ASCONF_ACK", 192: "FORWARD_TSN", 194: "I_FORWARD_TSN"}

var chunkNumber = regexp.MustCompile(`0x[0-9a-fA-F]{4}`)

func chunks(options string) string {
	return chunkNumber.ReplaceAllStringFunc(options, func(s string) string {
		n, _ := strconv.ParseUint(s, 0, 16)
		return chunkNames[n]
	})
}

func hashlimit(options string) string {
	options = strings.Replace(options, "--hashlimit-up to", "--hashlimit-upto", 1)
	name := make([]byte, 0, 15)
	for _, c := range []byte("L" + strings.NewReplacer("--hashlimit-", "").Replace(options)) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == 'L' {
			name = append(name, c)
		}
	}
	options = mode.ReplaceAllStringFunc(options, func(s string) string { return strings.ReplaceAll(s, "-", ",") })
	options = strings.Replace(options, ",,hashlimit,mode ", "--hashlimit-mode ", 1)
	return options + " --hashlimit-name " + string(name[:min(len(name), 15)])
}

// mode is a pattern for --hashlimit-mode, whose words a listing joins by dashes.
var mode = regexp.MustCompile(`--hashlimit-mode \S+`)

func ranges(options string) string { return strings.TrimSuffix(options, " --dst-range") }

// compare writes the comparison of ttl and hl as an option.
func compare(options string) string {
	for _, c := range []struct{ sign, word string }{{"==", "-eq"}, {"!=", "-eq"}, {"<", "-lt"}, {">", "-gt"}} {
		if strings.Contains(options, c.sign) {
			out := strings.Replace(options, c.sign, c.word, 1)
			if c.sign == "!=" {
				out = " !" + out
			}
			return out
		}
	}
	return options
}

// hexString writes --string or --hex-string: only hexadecimal bytes are between bars.
func hexString(options string) string {
	if strings.Contains(options, `--string "|`) {
		return strings.Replace(options, "--string", "--hex-string", 1)
	}
	return options
}

// bytecode writes the instructions of a program as -m bpf takes them.
func bytecode(options string) string {
	program := strings.Trim(options, " ,")
	return ` --bytecode "` + itoa(strings.Count(program, ",")+1) + "," + program + `"`
}

var ordinal = regexp.MustCompile(`(\d+)(?:st|nd|rd|th)`)

// timeWords completes the options of time, which prints UTC unless the time zone of the
// kernel is used.
func timeWords(options string) string {
	utc := strings.Contains(options, " UTC")
	options = ordinal.ReplaceAllString(strings.Replace(options, " UTC", "", 1), "$1")
	if !utc {
		options += " --kerneltz"
	}
	return options
}

// headerBits are the extension headers of IPv6 by their bits (extensions/
// libip6t_ipv6header.c, chain_flags).
var headerBits = []struct {
	bit  uint64
	name string
}{{0x80, "hop-by-hop"}, {0x40, "ipv6-opts"}, {0x20, "ipv6-route"}, {0x10, "ipv6-frag"}, {0x08, "ah"}, {0x04, "esp"}, {0x02, "ipv6-nonxt"}, {0x01, "protocol"}}

var headerFlags = regexp.MustCompile(`0x[0-9a-fA-F]+`)

func headers(options string) string {
	options = strings.Replace(options, " soft", " --soft", 1)
	return headerFlags.ReplaceAllStringFunc(options, func(s string) string {
		n, _ := strconv.ParseUint(s, 0, 16)
		var names []string
		for _, h := range headerBits {
			if n&h.bit != 0 {
				names = append(names, h.name)
			}
		}
		return strings.Join(names, ",")
	})
}

var signed = regexp.MustCompile(`--rt-type -\d+`)

// unsignedType writes the type of a routing header, which a listing shows as a
// number with a sign.
func unsignedType(options string) string {
	return signed.ReplaceAllStringFunc(options, func(s string) string {
		n, _ := strconv.ParseInt(strings.TrimPrefix(s, "--rt-type "), 10, 32)
		return "--rt-type " + strconv.FormatUint(uint64(uint32(n)), 10)
	})
}

// quoteValue quotes the value of an option, which a listing prints without quotation
// marks.
func quoteValue(option string) func(string) string {
	return func(options string) string {
		head, text, ok := strings.Cut(options, option)
		if !ok {
			return options
		}
		text = strings.TrimPrefix(text, " ")
		return head + option + ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
}
