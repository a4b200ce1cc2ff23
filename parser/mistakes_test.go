package parser_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// TestMistakes shows what is said of what people write by mistake.
func TestMistakes(t *testing.T) {
	for rule, want := range map[string]string{
		// old inversions
		"-A INPUT -i ! eth0":           `2:13: "!" stands after the option; "!" must stand before the option, not after it: ! -i eth0`,
		"-A INPUT -p ! tcp":            `2:13: "!" stands after the option; "!" must stand before the option, not after it: ! -p tcp`,
		"-A INPUT -p tcp --dport ! 22": `2:25: "!" stands after the option; "!" must stand before the option, not after it: ! --dport 22`,
		"-A INPUT !-s 192.168.1.0/24":  `2:10: unexpected word "!-s"; "!" must be a word of its own before the option: ! -s 192.168.1.0/24`,
		// what is no host
		"-A INPUT -s 192.168.1.256":     `2:13: bad address "192.168.1.256": 256 is more than 255`,
		"-A INPUT -s 300.1.1.1":         `2:13: bad address "300.1.1.1": 300 is more than 255`,
		"-A INPUT -s 1.2.3.4.5":         `2:13: bad address "1.2.3.4.5": it has 5 numbers, an address has 4`,
		"-A INPUT -s 192.168.1.*":       `2:13: bad address "192.168.1.*": an address has no wildcard, a network looks like 192.168.1.0/24`,
		"-A INPUT -s 10.0.0.1-10.0.0.9": `2:13: bad address "10.0.0.1-10.0.0.9": a range needs -m iprange with --src-range or --dst-range`,
		"-A INPUT -s $LAN":              `2:13: "$LAN" is a variable of the shell that was not replaced; write its value`,
		"-A INPUT -s any":               `2:13: bad address "any": leave the option out, which means any address`,
		"-A INPUT -d 10.0.0.1:80":       `2:13: bad address "10.0.0.1:80": a port needs an option of its own, such as --dport`,
		"-A INPUT -s gateway":           `2:13: host name "gateway" is not looked up: give its address, or tell it with the option Hosts`,
		// case
		"-A INPUT -j accept": `2:13: there is no chain and no target "accept"; did you mean "ACCEPT"?`,
		"-A input -j ACCEPT": `2:4: no such chain: "input"; did you mean "INPUT"?`,
		// typing
		"-A INPUT -p tcp -dport 22":                        `2:17: unknown option "-dport"; did you mean "--dport"?`,
		"-A INPUT -p tcp –dport 22":                        `2:17: "–dport" begins with a dash that is no ASCII minus sign; write -dport or --dport`,
		"-A INPUT -p tcp\u00a0-j ACCEPT":                   `2:13: "tcp\u00a0-j" holds a no-break space, which separates no words; write a plain blank`,
		"-A INPUT -m comment --comment 'a b'":              `2:31: unexpected word "'a": single quotes mean nothing here; quote with "`,
		"-A INPUT -p tcp -m multiport --dports 80, 443":    `2:39: the list "80," ends in a comma; a list has no blanks: 80,443`,
		"-A INPUT -m conntrack --ctstate NEW, ESTABLISHED": `2:33: the list "NEW," ends in a comma; a list has no blanks: NEW,ESTABLISHED`,
		// the wrong tool for it
		"-A INPUT -p tcp --dport 80,443":      `2:25: tcp: invalid port or service "80,443" for tcp: need 0-65535 or a service name; write -m multiport --dports 80,443`,
		"-A INPUT -p tcp --dport 80-90":       `2:25: tcp: invalid port or service "80-90" for tcp: need 0-65535 or a service name; a range of ports looks like 80:90`,
		"-A INPUT -m conntrack --state NEW":   `2:23: unknown option "--state"; with -m conntrack the option is --ctstate`,
		"-A INPUT -P tcp --dport 22":          `2:10: -P sets the policy of a chain; did you mean -p tcp?`,
		"-A INPUT -p icmp --dport 22":         `2:18: unknown option "--dport"; -p icmp has no such option, tcp and others with ports have`,
		"-A INPUT --dport 22":                 `2:10: unknown option "--dport"; it needs a protocol before it, such as -p tcp`,
		"-A INPUT -m comment --comment “a b”": `2:31: "“a" begins with a quote of a word processor; quote with "`,
		"-A INPUT --dport 22 -p tcp":          `2:10: unknown option "--dport"; -p tcp must stand before it`,
		// the wrong place
		"-A PREROUTING -j ACCEPT":                              `2:4: no such chain: "PREROUTING"; PREROUTING is a chain of table raw, mangle, nat`,
		"-A INPUT -s 1.1.1.1 -j DNAT --to-destination 1.1.1.1": `2:24: table filter, chain INPUT, rule 1: DNAT: only valid in table nat, not filter`,
		"-A INPUT -i eth0 -m tcp --dport 5":                    `2:21: table filter, chain INPUT, rule 1: tcp: only valid with -p tcp`,
		// names in lists
		"-A INPUT -p icmp --icmp-type echo-reqest":   `2:30: icmp: unknown type "echo-reqest": need a name or type[/code]; did you mean "echo-request"?`,
		"-A INPUT -p tcp --dport htpp":               `2:25: tcp: invalid port or service "htpp" for tcp: need 0-65535 or a service name; did you mean "http"?`,
		"-A INPUT -m conntrack --ctstate ESTABLISHD": `2:33: conntrack: unknown word "ESTABLISHD": need one of INVALID, NEW, RELATED, ESTABLISHED, UNTRACKED, SNAT, DNAT; did you mean "ESTABLISHED"?`,
	} {
		_, err := parser.ParseString(filter(rule))
		if err == nil {
			t.Errorf("%q is accepted", rule)
			continue
		}
		if err.Error() != strings.ReplaceAll(want, "\u00a0", `\xc2\xa0`) {
			t.Errorf("%q\n got %s\nwant %s", rule, err, want)
		}
		for _, e := range faults(err) {
			requireInside(t, filter(rule), e)
		}
	}
}

// TestLossesAreWarnedOf where a rule is taken, but probably not as it was meant.
func TestLossesAreWarnedOf(t *testing.T) {
	for rule, want := range map[string]string{
		`-A INPUT -m comment --comment "open -j DROP`:             `2:31: the quote is not closed: the rest of the line is part of the word`,
		"-A INPUT -j LOG --log-prefix " + strings.Repeat("x", 30): `2:30: the prefix has more than 29 bytes and is cut to "` + strings.Repeat("x", 29) + `"`,
		"-A INPUT -m conntrak --ctstate NEW":                      `2:13: unknown match "conntrak"; did you mean "conntrack"?`,
		"-A INPUT -j ACEPT --x":                                   `2:13: unknown target "ACEPT"; did you mean "ACCEPT"?`,
		"-A INPUT -i a/b":                                         `2:13: interface "a/b": no interface can have such a name`,
	} {
		var warned []string
		mustParse(t, filter(rule), parser.Warnings(func(e *parser.Error) { warned = append(warned, e.Error()) }))
		require.Equal(t, []string{want}, warned, rule)
	}
	var warned []string
	mustParse(t, filter("-A INPUT -p ah"), parser.Family(netfilter.IPv6), parser.Warnings(func(e *parser.Error) { warned = append(warned, e.Error()) }))
	require.Equal(t, []string{"2:13: -p ah never matches: it is an extension header, not a protocol"}, warned)
}

// TestOtherFormats are recognized for what they are.
func TestOtherFormats(t *testing.T) {
	for text, want := range map[string]string{
		"Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\n": "1:1: this is what iptables -L prints; it lacks interfaces and more: take what iptables-save prints",
		"-P INPUT ACCEPT\n-A INPUT -j DROP\n":                               "1:1: this is what iptables -S prints; write *filter, or whichever table it is, before it and COMMIT after it",
		"#!/bin/sh\niptables -A INPUT -j DROP\n":                            "2:1: this is a script of commands; run it and take what iptables-save prints",
		"table ip filter {\n}\n":                                            "1:1: this is what nft prints; it is no text of iptables",
		"{\"nftables\": []}\n":                                              "1:1: this is JSON; take what iptables-save prints",
		"<?xml version=\"1.0\"?>\n":                                         "1:1: this is XML; iptables-xml made it of what iptables-save prints: take that",
		"# Generated by ebtables-save v1.0\n*filter\nCOMMIT\n":              "1:1: these are no rules of iptables",
		"\xff\xfe*\x00f\x00":                                                "1:1: the text is UTF-16; convert it to UTF-8",
		"root@node:~# iptables-save\n*filter\nCOMMIT\n":                     "1:1: a shell prompt stands in the text; remove the line",
		"Defaulted container \"a\" out of: a, b\n*filter\nCOMMIT\n":         "1:1: a line of kubectl stands in the text; remove it",
		"create a hash:ip family inet\n":                                    "1:1: this is what ipset save prints; ParseSets reads it",
		"*filter\n:INPUT ACCEPT [0:0]\n-A INP":                              "3:7: the text ends within table filter, which began in line 1; it is cut off, or the line COMMIT is missing",
	} {
		_, err := parser.ParseString(text)
		if err == nil {
			t.Errorf("%q is accepted", text)
		} else if got := strings.Split(err.Error(), "\n"); got[len(got)-1] != want {
			t.Errorf("%q\n got %s\nwant %s", text, err, want)
		}
	}
}

// TestPacketMistakes shows what is said of packets in other words.
func TestPacketMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"tcp 1.1.1.1:1 > 2.2.2.2:2 SYN":            `1:27: unknown word "SYN"; flags are written so: syn`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 S":              `1:27: unknown word "S"; flags are written as their names, joined by commas: syn,ack`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 [S.]":           `1:27: unknown word "[S.]"; flags are written as their names, joined by commas: syn,ack`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 syn ack":        `1:31: a second flags: only one is possible; flags are joined by commas: syn,ack`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 syn+ack":        `1:27: unknown word "syn+ack"; flags are written so: syn,ack`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 ttl=3":          `1:27: unknown word "ttl=3"; write ttl 3`,
		"tcp 1.1.1.1:1 > 2.2.2.2:2 established":    `1:27: unknown word "established"; connection tracking finds the state by the packets before this one`,
		"tcp 1.1.1.1:1 > 2.2.2.2:http":             `1:17: bad address and port "2.2.2.2:http": they look like 10.0.0.1:80 or [2001:db8::1]:80; a port is a number`,
		"tcp 1.1.1.1:1>2.2.2.2:2":                  `1:24: ">" and the destination is missing; blanks stand around ">"`,
		"tcp 1.1.1.1:1":                            `1:14: ">" and the destination is missing; a shell takes ">" for itself: put the packet between quotes`,
		"eth0:tcp 1.1.1.1:1 > 2.2.2.2:2":           `1:1: unknown protocol "eth0:tcp"; a blank follows the colon: eth0: tcp`,
		"tcp 1.1.1.1 > 2.2.2.2:2":                  "1:5: tcp needs a port: 1.1.1.1:1024",
		"icmp 1.1.1.1 > 2.2.2.2 type echo-request": `1:29: bad number "echo-request": type is between 0 and 255; the name of a type stands without the word type`,
	} {
		_, _, err := parser.ParsePacket(text)
		require.EqualError(t, err, want, text)
	}
}
