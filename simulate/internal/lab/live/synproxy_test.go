package live_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestSynProxyOnKernel compares what SYNPROXY answers to the opening of a
// connection. Sequence numbers and the kernel's clock are left out.
func TestSynProxyOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	// how the answer is tracked shows in its class of service
	const before, after = "*raw\n-A PREROUTING -j TRACE\n", `*mangle
-A OUTPUT -m conntrack --ctstate NEW -j DSCP --set-dscp 1
-A OUTPUT -m conntrack --ctstate ESTABLISHED --ctdir REPLY -j DSCP --set-dscp 2
-A OUTPUT -m conntrack --ctstate INVALID -j DSCP --set-dscp 3
-A OUTPUT -m conntrack --ctstate UNTRACKED -j DSCP --set-dscp 4
COMMIT
`
	const syn = "tcp 10.1.0.4:1000 > 203.0.113.9:80 syn seq 5 "
	for i, c := range []struct{ options, packet string }{
		{"", syn},
		{"", syn + "tcpopt hex:020405b40402080a000000630000000001030307"},
		{"--mss 1400", syn + "tcpopt hex:020405b40402080a000000630000000001030307"},
		{"--mss 1400", syn},
		{"--mss 1400 --wscale 5 --sack-perm", syn + "tcpopt hex:020405b40402010101030307"},
		{"--mss 1400 --wscale 5 --sack-perm --timestamp", syn + "tcpopt hex:020405b40402080a000000630000000001030307"},
		{"--mss 1400 --wscale 5 --timestamp", syn + "tcpopt hex:020405b40402080a000000630000000001030307"},
		{"--timestamp --ecn", "tcp 10.1.0.4:1000 > 203.0.113.9:80 syn,ece,cwr seq 5 tcpopt hex:0101080a0000006300000000"},
		{"--ecn", "tcp 10.1.0.4:1000 > 203.0.113.9:80 syn,ece,cwr seq 5 tcpopt hex:020405b4"},
		{"--sack-perm --timestamp", "tcp 10.1.0.4:1000 > 10.1.0.1:80 syn seq 5 tcpopt hex:0402080a0000006300000000"},
		{"--mss 1400", "tcp 10.1.0.4:1000 > 203.0.113.9:80 syn,ack seq 5 tcpopt hex:020405b4"},
		{"--mss 1400", "tcp 10.1.0.4:1000 > 203.0.113.9:80 none seq 5"},
		{"--mss 1400", "tcp [2001:db8:10::4]:1000 > [2001:db8:99::9]:80 syn seq 5 tcpopt hex:020405b4"},
	} {
		for _, track := range []string{"COMMIT\n", "-A PREROUTING -j CT --notrack\nCOMMIT\n", "COMMIT\n*nat\n-A PREROUTING -p tcp -j REDIRECT --to-ports 81\nCOMMIT\n"} {
			rules := before + track + "*filter\n-A INPUT -p tcp -j SYNPROXY " + c.options + "\n-A FORWARD -p tcp -j SYNPROXY " + c.options + "\nCOMMIT\n" + after
			require.NoError(t, node.Load(rules, rules, ""))
			n, err := oracle.Load(oracle.Host(t, env), rules, rules)
			require.NoError(t, err)
			p := packetFrom(t, c.packet)
			oracle.SetIdentity(p.Wire(), uint32(52000+i))
			want, err := node.Send(kernel.Packet{In: "cni0", Wire: p.Wire()})
			require.NoError(t, err)
			s := n.NewSession()
			r := s.Receive("cni0", p)
			require.NoError(t, r.Err)
			if r.Fate == simulate.Stolen {
				assert.Empty(t, list(s), "the opening of a connection opens none")
			}
			assert.Equal(t, labels(want.Trace), labels(oracle.Traced(r)), "%s\n%s", c.packet, rules)
			var left, ours [][]any
			for _, o := range want.Out {
				kp, err := packet.Decode(o.Wire)
				require.NoError(t, err)
				left = append(left, synAnswer(&kp))
			}
			if r.OutDev != "" {
				ours = append(ours, synAnswer(&r.Packet))
			}
			for _, a := range r.Answers {
				ours = append(ours, synAnswer(&a))
			}
			assert.Equal(t, left, ours, "%s\n%s", c.packet, rules)
		}
	}
}

// synAnswer tells what is the same in every kernel's answer: all but the sequence
// number, the checksum and the higher bits of the timestamp.
func synAnswer(p *netfilter.Packet) []any {
	wire := append([]byte(nil), p.Wire()...)
	tcp := wire[p.HeaderLen():]
	for _, b := range [][]byte{tcp[4:8], tcp[16:18]} {
		clear(b)
	}
	for o := tcp[20:]; len(o) > 0; {
		n := 1
		if o[0] > 1 {
			n = int(o[1])
		}
		if o[0] == 8 {
			o[2], o[3], o[4], o[5] = 0, 0, 0, o[5]&0x3f
		}
		o = o[n:]
	}
	return []any{p.Src(), p.Dst(), p.TTL(), p.TOS(), p.DontFragment(), tcp}
}
