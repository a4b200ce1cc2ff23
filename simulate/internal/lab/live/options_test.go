package live_test

import (
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
)

// TestOptionsOnKernel sends IP options and extension headers that are wrong, or
// that nobody knows, to the host and through it.
func TestOptionsOnKernel(t *testing.T) {
	var packets []played
	for _, dst := range []string{"192.0.2.2", "10.1.0.4"} {
		for _, o := range []string{"1e020000", "1e050000", "1e010000", "94030000", "94040000", "07030300",
			"830704c00002090000000000"[:16], "8307030000000000", "44040400", "44080504", "01010100", "1e0400ff", "00ff00ff"} {
			b, err := hex.DecodeString(o)
			if err != nil || len(b)%4 != 0 {
				t.Fatal(o, err)
			}
			p := packetFrom(t, "udp 192.0.2.7:1000 > "+dst+":53 len 9")
			packets = append(packets, played{"eth0", "wire " + hex.EncodeToString(withOptions4(p.Wire(), b))})
		}
	}
	for _, dst := range []string{"2001:db8:2::2", "2001:db8:10::4"} {
		for _, kind := range []byte{0, 60} {
			for _, o := range []string{"010400000000", "1e0400000000", "5e0400000000", "9e0400000000", "de0400000000", "010400000001", "000000000000",
				"1e0500000000", "050200000100", "050400000000"} {
				b, err := hex.DecodeString(o)
				if err != nil {
					t.Fatal(o, err)
				}
				p := packetFrom(t, "udp [2001:db8:2::7]:1000 > ["+dst+"]:53 len 9")
				packets = append(packets, played{"eth0", "wire " + hex.EncodeToString(withHeader6(p.Wire(), kind, b))})
			}
		}
	}
	playOnKernel(t, gen.Env(), traceAll, traceAll, packets)
}

// withOptions4 puts options into an IPv4 header.
func withOptions4(w, options []byte) []byte {
	out := append(append(append([]byte(nil), w[:20]...), options...), w[20:]...)
	out[0] = 0x45 + byte(len(options)/4)
	binary.BigEndian.PutUint16(out[2:], uint16(len(out)))
	out[10], out[11] = 0, 0
	binary.BigEndian.PutUint16(out[10:], packet.Checksum(out[:20+len(options)], 0))
	return out
}

// withHeader6 puts an extension header with six bytes of options behind an IPv6
// header.
func withHeader6(w []byte, kind byte, options []byte) []byte {
	out := append(append(append([]byte(nil), w[:40]...), w[6], 0), options...)
	out = append(out, w[40:]...)
	out[6] = kind
	binary.BigEndian.PutUint16(out[4:], uint16(len(out)-40))
	return out
}
