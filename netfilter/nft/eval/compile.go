package eval

import (
	"errors"
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// compiler compiles the rules of one table.
type compiler struct {
	rules   *Rules
	table   *nft.Table
	name    string // of the table, with the family
	chains  map[string]*chain
	sets    map[string]*set
	objects map[nft.ObjectKind]map[string]*object
}

func (r *Rules) addTable(t *nft.Table) error {
	if slices.Contains(t.Chains, nil) || slices.Contains(t.Sets, nil) || slices.Contains(t.Objects, nil) {
		return errors.New("a chain, set or object is nil")
	}
	c := &compiler{rules: r, table: t, name: t.Family.String() + " " + t.Name, chains: make(map[string]*chain, len(t.Chains)), sets: make(map[string]*set, len(t.Sets)),
		objects: map[nft.ObjectKind]map[string]*object{}}
	for i, ch := range t.Chains {
		if ch.Name == "" || c.chains[ch.Name] != nil {
			return fmt.Errorf("chain %d: no name of its own (%q)", i+1, ch.Name)
		}
		c.declareChain(ch)
	}
	for _, o := range t.Objects {
		if err := c.addObject(o); err != nil {
			return fmt.Errorf("%s: %w", o, err)
		}
	}
	for _, s := range t.Sets {
		compiled, err := c.addSet(s)
		if err != nil {
			return fmt.Errorf("set %s: %w", s.Name, err)
		}
		c.sets[s.Name] = compiled
	}
	for _, ch := range t.Chains {
		if err := c.addRules(c.chains[ch.Name], ch); err != nil {
			return fmt.Errorf("chain %s: %w", ch.Name, err)
		}
	}
	return nil
}

// declareChain adds a chain without rules, so that rules can refer to it.
func (c *compiler) declareChain(ch *nft.Chain) *chain {
	compiled := &chain{name: ch.Name, tableName: c.name, table: c.table, model: ch}
	compiled.end.chain = compiled
	c.rules.chains[ch] = compiled
	if ch.Name != "" {
		c.chains[ch.Name] = compiled
	}
	if ch.Base != nil && c.table.Family != nft.ARP {
		c.rules.bases = append(c.rules.bases, newBaseChain(c.rules, compiled, ch.Base))
	}
	return compiled
}

func newBaseChain(r *Rules, c *chain, b *nft.Base) *baseChain {
	base := &baseChain{chain: c, rules: r, base: b, policy: codeAccept}
	if b.Drop {
		base.policy = codeDrop
	}
	base.policyStep.base = base
	return base
}

// addRules compiles the rules of a chain.
func (c *compiler) addRules(compiled *chain, ch *nft.Chain) error {
	compiled.rules = make([]rule, len(ch.Rules))
	for i, r := range ch.Rules {
		if r == nil {
			return fmt.Errorf("rule %d is nil", i+1)
		}
		compiled.rules[i].ordinal = len(c.rules.all)
		c.rules.all = append(c.rules.all, &compiled.rules[i])
		instructions := make([]instruction, 0, len(r.Exprs))
		for _, e := range r.Exprs {
			in, err := c.instruction(e)
			if err != nil {
				return fmt.Errorf("rule %d: %w", i+1, err)
			}
			instructions = append(instructions, in)
		}
		compiled.rules[i] = rule{instructions: instructions, acts: firstAction(instructions), chain: compiled, number: i + 1, ordinal: compiled.rules[i].ordinal, model: r, ruleset: c.rules.ruleset}
		compiled.rules[i].jump = lead{&compiled.rules[i], "jump"}
		compiled.rules[i].goes = lead{&compiled.rules[i], "goto"}
	}
	return nil
}

// firstAction returns the index of the first instruction with a side effect:
// one that changes the packet, its metadata or its connection, logs it, or
// sends a packet; -1 if there is none.
func firstAction(list []instruction) int {
	return slices.IndexFunc(list, func(i instruction) bool {
		switch i.(type) {
		case *payloadWrite, *metaSet, *ctSet, *tcpOptionWrite, *tcpOptionReset, *logPacket, *reject, *nat, *masquerade, *redirect,
			*tproxy, *enqueue, *duplicate, *notrack, *synproxy, *objectRef:
			return true
		}
		return false
	})
}

// reg returns the index of a register.
func reg(r nft.Reg) register { return register(max(r.Word(), 0)) }

// instruction compiles an expression.
func (c *compiler) instruction(e nft.Expr) (instruction, error) {
	if err := checkExpr(e, c.table.Family); err != nil {
		return nil, err
	}
	if f, ok, err := c.stateful(e); ok || err != nil {
		return c.inRule(f), err
	}
	switch e := e.(type) {
	case *nft.SetVerdict:
		v, err := c.verdict(e.Verdict)
		return &decide{v}, err
	case *nft.Lookup:
		return c.lookup(e)
	case *nft.Dynset:
		return c.dynset(e)
	case *nft.ObjRef:
		return c.objRef(e)
	}
	if in := load(e); in != nil {
		return in, nil
	}
	if in := act(e); in != nil {
		return in, nil
	}
	return &unknown{e}, nil
}

// inRule assigns an index in the state to a stateful expression of a rule.
func (c *compiler) inRule(f stateful) instruction {
	in := &inRule{index: c.rules.memories, stateful: f}
	c.rules.memories++
	return in
}

// verdict resolves the chain of a jump.
func (c *compiler) verdict(v nft.Verdict) (verdict, error) {
	codes := [...]code{nft.Accept: codeAccept, nft.Drop: codeDrop, nft.Continue: codeContinue, nft.Break: codeBreak,
		nft.Jump: codeJump, nft.Goto: codeGoto, nft.Return: codeReturn}
	out := verdict{code: codes[v.Code]}
	switch {
	case v.Code != nft.Jump && v.Code != nft.Goto:
	case v.Block != nil:
		out.chain = c.declareChain(v.Block)
		return out, c.addRules(out.chain, v.Block)
	default:
		if out.chain = c.chains[v.Chain]; out.chain == nil {
			return out, fmt.Errorf("no chain %q in this table", v.Chain)
		}
	}
	return out, nil
}

func (c *compiler) lookup(e *nft.Lookup) (instruction, error) {
	s, err := c.set(e.Set)
	if err != nil {
		return nil, err
	}
	verdict := e.Map && e.Dest == nft.VerdictReg
	o := &operands{}
	if o.span(e.Source, s.keyLen); e.Map && !verdict {
		o.span(e.Dest, s.dataLen)
	}
	return &lookup{src: reg(e.Source), set: s, invert: e.Not, hasDst: e.Map, dst: reg(e.Dest), verdict: verdict}, o.err
}

func (c *compiler) dynset(e *nft.Dynset) (instruction, error) {
	s, err := c.set(e.Set)
	if err != nil {
		return nil, err
	}
	o := &operands{}
	if o.span(e.Key, s.keyLen); e.Map {
		o.span(e.Data, s.dataLen)
	}
	if o.err != nil {
		return nil, o.err
	}
	d := &dynset{op: e.Op, set: s, key: reg(e.Key), hasData: e.Map, data: reg(e.Data), dataLen: s.dataLen, timeout: e.Timeout, exprs: e.Exprs}
	d.stateful, err = c.statefuls(e.Exprs)
	return d, err
}

func (c *compiler) objRef(e *nft.ObjRef) (instruction, error) {
	if e.Name == "" {
		s, err := c.set(e.Map)
		if err != nil {
			return nil, err
		}
		o := &operands{}
		o.span(e.Source, s.keyLen)
		return &objectMap{src: reg(e.Source), set: s, objects: c.objects[e.Kind]}, o.err
	}
	o := c.objects[e.Kind][e.Name]
	if o == nil {
		return nil, fmt.Errorf("no %s %q in this table", e.Kind, e.Name)
	}
	return &objectRef{object: o}, nil
}

// load compiles expressions that only load and compare; nil for others.
func load(e nft.Expr) instruction {
	switch e := e.(type) {
	case *nft.Immediate:
		return &immediate{reg(e.Dest), []byte(e.Data)}
	case *nft.Payload:
		return &payload{dst: reg(e.Dest), base: e.Base, offset: e.Offset, length: e.Len}
	case *nft.Meta:
		if int(e.Key) < len(metaLoaders) && metaLoaders[e.Key] != nil {
			return &meta{reg(e.Dest), e.Key}
		}
	case *nft.CT:
		return &ct{dst: reg(e.Dest), key: e.Key, hasDir: e.Dir != nft.NoDir, dir: direction(e.Dir)}
	case *nft.Cmp:
		return &compare{reg(e.Source), e.Op, []byte(e.Data)}
	case *nft.Range:
		return &between{reg(e.Source), e.Not, []byte(e.From), []byte(e.To)}
	case *nft.Bitwise:
		return newBitwise(e)
	case *nft.Byteorder:
		return &byteorder{dst: reg(e.Dest), src: reg(e.Source), size: e.Size, length: e.Len}
	case *nft.Exthdr:
		return &extension{dst: reg(e.Dest), kind: e.Op, number: e.Type, offset: e.Offset, length: e.Len, present: e.Present}
	case *nft.Fib:
		return newFib(e)
	case *nft.RT:
		return &routeFact{reg(e.Dest), e.Key}
	case *nft.Socket:
		return &socketFact{reg(e.Dest), e.Key}
	case *nft.OSF:
		return &fingerprint{reg(e.Dest)}
	case *nft.Xfrm:
		return &transform{dst: reg(e.Dest), key: e.Key, out: e.Out, number: int(e.Num)}
	case *nft.Numgen:
		return &pick{reg(e.Dest), e.Mod, e.Offset}
	case *nft.Hash:
		if e.Sym || !e.HasSeed {
			return &pick{reg(e.Dest), e.Mod, e.Offset}
		}
		return &hash{dst: reg(e.Dest), src: reg(e.Source), length: e.Len, modulus: e.Mod, seed: e.Seed, offset: e.Offset}
	}
	return nil
}

// act compiles expressions that have a side effect or set a verdict; nil for
// others.
func act(e nft.Expr) instruction {
	switch e := e.(type) {
	case *nft.PayloadSet:
		return &payloadWrite{src: reg(e.Source), base: e.Base, offset: e.Offset, length: e.Len, checksum: e.Checksum,
			checksumOffset: e.ChecksumOffset, pseudoHeader: e.ChecksumFlags&nft.ChecksumPseudo != 0}
	case *nft.MetaSet:
		return &metaSet{e.Key, reg(e.Source)}
	case *nft.CTSet:
		return &ctSet{key: e.Key, src: reg(e.Source), hasDir: e.Dir != nft.NoDir, dir: direction(e.Dir)}
	case *nft.ExthdrSet:
		if e.Op == nft.ExthdrTCPOption {
			return &tcpOptionWrite{reg(e.Source), e.Type, e.Offset, e.Len}
		}
	case *nft.ExthdrReset:
		if e.Op == nft.ExthdrTCPOption {
			return &tcpOptionReset{e.Type}
		}
	case *nft.Log:
		return newLog(e)
	case *nft.Reject:
		return &reject{e.Type, e.Code}
	case *nft.NAT:
		return newNAT(e)
	case *nft.Masquerade:
		return &masquerade{natRegisters: natPorts(e.ProtoMin, e.ProtoMax), flags: natRange(e.Flags)}
	case *nft.Redirect:
		return &redirect{natRegisters: natPorts(e.ProtoMin, e.ProtoMax), flags: natRange(e.Flags)}
	case *nft.TProxy:
		return &tproxy{family: family(e.Family), any: e.Family != nft.IP && e.Family != nft.IP6, hasAddr: e.Addr != 0, addr: reg(e.Addr),
			hasPort: e.Port != 0, port: reg(e.Port)}
	case *nft.Queue:
		return &enqueue{hasSrc: e.Source != 0, src: reg(e.Source), first: e.Num, last: e.Num + max(e.Total, 1) - 1,
			bypass: e.Flags&nft.QueueBypass != 0}
	case *nft.Dup:
		if e.Addr != 0 {
			return &duplicate{addr: reg(e.Addr), hasDevice: e.Device != 0, device: reg(e.Device)}
		}
	case *nft.Notrack:
		return &notrack{}
	case *nft.Synproxy:
		return &synproxy{newSynProxy(e)}
	}
	return nil
}

// unknown is an expression that cannot be evaluated. A packet that reaches it
// fails with an error.
type unknown struct{ expr nft.Expr }

func (e *unknown) eval(m *machine) {
	m.fail(fmt.Errorf("nftables expression %q is not simulated", e.expr))
}

func direction(d nft.CTDir) netfilter.Direction {
	if d == nft.Reply {
		return netfilter.DirReply
	}
	return netfilter.DirOriginal
}

func family(f nft.Family) netfilter.Family {
	if f == nft.IP6 {
		return netfilter.IPv6
	}
	return netfilter.IPv4
}

func newBitwise(e *nft.Bitwise) instruction {
	switch e.Op {
	case nft.ShiftLeft, nft.ShiftRight:
		return &shift{dst: reg(e.Dest), src: reg(e.Source), length: e.Len, right: e.Op == nft.ShiftRight, bits: e.Shift}
	case nft.MaskXor:
		return &bitwise{reg(e.Dest), reg(e.Source), []byte(e.Mask), []byte(e.Xor)}
	}
	return &combine{op: e.Op, dst: reg(e.Dest), a: reg(e.Source), b: reg(e.Source2), length: e.Len}
}

func newFib(e *nft.Fib) instruction {
	return &fib{dst: reg(e.Dest), result: e.Result, present: e.Flags&nft.FibPresent != 0, query: netfilter.RouteQuery{
		Source: e.Flags&nft.FibSAddr != 0, Mark: e.Flags&nft.FibMark != 0, In: e.Flags&nft.FibIIF != 0, Out: e.Flags&nft.FibOIFFlag != 0,
	}}
}

func newNAT(e *nft.NAT) instruction {
	n := &nat{natRegisters: natPorts(e.ProtoMin, e.ProtoMax), manip: netfilter.ManipDst, family: family(e.Family),
		any: e.Family != nft.IP && e.Family != nft.IP6, flags: natRange(e.Flags)}
	if e.Source {
		n.manip = netfilter.ManipSrc
	}
	n.hasAddr, n.addrMin = e.AddrMin != 0, reg(e.AddrMin)
	n.hasAddrMax, n.addrMax = e.AddrMax != 0, reg(e.AddrMax)
	return n
}

func natPorts(lo, hi nft.Reg) natRegisters {
	return natRegisters{hasPort: lo != 0, portMin: reg(lo), hasPortMax: hi != 0, portMax: reg(hi)}
}

func newSynProxy(e *nft.Synproxy) netfilter.SynProxy {
	return netfilter.SynProxy{
		SACK: e.Flags&nft.SynproxySACK != 0, Timestamp: e.Flags&nft.SynproxyTimestamp != 0,
		HasWScale: e.Flags&nft.SynproxyWScale != 0, WScale: e.WScale, HasMSS: e.Flags&nft.SynproxyMSS != 0, MSS: e.MSS,
	}
}
