package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

const talkLong = `Holds a conversation: packets one after the other, with the connections, the clock
and the memories of rules that they leave. SCRIPT is a file, or standard input, where
it is read line by line as it is typed:

  eth0: tcp 192.0.2.9:5000 > 192.0.2.7:443 syn    a packet, as for packetpath where
  reply                 the far end's answer to the last packet that left
  icmp-error 3 4        an ICMP error about the last packet that left, type and code
  wait 30s              the clock moves
  reload rules.v4       other rules, as iptables-restore puts them in
  connect 10.0.0.1:5000 > 10.0.0.2:80    a local process opens a TCP connection
  conns                 the connections, as conntrack -L prints them
  # …                   a remark

With several hosts, each is named ahead of its files, and joined by its links:

  host web node-web/
  host db  node-db/
  join web:eth0 db:eth0
  web: tcp 10.0.0.1:5000 > 10.0.0.2:80    web's local process sends
  web eth1: tcp 192.0.2.9:1 > 10.0.0.2:80 arrives at web by eth1

Each step shows the path, what became of the connection, and why nat was or was not
asked.`

// talk is the verb of that name.
type talk struct {
	*app
	question
	seed uint64

	node    *source.Node
	session *simulate.Session
	last    *simulate.Result
	net     *simulate.Network
	hosts   map[string]*source.Node
	status  int
	line_   int
}

func (a *app) talk() *cobra.Command {
	t := &talk{app: a}
	cmd := verb("talk [FILES…] [SCRIPT]", "Hold a conversation with the host, step by step", talkLong, func(_ *cobra.Command, args []string) error { return t.run(args) })
	cmd.Annotations = nil
	cmd.Example = `  packetpath talk node/ <<'.'
  eth0: tcp 192.0.2.9:5000 > 192.0.2.7:443
  reply
  wait 1h
  reply
  .`
	t.flags(cmd.Flags())
	cmd.Flags().Uint64Var(&t.seed, "seed", 0, "seed of the random source, which decides what rules match at random")
	return cmd
}

func (t *talk) run(args []string) error {
	script := io.Reader(t.In)
	name := "standard input"
	for _, arg := range args {
		if arg != "-" && isScript(arg) {
			f, err := os.Open(arg)
			if err != nil {
				return err
			}
			defer f.Close()
			script, name = f, arg
			continue
		}
		if arg != "-" {
			t.files = append(t.files, arg)
		}
	}
	if len(t.files)+len(t.question.node) > 0 || t.live {
		node, err := t.load(&t.question)
		if err != nil {
			return err
		}
		t.node = node
		t.printNotes(node.Notes)
		if t.session, err = node.Session(simulate.WithSeed(t.seed)); err != nil {
			return err
		}
	}
	in := bufio.NewScanner(script)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		t.line_++
		text := strings.TrimSpace(in.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		if err := t.step(text); err != nil {
			return fmt.Errorf("%s:%d: %w", name, t.line_, err)
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	return t.done(t.status)
}

// isScript reports whether a file is a script of a conversation, not a file of the host.
func isScript(path string) bool {
	b, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	for l := range strings.Lines(string(b)) {
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		w := strings.Fields(l)
		switch w[0] {
		case "reply", "icmp-error", "wait", "reload", "connect", "conns", "host", "join":
			return true
		}
		_, err := packets.Parse(l)
		return err == nil
	}
	return false
}

// step carries out a line.
func (t *talk) step(text string) error {
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "host":
		return t.host(rest)
	case "join":
		return t.join(strings.Fields(rest))
	case "wait":
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return fmt.Errorf("wait %s: need a time such as 30s or 2h", rest)
		}
		if t.net != nil {
			t.net.Advance(d)
		} else if err := t.known(); err == nil {
			t.session.Advance(d)
		}
		return t.say(text, "")
	}
	if t.net != nil {
		return t.inNetwork(text)
	}
	if err := t.known(); err != nil {
		return err
	}
	switch word {
	case "reply":
		return t.reply()
	case "icmp-error":
		return t.icmpError(strings.Fields(rest))
	case "reload":
		return t.reload(rest)
	case "connect":
		return t.connect(rest)
	case "conns":
		return t.say(text, t.conns(t.session))
	}
	p, err := packets.Parse(text)
	if err != nil {
		return err
	}
	arrive(t.node, p, "")
	return t.send(text, p)
}

func (t *talk) known() error {
	if t.session == nil {
		return errors.New("nothing is known of the host: give its files, or begin with host NAME FILES…")
	}
	return nil
}

// say prints a line of the script and its result.
func (t *talk) say(text, told string) error {
	if t.json {
		return t.object(map[string]string{"line": text, "said": told})
	}
	t.line(0, t.paint(bold, "> "+text))
	for l := range strings.Lines(told) {
		t.line(2, t.paint("", strings.TrimRight(l, "\n")))
	}
	return nil
}

// talkStep is a step in JSON.
type talkStep struct {
	Line   string   `json:"line"`
	Answer *answer  `json:"answer"`
	NAT    string   `json:"nat"`
	Conns  []string `json:"conns"`
}

// send sends a packet and prints what it changed.
func (t *talk) send(text string, p *packets.Packet) error {
	before := t.conns(t.session)
	r := send(t.session, p)
	if r.Err != nil {
		return r.Err
	}
	t.last = r
	ans := t.answer(t.node, p, r)
	if !ans.Passed {
		t.status = statusNo
	}
	if t.json {
		return t.object(talkStep{Line: text, Answer: ans, NAT: whyNAT(r, before), Conns: strings.Split(strings.TrimSuffix(t.conns(t.session), "\n"), "\n")})
	}
	t.line(0, t.paint(bold, "> "+text))
	if s := p.String(); s != text {
		t.line(2, t.paint(grey, s))
	}
	t.first2(ans)
	t.path(4, r, &misses{})
	t.line(2, t.paint("", "nat: "+whyNAT(r, before)))
	for l := range strings.Lines(t.conns(t.session)) {
		mark := "= "
		if !strings.Contains(before, identity(l)) {
			mark = "+ "
		}
		t.line(2, t.paint("", mark+strings.TrimSpace(l)))
	}
	t.printNotes(ans.Notes)
	return nil
}

// identity is the part of an entry that stays: its tuples.
func identity(entry string) string {
	i := strings.Index(entry, "src=")
	if i < 0 {
		return entry
	}
	end := strings.IndexByte(entry[i:], '[')
	if end < 0 {
		end = len(entry) - i
	}
	return strings.TrimSpace(entry[i : i+end])
}

// whyNAT returns why the rules of table nat were evaluated or not.
func whyNAT(r *simulate.Result, before string) string {
	for i := range r.Steps {
		if r.Steps[i].Table == "nat" {
			return "its rules were asked, for the packet is the first of its connection there"
		}
	}
	for i := range r.Steps {
		if r.Steps[i].Kind == simulate.StepNAT {
			return "its rules were not asked: the packet is translated as the first of its connection was"
		}
	}
	if before == "" {
		return "its rules were not asked: the packet belongs to no connection that is tracked, or did not get that far"
	}
	return "its rules were not asked: the packet belongs to a connection that is known, or to none that is tracked"
}

func (t *talk) conns(s *simulate.Session) string {
	var b strings.Builder
	for c := range s.Conns() {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

func (t *talk) reply() error {
	switch {
	case t.last == nil:
		return errors.New("reply: no packet was sent yet")
	case t.last.OutDev == "":
		return fmt.Errorf("reply: the last packet did not leave the host: %s", t.last)
	}
	p := t.last.Reply()
	if !p.IsValid() {
		return fmt.Errorf("reply: nobody answers such a packet: %s", t.last.Packet.String())
	}
	return t.send("reply", &packets.Packet{Dev: t.last.OutDev, Packet: p})
}

// icmpError sends an ICMP error about the last packet from a router on its link.
func (t *talk) icmpError(w []string) error {
	if t.last == nil || t.last.OutDev == "" {
		return errors.New("icmp-error: the last packet did not leave the host")
	}
	quoted := t.last.Packet
	s := packet.Spec{Src: quoted.Dst(), Dst: quoted.Src(), TTL: 64, Proto: packet.ProtoICMP, ICMPType: 3, ICMPCode: 1}
	if quoted.Src().Is6() {
		s.Proto, s.ICMPType, s.ICMPCode = packet.ProtoICMPv6, 1, 0
	}
	for i, into := range []*uint8{&s.ICMPType, &s.ICMPCode} {
		if len(w) > i {
			n, err := strconv.ParseUint(w[i], 10, 8)
			if err != nil {
				return fmt.Errorf("icmp-error: bad number %q: need type and code, as in icmp-error 3 4", w[i])
			}
			*into = uint8(n)
		}
	}
	if len(w) > 3 && w[2] == "from" {
		a, err := netip.ParseAddr(w[3])
		if err != nil {
			return err
		}
		s.Src = a
	}
	wire := quoted.Wire()
	s.Payload = wire[:min(len(wire), 548)]
	p, err := s.Build()
	if err != nil {
		return err
	}
	return t.send("icmp-error "+strings.Join(w, " "), &packets.Packet{Dev: t.last.OutDev, Packet: p})
}

func (t *talk) reload(path string) error {
	in := &source.Input{Stdin: t.In}
	if err := in.Add(path); err != nil {
		return err
	}
	node, err := in.Build()
	if err != nil {
		return err
	}
	for _, rs := range node.Rulesets.All() {
		if err := t.session.Reload(rs); err != nil {
			return err
		}
		t.node.Rulesets.Set(rs)
	}
	return t.say("reload "+path, "")
}

func (t *talk) connect(text string) error {
	from, to, err := ends(text)
	if err != nil {
		return err
	}
	r := t.session.Connect(from, to, packet.Socket{})
	t.last = r
	return t.say("connect "+text, fmt.Sprintf("%+v\n%s", r, t.conns(t.session)))
}

// ends reads "10.0.0.1:5000 > 10.0.0.2:80".
func ends(text string) (from, to netip.AddrPort, err error) {
	a, b, ok := strings.Cut(text, ">")
	if !ok {
		return from, to, errors.New("need SOURCE:PORT > DESTINATION:PORT")
	}
	if from, err = netip.ParseAddrPort(strings.TrimSpace(a)); err != nil {
		return from, to, err
	}
	to, err = netip.ParseAddrPort(strings.TrimSpace(b))
	return from, to, err
}

func (t *talk) host(rest string) error {
	w := strings.Fields(rest)
	if len(w) < 2 {
		return errors.New("host: need a name and files")
	}
	if t.net == nil {
		t.net, t.hosts = simulate.NewNetwork(), map[string]*source.Node{}
	}
	in := &source.Input{Stdin: t.In}
	for _, path := range w[1:] {
		if err := in.Add(path); err != nil {
			return err
		}
	}
	node, err := in.Build()
	if err != nil {
		return err
	}
	s, err := node.Session(simulate.WithSeed(t.seed))
	if err != nil {
		return err
	}
	t.hosts[w[0]] = node
	t.net.Add(w[0], s)
	t.printNotes(node.Notes)
	return t.net.Err()
}

func (t *talk) join(links []string) error {
	if t.net == nil {
		return errors.New("join: no host was named yet (host NAME FILES…)")
	}
	t.net.Join(links...)
	return t.net.Err()
}

// inNetwork has a packet go through the hosts that are joined.
func (t *talk) inNetwork(text string) error {
	name, rest, ok := strings.Cut(text, " ")
	name = strings.TrimSuffix(name, ":")
	if !ok || t.hosts[name] == nil {
		return fmt.Errorf("%q is no host: a packet begins with the name of one, as in \"%s: …\"", name, anyHost(t.hosts))
	}
	if word, args, _ := strings.Cut(rest, " "); word == "connect" {
		from, to, err := ends(args)
		if err != nil {
			return err
		}
		return t.journey(text, t.net.Connect(name, from, to, packet.Socket{}))
	}
	if rest == "conns" {
		return t.say(text, t.conns(t.net.Host(name)))
	}
	p, err := packets.Parse(rest)
	if err != nil {
		return err
	}
	if p.Dev != "" {
		return t.journey(text, t.net.Receive(name, p.Dev, p.Packet))
	}
	return t.journey(text, t.net.Send(name, p.Packet))
}

func anyHost(hosts map[string]*source.Node) string {
	for name := range hosts {
		return name
	}
	return "host"
}

// hopJSON is the JSON form of a packet's path on one host.
type hopJSON struct {
	Host   string           `json:"host"`
	In     string           `json:"in,omitempty"`
	Lost   string           `json:"lost,omitempty"`
	Answer bool             `json:"answer,omitempty"`
	Result *simulate.Result `json:"result"`
}

func (t *talk) journey(text string, j *simulate.Journey) error {
	if j.Err != nil {
		return j.Err
	}
	if end := j.End(); end != nil && (!end.Result.Fate.Passed() || end.Lost != "") {
		t.status = statusNo
	}
	if t.json {
		hops := []hopJSON{}
		for _, h := range j.Hops {
			hops = append(hops, hopJSON{h.Host, h.In, h.Lost, h.Answer, h.Result})
		}
		return t.object(map[string]any{"line": text, "hops": hops})
	}
	t.line(0, t.paint(bold, "> "+text))
	for i := range j.Hops {
		h := &j.Hops[i]
		t.line(2, t.paint("", h.String()))
		t.path(4, h.Result, &misses{})
	}
	return nil
}
