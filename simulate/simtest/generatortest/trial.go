package generatortest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// Generator makes the rules on a host those of a state, from those of the state
// that it was called with before. It runs commands, restores texts or calls
// methods of the host, as the program under test does.
type Generator[S any] func(h *iptablestest.Host, s S) error

// Packet is a packet that was drawn.
type Packet struct {
	netfilter.Packet
	Text string // as drawn
	Dev  string // the link it arrives by; "" for one that a local process sends
}

// Connection is a connection that was opened.
type Connection[S any] struct {
	Then   S // the state when it was opened
	First  Packet
	Result *simulate.Result // of the first packet
	// Idle is the longest time without a packet of it so far. The kernel forgets
	// connections that are idle for long.
	Idle time.Duration
}

// Trial says how a program that writes rules is tested, for states of type S. All
// but the last three fields must be given.
type Trial[S any] struct {
	// Host describes the host, which has no rules, as host.Parse reads it.
	Host string
	// Start returns the first state.
	Start func() S
	// Change draws a change and returns the state after it and what the change is;
	// "" says that nothing has changed. The state given must stay as it is.
	Change func(c *Choices, s S) (S, string)
	// Generator returns the program as it is when it begins to work on a host that
	// has no rules.
	Generator func() Generator[S]
	// Packet draws a packet, in the language of parser.ParsePacket. Its choices
	// should be few: a kind of client, one of the places that the state is about.
	Packet func(c *Choices, s S) string
	// Model returns what a packet should come to that begins a connection.
	Model func(s S, p Packet) simtest.Want

	// Continued returns what a further packet of a connection should come to.
	// Without it connections are opened, but nothing is asked of what follows.
	Continued func(now S, c Connection[S], p Packet) simtest.Want
	// Check looks at the host after each update, for chains left behind, say.
	Check func(h *iptablestest.Host, s S) error
	// Options are for reading rules, such as parser.Extensions.
	Options []parser.Option
}

// stepBytes is how many bytes of choices a step has.
const stepBytes = 16

// sequenceSteps is how many steps a sequence has that Run draws.
const sequenceSteps = 40

// Run runs sequences drawn from seeds, n of them from the first on, each as a
// subtest. A sequence that fails is shortened first.
func (tr *Trial[S]) Run(t *testing.T, first uint64, n int) {
	t.Helper()
	for seed := first; seed < first+uint64(n); seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Helper()
			if err := tr.Try(Sequence(seed)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Fuzz lets the fuzzer draw sequences, beginning with a few from seeds.
func (tr *Trial[S]) Fuzz(f *testing.F) {
	f.Helper()
	for seed := range uint64(8) {
		f.Add(Sequence(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := tr.Try(data); err != nil {
			t.Fatal(err)
		}
	})
}

// Sequence draws the choices of a sequence, for [Trial.Try].
func Sequence(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, stepBytes*sequenceSteps)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// Try runs the sequence of steps that bytes decide, and returns nil or, for the
// shortest sequence that fails like it, what is wrong: a [*Failure].
func (tr *Trial[S]) Try(data []byte) error {
	steps := stepsOf(data)
	if tr.run(steps) == nil {
		return nil
	}
	return tr.run(shortest(steps, func(s []step) bool { return tr.run(s) != nil }))
}

// step is a step of a sequence: what it does, and its choices.
type step []byte

func stepsOf(data []byte) (steps []step) {
	for len(data) > 0 {
		n := min(stepBytes, len(data))
		steps = append(steps, step(data[:n:n]))
		data = data[n:]
	}
	return steps
}
