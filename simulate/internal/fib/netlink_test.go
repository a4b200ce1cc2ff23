//go:build linux

package fib_test

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// Attributes package syscall does not name (linux/rtnetlink.h).
const (
	rtaVia         = 18
	rtaFlow        = 11
	rtaMark        = 16
	rtaUID         = 25
	rtaIPProto     = 27
	rtaSPort       = 28
	rtaDPort       = 29
	rtmLookupTable = 0x1000
	rtaxMTU        = 2
)

// answer is what the kernel says to RTM_GETROUTE.
type answer struct {
	Err     fib.Errno
	Type    fib.Type
	Link    int
	Gateway netip.Addr
	Source  netip.Addr
	Table   uint32
	MTU     int // 0 unless the route has its own
	Realm   fib.Realm
}

// querier asks the kernel for routes.
type querier struct {
	t  *testing.T
	fd int
}

func newQuerier(t *testing.T) *querier {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, syscall.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	return &querier{t, fd}
}

type attrs []byte

func (a *attrs) add(typ uint16, data []byte) {
	b := binary.NativeEndian.AppendUint16(*a, uint16(4+len(data)))
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = append(b, data...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	*a = b
}

func (a *attrs) u32(typ uint16, v uint32) {
	if v != 0 {
		a.add(typ, binary.NativeEndian.AppendUint32(nil, v))
	}
}

func (a *attrs) port(typ uint16, v uint16) {
	if v != 0 {
		a.add(typ, binary.BigEndian.AppendUint16(nil, v))
	}
}

// get asks as "ip route get" does.
func (q *querier) get(k fib.Key) answer {
	q.t.Helper()
	var a attrs
	bits := uint8(k.Dst.BitLen())
	var srcBits uint8
	a.add(syscall.RTA_DST, k.Dst.AsSlice())
	if k.Src.IsValid() {
		a.add(syscall.RTA_SRC, k.Src.AsSlice())
		srcBits = bits
	}
	a.u32(syscall.RTA_IIF, uint32(k.IIF))
	a.u32(syscall.RTA_OIF, uint32(k.OIF))
	a.u32(rtaMark, k.Mark)
	a.add(rtaUID, binary.NativeEndian.AppendUint32(nil, k.UID))
	if k.Proto != 0 {
		a.add(rtaIPProto, []byte{k.Proto})
	}
	a.port(rtaSPort, k.SrcPort)
	a.port(rtaDPort, k.DstPort)
	family := byte(syscall.AF_INET)
	if k.Dst.Is6() {
		family = syscall.AF_INET6
	}
	msg := []byte{family, bits, srcBits, k.TOS, 0, 0, 0, 0}
	msg = binary.NativeEndian.AppendUint32(msg, rtmLookupTable)
	return q.exchange(append(msg, a...))
}

func (q *querier) exchange(body []byte) answer {
	q.t.Helper()
	msg := binary.NativeEndian.AppendUint32(nil, uint32(16+len(body)))
	msg = binary.NativeEndian.AppendUint16(msg, syscall.RTM_GETROUTE)
	msg = binary.NativeEndian.AppendUint16(msg, syscall.NLM_F_REQUEST)
	msg = append(msg, 1, 0, 0, 0, 0, 0, 0, 0)
	if err := syscall.Sendto(q.fd, append(msg, body...), 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		q.t.Fatal(err)
	}
	buf := make([]byte, 8192)
	n, _, err := syscall.Recvfrom(q.fd, buf, 0)
	if err != nil {
		q.t.Fatal(err)
	}
	msgs, err := syscall.ParseNetlinkMessage(buf[:n])
	if err != nil || len(msgs) != 1 {
		q.t.Fatalf("netlink: %v, %d messages", err, len(msgs))
	}
	return q.parse(&msgs[0])
}

func (q *querier) parse(m *syscall.NetlinkMessage) (a answer) {
	q.t.Helper()
	if m.Header.Type == syscall.NLMSG_ERROR {
		a.Err = fib.Errno(-int32(binary.NativeEndian.Uint32(m.Data)))
		return a
	}
	a.Type = fib.Type(m.Data[7])
	list, err := syscall.ParseNetlinkRouteAttr(m)
	if err != nil {
		q.t.Fatal(err)
	}
	for _, at := range list {
		switch at.Attr.Type {
		case syscall.RTA_OIF:
			a.Link = int(binary.NativeEndian.Uint32(at.Value))
		case syscall.RTA_GATEWAY:
			a.Gateway, _ = netip.AddrFromSlice(at.Value)
		case rtaVia:
			a.Gateway, _ = netip.AddrFromSlice(at.Value[2:])
		case syscall.RTA_PREFSRC:
			a.Source, _ = netip.AddrFromSlice(at.Value)
		case syscall.RTA_TABLE:
			a.Table = binary.NativeEndian.Uint32(at.Value)
		case rtaFlow:
			a.Realm = fib.Realm(binary.NativeEndian.Uint32(at.Value))
		case syscall.RTA_METRICS:
			a.MTU = metric(at.Value, rtaxMTU)
		}
	}
	return a
}

// metric finds one of the metrics in a nested attribute.
func metric(b []byte, want uint16) int {
	for len(b) >= 8 {
		n, typ := binary.NativeEndian.Uint16(b), binary.NativeEndian.Uint16(b[2:])
		if typ == want {
			return int(binary.NativeEndian.Uint32(b[4:]))
		}
		b = b[min(len(b), int(n+3)&^3):]
	}
	return 0
}
