package listing

import (
	"regexp"
	"strconv"
	"strings"
)

// natRest are the words after the range of SNAT, DNAT, MASQUERADE and REDIRECT.
var natRest = []part{p(`random-fully`, "--random-fully"), p(`random`, "--random"), p(`persistent`, "--persistent")}

func target(name, open, options string, parts ...part) form {
	return form{name: name, target: true, open: re(open), options: options, parts: parts}
}

func finishing(f form, finish func(string) string) form {
	f.finish = finish
	return f
}

var targets = []form{
	target("DNAT", `to:(\S+)`, "--to-destination $1", natRest...),
	target("SNAT", `to:(\S+)`, "--to-source $1", natRest...),
	target("NETMAP", `to:(\S+)`, "--to $1"),
	target("MASQUERADE", `masq ports: (\S+)`, "--to-ports $1", natRest...),
	target("MASQUERADE", `random-fully`, "--random-fully"),
	target("MASQUERADE", `random`, "--random", natRest...),
	target("REDIRECT", `redir ports (\S+)`, "--to-ports $1", natRest...),
	target("REDIRECT", `random`, "--random"),
	target("REJECT", `reject-with (\S+)`, "--reject-with $1"),
	finishing(target("LOG", `LOG flags (\d+) level (\d+)`, "$1 --log-level $2", p("prefix [\"`](.*)[\"']", "--log-prefix $1")), logFlags),
	target("NFLOG", `nflog-prefix ("(?:[^"\\]|\\.)*"|\S+)`, "--nflog-prefix $1", nflog...),
	target("NFLOG", `(nflog-(?:group|range|size|threshold)) (\d+)`, "--$1 $2", nflog...),
	target("ULOG", `ULOG`, "", p(`copy_range (\d+)`, "--ulog-cprange $1"), p(`nlgroup (\d+)`, "--ulog-nlgroup $1"), p("prefix [`\"]([^'\"]*)['\"]", `--ulog-prefix "$1"`), p(`queue_threshold (\d+)`, "--ulog-qthreshold $1")),
	target("MARK", `MARK (set|and|or|xor) (\S+)`, "--$1-mark $2"),
	target("MARK", `MARK xset (\S+)`, "--set-xmark $1"),
	finishing(target("CONNMARK", `CONNMARK (set|and|or|xor) (\S+)`, "--$1-mark $2", shift...), nil),
	target("CONNMARK", `CONNMARK xset (\S+)`, "--set-xmark $1", shift...),
	target("CONNMARK", `CONNMARK (save|restore)`, "--$1-mark", append([]part{p(`mask (\S+)`, "--mask $1"), p(`nfmask (\S+) ctmask ~?(\S+)`, "--nfmask $1 --ctmask $2"), p(`ctmask (\S+) nfmask ~?(\S+)`, "--ctmask $1 --nfmask $2")}, shift...)...),
	target("CONNSECMARK", `CONNSECMARK (save|restore)`, "--$1"),
	target("SECMARK", `SECMARK selctx (\S+)`, "--selctx $1"),
	target("TCPMSS", `TCPMSS clamp to PMTU`, "--clamp-mss-to-pmtu"),
	target("TCPMSS", `TCPMSS set (\d+)`, "--set-mss $1"),
	target("TCPOPTSTRIP", `TCPOPTSTRIP options (\S+)`, "--strip-options $1"),
	finishing(target("TTL", `TTL (set to|increment by|decrement by) (\d+)`, "--ttl-$1 $2"), steps),
	finishing(target("HL", `HL (set to|increment by|decrement by) (\d+)`, "--hl-$1 $2"), steps),
	target("TOS", `TOS (set|and|or|xor) (\S+)`, "--$1-tos $2"),
	target("DSCP", `DSCP set (\S+)`, "--set-dscp $1"),
	target("ECN", `ECN TCP remove`, "--ecn-tcp-remove"),
	target("ECN", `ECN`+end, "", p(`ECE=(\d)`, "--ecn-tcp-ece $1"), p(`CWR=(\d)`, "--ecn-tcp-cwr $1"), p(`ECT codepoint=(\d)`, "--ecn-ip-ect $1")),
	target("CLASSIFY", `CLASSIFY set (\S+)`, "--set-class $1"),
	target("CHECKSUM", `CHECKSUM fill`, "--checksum-fill"),
	target("CT", `CT notrack`, "--notrack", ct...),
	target("CT", `CT`+end, "", ct...),
	{name: "CT", target: true, open: re(`NOTRACK`), as: "NOTRACK"},
	target("NOTRACK", `(?:CT notrack|NOTRACK)`, ""),
	target("NFQUEUE", `NFQUEUE num (\d+)`, "--queue-num $1", nfqueue...),
	target("NFQUEUE", `NFQUEUE balance (\S+)`, "--queue-balance $1", nfqueue...),
	target("TPROXY", `TPROXY redirect (\S+):(\d+) mark (\S+)`, "--on-port $2 --on-ip $1 --tproxy-mark $3"),
	target("TEE", `TEE gw:(\S+)`, "--gateway $1", p(`oif=(\S+)`, "--oif $1")),
	target("SET", `(add|del|map)-set (\S+) (\S+)`, "--$1-set $2 $3", p(`timeout (\d+)`, "--timeout $1"), p(`exist`, "--exist"), p(`map-mark`, "--map-mark"), p(`map-prio`, "--map-prio"), p(`map-queue`, "--map-queue"), p(`(add|del|map)-set (\S+) (\S+)`, "--$1-set $2 $3")),
	target("AUDIT", `AUDIT (\S+)`, "--type $1"),
	target("IDLETIMER", `timeout:(\d+) label:(\S+)`, "--timeout $1 --label $2", p(`alarm`, "--alarm")),
	target("LED", `led-trigger-id:("?\S+"?)`, "--led-trigger-id $1", p(`led-delay:(\S+)`, "--led-delay $1"), p(`led-always-blink`, "--led-always-blink")),
	target("RATEEST", `name (\S+) interval (\S+) ewmalog (\S+)`, "--rateest-name $1 --rateest-interval $2 --rateest-ewmalog $3"),
	target("DNPT", `DNPT src-pfx (\S+) dst-pfx (\S+)`, "--src-pfx $1 --dst-pfx $2"),
	target("SNPT", `SNPT src-pfx (\S+) dst-pfx (\S+)`, "--src-pfx $1 --dst-pfx $2"),
	target("SYNPROXY", `SYNPROXY`, "", p(`sack-perm`, "--sack-perm"), p(`timestamp`, "--timestamp"), p(`ecn`, "--ecn"), p(`(wscale|mss) (\d+)`, "--$1 $2")),
	finishing(target("HMARK", `HMARK mod (\d+)`, "--hmark-mod $1",
		p(`\+ (0x[0-9a-f]+)`, "--hmark-offset $1"), p(`ct,`, "--hmark-tuple ct"), p(`(src|dst)-prefix (\d+)`, "--hmark-$1-prefix $2"), p(`(src|dst)-prefix `, "--hmark-$1-prefix 128"),
		p(`((?:sport|dport|spi|proto)-mask) (0x[0-9a-f]+)`, "--hmark-$1 $2"), p(`(sport|dport|spi) (0x[0-9a-f]+)`, "--hmark-$1 $2"), p(`rnd (0x[0-9a-f]+)`, "--hmark-rnd $1")), nil),
	target("CLUSTERIP", `CLUSTERIP hashmode=(\S+) clustermac=(\S+) total_nodes=(\d+) local_node=(\d+) hash_init=(\d+)`, "--new --hashmode $1 --clustermac $2 --total-nodes $3 --local-node $4 --hash-init $5"),
}

var nflog = []part{p(`(nflog-(?:group|range|size|threshold)) (\d+)`, "--$1 $2")}

var nfqueue = []part{p(`bypass`, "--queue-bypass"), p(`cpu-fanout`, "--queue-cpu-fanout")}

var ct = []part{p(`notrack`, "--notrack"), p(`helper (\S+)`, "--helper $1"), p(`timeout (\S+)`, "--timeout $1"), p(`(ctevents|expevents) (\S+)`, "--$1 $2"), p(`(zone(?:-orig|-reply)?) (\S+)`, "--$1 $2")}

var shift = []part{p(`(left|right)-shift-mark (\d+)`, "--$1-shift-mark $2")}

// logOptions are the bits of LOG's flags (include/linux/netfilter/nf_log.h).
var logOptions = []struct {
	bit    uint64
	option string
}{{1, "--log-tcp-sequence"}, {2, "--log-tcp-options"}, {4, "--log-ip-options"}, {8, "--log-uid"}, {32, "--log-macdecode"}}

var leading = regexp.MustCompile(`^ \d+`)

// logFlags writes the flags of LOG, the number at the beginning of the text, as options.
func logFlags(options string) string {
	flags, _ := strconv.ParseUint(strings.TrimSpace(leading.FindString(options)), 10, 8)
	options = leading.ReplaceAllString(options, "")
	for _, o := range logOptions {
		if flags&o.bit != 0 {
			options = " " + o.option + options
		}
	}
	return quoteValue("--log-prefix")(options)
}

func steps(options string) string {
	return strings.NewReplacer("-set to", "-set", "-increment by", "-inc", "-decrement by", "-dec").Replace(options)
}
