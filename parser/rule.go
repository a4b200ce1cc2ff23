package parser

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// runRule executes a command that contains a rule.
func (l *line) runRule(c byte) *Error {
	target, err := l.resolve()
	if err != nil {
		return err
	}
	if l.single != nil {
		l.single.Rules = l.rules(target)
	}
	chain, missing := l.table.chain(l.chain.text)
	if missing != nil {
		return l.fault(missing)
	}
	if j, ok := target.(*netfilter.Jump); ok && l.table.jumpTo(j.Chain).Builtin() {
		return &Error{at: l.jump, Word: l.jump.text, Err: tableErrorf(ErrBuiltinChain, "cannot jump to the built-in chain %s", j.Chain)}
	}
	return l.eachRule(c, chain, target)
}

// rules builds a rule for every pair of addresses, sources outermost.
func (l *line) rules(target netfilter.Target) (rules []*netfilter.Rule) {
	for _, src := range l.srcs {
		for _, dst := range l.dsts {
			rules = append(rules, l.rule(src, dst, target))
		}
	}
	return rules
}

// readAddresses reads the values of -s and -d.
func (l *line) readAddresses() *Error {
	l.srcs, l.dsts = l.srcs[:0], l.dsts[:0]
	var err *Error
	if l.srcs, err = l.addresses(l.src, l.srcs); err != nil {
		return err
	}
	if l.dsts, err = l.addresses(l.dst, l.dsts); err != nil {
		return err
	}
	several := len(l.srcs) > 1 || len(l.dsts) > 1
	switch {
	case several && (l.header.InvSrc || l.header.InvDst):
		w := l.src
		if len(l.srcs) == 1 {
			w = l.dst
		}
		return &Error{at: w, Word: w.text, Err: errors.New(`"!" is not possible with several addresses`)}
	case several && l.commands.has('R'):
		return &Error{Err: errors.New("-R puts in one rule and cannot take several addresses")}
	}
	return nil
}

// eachRule applies the command for every pair of addresses, sources outermost.
// Every rule gets its own extensions.
func (l *line) eachRule(c byte, chain *chain, target netfilter.Target) *Error {
	defer func() { l.rereading = false }()
	for i, src := range l.srcs {
		for j, dst := range l.dsts {
			if i+j > 0 {
				l.rereading = true
				if err := l.reread(); err != nil {
					return err
				}
				target, _ = l.resolve()
			}
			if err := l.madeRule(); err != nil {
				return err
			}
			if err := l.apply(c, chain, l.rule(src, dst, target)); err != nil {
				return l.fault(err)
			}
		}
	}
	return nil
}

// reread makes new extensions from the same words.
func (l *line) reread() *Error {
	counters := l.counters
	l.reset()
	err := l.read()
	l.counters = counters
	return err
}

// apply executes one command with one rule.
func (l *line) apply(c byte, chain *chain, r *netfilter.Rule) error {
	t := l.table
	switch c {
	case 'A':
		t.append(chain, r)
		return nil
	case 'I':
		return t.insert(chain, l.number, r)
	case 'R':
		return t.replace(chain, l.number, r)
	}
	i, err := t.find(chain, r)
	if err == nil && c == 'D' {
		t.drop(chain.at(i))
		chain.delete(i)
	}
	return err
}

// rule builds the rule for a pair of addresses.
func (l *line) rule(src, dst netfilter.AddrMask, target netfilter.Target) *netfilter.Rule {
	r := l.slab.rule()
	r.Header = l.header
	r.Src, r.Dst = conditionOf(src, l.header.InvSrc), conditionOf(dst, l.header.InvDst)
	r.Matches = l.slab.matchList(len(l.matches))
	for i, m := range l.matches {
		r.Matches[i] = m.extension(false).(netfilter.Match)
	}
	r.Target, r.Goto, r.Counters = target, l.isGoto, l.counters
	r.Pos = l.pos(l.words[0])
	return r
}

// conditionOf omits an address whose mask is empty.
func conditionOf(a netfilter.AddrMask, invert bool) netfilter.AddrMask {
	if a.Mask.IsValid() && a.Mask.IsUnspecified() && !invert {
		return netfilter.AddrMask{}
	}
	return a
}

// resolve resolves the name after -j or -g: a chain if there is one, else an
// extension (iptables/iptables.c, do_command4). A rule may be without a target.
func (l *line) resolve() (netfilter.Target, *Error) {
	name := l.jump.text
	switch {
	case l.jump == word{}:
		return nil, nil
	case l.table.jumpTo(name) != nil:
		if l.target != nil {
			l.warning(&Error{at: l.jump, Word: name, Err: fmt.Errorf("the chain %s is meant here, not the target of this name", name)})
		}
		return l.table.jump(l.table.jumpTo(name)), nil
	case l.isGoto:
		_, err := l.table.chain(name)
		e := l.fault(err)
		e.at, e.Word, e.Err = l.jump, name, &usageError{fmt.Errorf("-g needs a chain: %w", err)}
		return nil, e
	case l.target == nil:
		return nil, l.noSuchTarget()
	case l.target.def == nil && len(l.target.words) == 0 && !foreignTargets[name]:
		return nil, l.noSuchTarget()
	case l.target.def == nil && l.target.option == "":
		l.warning(l.noSuchExtension(l.jump, targetKind))
	}
	return l.target.extension(true).(netfilter.Target), nil
}

// foreignTargets are targets of well-known modules outside the kernel that are
// used without options, to distinguish them from missing chains.
var foreignTargets = map[string]bool{
	"CHAOS": true, "DELUDE": true, "ECHO": true, "FLOWOFFLOAD": true, "FULLCONENAT": true, "IMQ": true, "LOGMARK": true,
	"NETFLOW": true, "STEAL": true, "SYSRQ": true, "TARPIT": true, "ULOG": true,
}

// sameRule compares rules as libiptc does for -D and -C: positions and counters
// are ignored.
func (t *table) sameRule(a, b *netfilter.Rule) bool {
	if a.Goto != b.Goto || len(a.Matches) != len(b.Matches) || !sameHeader(&a.Header, &b.Header) {
		return false
	}
	for i := range a.Matches {
		if !reflect.DeepEqual(a.Matches[i], b.Matches[i]) {
			return false
		}
	}
	if to := t.callee(a); to != nil {
		return to == t.callee(b)
	}
	return reflect.DeepEqual(a.Target, b.Target)
}

// sameHeader compares the addresses first, because most rules of a long chain
// differ in them.
func sameHeader(a, b *netfilter.Header) bool {
	return a.Src == b.Src && a.Dst == b.Dst && stored(*a) == stored(*b)
}

// stored removes differences in spelling that are not stored in the kernel.
func stored(h netfilter.Header) netfilter.Header {
	h.ProtoNumber = false
	if h.In == "+" {
		h.In = ""
	}
	if h.Out == "+" {
		h.Out = ""
	}
	return h
}

// noSuchTarget returns the error for -j with a name that is neither a chain nor
// a target.
func (l *line) noSuchTarget() *Error {
	name := l.jump.text
	e := &Error{at: l.jump, Option: "-j", Word: name, Err: readErrorf(ErrNoSuchTarget, "there is no chain and no target %q", name)}
	near := l.near(name, func() []string { return append(l.table.names(), l.library.names(targetKind)...) })
	switch {
	case l.library.inAnyFamily(name, targetKind) && l.library.find(name, targetKind) == nil:
		e.Err = &familyError{fmt.Sprintf("target %s is not for %s", name, l.family)}
		e.Hint = otherFamilyHint(l.family)
	case l.announced[name]:
		e.Hint = "a chain line above claims this name, so it stands for chains only"
	case near != "":
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	default:
		e.Hint = fmt.Sprintf("declare a chain with :%s - above this line", strings.TrimSpace(name))
	}
	return e
}
