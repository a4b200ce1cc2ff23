package syntax

import (
	"strconv"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

func (p *Printer) time(d time.Duration) string {
	s, _ := printMillis(p, N(uint64(d.Milliseconds())))
	return s
}

// Stmt writes a statement.
func (p *Printer) Stmt(s Stmt) {
	switch s := s.(type) {
	case *ExprStmt:
		p.Expr(s.Expr)
	case *VerdictStmt:
		p.verdict(s.Verdict)
	case *Plain:
		p.plain(s)
	case *ObjRef:
		p.objRef(s)
	case *Reject:
		p.reject(s)
	case *NAT:
		p.nat(s)
	case *TProxy:
		p.tproxy(s)
	case *Queue:
		p.queue(s)
	case *Dup:
		p.put("dup")
		if s.To != nil {
			p.put(" to ")
			p.Expr(s.To)
			if s.Dev != nil {
				p.put(" device ")
				p.Expr(s.Dev)
			}
		}
	case *Fwd:
		p.put("fwd")
		if s.Addr != nil {
			p.put(" ", s.Family.String(), " to ")
			p.Expr(s.Addr)
			p.put(" device ")
		} else {
			p.put(" to ")
		}
		p.Expr(s.Dev)
	case *MetaSet:
		k := MetaKeys[s.Key]
		p.put("meta ", k.Name, " set ")
		p.Expr(s.Expr)
	case *CTSet:
		p.put("ct ")
		if s.Dir != nft.NoDir {
			p.put(s.Dir.String(), " ")
		}
		p.put(CTKeys[s.Key].Name, " set ")
		p.Expr(s.Expr)
	case *PayloadSet:
		p.Expr(s.To)
		p.put(" set ")
		p.Expr(s.Val)
	case *ExthdrSet:
		p.Expr(s.To)
		p.put(" set ")
		p.Expr(s.Val)
	case *SetStmt:
		p.setStmt(s)
	case *Meter:
		p.put("meter ", s.Name)
		if s.Size != 0 {
			p.put(" size ", utoa(s.Size))
		}
		p.put(" { ")
		p.Elem(s.Key)
		p.put(" ")
		saved := p.Stateless
		p.Stateless = true
		p.Stmt(s.Stmt)
		p.Stateless = saved
		p.put(" }")
	case *XT:
		word := "xt match "
		if s.Target {
			word = "xt target "
		}
		if p.Release >= Release117 {
			p.put(word, strconv.Quote(s.Name))
		} else {
			p.put(word, s.Name)
		}
	}
}

func (p *Printer) setStmt(s *SetStmt) {
	p.put(s.Op.String(), " @", s.Set.Name, " { ")
	p.Expr(s.Key)
	if s.Timeout != 0 {
		p.put(" timeout ", p.time(s.Timeout))
	}
	stateless := p.Stateless
	if s.Data == nil {
		// The counters of the expressions of new elements are always zero.
		p.Stateless = true
	}
	for _, x := range s.Stmts {
		p.put(" ")
		p.Stmt(x)
	}
	p.Stateless = stateless
	if s.Data != nil {
		p.put(" : ")
		p.Expr(s.Data)
	}
	p.put(" }")
}

func (p *Printer) objRef(s *ObjRef) {
	word := s.Kind.String()
	switch s.Kind {
	case nft.CTHelperObject, nft.CTTimeoutObject, nft.CTExpectationObject:
		word += " set"
	case nft.SecMarkObject:
		word = "meta secmark set"
	case nft.CounterObject, nft.QuotaObject, nft.LimitObject, nft.SynproxyObject:
		word += " name"
	}
	p.put(word, " ")
	p.Expr(s.Expr)
}

func (p *Printer) reject(s *Reject) {
	p.codes = true
	defer func() { p.codes = false }()
	p.put("reject")
	if s.Type == nft.RejectTCPReset {
		p.put(" with tcp reset")
		return
	}
	v, ok := s.Code.(*Value)
	if !ok {
		return
	}
	if s.Type == nft.RejectICMPX {
		if v.N.Lo != uint64(nft.ICMPXPortUnreachable) {
			p.put(" with icmpx ")
			p.Expr(v)
		}
		return
	}
	word, usual := " with icmp ", uint64(3)
	if s.Family == nft.IP6 {
		word, usual = " with icmpv6 ", 4
	}
	if s.With || v.N.Lo != usual {
		p.put(word)
		p.Expr(v)
	}
}

func (p *Printer) nat(s *NAT) {
	p.put(s.Kind.String())
	if s.Addr != nil || s.Port != nil {
		if s.Kind <= DNAT && s.Family != 0 {
			p.put(" ", s.Family.String())
		}
		if s.Prefix {
			p.put(" prefix")
		}
		p.put(" to")
	}
	if s.Addr != nil {
		p.put(" ")
		if r, ok := s.Addr.(*Range); ok && s.Port != nil && r.From.Info().Type == IPv6Type {
			p.put("[")
			p.Expr(r.From)
			p.put("]-[")
			p.Expr(r.To)
			p.put("]")
		} else if s.Port != nil && s.Addr.Info().Type == IPv6Type && Constant(s.Addr) {
			p.put("[")
			p.Expr(s.Addr)
			p.put("]")
		} else {
			p.Expr(s.Addr)
		}
	}
	if s.Port != nil {
		if s.Addr == nil {
			p.put(" ")
		}
		p.put(":")
		p.Expr(s.Port)
	}
	p.natFlags(s.Flags)
}

func (p *Printer) natFlags(f uint32) {
	var words []string
	if f&nft.NATRandom != 0 {
		words = append(words, "random")
	}
	if f&nft.NATFullyRandom != 0 {
		words = append(words, "fully-random")
	}
	if f&nft.NATPersistent != 0 {
		words = append(words, "persistent")
	}
	if len(words) > 0 {
		p.put(" ", strings.Join(words, ","))
	}
}

func (p *Printer) tproxy(s *TProxy) {
	p.put("tproxy")
	if s.Table == nft.Inet && s.Family != nft.Inet && s.Family != 0 {
		p.put(" ", s.Family.String())
	}
	p.put(" to")
	if s.Addr != nil {
		p.put(" ")
		if s.Addr.Info().Type == IPv6Type && Constant(s.Addr) {
			p.put("[")
			p.Expr(s.Addr)
			p.put("]")
		} else {
			p.Expr(s.Addr)
		}
	}
	if s.Port != nil {
		if s.Addr == nil {
			p.put(" ")
		}
		p.put(":")
		p.Expr(s.Port)
	}
}

func (p *Printer) queue(s *Queue) {
	p.put("queue")
	var words []string
	if s.Flags&nft.QueueBypass != 0 {
		words = append(words, "bypass")
	}
	if s.Flags&nft.QueueFanout != 0 {
		words = append(words, "fanout")
	}
	if len(words) > 0 {
		p.put(" flags ", strings.Join(words, ","))
	}
	if s.Expr != nil {
		p.put(" to ")
		p.Expr(s.Expr)
	} else {
		p.put(" to 0")
	}
}
