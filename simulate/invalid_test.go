package simulate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// TestWhyInvalid holds that a packet with state INVALID is told why: by what is wrong with
// it, by the state of its connection, or by the setting that decides.
func TestWhyInvalid(t *testing.T) {
	const (
		syn    = "tcp 192.0.2.1:1 > 192.0.2.2:2 syn"
		synAck = "tcp 192.0.2.2:2 > 192.0.2.1:1 syn,ack ackno 1"
		ack    = "tcp 192.0.2.1:1 > 192.0.2.2:2 ack seq 1 ackno 1"
	)
	for _, c := range []struct {
		name, setting string
		packets       []string // the last is invalid
		want          string
	}{
		{"flags", "", []string{"tcp 192.0.2.1:1 > 192.0.2.2:2 syn,fin"}, "no segment has this combination of TCP flags"},
		{"answer", "", []string{synAck}, "no connection is known, and none begins with these TCP flags"},
		{"loose", "net.netfilter.nf_conntrack_tcp_loose=0", []string{ack}, "nf_conntrack_tcp_loose=1 allows it"},
		{"state", "", []string{syn, synAck, ack, "tcp 192.0.2.1:1 > 192.0.2.2:2 syn,ack seq 1 ackno 1"}, "comes this way in the state ESTABLISHED"},
		{"window", "", []string{syn, synAck, "tcp 192.0.2.1:1 > 192.0.2.2:2 ack seq 4000000 ackno 4000000"}, "nf_conntrack_tcp_be_liberal=1 allows it"},
		{"checksum", "", []string{"wire 4500001c000100004011f6ccc0000201c0000202000100020008ffff"}, "the checksum is wrong"},
		{"length", "", []string{"wire 4500001c000100004011f6ccc0000201c0000202000100020009ffff"}, "the length in the transport header is wrong"},
		{"reply", "", []string{"icmp 192.0.2.1 > 192.0.2.2 type 0"}, "no request is known that it replies to"},
		{"type", "", []string{"icmp 192.0.2.1 > 192.0.2.2 type 30"}, "its ICMP type is above 18"},
		{"router", "", []string{"icmp 192.0.2.1 > 192.0.2.2 type 9"}, "neither a request nor the reply to one"},
		{"abort", "", []string{"sctp 192.0.2.1:1 > 192.0.2.2:2 payload hex:06000004"}, "none begins with these chunks"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := host.Host{Sysctl: map[string]string{}}
			if key, value, ok := strings.Cut(c.setting, "="); ok {
				h.Sysctl[key] = value
			}
			node, err := simulate.New(h, rules(t, "*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n"))
			require.NoError(t, err)
			s := node.NewSession()
			for i, text := range c.packets {
				r := s.Receive("eth0", packetFrom(t, text))
				last := i == len(c.packets)-1
				require.Equal(t, last, r.Fate == simulate.Dropped, "%s: %v", text, r)
				if last {
					assert.Contains(t, whyInvalid(r), c.want)
				}
			}
		})
	}
}

// whyInvalid returns what a result says of the state INVALID.
func whyInvalid(r *simulate.Result) string {
	for i := range r.Steps {
		if d := r.Steps[i].Detail(); strings.Contains(d, "INVALID") {
			return d
		}
	}
	return ""
}
