package publish

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/generatortest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

const machine = "link eth0 192.0.2.7/24; link docker0 172.17.0.1/16"

var (
	web = Port{"tcp", 80, netip.MustParseAddrPort("172.17.0.2:8080")}
	dns = Port{"udp", 53, netip.MustParseAddrPort("172.17.0.3:53")}
)

func TestFlows(t *testing.T) {
	live := simtest.Live{Host: simtest.Host(t, machine)}
	var p Publisher
	live.Restore(t, p.Text([]Port{web}))
	live.Restore(t, p.Text([]Port{web, dns}))
	const client, host = "192.0.2.9", "192.0.2.7"
	simtest.Flows{
		{"a published port", client, "tcp", host, 80, "172.17.0.2:8080", false},
		{"another one", client, "udp", host, 53, "172.17.0.3:53", false},
		{"the other protocol", client, "udp", host, 80, "", false},
		{"a port of the host", client, "tcp", host, 22, "", false},
		{"past the host", client, "tcp", "172.17.0.2", 8080, "DROP", false},
		{"from one container to another", "172.17.0.9", "tcp", host, 80, "172.17.0.2:8080", false},
	}.Run(t, live.Node(t))

	live.Restore(t, p.Text([]Port{dns}))
	simtest.Flows{{"no longer published", client, "tcp", host, 80, "", false}}.Run(t, live.Node(t))
}

// trial takes publishers from one list of ports to another. The texts go through
// spoil, which plants mistakes; nil leaves them as they are.
func trial(spoil func(string) string) *generatortest.Trial[[]Port] {
	return &generatortest.Trial[[]Port]{
		Host:  machine,
		Start: func() []Port { return nil },
		Change: func(c *generatortest.Choices, ports []Port) ([]Port, string) {
			port := Port{generatortest.One(c, "tcp", "udp"), generatortest.One[uint16](c, 53, 80, 8080),
				netip.AddrPortFrom(netip.AddrFrom4([4]byte{172, 17, 0, byte(2 + c.Below(3))}), generatortest.One[uint16](c, 53, 8080))}
			next := slices.DeleteFunc(slices.Clone(ports), func(p Port) bool { return p.Protocol == port.Protocol && p.Number == port.Number })
			if len(next) < len(ports) && c.In(2) {
				return next, fmt.Sprintf("%s %d is no longer published", port.Protocol, port.Number)
			}
			return append(next, port), fmt.Sprintf("%s %d is published as %s", port.Protocol, port.Number, port.To)
		},
		Generator: func() generatortest.Generator[[]Port] {
			var p Publisher
			return func(h *iptablestest.Host, ports []Port) error {
				text := p.Text(ports)
				if spoil != nil {
					text = spoil(text)
				}
				return h.Restore(netfilter.IPv4, text)
			}
		},
		Packet: func(c *generatortest.Choices, _ []Port) string {
			to := generatortest.One(c, "192.0.2.7", "192.0.2.7", "172.17.0.2", "172.17.0.3")
			return fmt.Sprintf("eth0: %s 192.0.2.9:4000 > %s:%d", generatortest.One(c, "tcp", "udp"), to, generatortest.One(c, 53, 80, 8080, 22))
		},
		Model: func(ports []Port, p generatortest.Packet) simtest.Want {
			if p.Dst() != netip.MustParseAddr("192.0.2.7") {
				return simtest.Dropped()
			}
			for _, port := range ports {
				if strings.HasPrefix(p.Text, "eth0: "+port.Protocol) && p.DstPort() == port.Number {
					return simtest.All(simtest.ForwardedTo(port.To.String()), simtest.NotMasqueraded(), simtest.Reply(simtest.From("192.0.2.7"), simtest.Passed()))
				}
			}
			return simtest.Delivered()
		},
		Continued: func(_ []Port, c generatortest.Connection[[]Port], _ generatortest.Packet) simtest.Want {
			if c.Idle > 0 {
				return simtest.Want{}
			}
			return simtest.Passed() // whatever is published now
		},
	}
}

func TestStates(t *testing.T) { trial(nil).Run(t, 1, 10) }

func FuzzPublisher(f *testing.F) { trial(nil).Fuzz(f) }

// mistakes are what can go wrong in the texts.
var mistakes = map[string]func(string) string{
	"what was published stays": func(s string) string {
		if strings.Contains(s, "PREROUTING") {
			return s
		}
		return strings.Replace(s, ":PUBLISH - [0:0]\n", "", 1)
	},
	"every port leads to the first container": func(s string) string {
		return strings.ReplaceAll(s, "172.17.0.4", "172.17.0.2")
	},
	"udp is forgotten":               func(s string) string { return without(s, "PUBLISH -p udp") },
	"containers are open to the net": func(s string) string { return strings.ReplaceAll(s, " -m conntrack --ctstate DNAT", "") },
	"the port of the container is taken for the host's": func(s string) string {
		return strings.ReplaceAll(s, "--dport 80 -j DNAT", "--dport 8080 -j DNAT")
	},
	"answers are dropped": func(s string) string { return without(s, "ESTABLISHED") },
}

func without(text, words string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, words) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestMistakesAreFound(t *testing.T) {
	for name, spoil := range mistakes {
		t.Run(name, func(t *testing.T) { require.NotNil(t, find(trial(spoil)), "not found") })
	}
}

// find tries sequences until one fails.
func find[S any](tr *generatortest.Trial[S]) *generatortest.Failure {
	var f *generatortest.Failure
	for seed := range uint64(30) {
		if errors.As(tr.Try(generatortest.Sequence(seed)), &f) {
			break
		}
	}
	return f
}
