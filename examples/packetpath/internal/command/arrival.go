package command

import (
	"fmt"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/parser/packets"
)

// arrive finds the link of a packet whose text does not say it. dev is the link
// that the user named for such packets. A source that is not the host's own has
// come by the link that leads back to it, as far as anybody can tell: hardly a host
// sends such a packet itself.
func arrive(node *source.Node, p *packets.Packet, dev string) {
	if p.Dev == "" && dev != "" {
		p.Dev = dev
		return
	}
	if p.Dev != "" || !p.LinkUnknown {
		return
	}
	src := p.Packet.Src()
	link, local := node.LinkTo(src)
	taken := "it is taken to be sent by the host itself; name the link, as in \"eth0: …\" ahead of it or with -link, if it arrived"
	switch {
	case !node.HasHost:
	case local:
		taken = fmt.Sprintf("it is taken to be sent by the host itself, for its source %s is the host's own", src)
	case link != "":
		p.Dev = link
		taken = fmt.Sprintf("it is taken to have arrived by %s, which leads back to its source %s; name another ahead of it, as in \"eth1: …\", or with -link, if it came by that", link, src)
	}
	text := "line"
	if p.Form == capture {
		text = "capture"
	}
	p.Notes = append(p.Notes, fmt.Sprintf("the %s does not say by which link the packet arrived (tcpdump -i any does): %s", text, taken))
}
