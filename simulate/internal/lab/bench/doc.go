// Package bench draws rulesets, sets and packets of the shapes that speed is
// measured on, in any size: clusters as kube-proxy writes them, firewalls of
// irregular rules, and long lists of one kind of condition. The same arguments
// give the same text on every platform.
package bench
