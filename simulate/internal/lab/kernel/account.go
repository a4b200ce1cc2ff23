package kernel

import (
	"fmt"
	"regexp"
	"strings"
)

// nfacctName finds the accounting objects that rules count in, by an option that
// may be abbreviated.
var nfacctName = regexp.MustCompile(`--n[a-z-]*(?:=| +)(?:"([^"]+)"|([^" \n]+))`)

const longestAccount = 31 // bytes; iptables cuts off the rest

// furnishAccounts makes the accounting objects that rules name and that are not
// there: the kernel refuses rules about others.
func (t *thread) furnishAccounts(rules string) error {
	for _, m := range nfacctName.FindAllStringSubmatch(rules, -1) {
		name := m[1] + m[2]
		name = name[:min(len(name), longestAccount)]
		if err := t.do(func() error { return newAccount(name) }); err != nil {
			return fmt.Errorf("accounting object %q: %w", strings.TrimSpace(name), err)
		}
	}
	return nil
}
