package iptablestest

import (
	"strconv"
	"strings"
)

// wording pairs what package parser says of arguments with what a tool says of them.
// "{}" stands for words that the one takes from the other, in order; "{1}" for the first
// of them again. What a tool does not
// repeat is in braces that are named.
type wording struct{ parser, tool string }

// iptablesWordings are those of iptables (iptables/xshared.c, do_parse and what it calls;
// libxtables/xtables.c).
func iptablesWordings() []wording {
	return []wording{
		{"bad rule number {}: rules are counted from 1", "Invalid rule number `{}'"},
		{"-{} cannot go together with -{}", "Cannot use -{} with -{}"},
		{"option --line-numbers is not possible with -{command}", "Illegal option `-0' with this command"},
		{"option {} is not possible with -{command}", "Illegal option `{}' with this command"},
		{"option {} needs a value", `option "{}" requires an argument`},
		{"a second -g: only one is possible", "multiple -j flags not allowed"},
		{"a second {}: only one is possible", "multiple {} flags not allowed"},
		{`only one "!" may stand before an option`, "multiple consecutive ! not allowed"},
		{`"!" is not possible with several addresses`, "! not allowed with multiple source or destination IP addresses"},
		{"-R puts in one rule and cannot take several addresses", "Replacement rule does not specify a unique address"},
		{"-i is not possible in {}: no incoming interface is known there", "Can't use -i with {}\n"},
		{"-o is not possible in {}: no outgoing interface is known there", "Can't use -o with {}\n"},
		{"-E needs the chain's new name", "-E requires old-chain-name and new-chain-name"},
		{"-P needs a policy", "-P requires a chain and a policy"},
		{"-R needs the number of the rule", "-R requires a rule number"},
		{"-g needs a chain: no such chain: {}", "goto '{}' is not a chain"},
		{"table {} begins, but table {other} has no COMMIT yet", badArgument + "*{}'"},
		{"{extension}: set {} holds {} addresses, the rule is for {family}", "The protocol family of set {} is {}, which is not applicable.\n"},
		{"-W is only possible together with -w", "--wait-interval only makes sense with --wait\n"},
		{"-f is not for IPv6; use -m frag", "`-f' is not supported in IPv6, use -m frag instead"},
		{"-6 is not for IPv4", ""},
		{"-4 is not for IPv6", ""},
		{"chain {}: a name has at most 28 bytes", "chain name `{}' too long (must be under 29 chars)"},
		{`chain "-{rest}": a name cannot begin with "-" or "!"`, "chain name not allowed to start with `-'"},
		{`chain "!{rest}": a name cannot begin with "-" or "!"`, "chain name not allowed to start with `!'"},
		{"chain {name}: there is a target of this name", "chain name may not clash with target name"},
		{"chain {}: a name has no blanks", "Invalid chain name `{}'"},
		{"chain {} has no valid counters; they look like [0:0]", "invalid policy counters for chain '{}'"},
		{"DROP is not possible in table nat; drop in table filter", "\nThe \"nat\" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n"},
		{"unknown protocol {}", `unknown protocol "{}" specified`},
		{`"! -p all" matches no packet`, "rule would never match protocol"},
		{"option {} is ambiguous: {options}", "unknown option \"{}\""},
		{"bpf: a program begins with the number of its instructions and a comma", "bpf: error parsing program length"},
		{"bpf: a program without instructions is not possible", "bpf: illegal zero length program"},
		{"bpf: instruction {}, {instruction}: need four decimal numbers", "bpf: error at instr {}"},
		{"bpf: more than the {n} instructions it says", "bpf: real program length exceeds the encoded length parameter"},
		{"bpf: only {n} of the {all} instructions it says", "bpf: parsed program length is less than the encoded length parameter"},
		{"bpf: {n} instructions: at most 64 fit", "bpf: number of instructions exceeds maximum"},
		{"connbytes: bad range \"{}:{}\": the lower number comes first", "{} should be less than {}"},
		{"connbytes: unknown word {}: need one of packets, bytes, avgpkt", "Unknown {option} `{}'"},
		{"connbytes: unknown word {}: need one of original, reply, both", "Unknown {option} `{}'"},
		{"connlimit: one of --connlimit-upto, --connlimit-above must be given", "You must specify \"--connlimit-above\" or \"--connlimit-upto\"."},
		{"conntrack: unknown word {}: need one of ORIGINAL, REPLY", "conntrack: Bad value for \"{option}\" option: \"{}\""},
		{"conntrack: bad address {}: need an {family} address (host names are not looked up)", "getaddrinfo: Name or service not known\n"},
		{"hashlimit: bad rate {}: need {forms}", "hashlimit: Bad value for \"{option}\" option: \"{}\""},
		{"hashlimit: bad interval {}: need a number of seconds", "hashlimit: Bad value for \"{option}\" option: \"{}\""},
		{"hashlimit: unknown word {}: need one of srcip, {words}", "hashlimit: Bad value for \"{option}\" option: \"{}\""},
		{"ipv6header: unknown header {}: need some of {headers}", "unknown header `{}' specified"},
		{"owner: bad value {}: need a number from {range} (names of users and groups are not looked up)", "owner: Bad value for \"{option}\" option: \"{}\""},
		{"owner: value {} is out of range {range} (names of users and groups are not looked up)", "owner: Bad value for \"{option}\" option: \"{}\""},
		{"owner: needs --gid-owner ahead of it", "owner: Bad value for \"{option}\" option: \"you need to use --gid-owner first\""},
		{"policy: --tunnel-src and --tunnel-dst need --mode tunnel", "policy match: --tunnel-src/--tunnel-dst is only valid in tunnel mode"},
		{"RATEEST: --rateest-ewmalog is out of range: need a multiple of the interval", "RATEEST: ewmalog value is out of range"},
		{"RATEEST: --rateest-interval is too long: at most 8 s are possible", "RATEEST: interval value is too large"},
		{"sctp: unknown chunk type {}", "Unknown sctp chunk `{}'"},
		{"statistic: bad probability {p}: need a number", "statistic: bad value for option \"--probability\", or out of range (0-1).\n"},
		{"statistic: probability {p} is out of range 0-1", "statistic: bad value for option \"--probability\", or out of range (0-1).\n"},
		{"string: {s}: a hex block has pairs of digits and ends with a bar", "Invalid hex block"},
		{"time: bad date {}: need {form} from 1970 to 2038", "Invalid date \"{}\" specified. Should be YYYY[-MM[-DD[Thh[:mm[:ss]]]]]"},
		{"time: bad time {}: need hh:mm[:ss]", "invalid time \"{}\" specified, should be hh:mm[:ss] format and within the boundaries"},
		{"time: bad day \"0\": need Mon, {days}", "No, the week does NOT begin with Sunday."},
		{"time: bad day {}: need Mon, {days}", "{} is not a valid day specifier"},
		{"time: bad day {}: need 1-31", "{} is not a valid day for --monthdays"},
		{"time: --contiguous needs a --timestart behind --timestop", "time: --contiguous only makes sense when stoptime is smaller than starttime"},
		{"TCPOPTSTRIP: bad TCP option: bad value {}: need {forms}", "Bad TCP option value \"{}\""},
		{"tcp: value {} is out of range 1-255", "Bad TCP option \"{}\""},
		{"u32: at character {}: need a number of 32 bits", "u32: at char {}: not a number or out of range"},
		{"u32: at character {}: need one of & << >> @ or =", "u32: at char {}: operator expected"},
		{"multiport: is only possible with -p tcp, udp, udplite, sctp or dccp, not inverted", "multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP"},
		{"multiport: needs -p tcp, udp, udplite, sctp or dccp ahead of it", "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'"},
		{"conntrack: unknown word {}: need one of INVALID, {states}", "Bad ctstate \"{}\""},
		{"conntrack: unknown word {}: need one of EXPECTED, {statuses}", "Bad ctstatus \"{}\""},
		{"state: unknown word {}: need one of {states}", "Bad state \"{}\""},
		{"addrtype: unknown word {}: need one of {types}", "addrtype: bad type \"{}\""},
		{"addrtype: --src-type or --dst-type must be given", "addrtype: you must specify --src-type or --dst-type"},
		{"mac: a MAC address is six hex numbers joined by colons", "Invalid MAC address specified."},
		{"icmp: unknown type {}: need {forms}", "Unknown ICMP type `{}'"},
		{"icmp6: unknown type {}: need {forms}", "Unknown ICMPv6 type `{}'"},
		{"limit: bad rate {}: need {forms}", "bad rate \"{}\"'"},
		{"iprange: bad address {}: need {forms}", "iprange: Bad value for \"{option}\" option: \"{}\""},
		{"set: bad direction {direction}: need src or dst, separated by commas", "You must spefify (the comma separated list of) 'src' or 'dst'."},
		{"set: option --match-set needs 2 values", "--match-set requires two args."},
		{"statistic: unknown word {}: need one of random, nth", "Bad mode \"{}\""},
		{"LOG: unknown word {}: need one of {levels}", "log level \"{}\" unknown\n"},
		{"REJECT: unknown reject type {}: need one of {types}", "unknown reject type \"{}\""},
		{"LOG: an empty prefix is not possible", "Argument must have a minimum length of 1 characters\n"},
		{"CLASSIFY: bad class {}: need major:minor in hex", "Bad class value \"{}\""},
		{"CT: unknown word {}: need one of {events}", "Unknown event type \"{}\""},
		{"MARK: one of {options} must be given", "MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required"},
		{"CONNMARK: one of {operations} must be given", "CONNMARK target: No operation specified"},
		{"{target}: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got {port}", "Need TCP, UDP, SCTP or DCCP with port specification"},
		{"{x}: invalid port or service {} for {protocol}: need 0-65535 or a service name", "invalid port/service `{}' specified"},
		{"{x}: invalid port or service {}: need a decimal number or a service name", "Port \"{}\" does not resolve to anything.\n"},
		{"{x}: invalid port or service {}: need 0-65535 or a service name", "Port `{}' not valid"},
		{"{x}: invalid port {}: the end of a range is a number", "Port `{}' not valid"},
		{"{x}: invalid base port {}: need 1-65535 or a service name", "Port `{}' not valid"},
		{"{x}: unexpected {} behind the port: a range is written port-port", "Garbage after port value: `{}'"},
		{"{x}: bad address {}: need an {family} address", "Bad IP address \"{}\""},
		{"{x}: unknown protocol {}", "unknown protocol \"{}\" specified"},
		{"{x}: unknown word {}: need one of CS0, {classes}", "Invalid DSCP value `{}'\n"},
		{"{x}: rate {} is too fast: at most {n} packets a second", "Rate too fast \"{}\""},
		{"{x}: bad type of service {}: need {forms}", "Symbolic name \"{}\" is unknown"},
	}
}

// optionWordings are those of libxtables about options of any extension, whose name stands
// ahead of them (libxtables/xtoptions.c).
func optionWordings() []wording {
	return []wording{
		{"option --{} can only be used once", "option \"--{}\" can only be used once.\n"},
		{"option --{} cannot be inverted", "option \"--{}\" cannot be inverted.\n"},
		{"option --{} must be given", "option \"--{}\" must be specified\n"},
		{"option --{} cannot be used together with --{}", "option \"--{}\" cannot be used together with \"--{}\".\n"},
		{"option --{} also needs --{}", "option \"--{}\" also requires \"--{}\".\n"},
	}
}

// badArgument begins the message about a word that stands where none can, which comes
// without name and version of the tool.
const badArgument = "Bad argument `"

// ipsetWordings are those of ipset (lib/ipset.c, lib/parse.c).
func ipsetWordings() []wording {
	return []wording{
		{"element {} has 1 parts, but type {type} takes {n}", "Second element is missing from {}."},
		{"element {} has 2 parts, but type {type} takes 3", "Third element is missing from {}."},
		{"element {} has {n} parts, but type {} takes 1", "Elem separator in {}, but settype {} supports none."},
		{"element {} has {n} parts, but type {} takes 2", "Two elem separators in {}, but settype {} supports one."},
		{"element {} has {n} parts, but type {} takes 3", "Three elem separators in {}, but settype {} supports two."},
		{"invalid port or service {} for {}: need 0-65535 or a service name",
			"'{}' is invalid as number\nSyntax error: '{}' is invalid as number\ncannot parse '{1}' as a {2} port"},
		{"bad MAC address {}: need six hex numbers joined by colons", "cannot parse '{}' as ethernet address"},
		{"prefix length of {element}: value {} is out of range {}", "'{}' is out of range {}"},
		{"need an {family} address or network, not the range {}", "IP address or IP/cidr must be specified: {}"},
		{"need a network or a range of IPv4 addresses, not {}", "IP/cidr or IP-IP range must be specified: {}"},
		{"bad mark {mark}: need 0xMARK or 0xMARK/0xMASK", "Invalid skbmark format, it should be:  MARK/MASK or MARK (see manpage)"},
		{"unknown protocol {}", "cannot parse '{}' as a protocol"},
		{"protocol {} has no ports: write {again}:0", "Protocol {} can be used with pseudo port value 0 only."},
		{"interface name {} is longer than 15 characters", "interface name '{}' is longer than 15 characters"},
		{"unknown family {}: need inet or inet6", "unknown inet family {}"},
		{"name of a set {}: need 1 to 31 characters", "setname '{}' is longer than 31 characters"},
		{"option {} is given twice", "{} already specified"},
		{"option {} must be given for type {type}", "Mandatory option `{}' is missing"},
		{"need a range of TCP or UDP ports, not {range}", "Mandatory option `to' is missing"},
		{"unknown option {} for type {type}", "Unknown argument: `{}'"},
		{"unknown option {}", "Unknown argument: `{}'"},
		{"option {} needs a value", "Missing mandatory argument of option `{}'"},
		{"unknown set type {}", "typename '{}' is unknown"},
		{"need a plain {family} address, not {}", "plain IP address must be supplied: {}"},
		{"{} is no {} address", "cannot parse {}: resolving to {} address failed"},
	}
}

// inWordsOf returns the words of a tool for those of package parser, which stay where no
// wording is known.
func inWordsOf(known []wording, said string) string {
	for _, w := range known {
		if taken, ok := w.take(said); ok {
			return fill(w.tool, taken)
		}
	}
	return said
}

// take reads what the parser says and returns the words to repeat, without quotes.
func (w wording) take(said string) (taken []string, ok bool) {
	pattern := w.parser
	for {
		plain, rest, more := strings.Cut(pattern, "{")
		if said, ok = strings.CutPrefix(said, plain); !ok {
			return nil, false
		}
		if !more {
			return taken, said == ""
		}
		name, after, _ := strings.Cut(rest, "}")
		upTo, _, _ := strings.Cut(after, "{")
		end := len(said)
		if upTo != "" {
			if end = strings.LastIndex(said, upTo); end < 0 {
				return nil, false
			}
		}
		if name == "" {
			taken = append(taken, unquoted("", said[:end]))
		}
		pattern, said = after, said[end:]
	}
}

// fill puts words in the places of a text.
func fill(text string, words []string) string {
	for i, w := range words {
		text = strings.ReplaceAll(strings.Replace(text, "{}", "{"+strconv.Itoa(i+1)+"}", 1), "{"+strconv.Itoa(i+1)+"}", w)
	}
	return text
}

// unquoted removes the quotes around a word, if there are any.
func unquoted(_, v string) string {
	if u, err := strconv.Unquote(v); err == nil {
		return u
	}
	return v
}
