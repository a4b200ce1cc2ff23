package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ours is the Ethernet address of the recorded host.
const ours = "02:00:00:00:00:07"

// frame is a packet of a capture, for an Ethernet address.
func frame(t *testing.T, mac string, wire []byte) []byte {
	t.Helper()
	to, err := net.ParseMAC(mac)
	require.NoError(t, err)
	kind := []byte{0x08, 0x00}
	if wire[0]>>4 == 6 {
		kind = []byte{0x86, 0xdd}
	}
	return slices.Concat(to, []byte{2, 0, 0, 0, 0, 0x99}, kind, wire)
}

// capture writes frames as tcpdump does.
func capture(t *testing.T, mac string, ng bool, wires ...[]byte) string {
	t.Helper()
	var b bytes.Buffer
	write1 := func(w interface {
		WritePacket(gopacket.CaptureInfo, []byte) error
	}) {
		for _, wire := range wires {
			data := frame(t, mac, wire)
			require.NoError(t, w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(0, 0), CaptureLength: len(data), Length: len(data)}, data))
		}
	}
	if ng {
		w, err := pcapgo.NewNgWriterInterface(&b, pcapgo.NgInterface{Name: "eth0", LinkType: layers.LinkTypeEthernet}, pcapgo.DefaultNgWriterOptions)
		require.NoError(t, err)
		write1(w)
		require.NoError(t, w.Flush())
	} else {
		w := pcapgo.NewWriter(&b)
		require.NoError(t, w.WriteFileHeader(65536, layers.LinkTypeEthernet))
		write1(w)
	}
	return write(t, "capture.pcap", b.String())
}

func wire(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// Packets to 192.0.2.7 from 192.0.2.9: to port 443 of TCP, and to port 53 of UDP.
const (
	tcpWire = "450000280000000040060000c0000209c0000207138901bb0000000000000000500200000000" + "0000"
	udpWire = "4500001c0000000040110000c0000209c0000207138900350008" + "0000"
)

// TestCaptures asks about the packets of captures of both formats, and of those
// that a filter selects.
func TestCaptures(t *testing.T) {
	for _, ng := range []bool{false, true} {
		file := capture(t, ours, ng, wire(t, tcpWire), wire(t, udpWire))
		args := []string{"where", "testdata/node", "-pcap", file, "-link", "eth0"}
		_, out, stderr := run(t, "", append(args, "-json")...)
		assert.Equal(t, 2, strings.Count(out, "\n"), stderr)
		assert.Contains(t, out, `"packet":"eth0: tcp 192.0.2.9:5001`)
		for filter, want := range map[string]string{"udp": "udp", "tcp and dst port 443": "tcp", "host 192.0.2.9 and port 53": "udp"} {
			_, out, stderr = run(t, "", append(args, "-json", "-filter", filter)...)
			require.Equal(t, 1, strings.Count(out, "\n"), "%s: %s", filter, stderr)
			assert.Contains(t, out, `"packet":"eth0: `+want+` `, filter)
		}
	}
	status, _, stderr := run(t, "", "where", "testdata/node", "-pcap", write(t, "x", "no capture"))
	assert.Equal(t, 2, status)
	assert.Contains(t, stderr, "the file is no capture")
	status, _, stderr = run(t, "", "where", "testdata/node", "-pcap", capture(t, ours, false, wire(t, tcpWire)), "-filter", "tcpp prot 80")
	assert.Equal(t, 2, status)
	assert.Contains(t, stderr, "-filter")
}

// recorded is a case of the kernel's recorded answers (PACKETPATH_DATA).
type recorded struct {
	Name, Rules4 string
	Random       bool
	Refused      string
	Env          struct {
		Interfaces map[string][]string
		Routes     []string
		MAC        map[string][]string
	}
	Packets []struct {
		In, Wire string
		Want     struct{ Trace []string }
	}
}

// TestCapturesAgreeWithTheKernel has packets that a kernel was sent come from a
// capture, and compares the way they take with the kernel's TRACE.
func TestCapturesAgreeWithTheKernel(t *testing.T) {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA does not say where recorded answers are")
	}
	b, err := os.ReadFile(filepath.Join(data, "kernel-cases", "kube-v4.jsonl"))
	require.NoError(t, err)
	compared := 0
	for l := range strings.Lines(string(b)) {
		var c recorded
		require.NoError(t, json.Unmarshal([]byte(l), &c))
		p := c.Packets
		if c.Random || len(p) == 0 || p[0].In == "" || len(p[0].Want.Trace) == 0 || compared >= 12 {
			continue
		}
		compared++
		rules, host := write(t, "rules", c.Rules4), write(t, "host", hostOf(&c))
		_, out, stderr := run(t, "", "where", "-json", rules, host, "-pcap", capture(t, c.Env.MAC[p[0].In][0], false, wire(t, p[0].Wire)), "-link", p[0].In)
		var got said
		require.NoError(t, json.Unmarshal([]byte(out), &got), "%s: %s", c.Name, stderr)
		assert.Equal(t, places(p[0].Want.Trace), places(got.Result.Trace), c.Name)
	}
	assert.Equal(t, 12, compared)
}

// hostOf writes the host of a case in lines.
func hostOf(c *recorded) string {
	var b strings.Builder
	for name, addrs := range c.Env.Interfaces {
		fmt.Fprintf(&b, "link %s %s mac %s noarp\n", name, strings.Join(addrs, " "), c.Env.MAC[name][0])
	}
	for _, r := range c.Env.Routes {
		b.WriteString("route " + r + "\n")
	}
	return b.String()
}

func places(trace []string) (out []string) {
	for _, l := range trace {
		place, _, _ := strings.Cut(l, " ")
		out = append(out, place)
	}
	return out
}

// TestLiveCapture has the command capture the machine it runs on, in a network
// namespace of its own, and answer of it at once and from the bundle.
func TestLiveCapture(t *testing.T) {
	if _, err := exec.LookPath("iptables-legacy-restore"); err != nil || os.Getuid() != 0 {
		t.Skip("needs root and iptables")
	}
	const setup = `ip link set lo up; ip link add v0 type veth peer v1; ip addr add 198.51.100.7/24 dev v0; ip link set v0 up; ip link set v1 up
printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -s 198.51.100.0/24 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n' | iptables-legacy-restore
`
	dir := filepath.Join(t.TempDir(), "bundle")
	script := setup + `"$0" where -live 'v0: tcp 198.51.100.9 > 198.51.100.7:22' && "$0" capture "$1" && "$0" capture -redact - >"$1.redacted" && ! "$0" capture "$1"`
	cmd := exec.Command("unshare", "-n", "sh", "-c", script, binary, dir)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "delivered to the host")
	assert.Contains(t, string(out), "is there already: give a new directory")
	status, answer, stderr := run(t, "", "where", dir, "v0: tcp 198.51.100.9 > 198.51.100.7:22")
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, answer, "filter:INPUT:rule:1")

	redacted := read(t, dir+".redacted")
	assert.NotContains(t, redacted, "198.51.100.")
	addr := ""
	for l := range strings.Lines(redacted) {
		if i := strings.Index(l, `"local":"198.`); i >= 0 {
			addr = l[i+len(`"local":"`):]
			addr = addr[:strings.IndexByte(addr, '"')]
		}
	}
	a, err := netip.ParseAddr(addr)
	require.NoError(t, err, redacted)
	status, answer, stderr = run(t, redacted, "where", "-", "v0: tcp "+a.Next().String()+" > "+addr+":22")
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, answer, "filter:INPUT:rule:1", "the subnet is still one")
}
