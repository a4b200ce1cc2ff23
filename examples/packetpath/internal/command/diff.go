package command

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

const diffLong = `Says for which packets two states of a host differ: OLD and NEW are files of rules or
directories with files of the host. Packets are those given with -packets (a text with
a packet a line, or a casefile), and, unless -drawn=false, some drawn at the borders of
every rule that is in one state only: its addresses and ports, and those just beside
them. What the two states share, such as the host, is given with -node.

That no drawn packet differs is no proof that none does.`

// differ is the verb diff.
type differ struct {
	*app
	question
	with  []string
	drawn bool
	pair  [2]*source.Node
}

func (a *app) diff() *cobra.Command {
	d := &differ{app: a}
	cmd := verb("diff OLD NEW", "Which packets fare otherwise with other rules", diffLong, nil)
	cmd.Annotations = nil
	cmd.Args = cobra.ExactArgs(2)
	cmd.RunE = func(_ *cobra.Command, args []string) error { return d.run(args) }
	cmd.Example = `  packetpath diff -node node/host before.rules after.rules
  packetpath diff before/ after/ -packets cases.txtar`
	d.flags(cmd.Flags())
	cmd.Flags().StringArrayVar(&d.with, "packets", nil, "a `file` of packets, one a line, or a casefile; may be repeated")
	cmd.Flags().BoolVar(&d.drawn, "drawn", true, "also draw packets at the borders of rules that differ")
	return cmd
}

// change is a packet that fares otherwise, in JSON.
type change struct {
	Packet string  `json:"packet"`
	From   string  `json:"from"` // where it came from: a file, or the rule at whose border it was drawn
	Old    *answer `json:"old"`
	New    *answer `json:"new"`
}

func (d *differ) run(args []string) error {
	for i, path := range args {
		q := &question{node: d.node, files: []string{path}, live: d.live}
		node, err := d.load(q)
		if err != nil {
			return err
		}
		d.pair[i] = node
	}
	list, err := d.packets()
	if err != nil {
		return err
	}
	notes := d.pair[1].Notes
	if undrawn := nftablesDiffer(d.pair[0], d.pair[1]); d.drawn && len(undrawn) > 0 {
		text := fmt.Sprintf("no packets are drawn at rules of nftables, and these chains differ: %s; give packets with -packets", strings.Join(undrawn, ", "))
		if len(list) == 0 || d.strict {
			return errors.New(text)
		}
		notes = append(slices.Clone(notes), source.Note{Code: source.NoteAssumed, Text: text})
	}
	if !d.json {
		d.printNotes(notes)
	}
	changed := 0
	for _, a := range list {
		c, err := d.compare(a)
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		changed++
		if d.json {
			if err := d.object(c); err != nil {
				return err
			}
			continue
		}
		d.line(0, d.paint(bold, c.Packet), d.paint(grey, "  ("+c.From+")"))
		d.line(2, d.paint(red, "- "), d.paint("", c.Old.Answer))
		d.line(2, d.paint(green, "+ "), d.paint("", c.New.Answer))
	}
	if !d.json {
		d.line(0, d.paint(bold, fmt.Sprintf("%d of %s fare otherwise", changed, count(len(list), "packet"))))
	}
	if changed > 0 {
		return d.done(statusNo)
	}
	return nil
}

// asked is a packet with where it came from.
type asked struct {
	p    *packets.Packet
	from string
}

func (d *differ) packets() ([]asked, error) {
	var out []asked
	for _, path := range d.with {
		in := &source.Input{Stdin: d.In}
		if err := in.Add(path); err != nil {
			return nil, err
		}
		for _, part := range in.Parts {
			got, err := packetsOf(part)
			if err != nil {
				return nil, err
			}
			out = append(out, got...)
		}
	}
	if d.drawn {
		out = append(out, d.draw()...)
	}
	return out, nil
}

// packetsOf reads the packets of a text or a casefile.
func packetsOf(part source.Part) ([]asked, error) {
	var out []asked
	n := 0
	on := part.Kind != source.Cases
	for line := range strings.Lines(part.Text) {
		n++
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "-- ") && strings.HasSuffix(text, " --") {
			on = text == "-- packets --" || text == "-- session --"
			continue
		}
		if !on || text == "" || text[0] == '#' || line[0] == ' ' || line[0] == '\t' || !packets.Looks(text) {
			continue
		}
		p, err := packets.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", part.Name, n, err)
		}
		out = append(out, asked{p, fmt.Sprintf("%s:%d", part.Name, n)})
	}
	return out, nil
}

// compare asks both states; nil if the packet fares alike.
func (d *differ) compare(a asked) (*change, error) {
	var got [2]*simulate.Result
	for i, node := range d.pair {
		s, err := node.Session()
		if err != nil {
			return nil, err
		}
		if got[i] = send(s, a.p); got[i].Err != nil {
			return nil, got[i].Err
		}
	}
	if ending(got[0]) == ending(got[1]) && answersOf(got[0]) == answersOf(got[1]) {
		return nil, nil
	}
	return &change{a.p.String(), a.from, d.answer(d.pair[0], a.p, got[0]), d.answer(d.pair[1], a.p, got[1])}, nil
}

func answersOf(r *simulate.Result) string {
	var b strings.Builder
	for i := range r.Answers {
		b.WriteString(r.Answers[i].String() + "\n")
	}
	return b.String()
}

// maxDrawn is how many packets are drawn at most.
const maxDrawn = 20_000

// draw makes packets at the borders of the rules that are in one state only.
func (d *differ) draw() []asked {
	var out []asked
	seen := map[string]bool{}
	for _, pair := range [][2]*source.Node{{d.pair[0], d.pair[1]}, {d.pair[1], d.pair[0]}} {
		for _, r := range onlyIn(pair[0], pair[1]) {
			for _, p := range borders(pair[0], &r) {
				if text := p.String(); !seen[text] && len(out) < maxDrawn {
					seen[text] = true
					out = append(out, asked{p, "drawn at " + r.place})
				}
			}
		}
	}
	return out
}

// placed is a rule with its place.
type placed struct {
	*netfilter.Rule
	family netfilter.Family
	table  string
	chain  string
	place  string
}

// onlyIn lists the rules of a that b lacks, and the policies that differ.
func onlyIn(a, b *source.Node) []placed {
	var out []placed
	for _, rs := range a.Rulesets.All() {
		for _, t := range rs.Tables {
			for _, c := range t.Chains {
				other := chainOf(b.Rulesets[rs.Family][rs.Backend], t.Name, c.Name)
				if other == nil || other.Policy != c.Policy {
					out = append(out, placed{&netfilter.Rule{}, rs.Family, t.Name, c.Name, t.Name + ":" + c.Name + ":policy"})
				}
				out = append(out, missing(rs.Family, t.Name, c, other)...)
			}
		}
	}
	return out
}

// nftablesDiffer names the chains of nftables that two states do not have alike.
func nftablesDiffer(a, b *source.Node) []string {
	var names []string
	texts := [2]map[string]string{}
	for i, node := range []*source.Node{a, b} {
		texts[i] = map[string]string{}
		for _, c := range nftablesChains(node, "") {
			name := fmt.Sprintf("%s %s %s", c.family, c.table, c.name)
			texts[i][name] = fmt.Sprint(c.hook, c.policy, c.rules)
			names = appendNew(names, name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		was, before := texts[0][name]
		is, after := texts[1][name]
		return before == after && was == is
	})
}

func chainOf(rs *netfilter.Ruleset, table, chain string) *netfilter.Chain {
	if rs == nil || rs.Table(table) == nil {
		return nil
	}
	return rs.Table(table).Chain(chain)
}

// missing lists the rules of a chain that the other lacks, or has in another
// order.
func missing(f netfilter.Family, table string, c, other *netfilter.Chain) []placed {
	var theirs []string
	if other != nil {
		for _, r := range other.Rules {
			theirs = append(theirs, string(r.AppendSave(nil, f, c.Name)))
		}
	}
	var out []placed
	next := 0
	for i, r := range c.Rules {
		text := string(r.AppendSave(nil, f, c.Name))
		if at := slices.Index(theirs[min(next, len(theirs)):], text); at >= 0 {
			next += at + 1
			continue
		}
		out = append(out, placed{r, f, table, c.Name, fmt.Sprintf("%s:%s:rule:%d", table, c.Name, i+1)})
	}
	return out
}

// borders makes packets that a rule matches and some that it just does not.
func borders(node *source.Node, r *placed) []*packets.Packet {
	srcs, dsts := addresses(r.Src, r.family, outside(r.family)), addresses(r.Dst, r.family, hostAddress(node, r.family))
	sports, dports, flags := []uint16{40000}, []uint16{80, 443, 53, 22}, packet.SYN
	for _, m := range r.Matches {
		switch m := m.(type) {
		case *match.TCP:
			sports, dports = ports(m.SrcPorts, sports), ports(m.DstPorts, dports)
			if m.FlagMask != 0 {
				flags = m.Flags
			}
		case *match.UDP:
			sports, dports = ports(m.SrcPorts, sports), ports(m.DstPorts, dports)
		case *match.Multiport:
			for _, p := range m.Ports {
				dports = append(dports, p.Min, p.Max, p.Min-1, p.Max+1)
			}
		}
	}
	protos := []uint8{r.Proto}
	if r.Proto == 0 || r.InvProto {
		protos = []uint8{packet.ProtoTCP, packet.ProtoUDP, icmp(r.family)}
	}
	var out []*packets.Packet
	for _, proto := range protos {
		for _, src := range srcs {
			for _, dst := range dsts {
				for _, dport := range dports {
					out = append(out, packetsAt(node, r, packet.Spec{Src: src, Dst: dst, Proto: proto, SrcPort: sports[0], DstPort: dport, Flags: flags, TTL: 64, Window: 64240})...)
					if !packet.HasPorts(proto) {
						break
					}
				}
			}
		}
	}
	return out
}

func icmp(f netfilter.Family) uint8 {
	if f == netfilter.IPv6 {
		return packet.ProtoICMPv6
	}
	return packet.ProtoICMP
}

// packetsAt has a packet arrive by the link that the rule names, or else by each
// link of the host, and be sent by the host if the rule may see such packets.
func packetsAt(node *source.Node, r *placed, s packet.Spec) []*packets.Packet {
	switch s.Proto {
	case packet.ProtoICMP:
		s.ICMPType = packet.ICMPEchoRequest
	case packet.ProtoICMPv6:
		s.ICMPType = 128
	}
	if !packet.HasPorts(s.Proto) {
		s.SrcPort, s.DstPort = 0, 0
	}
	p, err := s.Build()
	if err != nil {
		return nil
	}
	var out []*packets.Packet
	_, local := node.LinkTo(s.Src)
	if r.chain == "OUTPUT" || local {
		return []*packets.Packet{{Packet: p}}
	}
	for _, link := range arrivals(node, r) {
		out = append(out, &packets.Packet{Dev: link, Packet: p})
	}
	return out
}

// arrivals lists the links a packet may arrive by.
func arrivals(node *source.Node, r *placed) []string {
	if r.In != "" && !r.InvIn && !strings.HasSuffix(r.In, "+") {
		return []string{r.In}
	}
	var out []string
	for _, l := range node.Host.Links {
		if l.Name != "lo" && !l.Down && l.Master == "" && (r.In == "" || netfilter.InterfaceMatches(r.In, l.Name) != r.InvIn) {
			out = append(out, l.Name)
		}
	}
	if out == nil {
		return []string{"eth0"}
	}
	return out[:min(len(out), 4)]
}

// addresses are the borders of a condition: its first and last address and those
// beside them; usual stands for none.
func addresses(a netfilter.AddrMask, f netfilter.Family, usual netip.Addr) []netip.Addr {
	if !a.Addr.IsValid() || a.Bits() < 0 {
		return []netip.Addr{usual}
	}
	p := netip.PrefixFrom(a.Addr, a.Bits()).Masked()
	last := lastOf(p)
	var out []netip.Addr
	for _, x := range []netip.Addr{p.Addr(), p.Addr().Next(), last.Prev(), last, p.Addr().Prev(), last.Next()} {
		if x.IsValid() && !x.IsUnspecified() && x.Is4() == (f == netfilter.IPv4) && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// outside is an address reserved for documentation (RFC 5737, RFC 3849).
func outside(f netfilter.Family) netip.Addr {
	if f == netfilter.IPv6 {
		return netip.MustParseAddr("2001:db8:ffff::9")
	}
	return netip.MustParseAddr("198.51.100.9")
}

// hostAddress is an address of the host, or one beyond it.
func hostAddress(node *source.Node, f netfilter.Family) netip.Addr {
	for _, l := range node.Host.Links {
		for _, a := range l.Addrs {
			if x := a.Prefix.Addr(); x.Is4() == (f == netfilter.IPv4) && !x.IsLoopback() && !x.IsLinkLocalUnicast() {
				return x
			}
		}
	}
	if f == netfilter.IPv6 {
		return netip.MustParseAddr("2001:db8::7")
	}
	return netip.MustParseAddr("192.0.2.7")
}

func ports(r cond.PortRange, usual []uint16) []uint16 {
	if !r.Given {
		return usual
	}
	var out []uint16
	for _, p := range []int{int(r.Min), int(r.Max), int(r.Min) - 1, int(r.Max) + 1} {
		if p >= 0 && p <= 65535 && !slices.Contains(out, uint16(p)) {
			out = append(out, uint16(p))
		}
	}
	return out
}
