package corpus_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// corpusWorld is a host that suits a real ruleset: it has the links, networks
// and sets that the rules speak of.
type corpusWorld struct {
	path    string
	rs      *netfilter.Ruleset
	env     kernel.Env
	sets    []*ipset.Set
	setText string

	links  []string                  // all but lo
	locals []netip.Addr              // the host's own addresses
	behind map[string][]netip.Prefix // networks by link
	nets   []netip.Prefix            // that the rules name, hosts among them
	ports  []uint16                  // that the rules name
	places []placedRule
	calls  map[[2]string][]placedRule // rules that jump to a chain, by table and chain
}

// placedRule is a rule and where it stands.
type placedRule struct {
	table, chain string
	rule         *netfilter.Rule
}

// newCorpusWorld invents the host, the same for the same seed.
func newCorpusWorld(t *testing.T, rs *netfilter.Ruleset, f *realRuleset, seed uint64) *corpusWorld {
	h := fnv.New64()
	h.Write([]byte(f.path))
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	w := &corpusWorld{path: f.path, rs: rs, behind: map[string][]netip.Prefix{}, calls: map[[2]string][]placedRule{}}
	w.survey()
	w.findSets(t, f, rs.String(), r)
	w.nameLinks()
	w.giveAddresses(r)
	w.giveRoutes(r)
	return w
}

// survey lists rules, networks and ports.
func (w *corpusWorld) survey() {
	for _, t := range w.rs.Tables {
		for _, c := range t.Chains {
			for _, rule := range c.Rules {
				p := placedRule{t.Name, c.Name, rule}
				w.places = append(w.places, p)
				if j, ok := rule.Target.(*netfilter.Jump); ok {
					key := [2]string{t.Name, j.Chain}
					w.calls[key] = append(w.calls[key], p)
				}
				w.surveyRule(rule)
			}
		}
	}
}

var (
	addressWord = regexp.MustCompile(`[0-9a-f]*[.:][0-9a-f.:]+(/\d+)?`)
	portWord    = regexp.MustCompile(`(?:ports?|to-destination \S*|to-source \S*):? (\d{1,5})`)
)

// surveyRule reads numbers off the rule's text, so that no extension need be
// known.
func (w *corpusWorld) surveyRule(rule *netfilter.Rule) {
	text := string(rule.AppendSave(nil, w.rs.Family, ""))
	for _, word := range addressWord.FindAllString(text, -1) {
		p, err := netip.ParsePrefix(word)
		if a, err2 := netip.ParseAddr(word); err2 == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err == nil && packet.FamilyOf(p.Addr()) == w.rs.Family && p.Bits() > 0 && !slices.Contains(w.nets, p.Masked()) && len(w.nets) < 400 {
			w.nets = append(w.nets, p.Masked())
		}
	}
	for _, m := range portWord.FindAllStringSubmatch(text, -1) {
		var n uint16
		if _, err := fmt.Sscan(m[1], &n); err == nil && !slices.Contains(w.ports, n) && len(w.ports) < 400 {
			w.ports = append(w.ports, n)
		}
	}
}

var linkName = regexp.MustCompile(`^[A-Za-z0-9_.@-]{1,15}$`)

// nameLinks chooses the eight links that most rules name, of wildcards an
// instance.
func (w *corpusWorld) nameLinks() {
	count := map[string]int{}
	for _, p := range w.places {
		for _, name := range []string{p.rule.In, p.rule.Out} {
			if name = instance(name); linkName.MatchString(name) && name != "lo" {
				count[name]++
			}
		}
	}
	for name := range count {
		w.links = append(w.links, name)
	}
	slices.SortFunc(w.links, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	w.links = w.links[:min(len(w.links), 8)]
	for _, name := range []string{"eth0", "other0"} {
		if len(w.links) < 2 && !slices.Contains(w.links, name) {
			w.links = append(w.links, name)
		}
	}
}

// instance is a name that an interface condition holds for.
func instance(pattern string) string {
	prefix, wild := strings.CutSuffix(pattern, "+")
	if !wild || prefix == "" {
		return prefix
	}
	return prefix[:min(len(prefix), 14)] + "7"
}

// giveAddresses gives each link an address or two, more often than not one of
// the rules' own.
func (w *corpusWorld) giveAddresses(r *rand.Rand) {
	used := map[netip.Addr]bool{}
	for i, name := range w.links {
		f := kernel.Interface{Name: name}
		for n := 1 + r.IntN(2); n > 0; n-- {
			p := w.ownPrefix(r, i*2+n)
			if used[p.Addr()] {
				continue
			}
			used[p.Addr()] = true
			w.locals = append(w.locals, p.Addr())
			w.behind[name] = append(w.behind[name], p.Masked())
			f.Addrs = append(f.Addrs, p.String())
		}
		w.env.Interfaces = append(w.env.Interfaces, f)
	}
}

func (w *corpusWorld) ownPrefix(r *rand.Rand, n int) netip.Prefix {
	bits := 24
	invented := netip.AddrFrom4([4]byte{198, 18, byte(n), 1})
	if w.rs.Family == netfilter.IPv6 {
		bits = 64
		invented = netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 7: byte(n), 15: 1})
	}
	if len(w.nets) > 0 && r.IntN(3) > 0 {
		net := w.nets[r.IntN(len(w.nets))]
		switch a := net.Addr(); {
		case !ordinary(a):
		case net.IsSingleIP():
			return netip.PrefixFrom(a, bits)
		case net.Bits() < a.BitLen()-2:
			return netip.PrefixFrom(a.Next(), max(net.Bits(), 8))
		}
	}
	return netip.PrefixFrom(invented, bits)
}

// ordinary tells addresses of hosts from those with a meaning of their own.
func ordinary(a netip.Addr) bool {
	return !(a.IsMulticast() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() ||
		a.Is4() && (a.As4()[0] == 0 || a.As4()[0] >= 240) || a.Is4In6() || a.Is6() && a.As16()[0] == 0)
}

// giveRoutes makes a default route and ways to some of the rules' networks.
func (w *corpusWorld) giveRoutes(r *rand.Rand) {
	taken := map[netip.Prefix]bool{}
	for _, ps := range w.behind {
		for _, p := range ps {
			taken[p] = true
		}
	}
	zero := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	if w.rs.Family == netfilter.IPv6 {
		zero = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	w.env.Routes = append(w.env.Routes, zero.String()+" dev "+w.links[0])
	w.behind[w.links[0]] = append(w.behind[w.links[0]], zero)
	for range 6 {
		if len(w.nets) == 0 {
			break
		}
		p := w.nets[r.IntN(len(w.nets))]
		if taken[p] || !ordinary(p.Addr()) || slices.Contains(w.locals, p.Addr()) {
			continue
		}
		taken[p] = true
		link := w.links[r.IntN(len(w.links))]
		w.behind[link] = append(w.behind[link], p)
		w.env.Routes = append(w.env.Routes, p.String()+" dev "+link)
	}
}

var setWord = regexp.MustCompile(`--(?:match-set|add-set|del-set|map-set) ("[^"]*"|\S+) (\S+)`)

// findSets takes the sets that rules name from beside the ruleset, or invents
// them.
func (w *corpusWorld) findSets(t *testing.T, f *realRuleset, text string, r *rand.Rand) {
	need := map[string]int{}
	var names []string
	for _, m := range setWord.FindAllStringSubmatch(text, -1) {
		name := strings.Trim(m[1], `"`)
		if need[name] == 0 {
			names = append(names, name)
		}
		need[name] = max(need[name], strings.Count(m[2], ",")+1)
	}
	if len(names) == 0 {
		return
	}
	beside := setsBeside(t, filepath.Join(f.dir, f.path), names)
	for _, name := range names {
		if !strings.Contains(beside, "create "+name+" ") {
			beside += w.inventSet(name, need[name], r)
		}
	}
	var err error
	w.setText = beside
	w.sets, err = parser.ParseSetsString(beside)
	require.NoError(t, err)
}

// setsBeside returns the file in the folder that has most of the sets, entries
// beyond some hundred left out.
func setsBeside(t *testing.T, path string, names []string) (best string) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.ipset"))
	require.NoError(t, err)
	most := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		var text strings.Builder
		for line := range strings.Lines(string(b)) {
			words := strings.Fields(line)
			if len(words) > 2 && (words[0] == "create" || words[0] == "add" && strings.Count(text.String(), "\nadd "+words[1]+" ") < 200) {
				text.WriteString(strings.TrimSpace(line) + "\n")
			}
		}
		n := 0
		for _, name := range names {
			if strings.Contains(text.String(), "create "+name+" ") {
				n++
			}
		}
		if n > most {
			best, most = text.String(), n
		}
	}
	return best
}

// inventSet makes a set with as many parts as rules ask for.
func (w *corpusWorld) inventSet(name string, parts int, r *rand.Rand) string {
	family := "inet"
	if w.rs.Family == netfilter.IPv6 {
		family = "inet6"
	}
	kind := []string{"hash:net", "hash:ip,port", "hash:ip,port,ip"}[min(parts, 3)-1]
	if parts == 1 && strings.Contains(name, "PORT") && !strings.Contains(name, "IP") {
		kind, family = "bitmap:port range 0-65535", ""
	} else {
		family = " family " + family
	}
	text := "create " + name + " " + kind + family + "\n"
	seen := map[string]bool{}
	for range 5 {
		host := func() string {
			if len(w.nets) == 0 {
				return w.ownPrefix(r, r.IntN(200)).Addr().String()
			}
			if a := w.nets[r.IntN(len(w.nets))].Addr(); ordinary(a) {
				return a.String()
			}
			return w.ownPrefix(r, r.IntN(200)).Addr().String()
		}
		port := fmt.Sprint(1 + r.IntN(65535))
		if len(w.ports) > 0 {
			port = fmt.Sprint(w.ports[r.IntN(len(w.ports))])
		}
		element := map[string]string{"hash:net": host(), "hash:ip,port": host() + ",tcp:" + port,
			"hash:ip,port,ip": host() + ",udp:" + port + "," + host()}[kind]
		if element == "" {
			element = port
		}
		if !seen[element] {
			seen[element] = true
			text += "add " + name + " " + element + "\n"
		}
	}
	return text
}
