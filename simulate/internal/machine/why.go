package machine

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// WhyNotRouted returns why routing with the result r drops a packet with this key, which
// was received on the link in: the setting, route or rule that causes it, and which
// change would prevent it.
func (m *Machine) WhyNotRouted(r *fib.Result, k fib.Key, in *Link) string {
	why := r.Kind.String() + ": "
	switch r.Kind {
	case fib.KindMartianSource:
		return why + m.whyMartian(k, in)
	case fib.KindMartianDestination:
		return why + k.Dst.String() + " is no destination of packets that come in by a link"
	case fib.KindNoForwarding:
		settings := "net.ipv4.ip_forward and net.ipv4.conf." + in.Name + ".forwarding do"
		if k.Dst.Is6() {
			settings = "net.ipv6.conf.all.forwarding does"
		}
		return why + k.Dst.String() + " is no address of this host, and " + settings + " not allow to pass it on"
	case fib.KindNotMember:
		return why + "nobody on this host has joined " + k.Dst.String() + " on " + in.String()
	case fib.KindUnreachable, fib.KindProhibit, fib.KindBlackhole:
		if by := m.FIB.Explain(*r); by != "" {
			return why + "so says " + by
		}
		return why + "no route leads to " + k.Dst.String()
	}
	return r.Kind.String()
}

// whyMartian returns why the source address is invalid on the input link (net/ipv4/
// fib_frontend.c, __fib_validate_source).
func (m *Machine) whyMartian(k fib.Key, in *Link) string {
	src, link := k.Src, in.String()
	filter := max(m.Sysctl.Link("all").RPFilter, m.Sysctl.Link(in.Name).RPFilter)
	back, errno := m.FIB.Output(fib.Key{Dst: src, TOS: k.TOS})
	switch {
	case packet.IsLoopback(src) || packet.IsMulticast(src) || src.IsUnspecified():
		return src.String() + " is no source of packets that come in by a link"
	case m.AnswersFor(src):
		return src.String() + " is an address of this host itself, and net.ipv4.conf." + link + ".accept_local is 0"
	case filter == 0:
		return "packets from " + src.String() + " cannot come in by " + link
	case errno != 0:
		return fmt.Sprintf("no route leads back to %s, as rp_filter of %s, which is %d, demands: 0 does not", src, link, filter)
	}
	return fmt.Sprintf("an answer to %s would leave by %s, not by %s, as rp_filter of %s, which is %d, demands: 2 allows any link, 0 does not ask",
		src, m.LinkByIndex(back.Link), link, link, filter)
}
