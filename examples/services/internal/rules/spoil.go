//go:build plantedbugs

package rules

import (
	"regexp"
	"slices"
	"strings"
)

var (
	probability = regexp.MustCompile(`--probability \S+`)
	dport       = regexp.MustCompile(`--dport \d+`)
)

// inChains returns a mistake in the chains whose names have the prefix.
func inChains(prefix string, change func(*chain)) func(old, next []table) []table {
	return func(_, next []table) []table {
		for i := range next {
			for k := range next[i].chains {
				if c := &next[i].chains[k]; strings.HasPrefix(c.name, prefix) {
					change(c)
				}
			}
		}
		return next
	}
}

// inRules returns a mistake in each rule of a chain.
func inRules(change func(string) string) func(*chain) {
	return func(c *chain) {
		for i := range c.rules {
			c.rules[i] = change(c.rules[i])
		}
	}
}

// dropRules returns the mistake of omitting the rules that a pattern matches.
func dropRules(pattern string) func(*chain) {
	re := regexp.MustCompile(pattern)
	return func(c *chain) { c.rules = slices.DeleteFunc(c.rules, re.MatchString) }
}

// jump returns the chain that a rule jumps to, after a space.
func jump(rule string) string { return rule[strings.LastIndex(rule, " "):] }

// mixProtocols has the rules for UDP jump where those for TCP do.
func mixProtocols(c *chain) {
	tcp := map[string]string{}
	for _, r := range c.rules {
		if at, ok := frontendOf(r, "tcp"); ok {
			tcp[at] = jump(r)
		}
	}
	for i, r := range c.rules {
		if at, ok := frontendOf(r, "udp"); ok && tcp[at] != "" {
			c.rules[i] = strings.TrimSuffix(r, jump(r)) + tcp[at]
		}
	}
}

// frontendOf returns address and port of a service's rule; false if it is for
// another protocol or none.
func frontendOf(rule, protocol string) (string, bool) {
	f := strings.Fields(rule)
	return f[1] + dport.FindString(rule), len(f) > 3 && f[3] == protocol
}

// keepOld returns the mistake of keeping chains that should be deleted.
func keepOld(pattern string) func(old, next []table) []table {
	re := regexp.MustCompile(pattern)
	return func(old, next []table) []table {
		for i := range old {
			next[i].chains = keep(old[i].chains, next[i].chains, func(c chain) bool { return re.MatchString(c.name) })
		}
		return next
	}
}

func keep(old, now []chain, which func(chain) bool) []chain {
	for _, c := range old {
		if which(c) && !slices.ContainsFunc(now, c.sameName) {
			now = append(now, c)
		}
	}
	return now
}

// staleIf returns what leaves a chain as it was, with all that it jumps to, if
// that is to be expected of it.
func staleIf(stale func(old, now chain) bool) func(old, next []table) []table {
	return func(old, next []table) []table {
		for i := range old {
			for k, now := range next[i].chains {
				j := slices.IndexFunc(old[i].chains, now.sameName)
				if j < 0 || now.equal(old[i].chains[j]) || !stale(old[i].chains[j], now) {
					continue
				}
				next[i].chains[k] = old[i].chains[j]
			}
			for n := -1; n != len(next[i].chains); {
				n = len(next[i].chains)
				next[i].chains = keep(old[i].chains, next[i].chains, func(c chain) bool { return referred(next[i].chains, c.name) })
			}
		}
		return next
	}
}

func referred(chains []chain, name string) bool {
	return slices.ContainsFunc(chains, func(c chain) bool {
		return slices.ContainsFunc(c.rules, func(r string) bool { return strings.HasSuffix(r, "-j "+name) })
	})
}

func (c chain) sameName(d chain) bool { return c.name == d.name }
