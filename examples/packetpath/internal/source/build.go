package source

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/commands"
	"github.com/packetpath/packetpath/parser/listing"
	"github.com/packetpath/packetpath/parser/xmlrules"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// Node is the description of a host in files.
type Node struct {
	*simulate.Node
	Host     host.Host
	Rulesets Rulesets
	IPsec    []host.IPsecPolicy
	Names    *Names
	Notes    []Note
	Packets  []Part // texts that hold packets, or lines of the kernel log
	Cases    []Part
	Nftables []netfilter.Rules
	HasHost  bool // links, addresses or routes were given

	conns []Part
}

// Session begins a session with the connections that were given.
func (n *Node) Session(opts ...simulate.SessionOption) (*simulate.Session, error) {
	s := n.NewSession(opts...)
	for _, p := range n.conns {
		if err := s.LoadConns(p.Name, strings.NewReader(p.Text)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Rules returns the rulesets of both families, and those of nftables.
func (n *Node) Rules() []netfilter.Rules {
	var out []netfilter.Rules
	for _, rs := range n.Rulesets.All() {
		out = append(out, rs)
	}
	return append(out, n.Nftables...)
}

// builder makes a node of parts.
type builder struct {
	*Node
	tables
	beside []besides
	sets   []*ipset.Set
	errs   []error
}

// Build makes a node of what was given. Its notes are those of the input and of
// all readers.
func (in *Input) Build() (*Node, error) {
	b := &builder{Node: &Node{Names: &Names{}, Notes: slices.Clone(in.Notes)},
		tables: tables{map[tableKey]string{}, map[tableKey]bool{}}}
	b.Host.Sysctl = map[string]string{}
	var ip, neighbors, nftables []Part
	for _, p := range in.Parts {
		switch p.Kind {
		case Nftables:
			nftables = append(nftables, p)
		case Links, Routes, Rules, IPJSON, HostLines:
			ip = append(ip, p)
		case Bridge, Neigh:
			neighbors = append(neighbors, p)
		default:
			b.add(p)
		}
	}
	for _, p := range nftables { // when the tables of iptables are known
		b.addNftables(p)
	}
	b.addHost(b.withNeighbors(ip, neighbors))
	if err := errors.Join(b.errs...); err != nil {
		return nil, err
	}
	b.Host.Sets = append(b.Host.Sets, b.sets...)
	b.settings()
	b.legacyMissing()
	b.defaults(in)
	node, err := simulate.New(b.Host, b.Rules()...)
	if err != nil {
		return nil, err
	}
	b.Node.Node = node
	return b.Node, nil
}

func (b *builder) note(code, file string, line int, format string, args ...any) {
	b.Notes = append(b.Notes, Note{Code: code, File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

func (b *builder) fail(err error) {
	if err != nil {
		b.errs = append(b.errs, err)
	}
}

// add reads a part.
func (b *builder) add(p Part) {
	switch p.Kind {
	case Save, ListRules, Listing, XML, Script:
		b.addRules(p)
	case Sysctl:
		b.addSysctl(p)
	case SetSave:
		sets, err := parser.ParseSets(p.Name, strings.NewReader(p.Text))
		b.sets = append(b.sets, sets...)
		b.fail(err)
	case SetList:
		sets, err := listing.ParseSets(p.Name, p.Text)
		b.sets = append(b.sets, sets...)
		b.fail(err)
	case Conns:
		b.conns = append(b.conns, p)
	case Sockets:
		sockets, err := host.ReadSockets(strings.NewReader(p.Text))
		if err != nil {
			b.fail(fmt.Errorf("%s: %w", p.Name, err))
			return
		}
		if b.Host.Sockets == nil {
			b.Host.Sockets = []host.Socket{}
		}
		b.Host.Sockets = append(b.Host.Sockets, sockets...)
	case XFRM:
		list, err := host.ReadIPsecPolicies(strings.NewReader(p.Text))
		if err != nil {
			b.fail(fmt.Errorf("%s: %w", p.Name, err))
		}
		b.IPsec = append(b.IPsec, list...)
	case Kube:
		b.fail(b.Names.add(p))
	case Packets, Log:
		b.Packets = append(b.Packets, p)
	case Cases:
		b.Cases = append(b.Cases, p)
	}
}

// addRules parses rules of any form and adds them to the previous ones.
func (b *builder) addRules(p Part) {
	warn := func(e *parser.Error) {
		b.note(NoteWarning, e.Pos.File, e.Pos.Line, "%s", strings.TrimPrefix(e.Error(), e.Pos.String()+": "))
	}
	b.spoken(p)
	b.losses(p)
	family := parser.Family(p.Family)
	switch p.Kind {
	case Save:
		rs, err := parser.Parse(p.Name, strings.NewReader(p.Text), family, parser.Warnings(warn))
		b.put(p, rs, err)
	case ListRules:
		rs, err := commands.ParseRules(p.Name, p.Text, p.Table, warn, family)
		b.put(p, rs, err)
	case Listing:
		rs, notes, err := listing.Parse(p.Name, p.Text, listing.Options{Family: p.Family, Table: p.Table, Warn: warn})
		for _, n := range notes {
			b.note(NoteListing, p.Name, n.Line, "%s", n.Text)
		}
		b.put(p, rs, err)
	case XML:
		rs, err := xmlrules.Parse(p.Name, p.Text, warn, family)
		b.put(p, rs, err)
	case Script:
		b.addScript(p, warn)
	}
}

// untouched reports whether a table is as the kernel makes it: without rules, and
// letting everything pass. Another of the same name goes ahead of it.
func untouched(t *netfilter.Table) bool {
	for _, c := range t.Chains {
		if len(c.Rules) > 0 || c.Policy == netfilter.Drop {
			return false
		}
	}
	return true
}

// sameTable reports whether two tables say the same, counters aside.
func sameTable(f netfilter.Family, a, b *netfilter.Table) bool {
	text := func(t *netfilter.Table) string {
		rs := netfilter.Ruleset{Family: f, Tables: []*netfilter.Table{{Name: t.Name, Chains: t.Chains}}}
		return string(rs.AppendSave(nil, netfilter.SaveOptions{}))
	}
	return withoutCounters.ReplaceAllString(text(a), "") == withoutCounters.ReplaceAllString(text(b), "")
}

var withoutCounters = regexp.MustCompile(`(?m) \[\d+:\d+\]$`)

func hasRules(rs *netfilter.Ruleset) bool {
	for _, t := range rs.Tables {
		for _, c := range t.Chains {
			if len(c.Rules) > 0 {
				return true
			}
		}
	}
	return false
}

var (
	incompatible = regexp.MustCompile("^# Table `(\\w+)' (?:contains incompatible base-chains|is incompatible), use 'nft' tool")
	legacyBeside = regexp.MustCompile(`^# Warning: (ip6?tables)-legacy tables present`)
)

// spoken interprets the comments in the output of iptables-nft.
func (b *builder) spoken(p Part) {
	n := 0
	for l := range strings.Lines(p.Text) {
		n++
		if l[0] != '#' {
			continue
		}
		if m := incompatible.FindStringSubmatch(l); m != nil {
			b.note(NoteIncompatible, p.Name, n, "table %s holds rules that iptables cannot show, and so they are missing here; print them with nft list ruleset", m[1])
		}
		if m := legacyBeside.FindStringSubmatch(l); m != nil {
			b.beside = append(b.beside, besides{m[1], p.Name, n})
		}
	}
}

// besides is a line in the output of iptables-nft by which the host has rules of
// iptables-legacy, too.
type besides struct {
	tool string // "iptables" or "ip6tables"
	file string
	line int
}

// legacyMissing notes the rules of iptables-legacy that the host has and that were not
// given.
func (b *builder) legacyMissing() {
	for _, x := range b.beside {
		f := netfilter.IPv4
		if x.tool == "ip6tables" {
			f = netfilter.IPv6
		}
		if b.Rulesets[f][netfilter.Legacy] == nil {
			b.note(NoteIncompatible, x.file, x.line, "the host has rules of %[1]s-legacy besides these, which packets go through as well; print them with %[1]s-legacy-save", x.tool)
		}
	}
}

// maxLogPrefix is how many bytes of a prefix LOG keeps (include/uapi/linux/netfilter/
// xt_LOG.h, struct xt_log_info).
const maxLogPrefix = 29

var logPrefix = regexp.MustCompile(`--log-prefix (?:"((?:[^"\\]|\\.)*)"|(\S+))`)

// losses adds notes about what iptables-restore ignores silently.
func (b *builder) losses(p Part) {
	if p.Kind != Save && p.Kind != ListRules {
		return
	}
	n := 0
	for l := range strings.Lines(p.Text) {
		n++
		if !strings.HasPrefix(strings.TrimSpace(l), "-A") {
			continue
		}
		if quotes := strings.Count(strings.ReplaceAll(l, `\"`, ""), `"`); quotes%2 == 1 {
			b.note(NoteWarning, p.Name, n, "a quote is not closed: it takes the rest of the rule")
		}
		if m := logPrefix.FindStringSubmatch(l); m != nil && len(m[1]+m[2]) > maxLogPrefix {
			b.note(NoteWarning, p.Name, n, "the prefix of LOG is longer than %d bytes and is cut", maxLogPrefix)
		}
	}
}

// addHost reads the texts of ip and bridge.
func (b *builder) addHost(parts []Part) {
	if len(parts) == 0 {
		return
	}
	sysctl := b.Host.Sysctl
	sockets, sets := b.Host.Sockets, b.Host.Sets
	var readers []io.Reader
	for _, p := range parts {
		if p.Kind == HostLines {
			h, err := host.Parse(p.Text)
			if err != nil {
				b.fail(fmt.Errorf("%s: %w", p.Name, err))
				return
			}
			if len(parts) > 1 {
				b.fail(fmt.Errorf("%s: a description of the host goes alone, without the output of ip", p.Name))
				return
			}
			maps.Copy(sysctl, h.Sysctl)
			h.Sysctl, h.Sets = sysctl, append(h.Sets, sets...)
			if h.Sockets == nil {
				h.Sockets = sockets
			}
			b.Host, b.HasHost = h, true
			return
		}
		readers = append(readers, strings.NewReader(p.Text))
	}
	h, err := host.Read(readers...)
	if err != nil {
		b.fail(fmt.Errorf("%s: %w", hostFault(parts), err))
		return
	}
	h.Sysctl, h.Sockets, h.Sets = sysctl, sockets, sets
	b.Host, b.HasHost = h, true
}

// hostFault names the text that cannot be read, where one alone shows it.
func hostFault(parts []Part) string {
	for i := range parts {
		var readers []io.Reader
		for _, p := range parts[:i+1] {
			readers = append(readers, strings.NewReader(p.Text))
		}
		if _, err := host.Read(readers...); err != nil {
			return parts[i].Name
		}
	}
	return parts[len(parts)-1].Name
}

// withNeighbors adds the texts of bridge and ip neigh to those of ip, which say what
// links there are. Without links they are left aside.
func (b *builder) withNeighbors(ip, neighbors []Part) []Part {
	described := len(ip) == 1 && ip[0].Kind == HostLines
	if len(ip) > 0 && !described {
		return append(ip, neighbors...)
	}
	for _, p := range neighbors {
		b.note(NoteUnread, p.Name, 0, "what it says of neighbours counts beside the output of ip addr alone")
	}
	return ip
}

// addNftables reads what nft list ruleset prints, with or without -j, or a file
// for nft -f.
func (b *builder) addNftables(p Part) {
	without, compat := b.withoutCompat, compatText
	if strings.HasPrefix(strings.TrimSpace(p.Text), "{") {
		without, compat = b.withoutCompatJSON, compatJSON
	}
	text := without(p)
	if compat.MatchString(text) {
		b.fail(&UnknownError{Name: p.Name, Reason: "the file holds rules of iptables-nft, which nft shows in part only; give what iptables-save prints, too"})
		return
	}
	rs, err := nfttext.Parse(text, nfttext.ReadOptions{Name: p.Name})
	if err != nil {
		b.fail(err)
		return
	}
	b.Nftables = append(b.Nftables, eval.New(rs))
}

// defaults adds notes about missing information.
func (b *builder) defaults(in *Input) {
	if len(in.Parts) == 0 {
		return
	}
	if len(b.Rules()) == 0 {
		b.note(NoteNoRules, "", 0, "no rules were given: nothing is filtered or translated")
	}
	if !b.HasHost {
		b.note(NoteNoHost, "", 0, "no links, addresses and routes were given (ip addr, ip route): no address but 127.0.0.1 and ::1 is taken to be the host's own, and everything else to be forwarded")
	}
}
