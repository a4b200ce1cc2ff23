package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// assumed lists the facts that affected the outcome but were not given.
func assumed(node *source.Node, p *packets.Packet, r *simulate.Result) []source.Note {
	var notes []source.Note
	add := func(code, format string, args ...any) {
		notes = append(notes, source.Note{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	for _, x := range r.Assumptions {
		if !toldBelow(x) {
			add(source.NoteAssumed, "assumed: %s", x)
		}
	}
	family := p.Packet.Family()
	if len(node.Rulesets.Of(family)) == 0 && len(node.Rulesets.All()) > 0 && len(node.Nftables) == 0 {
		add(source.NoteNoRules, "the packet is %s, and no rules of %s were given: nothing filters or translates it", family, family)
	}
	src := p.Packet.Src()
	if _, local := node.LinkTo(src); p.Dev == "" && node.HasHost && !local && !src.IsUnspecified() && p.Packet.Socket == nil {
		add(source.NoteSource, "the host sends the packet, but its source %s is no address of the host; name the link it arrives by, as in \"eth0: …\", if it comes from elsewhere", src)
	}
	for _, policy := range node.IPsec {
		if selected(&policy, p, r) {
			what := "protect"
			if policy.Block {
				what = "drop"
			}
			add(source.NoteAssumed, "an IPsec policy (dir %s, %s to %s) would %s this packet, which is not simulated", policy.Dir, policy.Src, policy.Dst, what)
		}
	}
	if decidedBySockets(node, r) {
		add(source.NoteAssumed, "nobody is taken to listen on the port, for no sockets were given (ss -lntup)")
	}
	return notes
}

// toldBelow reports a fact about the host that this command tells in words of its
// own, with what would have to be given.
func toldBelow(x simulate.Assumption) bool {
	return x.Rule == nil && slices.ContainsFunc([]string{": net.", "no sockets are given", "none are given", "name the link if"},
		func(words string) bool { return strings.Contains(x.Fact, words) })
}

// selected reports whether a policy is for the packet: as it came, or as it left,
// before or after its source was translated, for the kernel looks both times
// (net/ipv4/ip_forward.c, ip_forward; net/netfilter/nf_nat_core.c,
// nf_xfrm_me_harder).
func selected(policy *host.IPsecPolicy, p *packets.Packet, r *simulate.Result) bool {
	if !policy.Block && len(policy.Transforms) == 0 {
		return false
	}
	if policy.Dir == "out" {
		return r.OutDev != "" && (policy.Selects(r.Packet.Src(), r.Packet.Dst(), r.Packet.Proto()) || policy.Selects(p.Packet.Src(), r.Packet.Dst(), r.Packet.Proto()))
	}
	return p.Dev != "" && policy.Selects(p.Packet.Src(), p.Packet.Dst(), p.Packet.Proto())
}

// decidedBySockets reports whether the host replies because no socket is open.
func decidedBySockets(node *source.Node, r *simulate.Result) bool {
	if node.Host.Sockets != nil || r.Fate != simulate.Delivered || len(r.Answers) == 0 {
		return false
	}
	proto := r.Packet.Proto()
	return proto == packet.ProtoTCP || proto == packet.ProtoUDP
}

// setting is one that may decide, with what is taken where it is not given.
type setting struct {
	key, taken, other, says string
	family                  netfilter.Family
}

// settings are asked one by one whether the other value would have led
// elsewhere.
var settings = []setting{
	{"net.ipv4.ip_forward", "1", "0", "the host is taken to forward", netfilter.IPv4},
	{"net.ipv6.conf.all.forwarding", "1", "0", "the host is taken to forward", netfilter.IPv6},
	{"net.ipv4.conf.all.rp_filter", "0", "1", "the way back to the source is taken not to matter", netfilter.IPv4},
	{"net.ipv4.conf.all.src_valid_mark", "0", "1", "the mark is taken not to count for the way back", netfilter.IPv4},
	{"net.ipv4.conf.all.route_localnet", "0", "1", "127.0.0.0/8 is taken not to be routed", netfilter.IPv4},
	{"net.ipv4.conf.all.accept_local", "0", "1", "packets with a source of the host's own are taken to be refused", netfilter.IPv4},
	{"net.bridge.bridge-nf-call-iptables", "1", "0", "bridged packets are taken to go through iptables", netfilter.IPv4},
	{"net.bridge.bridge-nf-call-ip6tables", "1", "0", "bridged packets are taken to go through ip6tables", netfilter.IPv6},
}

// settingNotes lists the settings that decided and were not given. It asks for a
// packet of its own, with no connection known but those given.
func settingNotes(node *source.Node, p *packets.Packet, r *simulate.Result) []source.Note {
	var notes []source.Note
	for _, f := range settingsThatDecided(node, p, r) {
		notes = append(notes, source.Note{Code: source.NoteSysctl, Text: f})
	}
	return notes
}

// settingsThatDecided names the settings that were not given and without which
// the answer would be another.
func settingsThatDecided(node *source.Node, p *packets.Packet, r *simulate.Result) []string {
	var out []string
	for _, s := range settings {
		if s.family != p.Packet.Family() || givenSetting(node.Host.Sysctl, s.key) {
			continue
		}
		if strings.Contains(strings.Join(assumptionTexts(r), "\n"), s.key) {
			continue
		}
		other := node.Host
		other.Sysctl = maps.Clone(node.Host.Sysctl)
		other.Sysctl[s.key] = s.other
		n, err := simulate.New(other, node.Rules()...)
		if err != nil {
			continue
		}
		if q := send(n.NewSession(), p); q.Fate != r.Fate || q.OutDev != r.OutDev || q.By.Place() != r.By.Place() {
			out = append(out, fmt.Sprintf("%s is not given: %s (%s); with %s the packet would be %s", s.key, s.says, s.taken, s.other, ending(q)))
		}
	}
	return out
}

// givenSetting reports whether a setting was given, for all links or one.
func givenSetting(given map[string]string, key string) bool {
	if _, ok := given[key]; ok {
		return true
	}
	w := strings.Split(key, ".")
	for k := range given {
		if v := strings.Split(k, "."); len(w) == 5 && len(v) >= 5 && v[1] == w[1] && v[2] == "conf" && v[len(v)-1] == w[4] {
			return true
		}
	}
	return key == "net.ipv4.ip_forward" && given["net.ipv4.conf.all.forwarding"] != ""
}

func assumptionTexts(r *simulate.Result) (texts []string) {
	for _, x := range r.Assumptions {
		if x.Rule != nil {
			texts = append(texts, x.String())
		}
	}
	return texts
}

// cures describes why routing refused a packet, and the remedy.
func cures(node *source.Node, p *packets.Packet, r *simulate.Result) []string {
	src := p.Packet.Src()
	switch reason(r) {
	case "martian-source":
		return martianSource(node, p)
	case "not-forwarding":
		return []string{notForwarding(node, p, r)}
	case "no-route", "unreachable":
		return []string{fmt.Sprintf("no routing table has a way to %s that is used for a packet from %s with mark %#x: tables %s were searched", r.Packet.Dst(), src, r.Packet.Mark, tables(node))}
	}
	return nil
}

// notForwarding names the setting that keeps the host from forwarding the packet:
// for IPv4 that of the link it came by, which net.ipv4.ip_forward sets for all links
// (net/ipv4/route.c, ip_route_input_slow; devinet.c, inet_forward_change), for IPv6
// that of the host (net/ipv6/ip6_output.c, ip6_forward).
func notForwarding(node *source.Node, p *packets.Packet, r *simulate.Result) string {
	key, cure := "net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.forwarding"
	if p.Packet.Family() == netfilter.IPv4 {
		key, cure = "net.ipv4.ip_forward", "net.ipv4.ip_forward"
		if own := "net.ipv4.conf." + p.Dev + ".forwarding"; node.Host.Sysctl[own] != "" {
			key = own
			if node.Host.Sysctl[cure] == "1" {
				cure = own
			}
		}
	}
	return fmt.Sprintf("%s is no address of the host, and the host does not forward: %s is %s; %s=1 would cure it", r.Packet.Dst(), key, value(node.Host.Sysctl[key]), cure)
}

func value(s string) string {
	if s == "" {
		return "not given"
	}
	return s
}

// martianSource says by which setting and which way back a source is refused.
func martianSource(node *source.Node, p *packets.Packet) []string {
	src := p.Packet.Src()
	link, local := node.LinkTo(src)
	switch {
	case local:
		return []string{fmt.Sprintf("%s is an address of the host itself, and packets that arrive may not have one (net.ipv4.conf.%s.accept_local is 0)", src, p.Dev)}
	case link == "":
		return []string{fmt.Sprintf("there is no way back to %s: a route to it by %s would cure it", src, p.Dev)}
	}
	all, own := node.Host.Sysctl["net.ipv4.conf.all.rp_filter"], node.Host.Sysctl["net.ipv4.conf."+p.Dev+".rp_filter"]
	return []string{fmt.Sprintf("the way back to %s is by %s, but the packet came by %s, and rp_filter (all %s, %s %s) wants both to be the same; net.ipv4.conf.%s.rp_filter=2 or a route to %s by %s would cure it",
		src, link, p.Dev, value(all), p.Dev, value(own), p.Dev, src, p.Dev)}
}

// tables lists the routing tables that rules may look into.
func tables(node *source.Node) string {
	if len(node.Host.Rules) == 0 {
		return "local, main and default"
	}
	var names []string
	for _, r := range node.Host.Rules {
		name := fmt.Sprint(r.Table)
		switch r.Table {
		case 0, 254:
			name = "main"
		case 255:
			name = "local"
		case 253:
			name = "default"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
