package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// Copy implements netfilter.Detours. A copy of a copy is not made
// (net/ipv4/netfilter/nf_dup_ipv4.c, nf_dup_ipv4; net/ipv6/netfilter/
// nf_dup_ipv6.c, nf_dup_ipv6).
func (f *flow) Copy(c *netfilter.Context, gateway netip.Addr, out string) {
	if f.duplicate {
		return
	}
	p := f.pkt.Clone()
	p.Socket = nil
	p.SetDontFragment()
	if c.Hook == netfilter.Prerouting || c.Hook == netfilter.Input {
		p.SetTTL(p.TTL() - 1) // wraps around, as in the kernel
	}
	d := f.s.newFlow(&p, f)
	f.res.copies = append(f.res.copies, copyAt{step: len(f.res.Steps) - 1, res: d.res})
	d.duplicate, d.local = true, true
	d.traced, d.res.traced = f.traced, f.res.traced
	d.c.Hook, d.c.CTState = netfilter.Output, netfilter.CTUntracked
	k := fib.Key{Dst: gateway, TOS: p.TOS()}
	if l := f.s.node.byName[out]; l != nil {
		k.OIF = l.index
	}
	route, errno := d.routeOutput(k)
	if errno != 0 {
		d.drop(NoRoute, StepRoute, "no way to "+gateway.String()+": "+errno.Error())
		return
	}
	d.in = f.s.node.linkByIndex(route.Link) // its device, as POSTROUTING sees it
	d.leave(route)
}

// copyAt is a copy that a rule made of the packet: its path and the step of the
// rule.
type copyAt struct {
	step int
	res  *Result
}

// ParameterProblem implements netfilter.Detours.
func (f *flow) ParameterProblem(_ *netfilter.Context, offset uint32) {
	f.sendError(icmp.Error{Type: icmp.V6ParamProblem, Rest: offset})
}
