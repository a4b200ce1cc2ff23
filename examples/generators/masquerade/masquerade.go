// Package masquerade translates the source of packets from pods to other
// networks to the address of their host. It changes rules by the methods of
// github.com/coreos/go-iptables.
package masquerade

import (
	"fmt"
	"net/netip"
)

// IPTables has the methods of IPTables of github.com/coreos/go-iptables that are used.
type IPTables interface {
	ChainExists(table, chain string) (bool, error)
	NewChain(table, chain string) error
	ClearChain(table, chain string) error
	Append(table, chain string, rulespec ...string) error
	AppendUnique(table, chain string, rulespec ...string) error
	DeleteIfExists(table, chain string, rulespec ...string) error
	ClearAndDeleteChain(table, chain string) error
	HasRandomFully() bool
}

const chain = "POD-MASQ"

// jump leads packets to the chain.
var jump = []string{"-m", "comment", "--comment", "pods to the world", "-j", chain}

// Config determines which connections are masqueraded.
type Config struct {
	Pods netip.Prefix   // packets from here …
	Not  []netip.Prefix // … but to none of these
}

// Sync makes the rules those of the config.
func Sync(ipt IPTables, c Config) error {
	if err := ipt.ClearChain("nat", chain); err != nil {
		return fmt.Errorf("masquerading %s: %w", c.Pods, err)
	}
	rules := [][]string{{"!", "-s", c.Pods.String(), "-j", "RETURN"}}
	for _, n := range append([]netip.Prefix{c.Pods}, c.Not...) {
		rules = append(rules, []string{"-d", n.String(), "-j", "RETURN"})
	}
	last := []string{"-j", "MASQUERADE"}
	if ipt.HasRandomFully() {
		last = append(last, "--random-fully")
	}
	for _, r := range append(rules, last) {
		if err := ipt.Append("nat", chain, r...); err != nil {
			return fmt.Errorf("masquerading %s: %w", c.Pods, err)
		}
	}
	return ipt.AppendUnique("nat", "POSTROUTING", jump...)
}

// Remove removes all rules.
func Remove(ipt IPTables) error {
	if there, err := ipt.ChainExists("nat", chain); !there || err != nil {
		return err
	}
	if err := ipt.DeleteIfExists("nat", "POSTROUTING", jump...); err != nil {
		return err
	}
	return ipt.ClearAndDeleteChain("nat", chain)
}
