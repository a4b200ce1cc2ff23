package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SynProxy completes TCP handshakes in place of a server, so that only clients
// that answer reach the server (net/ipv4/netfilter/ipt_SYNPROXY.c,
// synproxy_tg4; net/ipv6/netfilter/ip6t_SYNPROXY.c, synproxy_tg6).
type SynProxy struct{ Config netfilter.SynProxy }

var synproxyDefinition = netfilter.Definition{
	Name:      "SYNPROXY",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &SynProxy{} },
	Hooks:     netfilter.HooksOf(netfilter.Input, netfilter.Forward),
	Protocols: []uint8{packet.ProtoTCP},
	Options: []netfilter.OptionDef{
		opt.Flag("sack-perm", func(t *SynProxy) *bool { return &t.Config.SACK }),
		opt.Flag("timestamp", func(t *SynProxy) *bool { return &t.Config.Timestamp }),
		synproxyNumber("wscale", func(t *SynProxy, n uint64) { t.Config.WScale, t.Config.HasWScale = uint8(n), true }),
		synproxyNumber("mss", func(t *SynProxy, n uint64) { t.Config.MSS, t.Config.HasMSS = uint16(n), true }),
		opt.Flag("ecn", func(t *SynProxy) *bool { return &t.Config.ECN }),
	},
}

// synproxyNumber reads a 32-bit number, truncated to the size of the field.
func synproxyNumber(name string, store func(*SynProxy, uint64)) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *SynProxy, v *netfilter.Value) error {
		n, err := opt.Uint(v.Arg(), 0, 1<<32-1)
		store(t, n)
		return err
	})}
}

// Definition returns the extension's definition.
func (t *SynProxy) Definition() *netfilter.Definition { return &synproxyDefinition }

// Name returns "SYNPROXY".
func (t *SynProxy) Name() string { return "SYNPROXY" }

// AppendOptions appends the options given.
func (t *SynProxy) AppendOptions(b []byte) []byte {
	s := &t.Config
	b = opt.AppendFlag(b, "sack-perm", s.SACK)
	b = opt.AppendFlag(b, "timestamp", s.Timestamp)
	if s.HasWScale {
		b = opt.AppendNumber(b, "wscale", s.WScale)
	}
	if s.HasMSS {
		b = opt.AppendNumber(b, "mss", s.MSS)
	}
	return opt.AppendFlag(b, "ecn", s.ECN)
}

// Requires implements netfilter.Requirer: connection tracking and SYNPROXY.
func (t *SynProxy) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack | netfilter.RequireSynProxy
}

// Apply answers a client's SYN and processes the final ACK of its handshake;
// other packets continue with the next rule. A packet with a broken header is
// dropped.
func (t *SynProxy) Apply(c *netfilter.Context) netfilter.Verdict {
	h, ok := opt.TCPHeader(c)
	if !ok || c.Transport.FragOff != 0 {
		return netfilter.Drop
	}
	const opens, ends = packet.SYN, packet.FIN | packet.RST
	flags := h.Flags()
	if flags&ends != 0 || flags&(opens|packet.ACK) == opens|packet.ACK || flags&(opens|packet.ACK) == 0 {
		return netfilter.Continue
	}
	return c.Engine.AnswerSYN(t.Config)
}
