package command

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

const roundtripLong = `Follows a packet through the host, has the far end answer it, and follows the answer
back: "why did the answer not come back?" The far end listens and has nothing to say
of its own: SYN gets SYN ACK, a datagram its own payload, an echo request its reply.
Where the far end is the host, and its sockets are given (ss -lntup), a port that
nobody listens on refuses the packet, and that is no answer.

Files and packets are as for packetpath where. -back LINK has the answer arrive by
another link than the one the packet left by.`

// roundtrip is the verb of that name.
type roundtrip struct {
	*app
	question
	back string
	seed uint64
}

func (a *app) roundtrip() *cobra.Command {
	t := &roundtrip{app: a}
	cmd := verb("roundtrip [FILES…] PACKET…", "Whether the answer to a packet comes back", roundtripLong, func(_ *cobra.Command, args []string) error { return t.run(args) })
	cmd.Example = `  packetpath roundtrip -node node/ 'eth0: tcp 192.0.2.9 > 192.0.2.7:443'`
	f := cmd.Flags()
	t.flags(f)
	t.asked(f)
	f.StringVar(&t.back, "back", "", "the `link` that the answer arrives by")
	f.Uint64Var(&t.seed, "seed", 0, "seed of the random source, which decides what rules match at random")
	return cmd
}

// trip is the JSON form of a packet and the reply to it.
type trip struct {
	Packet  string        `json:"packet"`
	Answer  string        `json:"answer"`
	Reason  string        `json:"reason"`
	Passed  bool          `json:"passed"` // an answer other than a refusal reached the sender
	Forward *answer       `json:"forward"`
	Reply   string        `json:"reply,omitempty"`
	Back    *answer       `json:"back,omitempty"`
	Conns   []string      `json:"conns,omitempty"`
	Notes   []source.Note `json:"notes"`
}

func (t *roundtrip) run(args []string) error {
	node, ps, err := t.ask(&t.question, args)
	if err != nil {
		return err
	}
	if !t.json {
		t.printNotes(node.Notes)
	}
	status := statusYes
	for _, p := range ps {
		one, err := t.follow(node, p)
		if err != nil {
			return err
		}
		if t.strict {
			if err := strictly(one.Notes[len(node.Notes):]); err != nil {
				return err
			}
		}
		if !one.Passed {
			status = statusNo
		}
		if t.json {
			if err := t.object(one); err != nil {
				return err
			}
			continue
		}
		t.print(node, one)
	}
	return t.done(status)
}

// follow sends a packet and its answer.
func (t *roundtrip) follow(node *source.Node, p *packets.Packet) (*trip, error) {
	session, err := node.Session(simulate.WithSeed(t.seed))
	if err != nil {
		return nil, err
	}
	r := send(session, p)
	if r.Err != nil {
		return nil, r.Err
	}
	out := &trip{Packet: p.String(), Forward: t.answer(node, p, r), Notes: slices.Clone(node.Notes)}
	out.Forward.Notes = append(out.Forward.Notes, settingNotes(node, p, r)...)
	out.Notes = append(out.Notes, out.Forward.Notes...)
	if err := t.comeBack(node, session, p, r, out); err != nil {
		return nil, err
	}
	for c := range session.Conns() {
		out.Conns = append(out.Conns, c.String())
	}
	return out, nil
}

// comeBack follows the replies.
func (t *roundtrip) comeBack(node *source.Node, session *simulate.Session, p *packets.Packet, r *simulate.Result, out *trip) error {
	switch {
	case !r.Fate.Passed():
		out.Answer, out.Reason = "the packet itself does not get through: "+out.Forward.Answer, "forward-"+out.Forward.Reason
		return nil
	case r.OutDev == "" || r.Fate == simulate.Delivered:
		t.answeredByHost(node, p, r, out)
		return nil
	}
	reply := r.Reply()
	if !reply.IsValid() {
		out.Answer, out.Reason, out.Passed = "the packet gets through, and nobody answers such a packet: "+out.Forward.Answer, "no-reply", true
		return nil
	}
	dev := r.OutDev
	if t.back != "" {
		dev = t.back
	}
	q := &packets.Packet{Dev: dev, Packet: reply}
	out.Reply = q.String()
	b := session.Receive(dev, reply)
	if b.Err != nil {
		return b.Err
	}
	out.Back = t.answer(node, q, b)
	out.Notes = append(out.Notes, out.Back.Notes...)
	out.Answer, out.Reason, out.Passed = judge(p, b, out.Back)
	return nil
}

// answeredByHost evaluates the replies of the host itself.
func (t *roundtrip) answeredByHost(node *source.Node, p *packets.Packet, r *simulate.Result, out *trip) {
	if len(r.Answers) == 0 {
		if r.Packet.Proto() == packet.ProtoTCP || r.Packet.Proto() == packet.ProtoUDP {
			out.Answer, out.Reason, out.Passed = "the packet is delivered to a socket of the host, whose program answers", "delivered", true
			return
		}
		out.Answer, out.Reason = "the packet is delivered, and the host answers nothing", "no-answer"
		for _, c := range r.Caused {
			out.Answer = "the packet is delivered, and the host's answer is lost: " + c.String()
		}
		return
	}
	a := &r.Answers[0]
	out.Reply = a.Dev + ": " + answerText(a)
	out.Passed = a.Dst() == p.Packet.Src() && a.Src() == p.Packet.Dst()
	out.Answer, out.Reason = "the host answers by "+a.Dev+" as "+answerText(a), "answered"
	if refused(node, r) != nil {
		out.Answer, out.Reason, out.Passed = "the host refuses the packet by "+a.Dev+" as "+answerText(a), "refused", false
	} else if !out.Passed {
		out.Answer += ": not from the address that the packet was for, " + p.Packet.Dst().String()
		out.Reason = "wrong-address"
	}
}

// judge reports whether the reply reached the sender with the addresses that it expects.
func judge(p *packets.Packet, b *simulate.Result, back *answer) (text, code string, ok bool) {
	switch {
	case !b.Fate.Passed():
		return "the answer does not come back: " + back.Answer, "back-" + back.Reason, false
	case b.Packet.Dst() != p.Packet.Src() || b.Packet.DstPort() != p.Packet.SrcPort():
		return fmt.Sprintf("the reply goes to another host: it is for %s, not for the sender %s", b.Packet.String(), p.Packet.Src()), "wrong-receiver", false
	case b.Packet.Src() != p.Packet.Dst() || b.Packet.SrcPort() != p.Packet.DstPort():
		return fmt.Sprintf("the answer comes back with another address: the sender expects it from %s, and gets %s", p.Packet.Dst(), b.Packet.String()), "wrong-address", false
	case p.Dev != "" && b.OutDev != "" && b.OutDev != p.Dev:
		return fmt.Sprintf("the answer comes back, but by %s and not by %s, where the packet came from: %s", b.OutDev, p.Dev, back.Answer), "other-link", true
	}
	return "the answer comes back: " + back.Answer, "back", true
}

func (t *roundtrip) print(node *source.Node, out *trip) {
	code := bold + red
	if out.Passed {
		code = bold + green
	}
	t.line(0, t.paint(code, out.Answer))
	t.line(0, t.paint(bold, "there: "), t.paint("", out.Packet))
	t.first2(out.Forward)
	t.path(4, out.Forward.Result, &misses{})
	if out.Back != nil {
		t.line(0, t.paint(bold, "back:  "), t.paint("", out.Reply))
		t.first2(out.Back)
		t.path(4, out.Back.Result, &misses{})
	}
	for _, c := range out.Conns {
		t.line(0, t.paint(bold, "connection: "), t.paint("", c))
	}
	t.printNotes(out.Notes[len(node.Notes):])
}

// first2 prints an answer below the one of the round trip.
func (a *app) first2(ans *answer) {
	a.line(2, a.paint("", ans.Answer))
	for _, b := range append(ans.Because, ans.Names...) {
		a.line(4, a.paint("", b))
	}
}
