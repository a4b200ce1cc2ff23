package bench

import (
	"encoding/binary"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
)

// BenchmarkKernel sends first packets of connections as BenchmarkNew does, through the
// rules of the kernel, in a network namespace of its own: a local process asks for a
// service, and the packet leaves by a link whose far end discards it. What sending without rules
// takes has to be subtracted. It needs root.
func BenchmarkKernel(b *testing.B) {
	for _, tool := range []string{"ip", "iptables-legacy-restore"} {
		if _, err := exec.LookPath(tool); err != nil || os.Geteuid() != 0 {
			b.Skip("needs root, ip and iptables-legacy-restore")
		}
	}
	b.Run("norules", func(b *testing.B) { benchmarkKernel(b, "", build(b, Cluster{Services: 1}.Request())) })
	for _, n := range []int{100, 1000, 10000} {
		c := Cluster{Services: n}
		b.Run(c.String()+"/new", func(b *testing.B) { benchmarkKernel(b, withoutAccounts(c.Rules()), build(b, c.Request())) })
	}
}

func benchmarkKernel(b *testing.B, rules string, p netfilter.Packet) {
	runtime.LockOSThread() // the thread ends with the goroutine, because it is in another namespace
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		b.Fatal(err)
	}
	run(b, "", "sh", "-ec", `ip link set lo up
ip link add near0 type veth peer name far0
ip addr add 192.0.2.7/24 dev near0
ip link set near0 up
ip link set far0 up
ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev near0
ip route add default via 192.0.2.1`)
	run(b, rules, "iptables-legacy-restore")
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_RAW)
	if err != nil {
		b.Fatal(err)
	}
	defer syscall.Close(fd)
	wire, to := append([]byte(nil), p.Wire()...), &syscall.SockaddrInet4{Addr: p.Dst().As4()}
	ports := wire[p.HeaderLen():]
	fastest := leastPacket()
	for i := 0; fastest.loop(b); i++ {
		wire[15] = byte(i >> 15) // another client after 32,768 connections
		binary.BigEndian.PutUint16(ports, uint16(1024+i&0x7fff))
		if err := syscall.Sendto(fd, wire, 0, to); err != nil {
			b.Fatal(err)
		}
	}
}

func run(b *testing.B, input, name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v: %s", name, err, out)
	}
}
