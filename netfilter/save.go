package netfilter

import (
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// SaveOptions are options of AppendSave. The zero value prints as iptables-save
// does without options.
type SaveOptions struct {
	// Counters prints "[packets:bytes] " before every rule, as iptables-save -c
	// does. Those of policies are always printed.
	Counters bool
}

// AppendSave appends the ruleset as iptables-save prints it, table by table in
// the order of Tables. What is nil, which Check refuses, is left out.
func (rs *Ruleset) AppendSave(b []byte, o SaveOptions) []byte {
	for _, t := range rs.Tables {
		b = t.appendSave(b, rs.Family, o, func(b []byte) []byte { return b })
	}
	return b
}

// String returns the ruleset as iptables-save prints it without the counters of
// rules.
func (rs *Ruleset) String() string {
	var text blocks
	for _, t := range rs.Tables {
		text.open = t.appendSave(text.open, rs.Family, SaveOptions{}, text.pass)
	}
	return text.String()
}

// blocks is a text in blocks, because one that grows as it is written is copied again and
// again.
type blocks struct {
	full [][]byte
	open []byte
}

// pass returns the block to append to after b, the one so far.
func (t *blocks) pass(b []byte) []byte {
	const size, most = 1 << 16, 1 << 15
	if len(b) < most {
		return b
	}
	t.full = append(t.full, b)
	return make([]byte, 0, size)
}

// String returns the text.
func (t *blocks) String() string {
	n := len(t.open)
	for _, b := range t.full {
		n += len(b)
	}
	var s strings.Builder
	s.Grow(n)
	for _, b := range t.full {
		s.Write(b)
	}
	s.Write(t.open)
	return s.String()
}

// appendSave appends the table. It calls pass with what was appended so far after every
// chain, and continues with what pass returns. A nil table appends nothing.
func (t *Table) appendSave(b []byte, f Family, o SaveOptions, pass func([]byte) []byte) []byte {
	if t == nil {
		return b
	}
	b = appendLines(b, t.Before)
	b = append(b, '*')
	b = append(b, t.Name...)
	b = append(b, '\n')
	chains := t.Sorted()
	for _, c := range chains {
		b = c.appendDeclaration(b)
	}
	b = pass(b)
	for _, c := range chains {
		for _, r := range c.Rules {
			if r == nil {
				continue
			}
			if o.Counters {
				b = r.Counters.append(b)
				b = append(b, ' ')
			}
			b = r.AppendSave(b, f, c.Name)
			b = append(b, '\n')
		}
		b = pass(b)
	}
	b = append(b, "COMMIT\n"...)
	return appendLines(b, t.After)
}

func appendLines(b []byte, lines []string) []byte {
	for _, l := range lines {
		b = append(b, l...)
		b = append(b, '\n')
	}
	return b
}

func (c *Chain) appendDeclaration(b []byte) []byte {
	b = append(b, ':')
	b = append(b, c.Name...)
	b = append(b, ' ')
	if c.Builtin() {
		b = append(b, c.Policy.String()...)
	} else {
		b = append(b, '-')
	}
	b = append(b, ' ')
	b = c.Counters.append(b)
	return append(b, '\n')
}

func (c Counters) append(b []byte) []byte {
	b = append(b, '[')
	b = strconv.AppendUint(b, c.Packets, 10)
	b = append(b, ':')
	b = strconv.AppendUint(b, c.Bytes, 10)
	return append(b, ']')
}

// AppendSave appends the rule as iptables-save prints it, "-A CHAIN …",
// without counters and newline (iptables/iptables.c, print_rule4).
func (r *Rule) AppendSave(b []byte, f Family, chain string) []byte {
	b = append(b, "-A "...)
	b = append(b, chain...)
	b = r.Header.appendOptions(b, f)
	for _, m := range r.Matches {
		if m == nil {
			continue
		}
		b = append(b, " -m "...)
		b = append(b, m.Name()...)
		b = m.AppendOptions(b)
	}
	if r.Target == nil {
		return b
	}
	if r.Goto {
		b = append(b, " -g "...)
	} else {
		b = append(b, " -j "...)
	}
	b = append(b, r.Target.Name()...)
	return r.Target.AppendOptions(b)
}

// appendOptions appends the header's options in the order of iptables-save.
func (h *Header) appendOptions(b []byte, f Family) []byte {
	b = appendAddr(b, f, "-s", h.Src, h.InvSrc)
	b = appendAddr(b, f, "-d", h.Dst, h.InvDst)
	b = appendInterface(b, "-i", h.In, h.InvIn)
	b = appendInterface(b, "-o", h.Out, h.InvOut)
	if h.Proto != 0 {
		b = appendInversion(b, h.InvProto)
		b = append(b, " -p "...)
		if h.ProtoNumber {
			b = strconv.AppendUint(b, uint64(h.Proto), 10)
		} else {
			b = append(b, packet.ProtocolName(h.Proto)...)
		}
	}
	if h.MPTCP {
		b = append(appendInversion(b, h.InvProto), " -p "...)
		if h.ProtoNumber {
			b = append(b, protocolMPTCP...)
		} else {
			b = append(b, "mptcp"...)
		}
	}
	if f == IPv4 && (h.Fragment || h.InvFragment) {
		b = appendInversion(b, h.InvFragment)
		b = append(b, " -f"...)
	}
	return b
}

func appendInversion(b []byte, inv bool) []byte {
	if inv {
		b = append(b, " !"...)
	}
	return b
}

// appendAddr omits an address whose mask is empty unless it is inverted
// (iptables/iptables.c, print_ip).
func appendAddr(b []byte, f Family, opt string, a AddrMask, inv bool) []byte {
	if !a.restricts() && !inv {
		return b
	}
	b = appendInversion(b, inv)
	b = append(b, ' ')
	b = append(b, opt...)
	b = append(b, ' ')
	if !a.Mask.IsValid() {
		return append(b, [2]string{IPv4: "0.0.0.0/0", IPv6: "::/0"}[f&1]...)
	}
	return a.append(b)
}

// appendInterface omits an interface that matches every name unless it is
// inverted. The inverted condition matches no packet; iptables-legacy-save
// omits it too, and so prints a rule that matches every packet
// (iptables/xshared.c, save_iface).
func appendInterface(b []byte, opt, name string, inv bool) []byte {
	if wildcard(name) {
		if !inv {
			return b
		}
		name = "+"
	}
	b = appendInversion(b, inv)
	b = append(b, ' ')
	b = append(b, opt...)
	b = append(b, ' ')
	return append(b, name...)
}
