package kernel

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"unsafe"
)

// fd is an open file that never blocks: what is not there yet is errAgain.
type fd int

const closed fd = -1

var (
	errAgain = syscall.EAGAIN
	errPipe  = syscall.EPIPE
)

func (f fd) read(b []byte) (int, error) {
	n, err := syscall.Read(int(f), b)
	return max(n, 0), err
}

func (f fd) write(b []byte) (int, error) { return syscall.Write(int(f), b) }

func (f fd) close() error {
	if f == closed {
		return nil
	}
	return syscall.Close(int(f))
}

// seekEnd skips what is in the file.
func (f fd) seekEnd() error {
	_, err := syscall.Seek(int(f), 0, 2)
	return err
}

// lock waits for the file to be ours alone among all that lock it.
func (f fd) lock() error {
	for {
		if err := syscall.Flock(int(f), syscall.LOCK_EX); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func (f fd) unlock() error { return syscall.Flock(int(f), syscall.LOCK_UN) }

func openFile(name string) (fd, error) {
	n, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return closed, fmt.Errorf("open %s: %w", name, err)
	}
	return fd(n), nil
}

// unshareNetwork moves the calling thread into a new network namespace.
func unshareNetwork() error {
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		return fmt.Errorf("make a network namespace: %w", err)
	}
	return nil
}

// openTAP makes a TAP device in the namespace of the calling thread; the
// device lives as long as the file is open (drivers/net/tun.c, tun_set_iff).
func openTAP(name string) (fd, error) {
	const path = "/dev/net/tun"
	n, err := syscall.Open(path, syscall.O_RDWR|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return closed, fmt.Errorf("open %s: %w", path, err)
	}
	var req struct { // struct ifreq
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(req.name[:syscall.IFNAMSIZ-1], name)
	req.flags = syscall.IFF_TAP | syscall.IFF_NO_PI
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(n), syscall.TUNSETIFF, uintptr(unsafe.Pointer(&req))); errno != 0 {
		return closed, errors.Join(fmt.Errorf("make TAP device %s: %w", name, errno), syscall.Close(n))
	}
	return fd(n), nil
}

// openRaw makes a socket that sends complete IP packets, in the namespace of
// the calling thread, where it stays. It belongs to whom the thread passes for
// in the file system while it is opened (net/socket.c, sock_alloc_file).
func openRaw(s rawSocket) (fd, error) {
	domain := syscall.AF_INET
	if s.v6 {
		domain = syscall.AF_INET6
	}
	// The calls of package syscall would be for all threads.
	for _, id := range []struct{ call, id uintptr }{{syscall.SYS_SETFSGID, uintptr(s.gid)}, {syscall.SYS_SETFSUID, uintptr(s.uid)}} {
		syscall.RawSyscall(id.call, id.id, 0, 0)
		defer syscall.RawSyscall(id.call, 0, 0, 0)
	}
	n, err := syscall.Socket(domain, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.IPPROTO_RAW)
	if err != nil {
		return closed, fmt.Errorf("open a raw socket: %w", err)
	}
	if s.v6 {
		const headerIncluded = 36 // IPV6_HDRINCL, include/uapi/linux/in6.h
		if err := syscall.SetsockoptInt(n, syscall.IPPROTO_IPV6, headerIncluded, 1); err != nil {
			return closed, errors.Join(fmt.Errorf("raw socket: IPV6_HDRINCL: %w", err), syscall.Close(n))
		}
	}
	return fd(n), nil
}

// sendRaw hands a complete packet to the kernel as a local process would.
// complaint is what the sender is told about the packet's fate.
func (f fd) sendRaw(dst netip.Addr, mark uint32, wire []byte) (complaint string, err error) {
	if err := syscall.SetsockoptInt(int(f), syscall.SOL_SOCKET, syscall.SO_MARK, int(int32(mark))); err != nil {
		return "", fmt.Errorf("raw socket: SO_MARK: %w", err)
	}
	var to syscall.Sockaddr = &syscall.SockaddrInet6{Addr: dst.As16()}
	if dst.Is4() {
		to = &syscall.SockaddrInet4{Addr: dst.As4()}
	}
	return strerror(syscall.Sendto(int(f), wire, 0, to)), nil
}

// strerror words an error as the C library does: Go's texts are the same but
// for the capital letter.
func strerror(err error) string {
	if err == nil {
		return ""
	}
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:]
}
