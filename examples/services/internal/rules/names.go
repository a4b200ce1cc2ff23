package rules

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/netip"
	"strings"
)

// chain returns the name of the chain that chooses among all endpoints.
func (o *offer) chain() string { return "lb-svc-" + digest(o.key()) }

// outerChain returns the name of the chain for what comes in by an external
// address or a node port: one of its own if that has to stay on this node.
func (o *offer) outerChain() string {
	if o.service.LocalOnly {
		return "lb-out-" + digest(o.key())
	}
	return o.chain()
}

// endpointChain returns the name of an endpoint's chain, and of the list of
// clients that it had last.
func (o *offer) endpointChain(a netip.Addr) string {
	return "lb-end-" + digest(fmt.Sprintf("%s %s", o.key(), netip.AddrPortFrom(a, o.port.Target)))
}

// digestBytes are as many as fit: a chain's name has 28 characters at most
// (include/uapi/linux/netfilter/x_tables.h, XT_EXTENSION_MAXNAMELEN, less what
// iptables keeps for itself).
const digestBytes = 10

// digest returns 16 characters that differ wherever keys differ.
func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:digestBytes]))
}
