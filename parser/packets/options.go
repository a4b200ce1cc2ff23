package packets

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/commands"
)

// parseOptions parses a packet in options of iptables: those of a rule that the packet
// matches.
func parseOptions(text string) (*Packet, error) {
	family, _ := commands.FamilyOf(text)
	words := withMatches(strings.Fields(text))
	rs, err := parser.ParseString("*mangle\n-N PACKET\n-A PACKET "+strings.Join(words, " ")+"\nCOMMIT\n", parser.Family(family))
	if err != nil {
		return nil, inPacket(err, len("-A PACKET "))
	}
	rule := onlyRule(rs)
	if rule == nil {
		return nil, errors.New("the options describe no packet: need -p, -s and -d at least")
	}
	o := &fromRule{p: &Packet{Form: Options}, s: packet.Spec{TTL: 64, Window: 64240, Flags: packet.SYN, Literal: true}, family: family}
	if err := o.header(rule); err != nil {
		return nil, err
	}
	for _, m := range rule.Matches {
		if err := o.match(m); err != nil {
			return nil, err
		}
	}
	return o.build()
}

// onlyRule returns the first rule of chain PACKET; nil if an option such as -h ended the
// reading before it.
func onlyRule(rs *netfilter.Ruleset) *netfilter.Rule {
	if t := rs.Table("mangle"); t != nil {
		if c := t.Chain("PACKET"); c != nil && len(c.Rules) > 0 {
			return c.Rules[0]
		}
	}
	return nil
}

// withMatches inserts -m before options that iptables assigns to the protocol, and
// removes a jump at the end.
func withMatches(w []string) []string {
	var out []string
	for i := 0; i < len(w); i++ {
		switch {
		case (w[i] == "-j" || w[i] == "-A" || w[i] == "-I") && i+1 < len(w):
			i++
		default:
			out = append(out, w[i])
		}
	}
	return out
}

// inPacket converts the positions of errors to those in the text of the packet.
func inPacket(err error, skip int) error {
	var faults parser.Errors
	if !errors.As(err, &faults) || len(faults) == 0 {
		return err
	}
	e := faults[0]
	e.Pos.Line, e.Pos.Col = 1, max(e.Pos.Col-skip, 1)
	if len(e.Line) > skip {
		e.Line = e.Line[skip:]
	}
	return e
}

// fromRule returns a packet that a rule matches.
type fromRule struct {
	p      *Packet
	s      packet.Spec
	family netfilter.Family
	mark   uint32
	src    packet.MAC
	owner  *packet.Socket
	port   [2]bool // whether source and destination port are given
}

func (o *fromRule) header(r *netfilter.Rule) error {
	if r.InvSrc || r.InvDst || r.InvIn || r.InvOut || r.InvProto || r.InvFragment {
		return errors.New(`"!" says what a packet is not: say what it is`)
	}
	var err error
	if o.s.Src, err = address(r.Src, "-s"); err != nil {
		return err
	}
	if o.s.Dst, err = address(r.Dst, "-d"); err != nil {
		return err
	}
	if strings.HasSuffix(r.In, "+") {
		return fmt.Errorf("-i %s is many links: name the one the packet arrives by", r.In)
	}
	o.p.Dev = r.In
	if r.Out != "" {
		o.p.note("-o %s is what routing decides, and not part of the packet", r.Out)
	}
	if o.s.Proto = r.Proto; r.Proto == 0 {
		return errors.New("the protocol is missing: -p tcp")
	}
	switch o.s.Proto {
	case packet.ProtoICMP:
		o.s.ICMPType = packet.ICMPEchoRequest
	case packet.ProtoICMPv6:
		o.s.ICMPType = 128
	}
	return nil
}

func address(a netfilter.AddrMask, option string) (netip.Addr, error) {
	switch {
	case !a.Addr.IsValid():
		return a.Addr, fmt.Errorf("the address is missing: %s 10.0.0.1", option)
	case a.Bits() != a.Addr.BitLen():
		return a.Addr, fmt.Errorf("%s %s is many addresses: a packet has one", option, a)
	}
	return a.Addr, nil
}

func (o *fromRule) match(m netfilter.Match) error {
	switch m := m.(type) {
	case *match.TCP:
		if m.FlagMask != 0 {
			o.s.Flags = m.Flags
		}
		return errors.Join(o.setPort(0, m.SrcPorts), o.setPort(1, m.DstPorts))
	case *match.UDP:
		return errors.Join(o.setPort(0, m.SrcPorts), o.setPort(1, m.DstPorts))
	case *match.SCTP:
		return errors.Join(o.setPort(0, m.SrcPorts), o.setPort(1, m.DstPorts))
	case *match.ICMP:
		if m.Type != match.AnyICMPType {
			o.s.ICMPType, o.s.ICMPCode = m.Type, m.MinCode
		}
	case *match.ICMP6:
		o.s.ICMPType, o.s.ICMPCode = m.Type, m.MinCode
	case *match.Mark:
		o.mark = m.Value
	case *match.TTL:
		if m.Op == cond.EqualTo {
			o.s.TTL = m.Value
		}
	case *match.TOS:
		o.s.TOS = m.Value
	case *match.DSCP:
		o.s.TOS = m.Value << 2
	case *match.MAC:
		o.src = m.Source
	case *match.Owner:
		o.owner = &packet.Socket{UID: m.UID.Min, GID: m.GID.Min}
	default:
		return fmt.Errorf("-m %s is nothing that one packet says of itself: leave it out, or give what it depends on", m.Name())
	}
	return nil
}

// setPort sets the source port (0) or destination port (1).
func (o *fromRule) setPort(i int, r cond.PortRange) error {
	option := []string{"--sport", "--dport"}[i]
	switch {
	case !r.Given:
		return nil
	case r.Invert:
		return fmt.Errorf(`"! %s" says what the port is not: say what it is`, option)
	case r.Min != r.Max:
		return fmt.Errorf("%s %d:%d is many ports: a packet has one", option, r.Min, r.Max)
	}
	o.port[i] = true
	*[]*uint16{&o.s.SrcPort, &o.s.DstPort}[i] = r.Min
	return nil
}

func (o *fromRule) build() (*Packet, error) {
	if packet.HasPorts(o.s.Proto) {
		if !o.port[1] {
			return nil, errors.New("the destination port is missing: --dport 80")
		}
		if !o.port[0] {
			o.s.SrcPort = usualPort
			o.p.note("the source port is not given; %d is taken", usualPort)
		}
	}
	var err error
	if o.p.Packet, err = o.s.Build(); err != nil {
		return nil, err
	}
	o.p.Packet.Mark, o.p.Packet.SrcMAC, o.p.Packet.Socket = o.mark, o.src, o.owner
	return o.p, nil
}

// isRoute reports whether the text has the form of the arguments of "ip route get".
func isRoute(w []string) bool {
	i := slices.Index(w, "get")
	return i >= 1 && i <= 4 && i+1 < len(w) && (w[0] == "ip" || w[0] == "route")
}

// parseRoute parses "ip route get 10.0.0.1 from 10.1.0.5 iif eth1 mark 1 ipproto
// tcp sport 5 dport 80 uid 0" (iproute2, ip/iproute.c, iproute_get).
func parseRoute(w []string) (*Packet, error) {
	p := &Packet{Form: Route}
	o := &fromRule{p: p, s: packet.Spec{TTL: 64, Window: 64240, Flags: packet.SYN, Literal: true, Proto: packet.ProtoUDP}}
	given := false
	rest := w[slices.Index(w, "get")+1:]
	for i := 0; i < len(rest); i++ {
		value := func() string {
			if i+1 < len(rest) {
				i++
				return rest[i]
			}
			return ""
		}
		var err error
		switch word := rest[i]; word {
		case "to":
		case "from":
			o.s.Src, err = netip.ParseAddr(value())
		case "iif":
			p.Dev = value()
		case "oif", "vrf":
			p.note("%s %s is what routing decides, and not part of the packet", word, value())
		case "mark":
			o.mark, err = uint32Of(value())
		case "tos", "dsfield":
			var n uint32
			n, err = uint32Of(value())
			o.s.TOS = uint8(n)
		case "uid":
			var n uint32
			n, err = uint32Of(value())
			o.owner = &packet.Socket{UID: n}
		case "ipproto":
			v := value()
			var ok bool
			if o.s.Proto, ok = packet.ProtocolByName(v); !ok {
				err = fmt.Errorf("unknown protocol %q", v)
			}
			given = true
		case "sport", "dport":
			var n uint32
			n, err = uint32Of(value())
			side := map[string]int{"sport": 0, "dport": 1}[word]
			err = errors.Join(err, o.setPort(side, cond.Ports(uint16(n), uint16(n))))
		default:
			if o.s.Dst.IsValid() {
				return nil, fmt.Errorf("unknown word %q behind ip route get", word)
			}
			o.s.Dst, err = netip.ParseAddr(word)
		}
		if err != nil {
			return nil, err
		}
	}
	switch {
	case !o.s.Dst.IsValid():
		return nil, errors.New("the address is missing behind ip route get")
	case !o.s.Src.IsValid():
		return nil, errors.New(`the source is missing: ip route get ADDRESS from SOURCE`)
	}
	if !given {
		p.note("the protocol is not given; udp is taken")
	}
	if !o.port[1] && packet.HasPorts(o.s.Proto) {
		o.port[1], o.s.DstPort = true, 33434
		p.note("the destination port is not given; 33434 is taken")
	}
	return o.build()
}

func uint32Of(s string) (uint32, error) {
	var n uint32
	if _, err := fmt.Sscanf(s, "%v", &n); err != nil {
		return 0, fmt.Errorf("bad number %q", s)
	}
	return n, nil
}
