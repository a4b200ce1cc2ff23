package packet

import "iter"

// Kinds of options that consist of one byte, in IPv4 as well as TCP headers
// (include/uapi/linux/ip.h, IPOPT_*; include/net/tcp.h, TCPOPT_*).
const (
	OptionEnd = 0
	OptionNOP = 1
)

// Option is an option of an IPv4 or TCP header, or of an IPv6 hop-by-hop or
// destination options header.
type Option struct {
	Kind   uint8
	Offset int    // of its first byte from the start of the options
	Len    int    // length it states, in bytes, the kind included; 0 if the length byte is missing
	Bytes  []byte // the option, kind first, as far as it is present; at least one byte
}

// Whole reports whether the option states a valid length and is present in that
// length.
func (o Option) Whole() bool {
	return o.Len > 0 && o.Len == len(o.Bytes) && (o.Len > 1 || o.Kind <= OptionNOP)
}

// Data returns what follows kind and length; empty for options of one byte.
func (o Option) Data() []byte { return o.Bytes[min(2, len(o.Bytes)):] }

// Options yields the options of an IPv4 or TCP header, padding included. The
// functions of the kernel that walk options differ in where they stop; callers
// stop the iteration accordingly. If a caller does not stop at OptionEnd or at
// a length that is too small, the next option begins one byte later or after
// the length stated. An option that exceeds the header is the last.
func Options(b []byte) iter.Seq[Option] {
	return func(yield func(Option) bool) {
		for at := 0; at < len(b); {
			o := optionAt(b, at)
			if !yield(o) {
				return
			}
			at += max(o.Len, 1)
		}
	}
}

// WholeOptions yields the options of an IPv4 or TCP header without padding, up
// to OptionEnd or the first that is not whole (net/ipv4/tcp_input.c,
// tcp_parse_options).
func WholeOptions(b []byte) iter.Seq[Option] {
	return func(yield func(Option) bool) {
		for o := range Options(b) {
			switch {
			case o.Kind == OptionNOP:
			case o.Kind == OptionEnd || !o.Whole() || !yield(o):
				return
			}
		}
	}
}

func optionAt(b []byte, at int) Option {
	o := Option{Kind: b[at], Offset: at}
	switch {
	case o.Kind <= OptionNOP:
		o.Len = 1
	case at+1 < len(b):
		o.Len = int(b[at+1])
	}
	o.Bytes = b[at:min(at+max(o.Len, 1), len(b))]
	return o
}

// Kinds of IPv6 padding options (include/uapi/linux/in6.h, IPV6_TLV_*).
const (
	Option6Pad1 = 0 // one byte
	Option6PadN = 1
)

// Options6 yields the options of an IPv6 hop-by-hop or destination options
// header, padding included; b is what follows the first two bytes of the
// header. One that exceeds b is the last.
func Options6(b []byte) iter.Seq[Option] {
	return func(yield func(Option) bool) {
		for at := 0; at < len(b); {
			o := Option{Kind: b[at], Offset: at}
			switch {
			case o.Kind == Option6Pad1:
				o.Len = 1
			case at+1 < len(b):
				o.Len = int(b[at+1]) + 2
			}
			o.Bytes = b[at:min(at+max(o.Len, 1), len(b))]
			if !yield(o) {
				return
			}
			at += max(o.Len, 1)
		}
	}
}
