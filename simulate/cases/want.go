package cases

import (
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// fates are the names of fates.
var fates = map[string]simulate.Fate{
	"delivered": simulate.Delivered, "forwarded": simulate.Forwarded, "sent": simulate.Sent, "dropped": simulate.Dropped, "rejected": simulate.Rejected,
	"no route": simulate.NoRoute, "martian": simulate.Martian, "expired": simulate.Expired, "too big": simulate.TooBig, "malformed": simulate.Malformed,
	"queued": simulate.Queued, "stolen": simulate.Stolen,
}

// term is a kind of condition.
type term struct {
	holds func(r *simulate.Result, value string) bool
	value func(string) error // checks the value; nil if there is none
}

var terms = map[string]term{
	"passed":          {holds: func(r *simulate.Result, _ string) bool { return r.Fate.Passed() }},
	"blocked":         {holds: func(r *simulate.Result, _ string) bool { return !r.Fate.Passed() }},
	"masqueraded":     {holds: func(r *simulate.Result, _ string) bool { return r.Masqueraded() }},
	"not masqueraded": {holds: func(r *simulate.Result, _ string) bool { return !r.Masqueraded() }},
	"to":              {holds: func(r *simulate.Result, v string) bool { return isEnd(v, r.Packet.Dst(), r.Packet.DstPort()) }, value: end},
	"from":            {holds: func(r *simulate.Result, v string) bool { return isEnd(v, r.Packet.Src(), r.Packet.SrcPort()) }, value: end},
	"via":             {holds: func(r *simulate.Result, v string) bool { return r.OutDev == v }, value: some},
	"by":              {holds: func(r *simulate.Result, v string) bool { return named(r, r.By, v) }, value: some},
	"meets":           {holds: func(r *simulate.Result, v string) bool { return meets(r, v) }, value: some},
	"misses":          {holds: func(r *simulate.Result, v string) bool { return !meets(r, v) }, value: some},
	"reaches":         {holds: reaches, value: some},
	"never reaches":   {holds: func(r *simulate.Result, v string) bool { return !reaches(r, v) }, value: some},
	"mark": {holds: func(r *simulate.Result, v string) bool {
		n, _ := strconv.ParseUint(v, 0, 32)
		return uint64(r.Packet.Mark) == n
	}, value: number},
	"answered": {holds: answered, value: some},
}

func some(v string) error {
	if v == "" {
		return fmt.Errorf("the value is missing")
	}
	return nil
}

func number(v string) error {
	_, err := strconv.ParseUint(v, 0, 32)
	return err
}

func end(v string) error {
	if _, err := netip.ParseAddr(v); err == nil {
		return nil
	}
	_, err := netip.ParseAddrPort(v)
	return err
}

func isEnd(v string, a netip.Addr, port uint16) bool {
	if addr, err := netip.ParseAddr(v); err == nil {
		return a == addr
	}
	both, err := netip.ParseAddrPort(v)
	return err == nil && both == netip.AddrPortFrom(a, port)
}

// named reports whether a step is what a text names: by the comment of a rule,
// its text as iptables-save prints it, with or without "-A CHAIN", or its place.
func named(r *simulate.Result, s *simulate.Step, name string) bool {
	if s.Place() == name {
		return true
	}
	if s.Rule == nil {
		return s.Kind == simulate.StepPolicy && name == s.Table+":"+s.Chain+":policy"
	}
	before := r.Before(s)
	text := string(s.Rule.AppendSave(nil, before.Family(), s.Chain))
	return s.Rule.Comment() == name || text == name || strings.TrimPrefix(text, "-A "+s.Chain+" ") == name
}

func meets(r *simulate.Result, name string) bool {
	for i := range r.Steps {
		if r.Steps[i].Kind == simulate.StepRule && named(r, &r.Steps[i], name) {
			return true
		}
	}
	return false
}

// reaches reports whether the packet reached a chain, "INPUT" or "nat:KUBE-SVC": whether
// the path has a step in it or a jump to it.
func reaches(r *simulate.Result, chain string) bool {
	table, name, ok := strings.Cut(chain, ":")
	if !ok {
		table, name = "", chain
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		if (table == "" || s.Table == table) && (s.Chain == name || jumpsTo(s, name)) {
			return true
		}
	}
	return false
}

func jumpsTo(s *simulate.Step, chain string) bool {
	if s.Rule == nil {
		return false
	}
	j, ok := s.Rule.Target.(*netfilter.Jump)
	return ok && j.Chain == chain
}

func answered(r *simulate.Result, words string) bool {
	for i := range r.Answers {
		if strings.Contains(r.Answers[i].String(), words) {
			return true
		}
	}
	return false
}

// splitTerms cuts a line into conditions, at commas outside of quotes.
func splitTerms(line string) []string {
	var out []string
	quoted, start := false, 0
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && quoted:
			i++
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ',' && !quoted:
			out = append(out, strings.TrimSpace(line[start:i]))
			start = i + 1
		}
	}
	return append(out, strings.TrimSpace(line[start:]))
}

// cutTerm cuts a condition into its name and the value after it.
func cutTerm(t string) (name, value string, ok bool) {
	if _, fate := fates[t]; fate {
		return t, "", true
	}
	for n := range terms {
		rest, found := strings.CutPrefix(t, n)
		if !found || len(n) <= len(name) || rest != "" && rest[0] != ' ' {
			continue
		}
		name, value = n, strings.TrimSpace(rest)
	}
	if name == "" {
		if v, chance := strings.CutPrefix(t, "chance "); chance {
			return "chance", strings.TrimSpace(v), true
		}
		return "", "", false
	}
	if unquoted, err := strconv.Unquote(value); err == nil {
		value = unquoted
	}
	check := terms[name].value
	if check == nil {
		return name, value, value == ""
	}
	return name, value, check(value) == nil
}

func isTerm(t string) bool {
	name, value, ok := cutTerm(t)
	if name == "chance" {
		_, ok = new(big.Rat).SetString(value)
	}
	return ok
}

// holds reports whether a condition other than chance holds in a branch.
func holds(t string, r *simulate.Result) bool {
	name, value, _ := cutTerm(t)
	if f, ok := fates[name]; ok {
		return r.Fate == f
	}
	return terms[name].holds(r, value)
}
