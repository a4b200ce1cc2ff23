package kernel

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// testEnv is a node with one foot in each of two networks.
func testEnv() Env {
	return Env{
		Interfaces: Interfaces{
			{"eth0", []string{"192.0.2.1/24", "2001:db8:2::1/64"}},
			{"pod0", []string{"198.51.100.1/24", "2001:db8:100::1/64"}},
		},
		Routes: []string{"default via 192.0.2.254 dev eth0", "default via 2001:db8:2::fe dev eth0"},
	}
}

func openNode(t testing.TB) *Node {
	t.Helper()
	if err := Available(); err != nil {
		t.Skip(err)
	}
	n, err := Open(testEnv())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func load(t testing.TB, n *Node, rules4, rules6, sets string) {
	t.Helper()
	if err := n.Load(rules4, rules6, sets); err != nil {
		t.Fatal(err)
	}
}

func send(t testing.TB, n *Node, p Packet) Answer {
	t.Helper()
	a, err := n.Send(p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// udp4 is a UDP datagram without a checksum, which IPv4 allows.
func udp4(src, dst string, id, sport, dport uint16) []byte {
	b := []byte{0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0}
	binary.BigEndian.PutUint16(b[4:], id)
	b = append(append(b, netip.MustParseAddr(src).AsSlice()...), netip.MustParseAddr(dst).AsSlice()...)
	var sum uint32
	for i := 0; i < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum+sum>>16))
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, sport), dport)
	return append(b, 0, 10, 0, 0, 'h', 'i')
}

// none6 is an IPv6 packet of protocol 253 with eight bytes of payload.
func none6(src, dst string, label uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, 6<<28|label)
	b = append(b, 0, 8, 253, 64)
	b = append(append(b, netip.MustParseAddr(src).AsSlice()...), netip.MustParseAddr(dst).AsSlice()...)
	return append(b, "12345678"...)
}

const traceAll = "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\nCOMMIT\n"

func steps(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		step, _, _ := strings.Cut(l, " ")
		b.WriteString(step + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestForwardedPacketIsTracedLoggedAndCaptured(t *testing.T) {
	n := openNode(t)
	load(t, n, traceAll+"*filter\n:FORWARD DROP [0:0]\n:web - [0:0]\n-A FORWARD -p udp -j web\n"+
		"-A web -j LOG --log-prefix \"a\\\\b ID=9 \" --log-level 6\n-A web -m udp -p udp --dport 53 -j ACCEPT\nCOMMIT\n", "", "")
	a := send(t, n, Packet{In: "pod0", Wire: udp4("198.51.100.2", "203.0.113.5", 4711, 2000, 53)})
	const want = "raw:PREROUTING:policy:2 filter:FORWARD:rule:1 filter:web:rule:1 filter:web:rule:2"
	if got := steps(a.Trace); got != want {
		t.Errorf("trace %s, want %s", got, want)
	}
	const tail = "IN=pod0 OUT= MAC=02:00:00:00:00:02:02:ff:00:00:00:02:08:00 SRC=198.51.100.2 DST=203.0.113.5 " +
		"LEN=30 TOS=0x00 PREC=0x00 TTL=64 ID=4711 PROTO=UDP SPT=2000 DPT=53 LEN=10 "
	if !strings.HasSuffix(a.Trace[0], " "+tail) {
		t.Errorf("line %q does not end in %q", a.Trace[0], tail)
	}
	if len(a.Log) != 1 || !strings.HasPrefix(a.Log[0], `a\b ID=9 IN=pod0 OUT=eth0 `) {
		t.Errorf("log %q", a.Log)
	}
	if len(a.Out) != 1 || a.Out[0].Iface != "eth0" || a.Out[0].Wire[8] != 63 {
		t.Errorf("left: %x", a.Out)
	}
	if a.Err != "" || a.OtherTrace != nil {
		t.Errorf("complaint %q, other lines %q", a.Err, a.OtherTrace)
	}
}

func TestTheHostsOwnAnswerIsNotThePacket(t *testing.T) {
	n := openNode(t)
	load(t, n, traceAll, "", "")
	a := send(t, n, Packet{In: "eth0", Wire: udp4("192.0.2.7", "192.0.2.1", 40000, 2000, 53)})
	if got := steps(a.Trace); got != "raw:PREROUTING:policy:2" {
		t.Errorf("trace %s", got)
	}
	if got := steps(a.OtherTrace); got != "raw:OUTPUT:policy:2" {
		t.Errorf("trace of the answer %s", got)
	}
	if len(a.Out) != 1 || a.Out[0].Wire[9] != 1 {
		t.Errorf("left: %x, want an ICMP error", a.Out)
	}
}

func TestLocalSenderHearsOfTheDrop(t *testing.T) {
	n := openNode(t)
	load(t, n, traceAll+"*mangle\n-A OUTPUT -m mark --mark 0x80000001 -j DROP\nCOMMIT\n", "", "")
	wire := udp4("192.0.2.1", "192.0.2.7", 9, 1, 2)
	a := send(t, n, Packet{Wire: wire, Mark: 0x80000001})
	if a.Err != "Operation not permitted" || steps(a.Trace) != "raw:OUTPUT:policy:2 mangle:OUTPUT:rule:1" {
		t.Errorf("complaint %q after %s", a.Err, steps(a.Trace))
	}
	if !strings.HasSuffix(a.Trace[0], "UID=0 GID=0 MARK=0x80000001 ") {
		t.Errorf("line %q", a.Trace[0])
	}
	if a := send(t, n, Packet{Wire: wire}); a.Err != "" || len(a.Out) != 1 {
		t.Errorf("without mark: complaint %q, left %x", a.Err, a.Out)
	}
}

func TestIPv6(t *testing.T) {
	n := openNode(t)
	load(t, n, "", traceAll, "")
	a := send(t, n, Packet{In: "eth0", Wire: none6("2001:db8:2::7", "2001:db8:100::5", 77)})
	if steps(a.Trace) != "raw:PREROUTING:policy:2" || len(a.Out) != 1 || a.Out[0].Iface != "pod0" {
		t.Errorf("trace %s, left %x", steps(a.Trace), a.Out)
	}
	a = send(t, n, Packet{Wire: none6("2001:db8:2::1", "2001:db8:100::5", 78)})
	if steps(a.Trace) != "raw:OUTPUT:policy:2" || len(a.Out) != 1 {
		t.Errorf("trace %s, left %x", steps(a.Trace), a.Out)
	}
}

func TestLoadStartsAfresh(t *testing.T) {
	n := openNode(t)
	wire := udp4("198.51.100.2", "203.0.113.5", 5, 2000, 53)
	const drop = "*filter\n:FORWARD DROP [0:0]\n:user - [0:0]\n-A FORWARD -m set --match-set s src -m conntrack --ctstate NEW -j user\nCOMMIT\n"
	load(t, n, traceAll+drop, "", "create s hash:ip\nadd s 198.51.100.2\n")
	if a := send(t, n, Packet{In: "pod0", Wire: wire}); steps(a.Trace) != "raw:PREROUTING:policy:2 filter:FORWARD:rule:1 filter:user:return:1 filter:FORWARD:policy:2" {
		t.Errorf("trace %s", steps(a.Trace))
	}
	for _, rules := range []string{traceAll, traceAll + "*filter\nCOMMIT\n"} {
		load(t, n, rules, "", "")
		a := send(t, n, Packet{In: "pod0", Wire: wire})
		if want := strings.Count(rules, "*"); len(a.Trace) != want || len(a.Out) != 1 {
			t.Errorf("trace %s with %d tables, left %x", steps(a.Trace), want, a.Out)
		}
	}
	if sets, err := n.Run("ipset", "list", "-n"); sets != "" || err != nil {
		t.Errorf("sets %q, %v", sets, err)
	}
}

func TestConntrack(t *testing.T) {
	n := openNode(t)
	load(t, n, "*filter\n-A FORWARD -m conntrack --ctstate INVALID\nCOMMIT\n", "", "")
	send(t, n, Packet{In: "pod0", Wire: udp4("198.51.100.2", "203.0.113.5", 5, 2000, 53)})
	list, err := n.Conntrack()
	if err != nil || !strings.Contains(list, "sport=2000 dport=53 [UNREPLIED]") {
		t.Errorf("connections %q, %v", list, err)
	}
	if err := n.FlushConntrack(); err != nil {
		t.Fatal(err)
	}
	if list, err := n.Conntrack(); list != "" || err != nil {
		t.Errorf("connections after a flush %q, %v", list, err)
	}
}

func TestRefusal(t *testing.T) {
	n := openNode(t)
	err := n.Load("*filter\n-A INPUT -j NOSUCH\nCOMMIT\n", "", "")
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Code != 2 || !strings.Contains(refused.Text, "Error occurred at line: 2") {
		t.Errorf("error %v", err)
	}
	if err := n.Load("", "", "create s nosuch:type\n"); !errors.As(err, &refused) || refused.Tool != "ipset" {
		t.Errorf("error %v", err)
	}
}

func TestSave(t *testing.T) {
	n := openNode(t)
	load(t, n, "", "*raw\n-A OUTPUT -p 6 -j TRACE\nCOMMIT\n", "")
	got, err := n.Save(6)
	if want := "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -j TRACE\nCOMMIT\n"; got != want || err != nil {
		t.Errorf("saved %q, %v", got, err)
	}
}

func TestIdentityIsRequired(t *testing.T) {
	n := openNode(t)
	for _, p := range []Packet{
		{In: "eth0", Wire: udp4("192.0.2.7", "192.0.2.1", 0, 1, 1)},
		{In: "eth0", Wire: []byte{0x45}},
		{In: "eth9", Wire: udp4("192.0.2.7", "192.0.2.1", 1, 1, 1)},
	} {
		if _, err := n.Send(p); err == nil {
			t.Errorf("%+v was sent", p)
		}
	}
}

func TestEnvJSON(t *testing.T) {
	const text = `{"interfaces":{"z":["192.0.2.1/24"],"a":[]},"routes":["default dev z"],"mac":{"z":["02:00:00:00:00:09","02:00:00:00:00:0a"]}}`
	var e Env
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(e); string(b) != text || err != nil {
		t.Errorf("%s, %v", b, err)
	}
	if node, wire := e.hardware(1); node != "02:00:00:00:00:02" || wire != "02:ff:00:00:00:02" {
		t.Error(node, wire)
	}
	if err := json.Unmarshal([]byte(`{"interfaces":[]}`), &e); err == nil {
		t.Error("a list of interfaces was read")
	}
}

func TestEnvSettings(t *testing.T) {
	if err := Available(); err != nil {
		t.Skip(err)
	}
	e := testEnv()
	e.Sysctl = map[string]string{"net.ipv4.conf.eth0.rp_filter": "1"}
	e.Rules = []string{"fwmark 0x1 lookup 100", "-6 fwmark 0x1 lookup 100"}
	e.Routes = append(e.Routes, "blackhole default table 100", "unreachable 2001:db8::/32 table 100")
	n, err := Open(e)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	for command, want := range map[string]string{
		"cat /proc/sys/net/ipv4/conf/eth0/rp_filter": "1\n",
		"ip -4 rule list": "from all fwmark 0x1 lookup 100",
		"ip -6 rule list": "from all fwmark 0x1 lookup 100",
	} {
		if got, err := n.Run(strings.Fields(command)...); !strings.Contains(got, want) || err != nil {
			t.Errorf("%s: %q, %v", command, got, err)
		}
	}
	a := send(t, n, Packet{Wire: udp4("192.0.2.1", "192.0.2.7", 9, 1, 2), Mark: 1})
	if a.Err != "Invalid argument" {
		t.Errorf("complaint %q of a sender into a blackhole", a.Err)
	}
}

func TestRestoreAndSave(t *testing.T) {
	if err := Available(); err != nil {
		t.Skip(err)
	}
	r, err := OpenRestorer()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	const filter = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
	for _, c := range []struct {
		name string
		q    Restore
		want Restored
	}{
		{"plain", Restore{Family: 4, Text: "*filter\n-A INPUT -p tcp --syn -j DROP\nCOMMIT\n"},
			Restored{Saved: filter + "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP\nCOMMIT\n"}},
		{"nothing of the one before", Restore{Family: 4, Text: "*filter\nCOMMIT\n"}, Restored{Saved: filter + "COMMIT\n"}},
		{"refused", Restore{Family: 4, Text: "*filter\n-A INPUT -j X\nCOMMIT\n"}, Restored{Code: 2}},
		{"after a refusal", Restore{Family: 4, Text: "*raw\nCOMMIT\n"}, Restored{Saved: "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"}},
		{"options", Restore{Family: 6, Options: []string{"--noflush", "-c"}, Before: "*filter\n-A INPUT -j DROP\nCOMMIT\n", Text: "*filter\n[3:4] -A OUTPUT\nCOMMIT\n", SaveOptions: []string{"-c"}},
			Restored{Saved: filter + "[0:0] -A INPUT -j DROP\n[3:4] -A OUTPUT\nCOMMIT\n"}},
		{"sets", Restore{Family: 4, Sets: "create s hash:ip\n", Text: "*filter\n-A INPUT -m set --match-set s src\nCOMMIT\n"},
			Restored{Saved: filter + "-A INPUT -m set --match-set s src\nCOMMIT\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := r.RestoreAndSave(c.q)
			if err != nil {
				t.Fatal(err)
			}
			if got.Code != c.want.Code || c.want.Code == 0 && got.Saved != c.want.Saved {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if (got.Stderr == "") != (c.want.Code == 0) {
				t.Errorf("complaint %q with status %d", got.Stderr, got.Code)
			}
		})
	}
}

func TestNoise(t *testing.T) {
	report := udp4("10.5.0.1", "224.0.0.22", 1, 0, 0)
	report[9] = 2
	for _, c := range []struct {
		wire []byte
		want bool
	}{
		{report, true},
		{udp4("10.5.0.1", "224.0.0.22", 1, 0, 0), false},
		{none6("::", "ff02::16", 0), true},
		{none6("2001:db8::1", "ff02::16", 0), false},
		{nil, false},
	} {
		if got := Noise(c.wire); got != c.want {
			t.Errorf("%x: %v", c.wire, got)
		}
	}
}

func TestGivesUp(t *testing.T) {
	complaint := udp4("10.5.0.1", "10.5.0.2", 0, 0, 0)
	complaint[9], complaint[20], complaint[21] = 1, 11, 1
	expired := slices.Clone(complaint)
	expired[21] = 0
	complaint6 := none6("2001:db8::1", "2001:db8::2", 0)
	complaint6[6] = 58
	complaint6 = append(complaint6[:40:40], 3, 1, 0, 0)
	for _, c := range []struct {
		wire []byte
		want bool
	}{
		{complaint, true}, {expired, false}, {complaint6, true}, {none6("2001:db8::1", "2001:db8::2", 0), false}, {nil, false},
	} {
		if got := givesUp(c.wire, 7); got != c.want {
			t.Errorf("%x: %v", c.wire, got)
		}
	}
	complaint[5] = 7
	if givesUp(complaint, 7) {
		t.Error("the packet that was sent is none of the host's complaints")
	}
}

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{`a\x5cb`: `a\b`, `\x0a`: "\n", `\xzz`: `\xzz`, `x\x4`: `x\x4`, ``: ``} {
		if got := unescape(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestCloseIsComplete(t *testing.T) {
	n := openNode(t)
	start := time.Now()
	if err := n.Renew(); err != nil {
		t.Fatal(err)
	}
	t.Logf("renewed in %v", time.Since(start))
}
