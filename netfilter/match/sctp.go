package match

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SCTP matches ports and chunk types of an SCTP packet (net/netfilter/
// xt_sctp.c, sctp_mt). The zero value matches every packet with a whole SCTP
// header; a packet without one is dropped.
type SCTP struct {
	SrcPorts, DstPorts cond.PortRange
	HasChunks          bool // with Scope, Chunks and Flags
	InvertChunks       bool
	Scope              ChunkScope
	Chunks             ChunkSet
	Flags              []ChunkFlags // for types in Chunks; a type without an entry may have any flags
}

// ChunkScope is the relation required between the chunks of a packet and the
// types listed. The zero value is AllChunks.
type ChunkScope uint8

// The scopes.
const (
	AllChunks  ChunkScope = iota // each type listed is in the packet
	AnyChunk                     // one type listed is in the packet
	OnlyChunks                   // the packet has no other types
)

// ChunkSet is a set of chunk types, by bit.
type ChunkSet [4]uint64

func (s *ChunkSet) add(t uint8)      { s[t>>6] |= 1 << (t & 63) }
func (s *ChunkSet) del(t uint8)      { s[t>>6] &^= 1 << (t & 63) }
func (s *ChunkSet) has(t uint8) bool { return s[t>>6]>>(t&63)&1 != 0 }

// ChunkFlags determines which flags a chunk of a type must have: of those in Mask
// exactly Set.
type ChunkFlags struct{ Type, Mask, Set uint8 }

var chunkScopes = opt.Names{AllChunks: "all", AnyChunk: "any", OnlyChunks: "only"}

// chunkTypes are the chunk types that have a name, with the letters of their
// flags from bit 0 up.
var chunkTypes = []struct {
	name  string
	typ   uint8
	flags string
}{
	{"DATA", 0, "EBUI"}, {"INIT", 1, ""}, {"INIT_ACK", 2, ""}, {"SACK", 3, ""}, {"HEARTBEAT", 4, ""},
	{"HEARTBEAT_ACK", 5, ""}, {"ABORT", 6, "T"}, {"SHUTDOWN", 7, ""}, {"SHUTDOWN_ACK", 8, ""}, {"ERROR", 9, ""},
	{"COOKIE_ECHO", 10, ""}, {"COOKIE_ACK", 11, ""}, {"ECN_ECNE", 12, ""}, {"ECN_CWR", 13, ""},
	{"SHUTDOWN_COMPLETE", 14, "T"}, {"I_DATA", iData, "EBUI"}, {"ASCONF_ACK", 128, ""}, {"RE_CONFIG", 130, ""},
	{"PAD", 132, ""}, {"FORWARD_TSN", 192, ""}, {"ASCONF", 193, ""}, {"I_FORWARD_TSN", 194, ""},
}

// iData is the chunk type whose flags iptables 1.8.9 parses but ignores,
// because it stores them under another number.
const iData = 64

var sctpDefinition = netfilter.Definition{
	Name:      "sctp",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &SCTP{} },
	Protocols: []uint8{packet.ProtoSCTP},
	Options: []netfilter.OptionDef{
		{Name: "sport", Aliases: []string{"source-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *SCTP, v *netfilter.Value) (err error) {
				m.SrcPorts, err = opt.PortRange(v, packet.ProtoSCTP)
				return err
			})},
		{Name: "dport", Aliases: []string{"destination-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *SCTP, v *netfilter.Value) (err error) {
				m.DstPorts, err = opt.PortRange(v, packet.ProtoSCTP)
				return err
			})},
		{Name: "chunk-types", Args: 2, Negatable: true, Set: netfilter.Into((*SCTP).setChunks)},
	},
}

// setChunks reads a scope and "ALL", "NONE" or a list of "TYPE[:flags]": an
// upper-case letter is a flag that must be set, a lower-case one a flag that
// must be clear.
func (m *SCTP) setChunks(v *netfilter.Value) error {
	scope := chunkScopes.Find(v.Args[0])
	if scope < 0 {
		return chunkScopes.Unknown(v.Args[0])
	}
	m.HasChunks, m.InvertChunks, m.Scope = true, v.Invert, ChunkScope(scope)
	switch {
	case strings.EqualFold(v.Args[1], "ALL"):
		m.Chunks = ChunkSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
		return nil
	case strings.EqualFold(v.Args[1], "NONE"):
		return nil
	}
	for word := range strings.SplitSeq(v.Args[1], ",") {
		if word == "" {
			continue
		}
		if err := m.addChunk(word); err != nil {
			return err
		}
	}
	return nil
}

func (m *SCTP) addChunk(word string) error {
	name, flags, _ := strings.Cut(word, ":")
	for _, t := range chunkTypes {
		if !strings.EqualFold(t.name, name) {
			continue
		}
		m.Chunks.add(t.typ)
		if flags == "" {
			return nil
		}
		f := ChunkFlags{Type: t.typ}
		for _, letter := range flags {
			bit := strings.IndexRune(strings.ToLower(t.flags), letter|0x20)
			if bit < 0 {
				return fmt.Errorf("chunk type %s has no flag %q", t.name, letter)
			}
			f.Mask |= 1 << bit
			if letter&0x20 == 0 {
				f.Set |= 1 << bit
			}
		}
		m.addFlags(f)
		return nil
	}
	return fmt.Errorf("unknown chunk type %q", name)
}

func (m *SCTP) addFlags(f ChunkFlags) {
	if f.Type == iData {
		return
	}
	if old := m.flags(f.Type); old != nil {
		old.Mask |= f.Mask
		old.Set |= f.Set
		return
	}
	m.Flags = append(m.Flags, f)
}

// flags returns the flags a type must have; nil if it may have any.
func (m *SCTP) flags(typ uint8) *ChunkFlags {
	for i := range m.Flags {
		if m.Flags[i].Type == typ {
			return &m.Flags[i]
		}
	}
	return nil
}

// Definition returns the extension's definition.
func (m *SCTP) Definition() *netfilter.Definition { return &sctpDefinition }

// Name returns "sctp".
func (m *SCTP) Name() string { return "sctp" }

// Check refuses undefined scopes (sctp_mt_check).
func (m *SCTP) Check(netfilter.CheckContext) error { return opt.Named("scope", m.Scope, chunkScopes) }

// AppendOptions appends the options given.
func (m *SCTP) AppendOptions(b []byte) []byte {
	b = opt.AppendGivenPorts(b, "sport", m.SrcPorts)
	b = opt.AppendGivenPorts(b, "dport", m.DstPorts)
	if !m.HasChunks {
		return b
	}
	b = append(opt.AppendOption(b, "chunk-types", m.InvertChunks), ' ')
	b = append(append(b, opt.NameAt(chunkScopes, m.Scope)...), ' ')
	return m.appendChunks(b)
}

func (m *SCTP) appendChunks(b []byte) []byte {
	switch m.Chunks {
	case ChunkSet{}:
		return append(b, "NONE"...)
	case ChunkSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}:
		return append(b, "ALL"...)
	}
	start := len(b)
	for _, t := range chunkTypes {
		if !m.Chunks.has(t.typ) {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(b, t.name...)
		if f := m.flags(t.typ); f != nil {
			b = append(b, ':')
			for bit := len(t.flags) - 1; bit >= 0; bit-- {
				switch {
				case f.Set>>bit&1 != 0:
					b = append(b, t.flags[bit])
				case f.Mask>>bit&1 != 0:
					b = append(b, t.flags[bit]|0x20)
				}
			}
		}
	}
	return b
}

// Match compares ports and chunks. Only the first fragment of a packet matches.
func (m *SCTP) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, 12)
	if !ok {
		return false
	}
	return m.SrcPorts.Holds(uint16(h[0])<<8|uint16(h[1])) && m.DstPorts.Holds(uint16(h[2])<<8|uint16(h[3])) &&
		(!m.HasChunks || m.matchChunks(c) != m.InvertChunks)
}

// matchChunks walks the chunks. A packet whose chunks cannot be walked to the
// end, or that has none, is dropped, even after an inverted condition made the
// rule match (xt_sctp.c, match_packet).
func (m *SCTP) matchChunks(c *netfilter.Context) bool {
	missing := m.Chunks
	for off := c.Transport.Offset + 12; off == c.Transport.Offset+12 || off < c.Packet.Len(); {
		h, ok := c.Bytes(off, 4)
		if !ok || h[2] == 0 && h[3] == 0 {
			c.HotDrop()
			return false
		}
		off += ((int(h[2])<<8 | int(h[3])) + 3) &^ 3
		listed := m.Chunks.has(h[0])
		passes := listed && m.passes(h[0], h[1])
		switch {
		case passes && m.Scope == AnyChunk:
			return true
		case passes:
			missing.del(h[0])
		case m.Scope == OnlyChunks:
			return false
		}
	}
	return m.Scope == OnlyChunks || m.Scope == AllChunks && missing == ChunkSet{}
}

func (m *SCTP) passes(typ, flags uint8) bool {
	f := m.flags(typ)
	return f == nil || flags&f.Mask == f.Set
}

// Observe returns the ports.
func (m *SCTP) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 12)
	if !ok {
		return "no SCTP header"
	}
	return opt.ObservePorts(h)
}
