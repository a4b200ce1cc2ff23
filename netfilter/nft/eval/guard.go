package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// guard returns a function that fails packets that would reach a chain that is
// not simulated: those of ingress, egress and bridges. It returns nil for other
// chains. Tables of the arp family are never reached by IP packets.
func (b *baseChain) guard() func(*netfilter.Context) netfilter.Verdict {
	var meets func(c *netfilter.Context) bool
	switch {
	case b.base.Hook == nft.Ingress:
		meets = func(c *netfilter.Context) bool { return b.on(c.In) }
	case b.base.Hook == nft.Egress:
		meets = func(c *netfilter.Context) bool { return b.on(c.Out) }
	case b.table.Family == nft.Bridge:
		meets = func(c *netfilter.Context) bool { return c.Packet.PhysIn != "" || c.Packet.PhysOut != "" }
	default:
		return nil
	}
	return func(c *netfilter.Context) netfilter.Verdict {
		if !meets(c) || len(b.chain.rules) == 0 && b.policy == codeAccept {
			return netfilter.Accept
		}
		c.Table = b.tableName
		c.Engine.Fail(fmt.Errorf("chain %s: the %s hook of family %s is not simulated", b.name, b.base.Hook, b.table.Family))
		return netfilter.Drop
	}
}

// on reports whether the chain is called for a device.
func (b *baseChain) on(device string) bool {
	return device != "" && slices.ContainsFunc(b.base.Devices, func(d string) bool {
		prefix, wild := strings.CutSuffix(d, "*")
		return d == device || wild && strings.HasPrefix(device, prefix)
	})
}
