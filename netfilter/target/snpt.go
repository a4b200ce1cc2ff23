package target

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SNPT translates the prefix of the source address without connection tracking,
// such that no checksum has to change (net/ipv6/netfilter/ip6t_NPT.c,
// ip6t_snpt_tg; RFC 6296). Whether the address is in the prefix From is not
// checked.
type SNPT struct{ From, To netip.Prefix } // of at most 64 bits

// Equal reports whether both are the same target. It is used by go-cmp.
func (t SNPT) Equal(o SNPT) bool { return t == o }

var snptDefinition = netfilter.Definition{
	Name:     "SNPT",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &SNPT{} },
	Tables:   []string{"mangle"},
	Hooks:    netfilter.HooksOf(netfilter.Input, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		nptPrefix("src-pfx", func(e netfilter.Extension) *netip.Prefix { return &e.(*SNPT).From }),
		nptPrefix("dst-pfx", func(e netfilter.Extension) *netip.Prefix { return &e.(*SNPT).To }),
	},
}

func nptPrefix(name string, field func(netfilter.Extension) *netip.Prefix) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Required: true, Set: func(e netfilter.Extension, v *netfilter.Value) (err error) {
		*field(e), err = opt.Prefix(v.Arg(), v.Family)
		return err
	}}
}

// Definition returns the extension's definition.
func (t *SNPT) Definition() *netfilter.Definition { return &snptDefinition }

// Name returns "SNPT".
func (t *SNPT) Name() string { return "SNPT" }

// AppendOptions appends the prefixes. A prefix of length 0 is omitted.
func (t *SNPT) AppendOptions(b []byte) []byte { return appendNPT(b, t.From, t.To) }

func appendNPT(b []byte, from, to netip.Prefix) []byte {
	for i, p := range [...]netip.Prefix{from, to} {
		if p.IsValid() && !(p.Addr().IsUnspecified() && p.Bits() == 0) {
			b = netfilter.AppendAddr(opt.AppendOption(b, [...]string{"src-pfx ", "dst-pfx "}[i], false), p.Addr())
			b = fmt.Appendf(b, "/%d", p.Bits())
		}
	}
	return b
}

// Check refuses prefixes longer than 64 bits or with host bits set
// (ip6t_npt_checkentry).
func (t *SNPT) Check(netfilter.CheckContext) error { return checkNPT(t.From, t.To) }

func checkNPT(from, to netip.Prefix) error {
	for _, p := range [...]netip.Prefix{from, to} {
		if !p.IsValid() || p.Bits() > 64 {
			return errors.New("prefixes of 0-64 bits are needed")
		}
		if p != p.Masked() {
			return fmt.Errorf("prefix %s has bits behind its end: need %s", p, p.Masked())
		}
	}
	return nil
}

// Apply translates the source address, and in an ICMPv6 error the destination
// of the quoted packet.
func (t *SNPT) Apply(c *netfilter.Context) netfilter.Verdict {
	return applyNPT(c, t.From, t.To, srcOffset, dstOffset)
}

// Offsets of the addresses in an IPv6 header.
const (
	srcOffset = 8
	dstOffset = 24
)

// applyNPT translates the address at an offset, and the one at another in the
// header that an ICMPv6 error quotes. If the address cannot absorb the checksum
// difference, an error is sent and the packet dropped.
func applyNPT(c *netfilter.Context, from, to netip.Prefix, outer, inner int) netfilter.Verdict {
	w := c.Edit().Wire()
	if len(w) < 40 || w[0]>>4 != 6 {
		return netfilter.Continue // the rule is not for IPv6
	}
	if !mapNPT(w[outer:outer+16], from, to) {
		c.Engine.ParameterProblem(uint32(outer))
		return netfilter.Drop
	}
	const quoted = 40 + 8
	if w[6] != packet.ProtoICMPv6 || len(w) < quoted+40 || w[40] < 1 || w[40] > 4 || !c.Engine.QuoteWritable(quoted+40) {
		return netfilter.Continue
	}
	b := w[quoted+inner : quoted+inner+16]
	if a := netip.AddrFrom16([16]byte(b)); from.Contains(a) {
		mapNPT(b, from, to)
	}
	return netfilter.Continue
}

// mapNPT replaces the prefix of an address by to and subtracts the checksum
// difference from one of its other words; false if there is none
// (ip6t_npt_map_pfx).
func mapNPT(a []byte, from, to netip.Prefix) bool {
	bits := max(from.Bits(), to.Bits())
	dst := to.Addr().As16()
	for i := range bits {
		bit := byte(0x80) >> (i % 8)
		a[i/8] = a[i/8]&^bit | dst[i/8]&bit
	}
	word := 3
	if bits > 48 {
		for word = 4; word < 8 && binary.BigEndian.Uint16(a[2*word:]) == 0xffff; word++ {
		}
		if word == 8 {
			return false
		}
	}
	v := onesAdd(binary.BigEndian.Uint16(a[2*word:]), nptAdjustment(from, to))
	if v == 0xffff {
		v = 0
	}
	binary.BigEndian.PutUint16(a[2*word:], v)
	return true
}

// nptAdjustment returns the one's complement difference of the prefixes'
// checksums.
func nptAdjustment(from, to netip.Prefix) uint16 {
	f, t := from.Addr().As16(), to.Addr().As16()
	return onesAdd(^packet.Checksum(f[:], 0), packet.Checksum(t[:], 0))
}

// onesAdd adds in one's complement.
func onesAdd(a, b uint16) uint16 {
	s := uint32(a) + uint32(b)
	return uint16(s + s>>16)
}
