package parser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/parser"
)

// TestAdvice gives people the hint that what they wrote calls for.
func TestAdvice(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"-A INPUT -i ! eth0 -j DROP", `"!" must stand before the option, not after it: ! -i eth0`},
		{"-A INPUT -p ! tcp -j DROP", `"!" must stand before the option, not after it: ! -p tcp`},
		{"-A INPUT -p tcp --dport ! 22 -j DROP", `"!" must stand before the option, not after it: ! --dport 22`},
		{"-A INPUT !-s 192.168.1.0/24 -j DROP", `"!" must be a word of its own before the option: ! -s 192.168.1.0/24`},
		{"-A INPUT -j accept", `did you mean "ACCEPT"?`},
		{"-A input -j ACCEPT", `did you mean "INPUT"?`},
		{"-A INPUT -p tcp -dport 22 -j ACCEPT", "a long option has two dashes: --dport"},
		{"-A INPUT –p tcp --dport 22 -j ACCEPT", `"–" is no hyphen: a word processor put it there; write "-p"`},
		{"-A INPUT -p tcp —dport 22 -j ACCEPT", `"—" is no hyphen`},
		{"-A INPUT -s 10.0.0.1\u00a0-j ACCEPT", "the line holds a no-break space"},
		{"-A INPUT -m comment --comment 'two words' -j ACCEPT", "single quotes mean nothing to iptables-restore"},
		{"-A INPUT -p tcp --dport 80,443 -j ACCEPT", "several ports need -m multiport --dports 80,443"},
		{"-A INPUT -p tcp --dport 80-90 -j ACCEPT", "a range of ports is written with a colon: --dport 80:90"},
		{"-A INPUT -m conntrack --state NEW -j ACCEPT", "of -m conntrack the option is --ctstate"},
		{"-A INPUT -m conntrack --ctstate NEW, ESTABLISHED -j ACCEPT", "no blank may follow the comma of a list: NEW,ESTABLISHED"},
		{"-A INPUT -p tcp -m multiport --dports 80, 443 -j ACCEPT", "no blank may follow the comma of a list: 80,443"},
		{"-A INPUT --dport 22 -p tcp -j ACCEPT", "-p tcp must stand ahead of --dport"},
		{"-A INPUT --dport 22 -j ACCEPT", "--dport needs the protocol ahead of it: -p tcp --dport"},
		{"-A INPUT -p icmp --dport 22 -j ACCEPT", "icmp has no ports; it has types"},
		{"-A INPUT -j DNAT --to-destination 1.2.3.4", "2:13: table filter, chain INPUT, rule 1: DNAT: only valid in table nat"},
		{"-A INPUT -m tcp --dport 22 -j ACCEPT", "2:13: table filter, chain INPUT, rule 1: tcp: only valid with -p tcp"},
		{"-A PREROUTING -j ACCEPT", "table filter has no such chain; tables raw, mangle, nat have it"},
	} {
		_, err := parser.ParseString("*filter\n" + c.rule + "\nCOMMIT\n")
		if assert.Error(t, err, c.rule) {
			assert.Contains(t, err.Error(), c.want, c.rule)
		}
	}
}
