package netfilter

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// RuleError reports a rule that the kernel refuses.
type RuleError struct {
	Pos   Pos
	Table string
	Chain string
	Rule  int // 1-based position in the chain; 0 for the chain itself
	Err   error
}

// Error returns the location of the rule and the cause in one line.
func (e *RuleError) Error() string {
	place := fmt.Sprintf("table %s, chain %s", e.Table, e.Chain)
	if e.Rule > 0 {
		place += fmt.Sprintf(", rule %d", e.Rule)
	}
	if e.Pos.IsValid() {
		place = e.Pos.String() + ": " + place
	}
	if e.Err == nil {
		return place
	}
	return place + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *RuleError) Unwrap() error { return e.Err }

// Causes of a refusal that can be told apart.
var (
	ErrNoSuchTable = errors.New("no such table")
	ErrNoSuchChain = errors.New("no such chain")
	ErrLoop        = errors.New("loop")
)

// maxRuleErrors bounds how many refusals Check reports.
const maxRuleErrors = 100

// Check reports what the kernel refuses when the ruleset is loaded: unknown
// tables and chains, tables without their built-in chains, jumps to those,
// loops, and extensions in tables, chains or hooks that do not support them
// (net/ipv4/netfilter/ip_tables.c, translate_table). It also refuses rulesets
// that no tool would load: duplicate tables and chains, addresses of the other
// family, nil tables, chains, rules and matches, and values that iptables-save
// text cannot express, such as an interface name with a newline, a comment of
// 300 bytes or a reversed range. To find the latter, the options of rules
// without Pos are printed and parsed again. All errors are returned joined
// (errors.Join), at most 100 of them.
func (rs *Ruleset) Check() error {
	errs := rs.missing()
	if len(errs) == 0 {
		errs = rs.refusals()
	}
	if len(errs) > maxRuleErrors {
		more := len(errs) - maxRuleErrors
		errs = append(errs[:maxRuleErrors], fmt.Errorf("and %d more", more))
	}
	return errors.Join(errs...)
}

// refusals returns the errors of a ruleset that contains no nil table, chain,
// rule or match.
func (rs *Ruleset) refusals() (errs []error) {
	seen := map[string]bool{}
	for _, t := range rs.Tables {
		if seen[t.Name] {
			errs = append(errs, &RuleError{Pos: t.Pos, Table: t.Name, Chain: "-", Err: errors.New("the table is there twice")})
			continue
		}
		seen[t.Name] = true
		_, refused := t.check(rs.Family, rs.Backend)
		errs = append(errs, refused...)
	}
	return append(errs, rs.checkSharing()...)
}

// check also returns from where the chains are reached, if the table is accepted.
func (t *Table) check(f Family, backend Backend) (w *hookMask, errs []error) {
	info, ok := TableInfoFor(t.Name)
	if !ok {
		return nil, []error{&RuleError{Pos: t.Pos, Table: t.Name, Chain: "-", Err: ErrNoSuchTable}}
	}
	w = newHookMask(t)
	fail := func(c *Chain, n int, pos Pos, err error) {
		errs = append(errs, &RuleError{Pos: pos, Table: t.Name, Chain: c.Name, Rule: n, Err: err})
	}
	for _, err := range []error{t.lacks(info), t.checkComments()} {
		if err != nil {
			fail(&Chain{Name: "-"}, 0, t.Pos, err)
		}
	}
	for i, c := range t.Chains {
		if err := checkChain(info, c); err != nil {
			fail(c, 0, c.Pos, err)
		}
		if w.ids[c.Name] != int32(i) {
			fail(c, 0, c.Pos, errors.New("there is another chain of this name"))
		}
		w.add(i, func(rule int, err error) { fail(c, rule+1, c.Rules[rule].Pos, err) })
	}
	if len(errs) > 0 {
		return nil, errs
	}
	if loop := w.walk(); loop != nil {
		return nil, []error{&RuleError{Pos: loop.rule.Pos, Table: t.Name, Chain: loop.chain.Name, Rule: loop.number,
			Err: fmt.Errorf("%w: the jump to %s comes back here", ErrLoop, loop.rule.Target.Name())}}
	}
	for n, c := range t.Chains {
		for i, r := range c.Rules {
			p := CheckContext{Family: f, Backend: backend, Table: t.Name, Hooks: w.hooks(n, i), Rule: r}
			if err := p.check(c); err != nil {
				fail(c, i+1, r.Pos, err)
			}
		}
	}
	return w, errs
}

// lacks returns an error for every built-in chain that the table lacks
// (net/netfilter/x_tables.c, xt_check_table_hooks).
func (t *Table) lacks(info TableInfo) error {
	missing := info.Hooks
	for _, c := range t.Chains {
		if h, ok := HookByName(c.Name); ok {
			missing &^= HooksOf(h)
		}
	}
	if missing == 0 {
		return nil
	}
	return fmt.Errorf("the table lacks its built-in chains %s: NewTable makes them", missing)
}

func checkChain(info TableInfo, c *Chain) error {
	h, named := HookByName(c.Name)
	hooked := named && info.Hooks.Has(h)
	if err := c.checkName(); err != nil {
		return err
	}
	switch {
	case c.Builtin() && !hooked:
		return fmt.Errorf("the table has no such built-in chain, a policy is not possible: %w", ErrNoSuchChain)
	case !c.Builtin() && hooked:
		return errors.New("a built-in chain needs a policy")
	case c.Builtin() && c.Policy != Accept && c.Policy != Drop:
		return fmt.Errorf("policy %s: only ACCEPT and DROP are possible", c.Policy)
	}
	return nil
}

// check applies the restrictions in the kernel's order: matches before the
// target, and for each table, hooks, protocol, then its own checks
// (net/netfilter/x_tables.c, xt_check_match).
func (p CheckContext) check(c *Chain) error {
	if err := p.Rule.Header.check(p.Family, c, p.Rule.Pos.IsValid()); err != nil {
		return err
	}
	if err := p.checkNative(); err != nil {
		return err
	}
	for _, m := range p.Rule.Matches {
		if err := p.checkExtension(m); err != nil {
			return err
		}
	}
	if p.Rule.Target == nil {
		return nil
	}
	return p.checkExtension(p.Rule.Target)
}

// checkNative refuses what iptables-nft writes but the kernel does not load: a
// comparison of no bytes (net/netfilter/nf_tables_api.c, nft_parse_register_load).
func (p CheckContext) checkNative() error {
	h := &p.Rule.Header
	if p.Backend != NFTables {
		return nil
	}
	if h.MPTCP {
		return errors.New("iptables-nft cuts the number of mptcp to that of TCP: give Proto 6")
	}
	for _, c := range [2]struct {
		option string
		addr   AddrMask
		invert bool
	}{{"-s", h.Src, h.InvSrc}, {"-d", h.Dst, h.InvDst}} {
		if c.invert && c.addr.Mask.IsValid() && !c.addr.restricts() {
			return fmt.Errorf("! %s %s matches no packet, and the kernel does not load the expression that iptables-nft writes for it: omit the rule", c.option, c.addr)
		}
	}
	return nil
}

func (p CheckContext) checkExtension(e Extension) error {
	if d, ok := e.(Definer); ok {
		if err := p.checkDefinition(d.Definition()); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	if c, ok := e.(Checker); ok {
		if err := c.Check(p); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	if p.Rule.Pos.IsValid() {
		return nil // rules parsed from text: iptables cannot always read back what it prints
	}
	if u, ok := e.(*Unknown); ok {
		return u.check()
	}
	if d, ok := e.(Definer); ok {
		if err := p.checkText(d.Definition(), e); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return nil
}

func (p CheckContext) checkDefinition(d *Definition) error {
	if !d.Families.Has(p.Family) {
		return fmt.Errorf("not for %s", p.Family)
	}
	if d.Tables != nil && !slices.Contains(d.Tables, p.Table) {
		return fmt.Errorf("only valid in table %s, not %s", joinOr(d.Tables), p.Table)
	}
	if d.Hooks != 0 && p.Hooks&^d.Hooks != 0 {
		return fmt.Errorf("only valid from %s, but the rule is reached from %s", d.Hooks, p.Hooks&^d.Hooks)
	}
	if p.nativeInNFTables(d) {
		return nil
	}
	return p.NeedProtocol(d.Protocols...)
}

// nativeInNFTables reports whether iptables-nft turns the match into
// expressions of nf_tables, which work with an inverted protocol.
func (p CheckContext) nativeInNFTables(d *Definition) bool {
	return p.Backend == NFTables && p.Rule.InvProto && len(d.Protocols) == 1 && d.Protocols[0] == p.Rule.Proto && d.Native != nil
}

// NeedFamily returns an error unless all valid addresses among addrs are of the
// ruleset's family.
func (p CheckContext) NeedFamily(addrs ...netip.Addr) error {
	for _, a := range addrs {
		if a.IsValid() && a.BitLen() != p.Family.Bits() {
			return fmt.Errorf("address %s is not for %s", a, p.Family)
		}
	}
	return nil
}

// NeedProtocol returns an error unless the rule has -p with one of these
// protocols, not inverted. Without protos it returns nil.
func (p CheckContext) NeedProtocol(protos ...uint8) error {
	if len(protos) == 0 {
		return nil
	}
	if p.Rule == nil {
		return errors.New("there is no rule")
	}
	if h := &p.Rule.Header; !h.InvProto && slices.Contains(protos, h.Proto) && h.Proto != 0 {
		return nil
	}
	names := make([]string, len(protos))
	for i, n := range protos {
		names[i] = packet.ProtocolName(n)
	}
	return fmt.Errorf("only valid with -p %s", joinOr(names))
}

// joinOr joins words as "a, b or c".
func joinOr(words []string) string {
	s := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			s += " or "
		default:
			s += ", "
		}
		s += w
	}
	return s
}
