package command

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// redactor exchanges addresses for others so that those which share leading bits
// still do (as Crypto-PAn by Xu, Fan, Ammar and Moon does).
type redactor struct {
	block cipher.Block
	pad   [aes.BlockSize]byte
}

func newRedactor() (*redactor, error) {
	key := make([]byte, 2*aes.BlockSize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return redactorOf(key)
}

// redactorOf returns a redactor with a secret of 32 bytes.
func redactorOf(key []byte) (*redactor, error) {
	block, err := aes.NewCipher(key[:aes.BlockSize])
	if err != nil {
		return nil, err
	}
	r := &redactor{block: block}
	block.Encrypt(r.pad[:], key[aes.BlockSize:])
	return r, nil
}

var (
	ethernetAddress = regexp.MustCompile(`\b[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}\b`)
	ipAddress       = regexp.MustCompile(`(?:[0-9a-fA-F]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4})(?:/\d{1,3})?|\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}\b)?`)
)

// text exchanges all addresses in a text.
func (r *redactor) text(s string) string {
	var b strings.Builder
	for {
		at := ethernetAddress.FindStringIndex(s)
		if at == nil {
			b.WriteString(r.addresses(s))
			return b.String()
		}
		b.WriteString(r.addresses(s[:at[0]]))
		b.WriteString(r.mac(s[at[0]:at[1]]))
		s = s[at[1]:]
	}
}

func (r *redactor) addresses(s string) string {
	return ipAddress.ReplaceAllStringFunc(s, func(w string) string {
		addr, bits, prefix := strings.Cut(w, "/")
		a, err := netip.ParseAddr(addr)
		if err != nil || kept(a) {
			return w
		}
		out := r.addr(a)
		if n, err := strconv.Atoi(bits); prefix && err == nil && n <= a.BitLen() {
			if whole, err := a.Prefix(n); err == nil && whole.Addr() == a { // a subnet, not a host in one
				if p, err := out.Prefix(n); err == nil {
					out = p.Addr()
				}
			}
			return out.String() + "/" + bits
		}
		return out.String()
	})
}

// kept are addresses that mean the same everywhere, and masks.
func kept(a netip.Addr) bool {
	if a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() || a.IsLinkLocalUnicast() {
		return true
	}
	if !a.Is4() {
		return false
	}
	v := a.As4()
	n := uint32(v[0])<<24 | uint32(v[1])<<16 | uint32(v[2])<<8 | uint32(v[3])
	return ^n&(^n+1) == 0 || v[0] == 127 || v[0] >= 240
}

// addr exchanges the bits of an address between those that stay.
func (r *redactor) addr(a netip.Addr) netip.Addr {
	b := a.AsSlice()
	first, end := 8, 24
	if a.Is6() {
		first, end = 16, 64
	}
	out := append([]byte{}, b...)
	for i := first; i < end; i++ {
		if r.flips(b, i) {
			out[i/8] ^= 0x80 >> (i % 8)
		}
	}
	n, _ := netip.AddrFromSlice(out)
	return n
}

// flips says whether bit n of an address is turned, which depends on those ahead
// of it.
func (r *redactor) flips(addr []byte, n int) bool {
	block := r.pad
	for i := range n {
		mask := byte(0x80 >> (i % 8))
		block[i/8] = block[i/8]&^mask | addr[i/8]&mask
	}
	var out [aes.BlockSize]byte
	r.block.Encrypt(out[:], block[:])
	return out[0]&0x80 != 0
}

// mac exchanges the second half of an Ethernet address.
func (r *redactor) mac(s string) string {
	if strings.Trim(s, "0:") == "" || strings.Trim(strings.ToLower(s), "f:") == "" {
		return s
	}
	block := r.pad
	copy(block[:], strings.ToLower(s))
	var out [aes.BlockSize]byte
	r.block.Encrypt(out[:], block[:])
	const digits = "0123456789abcdef"
	b := []byte(s)
	for i, at := range []int{9, 12, 15} {
		b[at], b[at+1] = digits[out[i]>>4], digits[out[i]&15]
	}
	return string(b)
}
