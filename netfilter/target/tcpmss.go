package target

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TCPMSS lowers the maximum segment size that a SYN announces
// (net/netfilter/xt_TCPMSS.c, tcpmss_mangle_packet).
type TCPMSS struct {
	MSS   uint16 // up to 65515, for IPv6 65495
	Clamp bool   // clamp to the path MTU in both directions; MSS is ignored
}

// tcpHeaders are the bytes of the smallest IP and TCP headers together, and
// usualMSS is the default MSS of a SYN without the option, by family.
var (
	tcpHeaders = [...]int{netfilter.IPv4: 20 + 20, netfilter.IPv6: 40 + 20}
	usualMSS   = [...]int{netfilter.IPv4: 536, netfilter.IPv6: 1220}
)

var tcpmssDefinition = netfilter.Definition{
	Name:      "TCPMSS",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &TCPMSS{} },
	Protocols: []uint8{packet.ProtoTCP},
	Options: []netfilter.OptionDef{
		{Name: "set-mss", Args: 1, Set: netfilter.Into((*TCPMSS).setMSS)},
		opt.Flag("clamp-mss-to-pmtu", func(t *TCPMSS) *bool { return &t.Clamp }),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		if !given("set-mss") && !given("clamp-mss-to-pmtu") {
			return errors.New("--set-mss or --clamp-mss-to-pmtu must be given")
		}
		return nil
	},
}

// setMSS reads a size. If both options are given the last one is used.
func (t *TCPMSS) setMSS(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 0, 65535+20-uint64(tcpHeaders[v.Family]))
	*t = TCPMSS{MSS: uint16(n)}
	return err
}

// Definition returns the extension's definition.
func (t *TCPMSS) Definition() *netfilter.Definition { return &tcpmssDefinition }

// Name returns "TCPMSS".
func (t *TCPMSS) Name() string { return "TCPMSS" }

// AppendOptions appends "--set-mss size" or "--clamp-mss-to-pmtu".
func (t *TCPMSS) AppendOptions(b []byte) []byte {
	if t.Clamp {
		return opt.AppendOption(b, "clamp-mss-to-pmtu", false)
	}
	return opt.AppendNumber(b, "set-mss", t.MSS)
}

// Check requires a match on the SYN flag, except in nf_tables, and for clamping
// a hook where the output route is known (tcpmss_tg4_check).
func (t *TCPMSS) Check(p netfilter.CheckContext) error {
	known := netfilter.HooksOf(netfilter.Forward, netfilter.Output, netfilter.Postrouting)
	if t.Clamp && p.Hooks&^known != 0 {
		return errors.New("--clamp-mss-to-pmtu is only valid from " + known.String())
	}
	if p.Backend == netfilter.NFTables {
		return nil
	}
	for _, m := range p.Rule.Matches {
		if tcp, ok := m.(*match.TCP); ok && tcp.Flags&packet.SYN != 0 && !tcp.InvertFlags {
			return nil
		}
	}
	return errors.New("only works on TCP SYN packets: add -m tcp --syn or --tcp-flags SYN,RST SYN")
}

// Apply lowers the size, never raises it. If a SYN without payload has no such
// option, it is added. A packet too short for its header is dropped, and so is
// one if the path MTU is too small for any segment.
func (t *TCPMSS) Apply(c *netfilter.Context) netfilter.Verdict {
	if c.Transport.FragOff != 0 {
		return netfilter.Continue
	}
	c.Engine.MakeWritable(c.Packet.Len())
	h, ok := opt.TCPHeader(c)
	if !ok {
		return netfilter.Drop
	}
	n := len(h)
	mss := t.MSS
	if t.Clamp {
		mtu := c.Engine.PathMTU()
		if mtu <= tcpHeaders[c.Family] {
			return netfilter.Drop
		}
		mss = uint16(mtu - tcpHeaders[c.Family])
	}
	if at, announced, ok := opt.FindMSS(h.Options()); ok {
		if announced > mss {
			c.Edit().SetTCPWord(c.Transport.Offset, packet.TCPHeaderLen+at+2, mss)
		}
		return netfilter.Continue
	}
	if n < 60 && c.Packet.Len() == c.Transport.Offset+n {
		mss = uint16(min(int(mss), usualMSS[c.Family]))
		c.Edit().AddTCPOption(c.Transport.Offset, [4]byte{packet.TCPOptionMSS, 4, uint8(mss >> 8), uint8(mss)})
	}
	return netfilter.Continue
}
