package live_test

import (
	"net/netip"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// diverters is a program that listens as TestDiversionsOnKernel wants.
const diverters = `
import socket, os, time
def listen(family, kind, addr, port, transparent):
    s = socket.socket(family, kind)
    if transparent:
        if family == socket.AF_INET: s.setsockopt(socket.SOL_IP, 19, 1)
        else: s.setsockopt(socket.IPPROTO_IPV6, 75, 1); s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((addr, port))
    if kind == socket.SOCK_STREAM: s.listen()
    return s
keep = [listen(socket.AF_INET, socket.SOCK_STREAM, "0.0.0.0", 8080, True),
    listen(socket.AF_INET, socket.SOCK_STREAM, "10.1.0.1", 9090, True),
    listen(socket.AF_INET, socket.SOCK_STREAM, "0.0.0.0", 7070, False),
    listen(socket.AF_INET6, socket.SOCK_STREAM, "::", 8080, True),
    listen(socket.AF_INET, socket.SOCK_DGRAM, "203.0.113.5", 5353, True)]
if os.fork(): os._exit(0)
os.close(0); os.close(1); os.close(2)
time.sleep(3)
`

const diverting = `*mangle
-A PREROUTING -p tcp --dport 80 -j TPROXY --on-port 8080 --tproxy-mark 1
-A PREROUTING -p tcp --dport 81 -j TPROXY --on-port 9090 --tproxy-mark 1
-A PREROUTING -p tcp --dport 82 -j TPROXY --on-port 7070 --tproxy-mark 1
-A PREROUTING -p tcp --dport 83 -j TPROXY --on-port 8080
-A PREROUTING -p tcp --dport 8080 -j TPROXY --on-port 0 --tproxy-mark 1
-A PREROUTING -p udp --dport 53 -j TPROXY --on-port 5353 ON-IP --tproxy-mark 1
-A PREROUTING -p udp --dport 54 -j TPROXY --on-port 5353 --tproxy-mark 1
-A INPUT -m socket --transparent
COMMIT
*raw
-A PREROUTING -j TRACE
COMMIT
`

// TestDiversionsOnKernel gives packets for others to transparent sockets of the
// live kernel: those that listen on any address, on the link's, on one of
// nobody's, those that are not transparent and those that do not exist; and to
// ones to which no route leads.
func TestDiversionsOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3 to listen with: ", err)
	}
	env := gen.Env()
	env.Rules = []string{"fwmark 0x1 lookup 100", "-6 fwmark 0x1 lookup 100"}
	env.Routes = append(env.Routes, "local default dev lo table 100", "local 2000::/3 dev lo table 100")
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	rules := strings.Replace(diverting, "ON-IP", "--on-ip 203.0.113.5", 1)
	rules6 := strings.Replace(diverting, "ON-IP", "--on-ip 2001:db8:99::5", 1)
	require.NoError(t, node.Load(rules, rules6, ""))
	_, err = node.Run("python3", "-c", diverters)
	require.NoError(t, err)
	h := oracle.Host(t, env)
	transparent := packet.Socket{Transparent: true}
	h.Sockets = []host.Socket{
		{Proto: packet.ProtoTCP, Addr: netip.IPv4Unspecified(), Port: 8080, Owner: transparent},
		{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("10.1.0.1"), Port: 9090, Owner: transparent},
		{Proto: packet.ProtoTCP, Addr: netip.IPv4Unspecified(), Port: 7070},
		{Proto: packet.ProtoTCP, Addr: netip.IPv6Unspecified(), Port: 8080, Owner: transparent},
		{Proto: packet.ProtoUDP, Addr: netip.MustParseAddr("203.0.113.5"), Port: 5353, Owner: transparent},
	}
	n, err := oracle.Load(h, rules, rules6)
	require.NoError(t, err)
	s := n.NewSession()
	for i, text := range []string{
		"tcp 10.1.0.4:1000 > 203.0.113.9:80 syn seq 5",
		"tcp 10.1.0.4:1000 > 203.0.113.9:80 syn seq 5",
		"tcp 10.1.0.4:1000 > 203.0.113.9:80 rst seq 6",
		"tcp 10.1.0.4:1001 > 203.0.113.9:80 ack seq 5",
		"tcp 10.1.0.4:1002 > 10.1.0.1:80 syn seq 5",
		"tcp 10.1.0.4:1003 > 203.0.113.9:81 syn seq 5",
		"tcp 10.1.0.4:1004 > 203.0.113.9:82 syn seq 5",
		"tcp 10.1.0.4:1005 > 203.0.113.9:83 syn seq 5",
		"tcp 10.1.0.4:1006 > 203.0.113.9:83 syn seq 5 ttl 1",
		"tcp 10.1.0.4:1007 > 203.0.113.9:8080 syn seq 5",
		"udp 10.1.0.4:1000 > 203.0.113.9:53 len 4",
		"udp 10.1.0.4:1000 > 203.0.113.9:54 len 4",
		"udp 10.1.0.4:1000 > 10.1.0.1:55 len 4",
		"tcp [2001:db8:10::4]:1000 > [2001:db8:99::9]:80 syn seq 5",
		"tcp [2001:db8:10::4]:1001 > [2001:db8:99::9]:81 syn seq 5",
		"tcp [2001:db8:10::4]:1002 > [2001:db8:99::9]:83 syn seq 5",
		"udp [2001:db8:10::4]:1000 > [2001:db8:99::9]:53 len 4",
	} {
		p := packetFrom(t, text)
		oracle.SetIdentity(p.Wire(), uint32(51000+i))
		want, err := node.Send(kernel.Packet{In: "cni0", Wire: p.Wire()})
		require.NoError(t, err)
		r := s.Receive("cni0", p)
		require.NoError(t, r.Err, text)
		assert.Equal(t, trimmed(want.Trace), trimmed(oracle.Traced(r)), text)
		var left, ours [][]any
		for _, o := range want.Out {
			kp, err := packet.Decode(o.Wire)
			require.NoError(t, err)
			left = append(left, sketch(&kp))
		}
		for _, a := range r.Answers {
			ours = append(ours, sketch(&a))
		}
		assert.Equal(t, left, ours, text)
	}
}

// hardware is what the lines of a trace say of hardware addresses.
var hardware = regexp.MustCompile(`MAC=[0-9a-f:]* `)

// trimmed returns the lines of a trace without hardware addresses and the blank
// that the kernel ends them with.
func trimmed(trace []string) (out []string) {
	for _, l := range trace {
		out = append(out, strings.TrimSuffix(hardware.ReplaceAllString(l, ""), " "))
	}
	return out
}

// labels returns which rules the lines of a trace are about.
func labels(trace []string) (out []string) {
	for _, l := range trace {
		l = strings.TrimPrefix(l, "TRACE: ")
		out = append(out, l[:strings.Index(l, " ")])
	}
	return out
}
