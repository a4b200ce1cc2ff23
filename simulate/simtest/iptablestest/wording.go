package iptablestest

import (
	"strconv"
	"strings"
)

// wording pairs what package parser says of arguments with what a tool says of them.
// "{}" stands for words that the one takes from the other, in order. What a tool does not
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
		{"tcp: invalid port or service {} for tcp: need 0-65535 or a service name", "invalid port/service `{}' specified"},
		{"{target}: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got {port}", "Need TCP, UDP, SCTP or DCCP with port specification"},
	}
}

// badArgument begins the message about a word that stands where none can, which comes
// without name and version of the tool.
const badArgument = "Bad argument `"

// ipsetWordings are those of ipset (lib/ipset.c, lib/parse.c).
func ipsetWordings() []wording {
	return []wording{
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
	var b strings.Builder
	for _, w := range words {
		plain, rest, _ := strings.Cut(text, "{}")
		b.WriteString(plain + w)
		text = rest
	}
	return b.String() + text
}

// unquoted removes the quotes around a word, if there are any.
func unquoted(_, v string) string {
	if u, err := strconv.Unquote(v); err == nil {
		return u
	}
	return v
}
