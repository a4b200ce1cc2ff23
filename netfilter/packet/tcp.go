package packet

// TCPHeaderLen is the length in bytes of a TCP header without options.
const TCPHeaderLen = 20

// Kinds of TCP options (include/net/tcp.h, TCPOPT_*).
const (
	TCPOptionMSS           = 2
	TCPOptionWindowScale   = 3
	TCPOptionSACKPermitted = 4
	TCPOptionSACK          = 5
	TCPOptionTimestamp     = 8
)

// TCPSegment is a TCP header with the payload that follows it. ReadTCP checks
// that the header is complete; for a truncated one the methods return zero for
// missing fields.
type TCPSegment []byte

// ReadTCP returns the segment in b; false if b does not hold a header of the
// length it states, at least 20 bytes.
func ReadTCP(b []byte) (TCPSegment, bool) {
	if len(b) < TCPHeaderLen {
		return nil, false
	}
	s := TCPSegment(b)
	n := s.HeaderLen()
	return s, n >= TCPHeaderLen && n <= len(b)
}

// SrcPort returns the source port.
func (s TCPSegment) SrcPort() uint16 { return uint16(s.at(0, 2)) }

// DstPort returns the destination port.
func (s TCPSegment) DstPort() uint16 { return uint16(s.at(2, 2)) }

// Seq returns the sequence number.
func (s TCPSegment) Seq() uint32 { return uint32(s.at(4, 4)) }

// Ack returns the acknowledgment number, whether or not the ACK flag is set.
func (s TCPSegment) Ack() uint32 { return uint32(s.at(8, 4)) }

// HeaderLen returns the length of the header that the data offset states, in
// bytes: 0 to 60.
func (s TCPSegment) HeaderLen() int { return int(s.at(12, 1)>>4) * 4 }

// Flags returns the flags.
func (s TCPSegment) Flags() TCPFlags { return TCPFlags(s.at(13, 1)) }

// Window returns the window without scaling.
func (s TCPSegment) Window() uint16 { return uint16(s.at(14, 2)) }

// Options returns the bytes of the options, as far as they are present.
func (s TCPSegment) Options() []byte {
	n := min(s.HeaderLen(), len(s))
	return s[min(TCPHeaderLen, n):n]
}

// Payload returns what follows the header.
func (s TCPSegment) Payload() []byte { return s[min(s.HeaderLen(), len(s)):] }

// at returns the number in n bytes from off on, 0 if they are missing.
func (s TCPSegment) at(off, n int) (v uint32) {
	if off+n > len(s) {
		return 0
	}
	for _, b := range s[off : off+n] {
		v = v<<8 | uint32(b)
	}
	return v
}
