package live_test

import (
	"encoding/binary"
	"net/netip"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// listeners is a program that listens as TestSocketsOnKernel wants and tells so.
const listeners = `
import socket, os, sys, time
t = socket.socket(socket.AF_INET6, socket.SOCK_STREAM); t.bind(("::", 8080)); t.listen()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("10.1.0.1", 5353))
if os.fork(): os._exit(0)
os.close(0); os.close(1); os.close(2)
t.settimeout(3)
try:
    c = t.accept()[0]; c.settimeout(3)
    while c.recv(100): pass
    c.close()
except OSError: pass
time.sleep(2)
`

// TestSocketsOnKernel opens, uses and closes a connection to a listening socket
// of the live kernel, and asks ports that are bound and that are not.
func TestSocketsOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3 to listen with: ", err)
	}
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	require.NoError(t, node.Load(traceAll, traceAll, ""))
	_, err = node.Run("python3", "-c", listeners)
	require.NoError(t, err)
	h := oracle.Host(t, env)
	h.Sockets = []host.Socket{{Proto: packet.ProtoTCP, Port: 8080},
		{Proto: packet.ProtoUDP, Addr: netip.MustParseAddr("10.1.0.1"), Port: 5353}}
	n, err := oracle.Load(h, traceAll, traceAll)
	require.NoError(t, err)
	s := n.NewSession()
	var theirs, ours uint32 // what the host sent last
	for i, c := range []struct {
		text string
		acks uint32 // bytes of the host's that are acknowledged
	}{
		{"udp 10.1.0.4:1000 > 10.1.0.1:5353 len 4", 0},
		{"udp 10.1.0.4:1000 > 192.0.2.2:5353 len 4", 0},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 ack seq 5", 0},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 syn seq 5", 0},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 syn seq 5", 0},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 ack seq 6", 1},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 psh,ack seq 6 len 9", 1},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 syn seq 90", 1},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 rst seq 15", 0},
		{"tcp 10.1.0.4:1000 > 10.1.0.1:8080 ack seq 15", 1},
		{"tcp [2001:db8:10::4]:1000 > [2001:db8:10::1]:8080 syn seq 5", 0},
		{"tcp [2001:db8:10::4]:1000 > [2001:db8:10::1]:8081 syn seq 5", 0},
		{"tcp 10.1.0.4:1001 > 10.1.0.1:8080 none seq 5", 0},
		{"tcp 10.1.0.4:1001 > 10.1.0.1:8080 fin seq 5", 0},
	} {
		p := packetFrom(t, c.text)
		ask := func(isn uint32) kernel.Packet {
			q := p.Clone()
			oracle.SetIdentity(q.Wire(), uint32(50000+i))
			if c.acks != 0 {
				acknowledge(q.Wire(), isn+c.acks)
			}
			return kernel.Packet{In: "cni0", Wire: q.Wire()}
		}
		want, err := node.Send(ask(theirs))
		require.NoError(t, err)
		got, err := packet.Decode(ask(ours).Wire)
		require.NoError(t, err)
		r := s.Receive("cni0", got)
		require.Equal(t, len(want.Out), len(r.Answers), "%s\n%x\n%+v", c.text, want.Out, r)
		for k, o := range want.Out {
			kp, err := packet.Decode(o.Wire)
			require.NoError(t, err)
			a := r.Answers[k]
			assert.Equal(t, sketch(&kp), sketch(&a), "%s", c.text)
			if kp.TCPFlags() == packet.SYN|packet.ACK {
				theirs, ours = seqOf(&kp), seqOf(&a)
			}
		}
	}
}

// sketch tells what is the same in every kernel's answer.
func sketch(p *netfilter.Packet) []any {
	typ, code, _ := p.ICMP()
	out := []any{p.Src(), p.Dst(), p.Proto(), p.SrcPort(), p.DstPort(), p.TTL(), p.TOS(), p.DontFragment(), p.TCPFlags(), typ, code}
	if p.Proto() == packet.ProtoTCP && p.TCPFlags() != packet.RST {
		out = append(out, binary.BigEndian.Uint32(p.Wire()[p.HeaderLen()+8:]))
	}
	return out
}

func seqOf(p *netfilter.Packet) uint32 { return binary.BigEndian.Uint32(p.Wire()[p.HeaderLen()+4:]) }

// acknowledge sets the acknowledgement number of an IPv4 segment.
func acknowledge(wire []byte, n uint32) {
	tcp := wire[20:]
	binary.BigEndian.PutUint32(tcp[8:], n)
	tcp[16], tcp[17] = 0, 0
	src, dst := netip.AddrFrom4([4]byte(wire[12:16])), netip.AddrFrom4([4]byte(wire[16:20]))
	binary.BigEndian.PutUint16(tcp[16:], packet.Checksum(tcp, packet.PseudoSum(src, dst, packet.ProtoTCP, len(tcp))))
}
