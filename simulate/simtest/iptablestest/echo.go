package iptablestest

import (
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
)

// echo prints what -v shows of a command on a table as it was before, which is the same
// whether it succeeds (iptables/iptables.c, append_entry and its like, flush_entries4).
func (c *call) echo(t *netfilter.Table, cmd *parser.Command) {
	if !cmd.Verbose {
		return
	}
	for _, r := range cmd.Rules {
		c.echoRule(r)
	}
	if t == nil {
		t = netfilter.NewTable(cmd.Table)
	}
	for _, verb := range []struct{ letter, word string }{{"F", "Flushing"}, {"X", "Deleting"}, {"Z", "Zeroing"}} {
		switch {
		case !strings.Contains(cmd.Letters, verb.letter), cmd.Letters == "Z" && cmd.Rule > 0:
			continue
		case cmd.Chain != "":
			c.print("%s chain `%s'\n", verb.word, cmd.Chain)
			continue
		}
		for _, ch := range t.Sorted() {
			if verb.letter != "X" || !ch.Builtin() {
				c.print("%s chain `%s'\n", verb.word, ch.Name)
			}
		}
	}
}

// echoRule prints a rule as in a listing that is no table (iptables/iptables.c,
// print_firewall_line).
func (c *call) echoRule(r *netfilter.Rule) {
	l := lister{c, nil, &parser.Command{Numeric: true}}
	c.print("%s %s%s opt %s%s ", targetName(r), inversion(r.InvProto), protocolInChain(r.Proto), dash(r.InvFragment, "!"), dash(r.Fragment || r.InvFragment, "f"))
	c.print("in %s out %s ", l.iface(r.In, r.InvIn), l.iface(r.Out, r.InvOut))
	c.print("%s%s %s-> %s  ", inversion(r.InvSrc), l.address(r.Src), inversion(r.InvDst), l.address(r.Dst))
	l.extensions(r)
}

// protocolInChain returns the name of a protocol if it is one of those that iptables
// itself knows, else its number (libxtables/xtables.c, xtables_chain_protos).
func protocolInChain(proto uint8) string {
	switch proto {
	case 0:
		return "all"
	case packet.ProtoTCP, packet.ProtoUDP, packet.ProtoSCTP, packet.ProtoUDPLite, packet.ProtoICMP, packet.ProtoICMPv6,
		packet.ProtoESP, packet.ProtoAH, packet.ProtoMH:
		return packet.ProtocolName(proto)
	}
	return strconv.Itoa(int(proto))
}
