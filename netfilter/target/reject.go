package target

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Reject sends an error to the sender and drops the packet
// (net/ipv4/netfilter/ipt_REJECT.c, reject_tg;
// net/ipv6/netfilter/ip6t_REJECT.c, reject_tg6). The zero value sends ICMP port
// unreachable for IPv4 packets.
type Reject struct {
	Family netfilter.Family
	With   netfilter.RejectWith // the zero value is port unreachable
}

// Equal reports whether both send the same reply. It is used by go-cmp.
func (t Reject) Equal(o Reject) bool { return t.Family == o.Family && t.with() == o.with() }

// with returns the reply.
func (t *Reject) with() netfilter.RejectWith {
	switch {
	case t.With != (netfilter.RejectWith{}):
		return t.With
	case t.Family == netfilter.IPv6:
		return portUnreachable6
	}
	return portUnreachable
}

// rejection is a reply with its name and its alias, both of which may be
// abbreviated. The first match is used.
type rejection struct {
	name, alias string
	with        netfilter.RejectWith
}

// rejections are the replies by family.
var rejections = [2][]rejection{
	netfilter.IPv4: {
		unreachable("icmp-net-unreachable", "net-unreach", 3, 0),
		unreachable("icmp-host-unreachable", "host-unreach", 3, 1),
		unreachable("icmp-proto-unreachable", "proto-unreach", 3, 2),
		unreachable("icmp-port-unreachable", "port-unreach", 3, 3),
		unreachable("icmp-net-prohibited", "net-prohib", 3, 9),
		unreachable("icmp-host-prohibited", "host-prohib", 3, 10),
		{"tcp-reset", "tcp-rst", netfilter.RejectWith{TCPReset: true}},
		unreachable("icmp-admin-prohibited", "admin-prohib", 3, 13),
	},
	netfilter.IPv6: {
		unreachable("icmp6-no-route", "no-route", 1, 0),
		unreachable("icmp6-adm-prohibited", "adm-prohibited", 1, 1),
		unreachable("icmp6-addr-unreachable", "addr-unreach", 1, 3),
		unreachable("icmp6-port-unreachable", "port-unreach", 1, 4),
		{"tcp-reset", "tcp-reset", netfilter.RejectWith{TCPReset: true}},
		unreachable("icmp6-policy-fail", "policy-fail", 1, 5),
		unreachable("icmp6-reject-route", "reject-route", 1, 6),
	},
}

func unreachable(name, alias string, typ, code uint8) rejection {
	return rejection{name, alias, netfilter.RejectWith{Type: typ, Code: code}}
}

var (
	portUnreachable   = netfilter.RejectWith{Type: packet.ICMPUnreachable, Code: packet.ICMPPortUnreachable}
	portUnreachable6  = netfilter.RejectWith{Type: packet.ICMPv6Unreachable, Code: packet.ICMPv6PortUnreachable}
	rejectDefinition  = rejectFor(netfilter.IPv4, netfilter.OnlyIPv4, portUnreachable)
	reject6Definition = rejectFor(netfilter.IPv6, netfilter.OnlyIPv6, portUnreachable6)
)

func rejectFor(f netfilter.Family, only netfilter.Families, usual netfilter.RejectWith) netfilter.Definition {
	return netfilter.Definition{
		Name:     "REJECT",
		Families: only,
		New:      func() netfilter.Extension { return &Reject{f, usual} },
		Tables:   []string{"filter"},
		Hooks:    netfilter.HooksOf(netfilter.Input, netfilter.Forward, netfilter.Output),
		Options: []netfilter.OptionDef{
			{Name: "reject-with", Args: 1, Set: netfilter.Into((*Reject).setWith)},
		},
	}
}

func (t *Reject) setWith(v *netfilter.Value) error {
	var words opt.Names
	for _, r := range rejections[t.Family&1] {
		if (opt.Names{r.name, r.alias}).Prefix(v.Arg()) >= 0 {
			t.With = r.with
			return nil
		}
		words = append(words, r.name)
	}
	return fmt.Errorf("unknown reject type %q: need one of %s", v.Arg(), words)
}

// Definition returns the extension's definition.
func (t *Reject) Definition() *netfilter.Definition {
	if t.Family == netfilter.IPv6 {
		return &reject6Definition
	}
	return &rejectDefinition
}

// Name returns "REJECT".
func (t *Reject) Name() string { return "REJECT" }

// AppendOptions appends "--reject-with type", also if it was not given.
func (t *Reject) AppendOptions(b []byte) []byte {
	return append(opt.AppendOption(b, "reject-with ", false), t.word()...)
}

// word returns the name of a reply; "" if REJECT does not support it.
func (t *Reject) word() string {
	for _, r := range rejections[t.Family&1] {
		if r.with == t.with() {
			return r.name
		}
	}
	return ""
}

// Check refuses a TCP RST unless the rule is for TCP (reject_tg_check), the
// types of the other family, and replies that REJECT does not support.
func (t *Reject) Check(p netfilter.CheckContext) error {
	if t.Family != p.Family {
		return fmt.Errorf("--reject-with is of %s: set Family", t.Family)
	}
	if t.word() == "" {
		return fmt.Errorf("ICMP type %d code %d is no answer of REJECT", t.With.Type, t.With.Code)
	}
	if !t.With.TCPReset {
		return nil
	}
	if err := p.NeedProtocol(packet.ProtoTCP); err != nil {
		return fmt.Errorf("--reject-with tcp-reset: %w", err)
	}
	return nil
}

// Apply sends the reply, unless the packet must not be replied to, and drops
// the packet.
func (t *Reject) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Engine.Reject(t.with())
	return netfilter.Drop
}
