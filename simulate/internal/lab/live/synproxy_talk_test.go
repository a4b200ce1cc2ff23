package live_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestSynProxyTalksOnKernel leads whole connections through SYNPROXY. What the
// kernel draws, the first number and time of its answer, is counted from.
func TestSynProxyTalksOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := settings("net/netfilter/nf_conntrack_tcp_loose", "0")
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	const all = "020405b40402080a000000630000000001030307"
	client4, server4 := netip.MustParseAddrPort("10.1.0.4:1000"), netip.MustParseAddrPort("203.0.113.9:80")
	client6, server6 := netip.MustParseAddrPort("[2001:db8:10::4]:1000"), netip.MustParseAddrPort("[2001:db8:ffff::9]:80")
	masquerade := "*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n"
	for _, c := range []struct {
		options, nat string
		ends         proxyTalk
	}{
		{"--sack-perm --timestamp --wscale 7 --mss 1460", "", proxyTalk{client: client4, server: server4, syn: all}},
		{"--sack-perm --timestamp --wscale 7 --mss 1460", masquerade, proxyTalk{client: client4, server: server4, syn: all}},
		{"--sack-perm --timestamp --wscale 7 --mss 1460", "", proxyTalk{client: client6, server: server6, syn: all}},
		{"--timestamp --mss 1400 --ecn", masquerade, proxyTalk{client: client4, server: server4, syn: all}},
		{"--sack-perm --wscale 7 --mss 1460", "", proxyTalk{client: client4, server: server4, syn: all}},
		{"--mss 1300", "", proxyTalk{client: client4, server: server4, syn: "020403e8"}},
		{"--mss 1300", masquerade, proxyTalk{client: client6, server: server6, syn: "02042000"}},
		{"", "", proxyTalk{client: client4, server: server4}},
		{"--timestamp", "", proxyTalk{client: client4, server: server4, syn: "0101080a0000006300000000"}},
		{"--sack-perm --timestamp", "", proxyTalk{client: client4, server: netip.MustParseAddrPort("10.1.0.1:80"), syn: all}}, // where nobody listens
		{"--mss 1460", "", proxyTalk{client: client6, server: netip.MustParseAddrPort("[2001:db8:10::1]:80"), syn: all}},
	} {
		rules := c.nat + `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
-A PREROUTING -i cni0 -p tcp --syn -j CT --notrack
COMMIT
*mangle
-A OUTPUT -m conntrack --ctstate NEW -j DSCP --set-dscp 1
-A OUTPUT -m conntrack --ctstate ESTABLISHED --ctdir REPLY -j DSCP --set-dscp 2
-A OUTPUT -m conntrack --ctstate ESTABLISHED --ctdir ORIGINAL -j DSCP --set-dscp 3
-A OUTPUT -m conntrack --ctstate INVALID -j DSCP --set-dscp 4
COMMIT
*filter
-A INPUT -i cni0 -p tcp -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY ` + c.options + `
-A FORWARD -i cni0 -p tcp -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY ` + c.options + `
-A FORWARD -m conntrack --ctstate INVALID -j DROP
-A OUTPUT -m owner --socket-exists
COMMIT
`
		require.NoError(t, node.Load(rules, rules, ""))
		n, err := oracle.Load(oracle.Host(t, env), rules, rules)
		require.NoError(t, err)
		s := n.NewSession()
		asked, simulated := c.ends, c.ends
		for i, step := range proxySteps {
			in, wire := step(&asked)
			oracle.SetIdentity(wire, uint32(53000+i))
			a, err := node.Send(kernel.Packet{In: in, Wire: wire})
			require.NoError(t, err)
			want := asked.take(a.Out)

			in, wire = step(&simulated)
			oracle.SetIdentity(wire, uint32(53000+i))
			r := oracle.Ask(t, s, env, kernel.Packet{In: in, Wire: wire})
			require.NoError(t, r.Err)
			require.Equal(t, want, simulated.take(allLeft(r)), "step %d, %+v\n%+v", i, c, r)
			trace, _ := oracle.CausedLines(r)
			assert.Equal(t, labels(a.Trace), labels(oracle.Traced(r)), "step %d, %+v", i, c)
			assert.Equal(t, labels(a.OtherTrace), labels(trace), "step %d, %+v", i, c)
		}
		assert.Empty(t, oracle.ConnDifferences(t, node, s))
	}
}

// allLeft lists what left because of a packet as the oracle does.
func allLeft(r *simulate.Result) (out []kernel.Out) {
	if r.OutDev != "" {
		out = append(out, kernel.Out{Iface: r.OutDev, Wire: r.Packet.Wire()})
	}
	for _, a := range r.Answers {
		if a.Dev != "lo" {
			out = append(out, kernel.Out{Iface: a.Dev, Wire: a.Wire()})
		}
	}
	return out
}

// proxyTalk is what the ends of a connection through SYNPROXY have seen.
type proxyTalk struct {
	client, server netip.AddrPort

	syn           string // the options of the client's SYN
	cookie, stamp uint32 // of the SYN-ACK that the client got
	// Of the connection before, as the server's end knows them.
	earlier, earlierStamp uint32
	sent                  []byte // the latest segment that went to the server: IP packet
	timestamps            bool
}

// proxySteps make the segments of the client and of the server.
var proxySteps = []func(*proxyTalk) (in string, wire []byte){
	func(k *proxyTalk) (string, []byte) { return k.ask(packet.SYN, 100, 0, k.syn, "") },
	func(k *proxyTalk) (string, []byte) { return k.ask(packet.ACK, 101, 1, k.times(99, 0), "") },
	func(k *proxyTalk) (string, []byte) {
		return k.answer(packet.SYN|packet.ACK, 7000, 101, "020405b4"+k.serverTimes(5000)+"0402010103030901", "")
	},
	func(k *proxyTalk) (string, []byte) {
		return k.ask(packet.ACK, 101, 1, k.times(120, 0), "question")
	},
	func(k *proxyTalk) (string, []byte) {
		return k.answer(packet.ACK, 7001, 109, k.serverTimes(5010), "answer")
	},
	func(k *proxyTalk) (string, []byte) {
		return k.ask(packet.ACK, 109, 1, k.times(130, 10)+k.sack(3, 5), "")
	},
	func(k *proxyTalk) (string, []byte) {
		return k.ask(packet.FIN|packet.ACK, 109, 7, k.times(140, 10), "")
	},
	func(k *proxyTalk) (string, []byte) {
		return k.answer(packet.FIN|packet.ACK, 7007, 110, k.serverTimes(5030), "")
	},
	func(k *proxyTalk) (string, []byte) { return k.ask(packet.ACK, 110, 8, k.times(150, 30), "") },
	func(k *proxyTalk) (string, []byte) { return k.answer(packet.RST|packet.ACK, 7008, 110, "", "") },
	func(k *proxyTalk) (string, []byte) { // another one
		k.client = netip.AddrPortFrom(k.client.Addr(), k.client.Port()+1)
		return k.ask(packet.SYN, 9100, 0, k.syn, "")
	},
	func(k *proxyTalk) (string, []byte) { return k.ask(packet.ACK, 9101, 70000, k.times(299, 0), "") }, // confirms nothing
	func(k *proxyTalk) (string, []byte) { return k.ask(packet.ACK, 9101, 1, k.times(299, 0), "") },
	func(k *proxyTalk) (string, []byte) { return k.ask(packet.ACK, 9101, 1, k.times(299, 0), "") }, // confirms again
	func(k *proxyTalk) (string, []byte) { return k.answer(packet.RST|packet.ACK, 0, 9101, "", "") },
}

// ask makes a segment of the client's that acknowledges n bytes behind the
// cookie, or nothing.
func (k *proxyTalk) ask(flags packet.TCPFlags, seq, n uint32, options, payload string) (string, []byte) {
	ack := uint32(0)
	if n != 0 {
		ack = k.cookie + n
	}
	return "cni0", tcpWire(k.client, k.server, flags, seq, ack, options, payload)
}

// answer makes the server's answer to the latest segment that went to it.
func (k *proxyTalk) answer(flags packet.TCPFlags, seq, ack uint32, options, payload string) (string, []byte) {
	from, to := k.server, k.client
	if p, err := packet.Decode(k.sent); err == nil {
		from, to = netip.AddrPortFrom(p.Dst(), p.DstPort()), netip.AddrPortFrom(p.Src(), p.SrcPort())
	}
	return "eth0", tcpWire(from, to, flags, seq, ack, options, payload)
}

func tcpWire(from, to netip.AddrPort, flags packet.TCPFlags, seq, ack uint32, options, payload string) []byte {
	b, err := hex.DecodeString(options)
	if err != nil {
		panic(err)
	}
	p, err := packet.Spec{Src: from.Addr(), Dst: to.Addr(), Proto: packet.ProtoTCP, SrcPort: from.Port(), DstPort: to.Port(), TTL: 64,
		Flags: flags, Seq: seq, Ack: ack, Window: 1000, TCPOptions: b, Payload: []byte(payload), Literal: true}.Build()
	if err != nil {
		panic(err)
	}
	return p.Wire()
}

// times are the timestamps of a client that repeats one so long after the first,
// if there was one.
func (k *proxyTalk) times(now, later uint32) string {
	if !k.timestamps {
		return ""
	}
	return fmt.Sprintf("0101080a%08x%08x", now, k.stamp+later)
}

func (k *proxyTalk) serverTimes(now uint32) string {
	if !k.timestamps {
		return ""
	}
	return fmt.Sprintf("0101080a%08x%08x", now, 120)
}

// sack is the selective acknowledgement of bytes behind the cookie.
func (k *proxyTalk) sack(from, to uint32) string {
	return fmt.Sprintf("0101050a%08x%08x", k.cookie+from, k.cookie+to)
}

// take looks at what left, and describes it.
func (k *proxyTalk) take(out []kernel.Out) (said []string) {
	for _, o := range out {
		p, err := packet.Decode(o.Wire)
		if err != nil {
			return []string{err.Error()}
		}
		tcp := o.Wire[p.HeaderLen():]
		if packet.TCPFlags(tcp[13])&(packet.SYN|packet.ACK) == packet.SYN|packet.ACK && o.Iface == "cni0" {
			k.earlier, k.earlierStamp, k.cookie = k.cookie, k.stamp, binary.BigEndian.Uint32(tcp[4:])
			k.timestamps = false
			eachOption(tcp, func(option []byte) {
				if option[0] == 8 {
					k.stamp, k.timestamps = binary.BigEndian.Uint32(option[2:]), true
				}
			})
		}
		if o.Iface == "eth0" {
			k.sent = o.Wire
		}
		said = append(said, o.Iface+" "+k.describe(&p, tcp))
	}
	slices.Sort(said)
	return said
}

func (k *proxyTalk) describe(p *netfilter.Packet, tcp []byte) string {
	var b strings.Builder
	sum := packet.Checksum(tcp, packet.PseudoSum(p.Src(), p.Dst(), packet.ProtoTCP, len(tcp)))
	fmt.Fprintf(&b, "%s:%d > %s:%d ttl %d tos %#x df %v sum %v flags %#x seq %s ack %s window %d", p.Src(), p.SrcPort(), p.Dst(), p.DstPort(), p.TTL(), p.TOS(),
		p.DontFragment(), sum, tcp[13], k.number(tcp[4:]), k.number(tcp[8:]), binary.BigEndian.Uint16(tcp[14:]))
	eachOption(tcp, func(option []byte) {
		switch option[0] {
		case 8:
			fmt.Fprintf(&b, " times %s %s", k.time(option[2:]), k.time(option[6:]))
		case 5:
			fmt.Fprintf(&b, " sack %s %s", k.number(option[2:]), k.number(option[6:]))
		default:
			fmt.Fprintf(&b, " option %x", option)
		}
	})
	return fmt.Sprintf("%s length %d", b.String(), len(tcp))
}

func (k *proxyTalk) number(b []byte) string {
	v := binary.BigEndian.Uint32(b)
	switch d, e := int32(v-k.cookie), int32(v-k.earlier); {
	case d > -100 && d < 2000:
		return fmt.Sprintf("cookie%+d", d)
	case e > -100 && e < 20000 && k.earlier != 0:
		return fmt.Sprintf("earlier cookie%+d", e)
	}
	return fmt.Sprint(v)
}

// time also counts from a time that was changed twice. How long after the first
// answer the second was given is not the same on both sides.
func (k *proxyTalk) time(b []byte) string {
	v := binary.BigEndian.Uint32(b)
	switch d, e := int32(v-k.stamp), int32(v-k.earlierStamp); {
	case d > -100 && d < 2000:
		return fmt.Sprintf("stamp%+d", d)
	case e > -100 && e < 60000 && k.earlierStamp != 0:
		return fmt.Sprintf("earlier stamp with %#x", v&0x3f)
	case v+k.stamp < 100000:
		return fmt.Sprintf("%d-stamp", v+k.stamp)
	}
	return fmt.Sprint(v)
}

func eachOption(tcp []byte, f func([]byte)) {
	for o := tcp[20 : int(tcp[12]>>4)*4]; len(o) > 0 && o[0] != 0; {
		n := 1
		if o[0] != 1 {
			n = int(o[1])
			f(o[:n])
		}
		o = o[n:]
	}
}
