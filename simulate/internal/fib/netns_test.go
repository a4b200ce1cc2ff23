//go:build linux

package fib_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// namespace is a network namespace of the test's own. The test's goroutine stays
// on its thread, which ends with it and takes the namespace along.
type namespace struct{ t *testing.T }

func newNamespace(t *testing.T) *namespace {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root for a network namespace")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("needs iproute2")
	}
	runtime.LockOSThread()
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		t.Skipf("needs a network namespace: %v", err)
	}
	n := &namespace{t}
	n.sysctl("net/ipv6/conf/default/addr_gen_mode", 1)
	n.sysctl("net/ipv6/conf/default/accept_dad", 0)
	n.ip("link set lo up")
	return n
}

// ip runs one command and fails the test if it fails.
func (n *namespace) ip(args string) {
	n.t.Helper()
	if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
		n.t.Fatalf("ip %s: %v: %s", args, err, out)
	}
}

// try runs commands and tells which of them the kernel took.
func (n *namespace) try(lines []string) []bool {
	n.t.Helper()
	ok := make([]bool, len(lines))
	for i, l := range lines {
		ok[i] = exec.Command("ip", strings.Fields(l)...).Run() == nil
	}
	return ok
}

// tap is a TAP device.
type tap struct {
	fd  int
	off func() // closes it, which takes its carrier
}

func (n *namespace) tap(name string) tap {
	n.t.Helper()
	n.ip("tuntap add " + name + " mode tap")
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		n.t.Skipf("needs /dev/net/tun: %v", err)
	}
	var req [40]byte
	copy(req[:16], name)
	binary.NativeEndian.PutUint16(req[16:], syscall.IFF_TAP|syscall.IFF_NO_PI)
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TUNSETIFF, uintptr(unsafe.Pointer(&req))); e != 0 {
		n.t.Fatalf("TUNSETIFF: %v", e)
	}
	off := sync.OnceFunc(func() { syscall.Close(fd) })
	n.t.Cleanup(off)
	return tap{fd, off}
}

// awaitDown waits until the kernel has noticed that a link lost its carrier, which
// it does within a second.
func (n *namespace) awaitDown(name string) {
	n.t.Helper()
	for range 300 {
		out, _ := exec.Command("ip", "-o", "link", "show", name).Output()
		if strings.Contains(string(out), "state DOWN") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	n.t.Fatalf("link %s keeps its carrier", name)
}

// awaitLocal6 waits until the kernel's worker has made the local routes of the IPv6
// addresses.
func (n *namespace) awaitLocal6(addrs []fib.Address) {
	n.t.Helper()
	missing := func(table string) bool {
		for _, a := range addrs {
			if a.Prefix.Addr().Is6() && !strings.Contains(table, " "+a.Prefix.Addr().String()+" ") {
				return true
			}
		}
		return false
	}
	for range 300 {
		out, _ := exec.Command("ip", "-6", "-o", "route", "show", "table", "local").Output()
		if !missing(string(out)) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	n.t.Fatal("local IPv6 routes do not appear")
}

func (n *namespace) sysctl(path string, value int) {
	n.t.Helper()
	if err := os.WriteFile("/proc/sys/"+path, []byte(strconv.Itoa(value)), 0); err != nil {
		n.t.Fatalf("sysctl: %v", err)
	}
}
