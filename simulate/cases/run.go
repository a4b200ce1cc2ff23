package cases

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// Runner runs the cases of a file.
type Runner struct {
	// Session returns a new session of the host.
	Session func() (*simulate.Session, error)
	// Packet parses a packet; nil stands for parser.ParsePacket.
	Packet func(text string) (dev string, p packet.Packet, err error)
	// Nearest adds the rule that came nearest to matching to failures.
	Nearest bool

	sessions map[int]*talk
}

// talk is a session with the result of its last packet.
type talk struct {
	session *simulate.Session
	last    *simulate.Result
}

// Report is the result of a case.
type Report struct {
	Case   *Case
	Err    error    // the case could not be run
	Got    []string // the complete result
	Failed []Failure
	Ways   []*simulate.Result // the branches
}

// Passed reports whether the result is the expected one.
func (r *Report) Passed() bool { return r.Err == nil && len(r.Failed) == 0 }

// Failure is a condition that does not hold, or a complete result that differs.
type Failure struct {
	Line int    // number of its line
	Want string // its text
	Got  string // the branch in one line, or the complete result
	Path string // the branch in which it does not hold, as %+v prints a result
	Near string // the rule that came nearest to matching; "" for none
}

// Run runs a case. Those of one session must be run in order.
func (x *Runner) Run(c *Case) *Report {
	rep := &Report{Case: c}
	if c == nil || x.Session == nil {
		rep.Err = errors.New("a runner needs a case, and a function that starts sessions")
		return rep
	}
	t, err := x.talk(c)
	if err != nil {
		rep.Err = err
		return rep
	}
	if t.session == nil {
		rep.Err = errors.New("the function that starts sessions returned none")
		return rep
	}
	if c.waits() {
		d, err := time.ParseDuration(strings.TrimSpace(strings.TrimPrefix(c.Text, "wait ")))
		if err != nil || d < 0 {
			rep.Err = fmt.Errorf("%q: need a time such as 30s or 2m", c.Text)
			return rep
		}
		t.session.Advance(d)
		return rep
	}
	dev, p, err := x.packet(c, t)
	if err != nil {
		rep.Err = err
		return rep
	}
	before := t.session.Clone()
	for r := range before.Branches(dev, p) {
		rep.Ways = append(rep.Ways, r)
		if r.Err != nil && !c.Exact() {
			rep.Err = r.Err
			return rep
		}
	}
	for _, r := range rep.Ways {
		rep.Got = append(rep.Got, describe(r, c.traced())...)
	}
	x.check(rep, before)
	if dev == "" {
		t.last = t.session.Send(p)
	} else {
		t.last = t.session.Receive(dev, p)
	}
	return rep
}

func (x *Runner) talk(c *Case) (*talk, error) {
	if c.Session == 0 {
		s, err := x.Session()
		return &talk{session: s}, err
	}
	if t := x.sessions[c.Session]; t != nil {
		return t, nil
	}
	s, err := x.Session()
	if err != nil {
		return nil, err
	}
	if x.sessions == nil {
		x.sessions = map[int]*talk{}
	}
	t := &talk{session: s}
	x.sessions[c.Session] = t
	return t, nil
}

func (x *Runner) packet(c *Case, t *talk) (string, packet.Packet, error) {
	if c.Text == "reply" {
		switch {
		case t.last == nil:
			return "", packet.Packet{}, fmt.Errorf("no packet was sent that could be replied to")
		case t.last.OutDev == "":
			return "", packet.Packet{}, fmt.Errorf("the packet before did not leave the host (%s), so nobody replies", t.last)
		}
		p := t.last.Reply()
		if !p.IsValid() {
			return "", p, fmt.Errorf("nobody replies to the packet before: %s", t.last.Packet.String())
		}
		return t.last.OutDev, p, nil
	}
	read := x.Packet
	if read == nil {
		read = parser.ParsePacket
	}
	return read(c.Text)
}

func (c *Case) traced() bool {
	return slices.ContainsFunc(c.Golden, func(l string) bool { return strings.HasPrefix(l, "TRACE") })
}

// check compares the branches with the expected result. The session is as it was before
// the packet.
func (x *Runner) check(rep *Report, before *simulate.Session) {
	c := rep.Case
	if c.Exact() {
		if len(c.Golden) == 0 || rep.asExpected() {
			return
		}
		rep.Failed = append(rep.Failed, Failure{Line: c.Line + 1, Want: strings.Join(c.Golden, "\n"), Got: strings.Join(rep.Got, "\n"), Path: fmt.Sprintf("%+v", rep.Ways[0])})
		return
	}
	for _, w := range c.Want {
		if bad := w.fails(rep.Ways); bad != nil {
			f := Failure{Line: w.Line, Want: w.Text, Got: bad.String(), Path: fmt.Sprintf("%+v", bad)}
			if x.Nearest {
				f.Near = nearest(bad, before)
			}
			rep.Failed = append(rep.Failed, f)
		}
	}
}

// fails returns a branch in which a condition does not hold, nil if there is none.
func (w *Want) fails(ways []*simulate.Result) *simulate.Result {
	var chance *big.Rat
	var list []string
	for _, t := range splitTerms(w.Text) {
		if name, value, _ := cutTerm(t); name == "chance" {
			chance, _ = new(big.Rat).SetString(value)
			continue
		}
		list = append(list, t)
	}
	sum := new(big.Rat)
	var bad *simulate.Result
	for _, r := range ways {
		if slices.ContainsFunc(list, func(t string) bool { return !holds(t, r) }) {
			bad = r
			continue
		}
		sum.Add(sum, r.Probability())
	}
	if chance == nil {
		return bad
	}
	if off := new(big.Rat).Sub(sum, chance); off.Abs(off).Cmp(big.NewRat(1, 1_000_000)) <= 0 {
		return nil
	}
	if bad == nil {
		bad = ways[0]
	}
	return bad
}

// asExpected reports whether the complete result is the one of the file, which may name
// rules by their places or by their texts.
func (r *Report) asExpected() bool {
	if slices.Equal(r.Case.Golden, r.Got) {
		return true
	}
	var places []string
	for _, way := range r.Ways {
		places = append(places, describeBy(way, r.Case.traced(), placeOf)...)
	}
	return slices.Equal(r.Case.Golden, places)
}
