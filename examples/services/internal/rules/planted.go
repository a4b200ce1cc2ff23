//go:build plantedbugs

package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// bug is a typical mistake in such a generator.
type bug struct {
	name string
	// spoil changes what is about to be written, which it may keep; old is what
	// was written last.
	spoil func(old, next []table) []table
}

// mistakes are those that a generator makes.
type mistakes struct{ planted *bug }

func (m mistakes) make(old, next []table) []table {
	if m.planted == nil {
		return next
	}
	return m.planted.spoil(old, next)
}

// bugs are all that there are.
var bugs = []bug{
	{"each endpoint gets the share of the first", inChains("lb-svc-", func(c *chain) {
		first := ""
		inRules(func(r string) string {
			if p := probability.FindString(r); first == "" {
				first = p
			}
			return probability.ReplaceAllString(r, first)
		})(c)
	})},
	{"the last endpoint is left to chance, too", inChains("lb-svc-", func(c *chain) {
		if i := len(c.rules) - 1; i > 0 && !strings.Contains(c.rules[i], "--rcheck") {
			c.rules[i] = "-m statistic --mode random --probability 0.5 " + c.rules[i]
		}
	})},
	{"a pod that calls itself is not masqueraded", inChains("lb-end-", dropRules(`^-s \S+ -j MARK`))},
	{"outsiders whom another node serves are not masqueraded", inChains("lb-end-", dropRules(`--src-type LOCAL -j MARK`))},
	{"outsiders are masqueraded for endpoints of this node, too", inChains("lb-end-", inRules(func(r string) string {
		return regexp.MustCompile(`^-s \S+ -j MARK`).ReplaceAllString(r, "-j MARK")
	}))},
	{"the node's own connections are masqueraded, too", inChains("lb-end-", inRules(func(r string) string {
		return strings.Replace(r, notNode+" -j MARK", "-j MARK", 1)
	}))},
	{"the end of a port range is taken for exclusive", inChains("lb-services", inRules(func(r string) string {
		return dport.ReplaceAllStringFunc(r, func(s string) string {
			port, _ := strconv.Atoi(strings.TrimPrefix(s, "--dport "))
			return fmt.Sprintf("%s:%d", s, port+1)
		})
	}))},
	{"UDP goes where TCP of the same port goes", inChains("lb-services", mixProtocols)},
	{"node ports are open at every address", inChains("lb-services", inRules(func(r string) string {
		return regexp.MustCompile(`^-d \S+ -j lb-nodeports`).ReplaceAllString(r, "-j lb-nodeports")
	}))},
	{"node ports are open at one address only", func(_, next []table) []table {
		seen := false
		return inChains("lb-services", func(c *chain) {
			c.rules = slices.DeleteFunc(c.rules, func(r string) bool {
				again := seen && strings.HasSuffix(r, "-j lb-nodeports")
				seen = seen || strings.HasSuffix(r, "-j lb-nodeports")
				return again
			})
		})(nil, next)
	}},
	{"outsiders are not kept on this node", inChains("lb-out-", func(c *chain) { c.rules = []string{c.rules[0], "-j" + jump(c.rules[0])} })},
	{"pods of this node are kept on it as though they were outsiders", inChains("lb-out-", dropRules(`^-s \S+ -j lb-svc-`))},
	{"affinity is looked up but not recorded", inChains("lb-end-", inRules(func(r string) string {
		return regexp.MustCompile(`-m recent --set --name \S+ `).ReplaceAllString(r, "")
	}))},
	{"affinity never ends", inChains("lb-", inRules(func(r string) string {
		return regexp.MustCompile(`--seconds \d+ --reap `).ReplaceAllString(r, "")
	}))},
	{"all endpoints share one list of clients", inChains("lb-", inRules(func(r string) string {
		return regexp.MustCompile(`--name \S+`).ReplaceAllString(r, "--name lb")
	}))},
	{"what no endpoint can take is not refused", inChains(refuseChain, func(c *chain) { c.rules = nil })},
	{"translated connections are refused, too", func(_, next []table) []table {
		for i := range next[1].hooks {
			next[1].hooks[i].text = "-m conntrack --ctstate NEW -j " + refuseChain
		}
		return next
	}},
	{"a deleted service's chains stay", keepOld(`^lb-(svc|out|end)-`)},
	{"a removed endpoint's chain stays", keepOld(`^lb-end-`)},
	{"a removed endpoint's jump stays", staleIf(func(old, now chain) bool {
		return strings.HasPrefix(now.name, "lb-svc-") && len(now.rules) < len(old.rules)
	})},
	{"a deleted service's entry stays", staleIf(func(old, now chain) bool {
		return now.name == servicesChain && len(now.rules) < len(old.rules)
	})},
	{"a chain counts as unchanged if it has as many rules as before", staleIf(func(old, now chain) bool {
		return len(now.rules) == len(old.rules)
	})},
}
