package nfttext

import (
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/decompile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

func (l *lister) set(s *nft.Set) {
	word := "set"
	if s.IsMap() {
		word = "map"
	}
	if s.Meter {
		word = "meter"
	}
	l.put("\t%s %s {", word, s.Name)
	l.handle(s.Handle)
	l.put("\n")
	l.setType(s)
	if !s.Constant {
		if s.Memory {
			l.put("\t\tpolicy memory\n")
		}
		if s.Size != 0 {
			l.put("\t\tsize %d", s.Size)
			if l.Release >= Release117 && len(s.Elements) > 0 {
				l.put("\t# count %d", len(s.Elements))
			}
			l.put("\n")
		}
	}
	if flags := setFlags(s); len(flags) > 0 {
		l.put("\t\tflags %s\n", strings.Join(flags, ","))
	}
	l.setStmts(s)
	if s.AutoMerge {
		l.put("\t\tauto-merge\n")
	}
	if s.Timeout != 0 {
		l.put("\t\ttimeout %s\n", syntax.FormatTime(s.Timeout))
	}
	if s.GCInterval != 0 {
		l.put("\t\tgc-interval %s\n", syntax.FormatTime(s.GCInterval))
	}
	l.comment(s.Comment)
	if len(s.Elements) > 0 {
		l.put("\t\telements = ")
		l.elements(s)
		l.put("\n")
	}
	l.put("\t}\n")
}

func (l *lister) setStmts(s *nft.Set) {
	if len(s.Exprs) == 0 {
		return
	}
	saved := l.Stateless
	l.Stateless = true
	l.put("\t\t")
	for i, x := range decompile.Stateful(s.Exprs) {
		if i > 0 {
			l.put(" ")
		}
		l.Stmt(x)
	}
	l.put("\n")
	l.Stateless = saved
}

// setType writes the type of keys and data, by names or by expressions if both
// are known by such.
func (l *lister) setType(s *nft.Set) {
	word, key := "type", s.Key.String()
	if s.Key.Typeof != "" {
		word, key = "typeof", s.Key.Typeof
	}
	l.put("\t\t%s %s", word, key)
	switch s.Data.Kind {
	case nft.VerdictData:
		l.put(" : verdict")
	case nft.ObjectData:
		l.put(" : %s", s.Data.Object)
	case nft.ValueData:
		l.put(" : ")
		if s.Data.Type.Interval {
			l.put("interval ")
		}
		if word == "typeof" && s.Data.Type.Typeof != "" {
			l.put("%s", s.Data.Type.Typeof)
		} else {
			l.put("%s", s.Data.Type)
		}
	}
	l.put("\n")
}

func setFlags(s *nft.Set) []string {
	var out []string
	if s.Constant {
		out = append(out, "constant")
	}
	if s.Dynamic {
		out = append(out, "dynamic")
	}
	if s.Interval {
		out = append(out, "interval")
	}
	if s.HasTimeout && (s.Timeout == 0 || len(out) > 0) {
		out = append(out, "timeout")
	}
	return out
}

// perLine returns the number of elements of a type on one line of a listing.
var perLine = map[string]int{
	"integer": 5, "inet_service": 5, "inet_proto": 5, "mark": 5, "tcp_flag": 5, "arp_op": 5, "nf_proto": 5,
	"iface_index": 5, "classid": 5, "uid": 5, "gid": 5, "ct_dir": 5, "dccp_pkttype": 5,
	"ipv4_addr": 2, "ct_state": 2, "ct_status": 2, "pkt_type": 2,
}

func (l *lister) elements(s *nft.Set) {
	set := decompile.Elements(l.table, s, l.Release)
	each := 1
	if len(s.Key.Fields) == 1 && perLine[s.Key.Fields[0].Type] > 0 {
		each = perLine[s.Key.Fields[0].Type]
	}
	if l.Release >= Release117 && oneEach(s) {
		each = 1
	}
	l.put("{ ")
	for i, e := range set.Elems {
		switch {
		case i == 0:
		case i%each == 0:
			l.put(",\n\t\t\t     ")
		default:
			l.put(", ")
		}
		if e.Timeout == s.Timeout {
			e.Timeout = time.Duration(0)
		}
		l.Elem(e)
	}
	l.put(" }")
}

// oneEach reports whether nft 1.1 gives each element a line of its own.
func oneEach(s *nft.Set) bool {
	if s.IsMap() || s.HasTimeout || s.Concat() || len(s.Exprs) > 0 {
		return true
	}
	for i := range s.Elements {
		if s.Elements[i].Comment != "" {
			return true
		}
	}
	return false
}
