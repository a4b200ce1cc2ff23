package match

import (
	"errors"
	"fmt"
	"math"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Policy matches the IPsec transforms that were removed from the packet or will
// be applied to it (net/netfilter/xt_policy.c, policy_mt).
type Policy struct {
	Out  bool // --dir out: transforms to be applied; else those removed
	None bool // nothing
	// Strict requires exactly these transforms, in the packet's order; without it
	// one of the packet's transforms must match the only element.
	Strict   bool
	Elements []PolicyElement // one to four, unless None
}

// PolicyElement is a condition on a transform. The zero value is none.
type PolicyElement struct {
	ReqID, SPI, Proto, Mode cond.Number
	Src, Dst                ConnAddr // ends of the tunnel
}

const maxPolicy = 4

// ipsecModes are the names of the modes, by packet.IPsecMode.
var ipsecModes = opt.Names{packet.TransportMode: "transport", packet.TunnelMode: "tunnel"}

var policyDefinition = netfilter.Definition{
	Name:     "policy",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Policy{Elements: make([]PolicyElement, 1)} },
	Options: []netfilter.OptionDef{
		{Name: "dir", Args: 1, Set: netfilter.Into((*Policy).setDir)},
		{Name: "pol", Args: 1, Set: netfilter.Into((*Policy).setPolicy)},
		opt.Flag("strict", func(m *Policy) *bool { return &m.Strict }),
		policyNumber("reqid", func(e *PolicyElement) *cond.Number { return &e.ReqID }),
		policyNumber("spi", func(e *PolicyElement) *cond.Number { return &e.SPI }),
		policyAddr("tunnel-src", func(e *PolicyElement) *ConnAddr { return &e.Src }),
		policyAddr("tunnel-dst", func(e *PolicyElement) *ConnAddr { return &e.Dst }),
		policyOption("proto", func(e *PolicyElement) bool { return e.Proto.Given }, (*PolicyElement).setProto),
		policyOption("mode", func(e *PolicyElement) bool { return e.Mode.Given }, (*PolicyElement).setMode),
		{Name: "next", Repeatable: true, Needs: []string{"strict"}, Set: netfilter.Into((*Policy).next)},
	},
	Finish: func(e netfilter.Extension, given func(string) bool) error {
		if !given("dir") {
			return errors.New("--dir in or --dir out must be given")
		}
		return e.(*Policy).finish()
	},
}

func (m *Policy) setDir(v *netfilter.Value) error {
	if m.Out = v.Arg() == "out"; !m.Out && v.Arg() != "in" {
		return fmt.Errorf("unknown direction %q: need in or out", v.Arg())
	}
	return nil
}

func (m *Policy) setPolicy(v *netfilter.Value) error {
	if m.None = v.Arg() == "none"; !m.None && v.Arg() != "ipsec" {
		return fmt.Errorf("unknown policy %q: need none or ipsec", v.Arg())
	}
	return nil
}

func (m *Policy) next(*netfilter.Value) error {
	if len(m.Elements) == maxPolicy {
		return fmt.Errorf("too many elements: at most %d fit", maxPolicy)
	}
	m.Elements = append(m.Elements, PolicyElement{})
	return nil
}

// policyOption is an option of the current element, which may have it once.
func policyOption(name string, given func(*PolicyElement) bool, set func(*PolicyElement, *netfilter.Value) error) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true, Repeatable: true,
		Set: netfilter.Into(func(m *Policy, v *netfilter.Value) error {
			e := &m.Elements[len(m.Elements)-1]
			if given(e) {
				return fmt.Errorf("an element has --%s once", name)
			}
			return set(e, v)
		})}
}

func policyNumber(name string, field func(*PolicyElement) *cond.Number) netfilter.OptionDef {
	return policyOption(name, func(e *PolicyElement) bool { return field(e).Given }, func(e *PolicyElement, v *netfilter.Value) error {
		n, err := opt.Uint(v.Arg(), 0, math.MaxUint32)
		*field(e) = cond.Number{Value: uint32(n), Invert: v.Invert, Given: true}
		return err
	})
}

func policyAddr(name string, field func(*PolicyElement) *ConnAddr) netfilter.OptionDef {
	return policyOption(name, func(e *PolicyElement) bool { return field(e).Prefix.IsValid() }, func(e *PolicyElement, v *netfilter.Value) error {
		p, err := opt.Prefix(v.Arg(), v.Family)
		*field(e) = ConnAddr{p, v.Invert}
		return err
	})
}

func (e *PolicyElement) setProto(v *netfilter.Value) error {
	p, err := opt.Protocol(v.Arg())
	if err != nil {
		return err
	}
	if p != packet.ProtoESP && p != packet.ProtoAH && p != packet.ProtoIPComp {
		return fmt.Errorf("bad protocol %q: need esp, ah or ipcomp", v.Arg())
	}
	e.Proto = cond.Number{Value: uint32(p), Invert: v.Invert, Given: true}
	return nil
}

func (e *PolicyElement) setMode(v *netfilter.Value) error {
	for i, name := range ipsecModes {
		if v.Arg() == name {
			e.Mode = cond.Number{Value: uint32(i), Invert: v.Invert, Given: true}
			return nil
		}
	}
	return ipsecModes.Unknown(v.Arg())
}

// tunnel reports whether the element can be a tunnel. Without a mode it is
// regarded as transport mode, as in iptables.
func (e *PolicyElement) tunnel() bool {
	return (e.Mode.Value == uint32(packet.TunnelMode)) != e.Mode.Invert
}

// finish checks the elements together (iptables extensions/libxt_policy.c,
// policy_check).
func (m *Policy) finish() error {
	if m.None {
		if m.Strict || len(m.Elements) > 1 {
			return errors.New("--pol none has no transforms to look at")
		}
		m.Elements = nil
		return nil
	}
	for i := range m.Elements {
		e := &m.Elements[i]
		if m.Strict && *e == (PolicyElement{}) {
			return fmt.Errorf("element %d is empty: with --strict each needs a condition", i)
		}
		if (e.Src.Prefix.IsValid() || e.Dst.Prefix.IsValid()) && !e.tunnel() {
			return errors.New("--tunnel-src and --tunnel-dst need --mode tunnel")
		}
	}
	return nil
}

// Definition returns the extension's definition.
func (m *Policy) Definition() *netfilter.Definition { return &policyDefinition }

// Name returns "policy".
func (m *Policy) Name() string { return "policy" }

// AppendOptions appends the direction, the policy, and the elements.
func (m *Policy) AppendOptions(b []byte) []byte {
	dir, pol := "in", "ipsec"
	if m.Out {
		dir = "out"
	}
	if m.None {
		pol = "none"
	}
	b = append(append(append(append(b, " --dir "...), dir...), " --pol "...), pol...)
	b = opt.AppendFlag(b, "strict", m.Strict)
	for i := range m.Elements {
		if i > 0 {
			b = opt.AppendOption(b, "next", false)
		}
		b = m.Elements[i].append(b)
	}
	return b
}

func (e *PolicyElement) append(b []byte) []byte {
	b = opt.AppendEqual(b, "reqid", e.ReqID)
	if e.SPI.Given {
		b = opt.AppendHex(append(opt.AppendOption(b, "spi", e.SPI.Invert), ' '), e.SPI.Value)
	}
	if e.Proto.Given {
		b = append(append(opt.AppendOption(b, "proto", e.Proto.Invert), ' '), packet.ProtocolName(uint8(e.Proto.Value))...)
	}
	if e.Mode.Given {
		b = append(append(opt.AppendOption(b, "mode", e.Mode.Invert), ' '), opt.NameAt(ipsecModes, e.Mode.Value)...)
	}
	return e.Src.append(e.Dst.append(b, "tunnel-dst"), "tunnel-src")
}

// Check refuses directions that the hooks do not support (policy_mt_check), and
// undefined modes.
func (m *Policy) Check(p netfilter.CheckContext) error {
	bad := netfilter.HooksOf(netfilter.Output, netfilter.Postrouting)
	dir := "in"
	if m.Out {
		bad, dir = netfilter.HooksOf(netfilter.Prerouting, netfilter.Input), "out"
	}
	if p.Hooks&bad != 0 {
		return fmt.Errorf("--dir %s is not known in %s", dir, p.Hooks&bad)
	}
	for _, e := range m.Elements {
		if err := opt.Named("mode", e.Mode.Value, ipsecModes); err != nil {
			return err
		}
	}
	return nil
}

// Match compares the transforms of Packet.IPsecIn or IPsecOut. A strict match
// on input begins with the innermost transform, which was removed last.
func (m *Policy) Match(c *netfilter.Context) bool {
	list := c.Packet.IPsecIn
	if m.Out {
		list = c.Packet.IPsecOut
	}
	switch {
	case len(list) == 0:
		c.Engine.Assume("IPsec leaves the packet alone: Packet.IPsecIn and IPsecOut were not given")
		return m.None
	case m.None:
		return false
	case m.Strict:
		return m.matchAll(list)
	}
	for i := range list {
		if len(m.Elements) > 0 && m.Elements[0].holds(&list[i]) {
			return true
		}
	}
	return false
}

func (m *Policy) matchAll(list []packet.Transform) bool {
	if len(list) != len(m.Elements) {
		return false
	}
	for i := range m.Elements {
		t := &list[i]
		if !m.Out {
			t = &list[len(list)-1-i]
		}
		if !m.Elements[i].holds(t) {
			return false
		}
	}
	return true
}

// holds compares a transform (match_xfrm_state).
func (e *PolicyElement) holds(t *packet.Transform) bool {
	return e.Src.holds(t.Src) && e.Dst.holds(t.Dst) && e.Proto.Holds(uint32(t.Proto)) &&
		e.Mode.Holds(uint32(t.Mode)) && e.SPI.Holds(t.SPI) && e.ReqID.Holds(t.ReqID)
}
