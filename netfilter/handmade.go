package netfilter

import (
	"errors"
	"fmt"
	"strings"
)

// The checks of this file concern rulesets built in Go, not parsed from text:
// one that passes them prints as text that parses to the same ruleset.

// Limits of names (include/uapi/linux/if.h, IFNAMSIZ; netfilter/x_tables.h,
// XT_EXTENSION_MAXNAMELEN).
const (
	maxInterfaceName = 15
	maxChainName     = 28
)

// checkName refuses names that no chain can have.
func (c *Chain) checkName() error {
	if needsQuotes(c.Name) && !c.Pos.IsValid() { // -E and -N make such chains, but saved text cannot hold them
		return fmt.Errorf("%q cannot be the name of a chain", c.Name)
	}
	switch c.Name {
	case "ACCEPT", "DROP", "QUEUE", "RETURN":
		return fmt.Errorf("%s is a verdict, no chain can be called so", c.Name)
	}
	most := maxChainName
	if c.Pos.IsValid() {
		most++ // renaming can do that
	}
	if len(c.Name) > most {
		return fmt.Errorf("the name of the chain has %d bytes: at most %d are possible", len(c.Name), maxChainName)
	}
	return nil
}

// checkComments refuses lines before or after a table that are not comments.
func (t *Table) checkComments() error {
	for _, lines := range [2][]string{t.Before, t.After} {
		for _, l := range lines {
			if l != "" && !strings.HasPrefix(strings.TrimLeft(l, " \t"), "#") {
				return fmt.Errorf("the line %q is no comment: it must begin with #", l)
			}
			if err := checkLine(strings.TrimSuffix(l, "\r")); err != nil {
				return fmt.Errorf("the comment %q: %w", l, err)
			}
		}
	}
	return nil
}

// check refuses conditions that no text can hold, and those that iptables refuses
// in a chain (iptables/xshared.c, xtables_check_interfaces). Those that were read
// from a text may be printed by iptables-save in a way that cannot be read again.
func (h *Header) check(f Family, c *Chain, read bool) error {
	for _, a := range [2]AddrMask{h.Src, h.Dst} {
		if err := a.check(f); err != nil {
			return err
		}
	}
	for _, name := range [2]string{h.In, h.Out} {
		if len(name) > maxInterfaceName {
			return fmt.Errorf("interface %q: a name has at most %d bytes", name, maxInterfaceName)
		}
		if err := checkLine(name); err != nil && !read {
			return fmt.Errorf("interface %q: %w", name, err)
		}
		if name != "" && needsQuotes(name) && !read {
			return fmt.Errorf("interface %q: no interface can have such a name", name)
		}
	}
	switch hook, _ := HookByName(c.Name); {
	case !c.Builtin():
	case (hook == Prerouting || hook == Input) && (!wildcard(h.Out) || h.InvOut):
		return fmt.Errorf("-o is not possible in chain %s", c.Name)
	case (hook == Output || hook == Postrouting) && (!wildcard(h.In) || h.InvIn):
		return fmt.Errorf("-i is not possible in chain %s", c.Name)
	}
	switch {
	case h.InvProto && h.Proto == 0 && !h.MPTCP:
		return errors.New(`"! -p all" matches no packet`)
	case h.MPTCP && h.ProtoNumber && !read:
		return errors.New("ProtoNumber: no reader takes the number of mptcp")
	case h.MPTCP && h.Proto != 0:
		return errors.New("MPTCP and Proto exclude each other")
	case h.InvFragment && !h.Fragment:
		return errors.New("InvFragment without Fragment matches no packet")
	case h.Fragment && f == IPv6:
		return errors.New("-f is not for IPv6: use -m frag")
	}
	return nil
}

// check refuses addresses of the other family and bits outside the mask, which
// would match no packet.
func (a AddrMask) check(f Family) error {
	if a == (AddrMask{}) {
		return nil
	}
	if a.Addr.BitLen() != f.Bits() || a.Mask.BitLen() != f.Bits() {
		return fmt.Errorf("address %s is not for %s", a, f)
	}
	if a.Addr.Zone() != "" || a.Mask.Zone() != "" {
		return fmt.Errorf("address %s has a zone", a)
	}
	if Masked(a.Addr, a.Mask) != a.Addr {
		return fmt.Errorf("address %s has bits outside its mask: PrefixMask clears them", a)
	}
	return nil
}

// check refuses an unknown extension whose words would be parsed as something
// else.
func (u *Unknown) check() error {
	if needsQuotes(u.Keyword) || u.Keyword[0] == '-' || len(u.Keyword) > maxChainName {
		return fmt.Errorf("%q cannot be the name of an extension", u.Keyword)
	}
	words, err := printedWords(u.Options)
	if err != nil {
		return fmt.Errorf("%s: options %q: %w", u.Keyword, u.Options, err)
	}
	for _, w := range words {
		if len(w) > 1 && w[0] == '-' && (w[1]|0x20 >= 'a' && w[1]|0x20 <= 'z') {
			return fmt.Errorf("%s: options %q: %s would be read as an option of the rule", u.Keyword, u.Options, w)
		}
	}
	return nil
}

// needsQuotes reports whether a text is a single word only if it is quoted.
func needsQuotes(s string) bool { return s == "" || strings.ContainsAny(s, " \t\"\n\r\x00") }
