package simulate

import (
	"bytes"
	"encoding/hex"
	"encoding/json"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// resultJSON is the stable JSON form of a Result. Fields may be added; existing fields
// do not change their meaning.
type resultJSON struct {
	Fate        string       `json:"fate"`                 // as Fate.String
	Passed      bool         `json:"passed"`               // delivered, forwarded or sent
	By          stepJSON     `json:"by"`                   // the deciding step
	Summary     string       `json:"summary"`              // the answer in one line
	Packet      *packetJSON  `json:"packet,omitempty"`     // as it left, was delivered or was dropped
	OutDev      string       `json:"outDev,omitempty"`     // link it left by
	Answers     []packetJSON `json:"answers,omitempty"`    // the host's own packets
	Copies      []*Result    `json:"copies,omitempty"`     // that a bridge flooded or TEE made
	Chance      float64      `json:"chance"`               // probability of this path
	Probability string       `json:"probability"`          // the same, exactly, as a fraction
	RandomPort  bool         `json:"randomPort,omitempty"` // a port was drawn at random from a large range
	Path        []stepJSON   `json:"path"`
	Logs        []string     `json:"logs,omitempty"`  // lines of LOG rules
	Trace       []string     `json:"trace,omitempty"` // lines of the kernel's TRACE
	Assumptions []string     `json:"assumptions,omitempty"`
	SendError   string       `json:"sendError,omitempty"`
	Error       string       `json:"error,omitempty"` // why the fate is undecided
}

type stepJSON struct {
	Hook    string `json:"hook"`
	In      string `json:"in,omitempty"`
	Out     string `json:"out,omitempty"`
	Place   string `json:"place,omitempty"`   // table:CHAIN:rule:number, as the kernel's trace has it
	Backend string `json:"backend,omitempty"` // "nf_tables" for tables of iptables-nft
	Text    string `json:"text"`              // the rule, or what was decided
	Change  string `json:"change,omitempty"`
	Verdict string `json:"verdict,omitempty"`
	File    string `json:"file,omitempty"` // where the rule was read
	Line    int    `json:"line,omitempty"`
}

type packetJSON struct {
	Dev   string `json:"dev,omitempty"` // of answers: the link
	Proto string `json:"proto"`
	Src   string `json:"src"`
	Dst   string `json:"dst"`
	SPort uint16 `json:"sport,omitempty"`
	DPort uint16 `json:"dport,omitempty"`
	TTL   uint8  `json:"ttl"`
	TOS   uint8  `json:"tos"`
	Mark  uint32 `json:"mark"`
	Wire  string `json:"wire"` // the bytes in hex
}

// MarshalJSON implements json.Marshaler. The schema is stable: fields may be added;
// existing fields do not change their meaning.
//
//	fate         as Fate.String: "forwarded", "dropped", …
//	passed       whether the packet got through
//	by           the deciding step, as in path
//	summary      the answer in one line
//	packet       as it left, was delivered or was dropped: proto, src, dst,
//	             sport, dport, ttl, tos, mark, and wire, its bytes in hex
//	outDev       the link it left by
//	answers      packets that the host generated, with dev, the output link of each
//	copies       results of the copies that TEE made or a bridge flooded, in this form
//	chance       probability of the path as a number
//	probability  the same as an exact fraction
//	randomPort   whether a port was drawn at random from a large range
//	path         the steps: hook, in, out, place ("nat:KUBE-SERVICES:rule:9"),
//	             text, change, verdict, and file and line of the rule
//	logs, trace  lines of LOG rules and of TRACE
//	assumptions  facts that affected the result and were assumed
//	sendError    error that a local sender receives
//	error        why the fate is "undecided"
//
// Fields without a value are omitted, except the first four, chance, probability and
// path.
func (r *Result) MarshalJSON() ([]byte, error) {
	j := resultJSON{Fate: r.Fate.String(), Passed: r.Fate.Passed(), Summary: r.String(), OutDev: r.OutDev, Chance: r.Chance, Probability: r.Probability().RatString(), RandomPort: r.RandomPort,
		Logs: r.Logs(), SendError: r.SendError}
	for i, l := range r.Explain() {
		j.Path = append(j.Path, newStepJSON(&r.Steps[i], l))
	}
	if r.path.decisive < len(j.Path) {
		j.By = j.Path[r.path.decisive]
	}
	if r.Packet.IsValid() {
		j.Packet = newPacketJSON(&r.Packet)
		j.Trace = r.Trace()
	}
	for i := range r.Answers {
		j.Answers = append(j.Answers, *newPacketJSON(&r.Answers[i]))
	}
	for _, c := range r.log.copies {
		j.Copies = append(j.Copies, c.res)
	}
	for _, a := range r.Assumptions {
		j.Assumptions = append(j.Assumptions, a.String())
	}
	if r.Err != nil {
		j.Error = r.Err.Error()
	}
	return json.Marshal(j)
}

func newStepJSON(s *Step, l Line) stepJSON {
	j := stepJSON{Hook: l.Hook, In: s.In, Out: s.Out, Place: l.Place, Text: l.Text, Change: l.Change, Verdict: l.Verdict}
	if l.Backend != netfilter.Legacy {
		j.Backend = l.Backend.String()
	}
	if s.Rule != nil {
		j.File, j.Line = s.Rule.Pos.File, s.Rule.Pos.Line
	}
	return j
}

func newPacketJSON(p *netfilter.Packet) *packetJSON {
	return &packetJSON{Dev: p.Dev, Proto: packet.ProtocolName(p.Proto()), Src: p.Src().String(), Dst: p.Dst().String(),
		SPort: p.SrcPort(), DPort: p.DstPort(), TTL: p.TTL(), TOS: p.TOS(), Mark: p.Mark, Wire: hex.EncodeToString(p.Wire())}
}

// Equal reports whether both results have the same fate and path, including the bytes
// of the packets and the file positions of the rules: whether their JSON is the same.
func (r Result) Equal(o Result) bool {
	a, errA := json.Marshal(&r)
	b, errB := json.Marshal(&o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}
