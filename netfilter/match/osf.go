package match

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// OSF matches the sender's operating system as guessed from a SYN
// (net/netfilter/xt_osf.c, xt_osf_match_packet). No fingerprints are loaded,
// so it matches nothing.
type OSF struct {
	Genre    string
	Invert   bool        // has no effect, as in the kernel
	TTL, Log cond.Number // up to 2
}

// maxGenre is the maximum length of the name in bytes; longer names are
// truncated.
const maxGenre = 31

var osfDefinition = netfilter.Definition{
	Name:      "osf",
	Families:  netfilter.OnlyIPv4,
	New:       func() netfilter.Extension { return &OSF{} },
	Hooks:     netfilter.HooksOf(netfilter.Prerouting, netfilter.Input, netfilter.Forward),
	Protocols: []uint8{packet.ProtoTCP},
	Options: []netfilter.OptionDef{
		{Name: "genre", Args: 1, Negatable: true, Required: true,
			Set: netfilter.Into(func(m *OSF, v *netfilter.Value) error {
				m.Genre, m.Invert = v.Arg()[:min(len(v.Arg()), maxGenre)], v.Invert
				return nil
			})},
		osfNumber("ttl", func(m *OSF) *cond.Number { return &m.TTL }),
		osfNumber("log", func(m *OSF) *cond.Number { return &m.Log }),
	},
}

func osfNumber(name string, field func(*OSF) *cond.Number) netfilter.OptionDef {
	o := opt.Equal(name, 2, field)
	o.Negatable = false
	return o
}

// Definition returns the extension's definition.
func (m *OSF) Definition() *netfilter.Definition { return &osfDefinition }

// Name returns "osf".
func (m *OSF) Name() string { return "osf" }

// AppendOptions appends the options given, the genre without quotes.
func (m *OSF) AppendOptions(b []byte) []byte {
	b = append(append(opt.AppendOption(b, "genre", m.Invert), ' '), m.Genre...)
	for _, o := range [...]struct {
		name   string
		number cond.Number
	}{{"ttl", m.TTL}, {"log", m.Log}} {
		if o.number.Given {
			b = strconv.AppendUint(append(opt.AppendOption(b, o.name, false), ' '), uint64(o.number.Value), 10)
		}
	}
	return b
}

// Match assumes that no fingerprint matches (Engine.Suppose).
func (m *OSF) Match(c *netfilter.Context) bool {
	return c.Packet.TCPFlags()&packet.SYN != 0 && !c.Engine.Suppose("no fingerprints of operating systems are loaded")
}
