package match

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// IPVS matches packets that the IP virtual server handles
// (net/netfilter/xt_ipvs.c, ipvs_mt). IPVS is not simulated, so only "! --ipvs"
// matches.
type IPVS struct {
	Handled     FlagTest // whether the server handles it; the rest implies that it does
	Proto       cond.Number
	Addr        ConnAddr
	Port        cond.PortRange      // one port
	Dir         netfilter.Direction // with HasDir
	HasDir      bool
	Method      cond.Number // index in the list GATE, IPIP, MASQ
	ControlPort cond.PortRange
}

var ipvsMethods = opt.Names{"GATE", "IPIP", "MASQ"}

var ipvsDefinition = netfilter.Definition{
	Name:     "ipvs",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &IPVS{} },
	Options: []netfilter.OptionDef{
		flagTest("ipvs", func(m *IPVS) *FlagTest { return &m.Handled }),
		{Name: "vproto", Args: 1, Negatable: true, Set: netfilter.Into((*IPVS).setProto)},
		{Name: "vaddr", Args: 1, Negatable: true, Set: netfilter.Into((*IPVS).setAddr)},
		ipvsPort("vport", func(m *IPVS) *cond.PortRange { return &m.Port }),
		{Name: "vdir", Args: 1, Set: netfilter.Into((*IPVS).setDir)},
		{Name: "vmethod", Args: 1, Negatable: true, Set: netfilter.Into((*IPVS).setMethod)},
		ipvsPort("vportctl", func(m *IPVS) *cond.PortRange { return &m.ControlPort }),
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		m := e.(*IPVS)
		switch {
		case *m == (IPVS{}):
			return errors.New("at least one option must be given")
		case m.Handled == FlagClear && m.conditions():
			return errors.New("! --ipvs cannot be used together with other options")
		}
		return nil
	},
}

func (m *IPVS) setProto(v *netfilter.Value) error {
	p, err := opt.Protocol(v.Arg())
	m.Proto = cond.Number{Value: uint32(p), Invert: v.Invert, Given: true}
	return err
}

func (m *IPVS) setAddr(v *netfilter.Value) error {
	p, err := opt.Prefix(v.Arg(), v.Family)
	m.Addr = ConnAddr{p, v.Invert}
	return err
}

func (m *IPVS) setDir(v *netfilter.Value) error {
	i := directions.Find(v.Arg())
	if i < 0 {
		return directions.Unknown(v.Arg())
	}
	m.Dir, m.HasDir = netfilter.Direction(i), true
	return nil
}

func (m *IPVS) setMethod(v *netfilter.Value) error {
	i := ipvsMethods.Find(v.Arg())
	if i < 0 {
		return ipvsMethods.Unknown(v.Arg())
	}
	m.Method = cond.Number{Value: uint32(i), Invert: v.Invert, Given: true}
	return nil
}

func ipvsPort(name string, field func(*IPVS) *cond.PortRange) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *IPVS, v *netfilter.Value) error {
			r, err := opt.ResolvedPorts(v)
			if err == nil && r.Min != r.Max {
				err = fmt.Errorf("bad port %q: need one port", v.Arg())
			}
			*field(m) = r
			return err
		})}
}

// conditions reports whether there are conditions on the server's connection.
func (m *IPVS) conditions() bool {
	rest := *m
	rest.Handled = AnyFlag
	return rest != (IPVS{})
}

// Definition returns the extension's definition.
func (m *IPVS) Definition() *netfilter.Definition { return &ipvsDefinition }

// Name returns "ipvs".
func (m *IPVS) Name() string { return "ipvs" }

// Check refuses undefined directions and methods.
func (m *IPVS) Check(netfilter.CheckContext) error {
	return errors.Join(opt.Named("direction", m.Dir, directions), opt.Named("method", m.Method.Value, ipvsMethods))
}

// AppendOptions appends the options given; "--ipvs" only if it is alone.
func (m *IPVS) AppendOptions(b []byte) []byte {
	if !m.conditions() {
		return m.Handled.append(b, "ipvs")
	}
	b = opt.AppendEqual(b, "vproto", m.Proto)
	b = m.Addr.append(b, "vaddr")
	b = appendIPVSPort(b, "vport", m.Port)
	if m.HasDir {
		b = append(opt.AppendOption(b, "vdir ", false), opt.NameAt(directions, m.Dir)...)
	}
	if m.Method.Given {
		b = append(append(opt.AppendOption(b, "vmethod", m.Method.Invert), ' '), opt.NameAt(ipvsMethods, m.Method.Value)...)
	}
	return appendIPVSPort(b, "vportctl", m.ControlPort)
}

func appendIPVSPort(b []byte, name string, r cond.PortRange) []byte {
	if !r.Given {
		return b
	}
	return strconv.AppendUint(append(opt.AppendOption(b, name, r.Invert), ' '), uint64(r.Min), 10)
}

// Match treats the packet as not handled by IPVS.
func (m *IPVS) Match(c *netfilter.Context) bool {
	c.Engine.Assume("no IP virtual server handles the packet")
	return m.Handled != FlagSet && !m.conditions()
}
