package command

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

// where is the verb of that name.
type where struct {
	*app
	question
	seed                     uint64
	trace, branches, explain bool
	node                     *source.Node
}

const whereLong = `Says where packets would go on a host, and which rule decided.

FILES are what tools print of the host, in any number, told apart by content; "-" is
standard input, a directory stands for the files in it, and nat:FILE names the table
of a listing that does not say it:
  rules     iptables-save, iptables -S, iptables -L -n -v, iptables-xml, scripts
            and histories of iptables commands, nft list ruleset
  host      ip addr, ip route show table all, ip rule, with or without -json;
            sysctl -a; ipset save or list; conntrack -L; ss -lntup;
            ip neigh; ip xfrm policy
  names     kubectl get svc,endpointslices -A -o yaml

PACKET is best quoted. It may be written as
  eth0: tcp 192.0.2.9:5000 > 192.0.2.7:443 syn      arrives by eth0
  udp 10.0.0.1 -> 10.96.0.10:domain                 sent by a local process
  -i eth0 -p tcp -s 192.0.2.9 -d 192.0.2.7 --dport 443
  ip route get 192.0.2.7 from 192.0.2.9 iif eth0
or be a line of tcpdump -n, of a TRACE or of a LOG rule; ttl 3, mark 0x1, tos, uid,
payload "…" and so on may follow. Several packets are answered one after the other,
each on its own; packetpath talk holds conversations.`

func (a *app) where() *cobra.Command {
	w := &where{app: a}
	cmd := verb("where [FILES…] PACKET…", "Where a packet goes, and why", whereLong, func(_ *cobra.Command, args []string) error { return w.run(args) })
	cmd.Example = `  packetpath where rules.v4 addr.json route.json 'eth0: tcp 192.0.2.9 > 192.0.2.7:443'
  iptables -L -n -v | packetpath where - 'eth0: tcp 192.0.2.9 > 192.0.2.7:443'
  packetpath where -node node/ -pcap lost.pcap -link eth0`
	f := cmd.Flags()
	w.flags(f)
	w.asked(f)
	f.Uint64Var(&w.seed, "seed", 0, "seed of the random source, which decides what rules match at random")
	f.BoolVar(&w.branches, "branches", false, "all random outcomes, each with its probability")
	f.BoolVar(&w.explain, "explain", false, "also the rules that did not match, with the condition that failed")
	f.BoolVar(&w.trace, "trace", false, "the lines of the kernel's TRACE log instead of the path")
	return cmd
}

func (w *where) run(args []string) error {
	node, ps, err := w.ask(&w.question, args)
	if err != nil {
		return err
	}
	w.node = node
	if !w.json {
		w.printNotes(node.Notes)
	}
	status := statusYes
	for i, p := range ps {
		if i > 0 && !w.json {
			fmt.Fprintln(w.Out)
		}
		s, err := w.one(p, len(ps) > 1)
		if err != nil {
			return err
		}
		status = max(status, s)
	}
	return w.done(status)
}

// one answers for one packet.
func (w *where) one(p *packets.Packet, several bool) (int, error) {
	if several && !w.json {
		w.line(0, w.paint(bold, p.String()))
	}
	if w.branches {
		return w.every(p)
	}
	seen := &misses{}
	opts := []simulate.SessionOption{simulate.WithSeed(w.seed)}
	if w.explain {
		opts = append(opts, simulate.WithVisits(seen.add))
	}
	session, err := w.node.Session(opts...)
	if err != nil {
		return 0, err
	}
	r := send(session, p)
	if r.Err != nil {
		return 0, r.Err
	}
	ans := w.answer(w.node, p, r)
	ans.Notes = append(ans.Notes, settingNotes(w.node, p, r)...)
	if w.strict {
		if err := strictly(ans.Notes); err != nil {
			return 0, err
		}
	}
	switch {
	case w.json:
		ans.Notes = append(w.node.Notes, ans.Notes...)
		return ans.status(), w.object(ans)
	case w.trace:
		w.first(ans)
		for _, l := range r.Trace() {
			fmt.Fprintln(w.Out, "TRACE: "+source.Printable(l))
		}
	default:
		w.first(ans)
		w.path(0, r, seen)
		w.printNotes(ans.Notes)
	}
	return ans.status(), nil
}

// send has a packet arrive or be sent.
func send(s *simulate.Session, p *packets.Packet) *simulate.Result {
	if p.Dev == "" {
		return s.Send(p.Packet)
	}
	return s.Receive(p.Dev, p.Packet)
}

// object prints a value as one line of JSON.
func (a *app) object(v any) error {
	e := json.NewEncoder(a.Out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// every enumerates the random outcomes, and groups those with the same result.
func (w *where) every(p *packets.Packet) (int, error) {
	session, err := w.node.Session(simulate.WithSeed(w.seed))
	if err != nil {
		return 0, err
	}
	status := statusYes
	var failed error
	outcomes := simulate.Outcomes(session.Branches(p.Dev, p.Packet), func(r *simulate.Result) string {
		if r.Err != nil && failed == nil {
			failed = r.Err
		}
		if !r.Fate.Passed() {
			status = statusNo
		}
		return ending(r)
	})
	if failed != nil {
		return 0, failed
	}
	if w.json {
		return status, w.object(w.branchesOf(p, outcomes))
	}
	w.line(0, w.paint(bold, count(len(outcomes), "outcome")))
	for _, out := range outcomes {
		code := red
		if out.Branches[0].Fate.Passed() {
			code = green
		}
		w.line(0, fmt.Sprintf("%8.4f%%  ", 100*out.Chance()), w.paint(code, out.Key))
		w.line(11, fmt.Sprintf("%s of %s; the path of the first:", out.Least.RatString(), count(len(out.Branches), "way")))
		w.path(11, out.Branches[0], &misses{})
	}
	w.printNotes(w.answer(w.node, p, outcomes[0].Branches[0]).Notes)
	return status, nil
}

// ending returns the outcome of a branch in words.
func ending(r *simulate.Result) string {
	s := r.Fate.String()
	if !r.Fate.Passed() {
		return s
	}
	if r.OutDev != "" {
		s += " by " + r.OutDev
	}
	return s + " as " + r.Packet.String()
}

// outcome is one of them in JSON.
type outcomeJSON struct {
	Ending      string   `json:"ending"`
	Passed      bool     `json:"passed"`
	Chance      float64  `json:"chance"`
	Probability string   `json:"probability"`
	Ways        int      `json:"ways"`
	First       *answer  `json:"first"`
	Rules       []string `json:"rules,omitempty"`
}

type branchesJSON struct {
	Packet   string        `json:"packet"`
	Outcomes []outcomeJSON `json:"outcomes"`
	Notes    []source.Note `json:"notes"`
}

func (w *where) branchesOf(p *packets.Packet, outcomes []simulate.Outcome[string]) branchesJSON {
	j := branchesJSON{Packet: p.String(), Notes: w.node.Notes}
	for _, out := range outcomes {
		j.Outcomes = append(j.Outcomes, outcomeJSON{Ending: out.Key, Passed: out.Branches[0].Fate.Passed(), Chance: out.Chance(), Probability: out.Least.RatString(),
			Ways: len(out.Branches), First: w.answer(w.node, p, out.Branches[0])})
	}
	return j
}
