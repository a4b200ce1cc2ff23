package generatortest_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/generatortest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// forwards are ports of the host that lead to pods.
type forwards map[int]string

var ports = []int{80, 81, 443}

// program keeps a chain for each port; mistakes can be planted in it.
type program struct {
	written forwards
	mistake string
}

func (p *program) sync(h *iptablestest.Host, want forwards) error {
	var b strings.Builder
	b.WriteString("*nat\n")
	if p.written == nil {
		b.WriteString("-A PREROUTING -d 192.0.2.7 -p tcp -j FORWARDS\n:FORWARDS - [0:0]\n")
	}
	for _, port := range ports {
		to, was := want[port], p.written[port]
		rule := fmt.Sprintf("FORWARDS -p tcp --dport %d -j DNAT --to-destination ", port)
		switch {
		case to == was || to != "" && was != "" && p.mistake == "changes are forgotten":
			continue
		case was != "" && p.mistake != "old rules stay":
			b.WriteString("-D " + rule + was + "\n")
		}
		if to != "" {
			b.WriteString("-A " + rule + to + "\n")
		}
	}
	b.WriteString("COMMIT\n")
	text := b.String()
	if p.written == nil {
		text = strings.Replace(text, "-A PREROUTING -d 192.0.2.7 -p tcp -j FORWARDS\n:FORWARDS - [0:0]\n", ":FORWARDS - [0:0]\n-A PREROUTING -d 192.0.2.7 -p tcp -j FORWARDS\n", 1)
	}
	p.written = maps.Clone(want)
	return h.Restore(netfilter.IPv4, text)
}

func trial(mistake string) *generatortest.Trial[forwards] {
	return &generatortest.Trial[forwards]{
		Host:  "link eth0 192.0.2.7/24; link cni0 10.244.1.1/24",
		Start: func() forwards { return forwards{} },
		Change: func(c *generatortest.Choices, s forwards) (forwards, string) {
			next := maps.Clone(s)
			port, to := generatortest.One(c, ports...), generatortest.One(c, "", "10.244.1.2:8080", "10.244.1.3:8080")
			if next[port] = to; to == "" {
				delete(next, port)
			}
			return next, fmt.Sprintf("port %d goes to %q", port, to)
		},
		Generator: func() generatortest.Generator[forwards] { return (&program{mistake: mistake}).sync },
		Packet: func(c *generatortest.Choices, s forwards) string {
			return fmt.Sprintf("eth0: tcp 192.0.2.9:%d > 192.0.2.7:%d", 4000+c.Below(100), generatortest.One(c, append(slices.Clone(ports), 8080)...))
		},
		Model: func(s forwards, p generatortest.Packet) simtest.Want {
			if to := s[int(p.DstPort())]; to != "" {
				return simtest.ForwardedTo(to)
			}
			return simtest.DeliveredTo("192.0.2.7")
		},
		Continued: func(_ forwards, c generatortest.Connection[forwards], _ generatortest.Packet) simtest.Want {
			if c.Result.Fate == simulate.Forwarded {
				return simtest.Passed()
			}
			return simtest.Want{}
		},
	}
}

func TestSoundProgram(t *testing.T) { trial("").Run(t, 1, 20) }

func FuzzSoundProgram(f *testing.F) { trial("").Fuzz(f) }

// TestMistakes finds what is planted, and shortens it.
func TestMistakes(t *testing.T) {
	for mistake, most := range map[string]int{"old rules stay": 3, "changes are forgotten": 3} {
		t.Run(mistake, func(t *testing.T) {
			tr := trial(mistake)
			var failure *generatortest.Failure
			for seed := range uint64(20) {
				if errors.As(tr.Try(generatortest.Sequence(seed)), &failure) {
					break
				}
			}
			require.NotNil(t, failure, "the mistake is not found")
			changes := 0
			for _, s := range failure.Steps {
				if strings.HasPrefix(s, "port ") {
					changes++
				}
			}
			assert.LessOrEqual(t, changes, most, failure.Error())
			assert.Contains(t, failure.Casefile, "-- host --\nlink eth0 192.0.2.7/24\nlink cni0 10.244.1.1/24\n-- rules --\n")
			if mistake == "old rules stay" { // the other one makes the program fail
				assert.Contains(t, failure.Casefile, "-- packets --\neth0: tcp 192.0.2.9:")
			}
			_, err := iptablestest.Parse(failure.Casefile)
			require.NoError(t, err)
		})
	}
}
