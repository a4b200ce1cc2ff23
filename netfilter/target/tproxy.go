package target

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TProxy delivers the packet to a local transparent socket without changing its
// addresses, and drops it if there is none (net/netfilter/xt_TPROXY.c,
// tproxy_tg4, tproxy_tg6_v1).
type TProxy struct {
	Port        uint16     // port that the socket listens on; 0 for the packet's destination port
	Addr        netip.Addr // address that it listens on; unspecified for the first address of the input link
	Value, Mask uint32     // of the packet's mark: the bits of Mask are cleared, then Value is XORed in
}

// Equal reports whether both are the same target. It is used by go-cmp.
func (t TProxy) Equal(o TProxy) bool { return t == o }

var (
	tproxyDefinition  = tproxyFor(netfilter.OnlyIPv4, netip.IPv4Unspecified())
	tproxyDefinition6 = tproxyFor(netfilter.OnlyIPv6, netip.IPv6Unspecified())
)

func tproxyFor(only netfilter.Families, any netip.Addr) netfilter.Definition {
	return netfilter.Definition{
		Name:     "TPROXY",
		Families: only,
		New:      func() netfilter.Extension { return &TProxy{Addr: any} },
		Tables:   []string{"mangle"},
		Hooks:    netfilter.HooksOf(netfilter.Prerouting),
		Options: []netfilter.OptionDef{
			{Name: "on-port", Args: 1, Required: true, Set: netfilter.Into((*TProxy).setPort)},
			{Name: "on-ip", Args: 1, Set: netfilter.Into(func(t *TProxy, v *netfilter.Value) (err error) {
				t.Addr, err = opt.Addr(v.Arg(), v.Family)
				return err
			})},
			{Name: "tproxy-mark", Args: 1, Set: netfilter.Into(func(t *TProxy, v *netfilter.Value) (err error) {
				t.Value, t.Mask, err = opt.Masked(v.Arg())
				return err
			})},
		},
	}
}

func (t *TProxy) setPort(v *netfilter.Value) error {
	if strings.Contains(v.Arg(), ":") {
		return fmt.Errorf("bad port %q: need one port", v.Arg())
	}
	r, err := opt.ResolvedPorts(v)
	t.Port = r.Min
	return err
}

// Definition returns the extension's definition.
func (t *TProxy) Definition() *netfilter.Definition {
	if t.Addr.Is6() {
		return &tproxyDefinition6
	}
	return &tproxyDefinition
}

// Name returns "TPROXY".
func (t *TProxy) Name() string { return "TPROXY" }

// AppendOptions appends port, address and mark, including those that were not
// given.
func (t *TProxy) AppendOptions(b []byte) []byte {
	b = strconv.AppendUint(opt.AppendOption(b, "on-port ", false), uint64(t.Port), 10)
	b = netfilter.AppendAddr(opt.AppendOption(b, "on-ip ", false), t.Addr)
	b = opt.AppendHex(opt.AppendOption(b, "tproxy-mark ", false), t.Value)
	return opt.AppendHex(append(b, '/'), t.Mask)
}

// Requires implements netfilter.Requirer: reassembly, because ports are
// compared.
func (t *TProxy) Requires() netfilter.Requirements {
	return netfilter.RequireDefrag
}

// Check requires -p tcp or -p udp (tproxy_tg4_check), and an address of the
// family.
func (t *TProxy) Check(p netfilter.CheckContext) error {
	if err := p.NeedProtocol(packet.ProtoTCP, packet.ProtoUDP); err != nil {
		return errors.New("only valid with -p tcp or -p udp, not inverted")
	}
	return p.NeedFamily(t.Addr)
}

// Apply looks for the socket. A packet too short for its ports is dropped.
func (t *TProxy) Apply(c *netfilter.Context) netfilter.Verdict {
	h, ok := c.TransportHeader(8)
	if !ok {
		return netfilter.Drop
	}
	port := t.Port
	if port == 0 {
		port = uint16(h[2])<<8 | uint16(h[3])
	}
	if !c.Engine.AssignSocket(t.Addr, port) {
		return netfilter.Drop
	}
	if mark := c.Packet.Mark&^t.Mask ^ t.Value; mark != c.Packet.Mark {
		c.Edit().Mark = mark
	}
	return netfilter.Accept
}
