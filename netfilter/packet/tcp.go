package packet

import "encoding/binary"

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

// TCPSegment is a TCP header with what follows it. Its methods need the first 20
// bytes; ReadTCP makes sure that the whole header is there.
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
func (s TCPSegment) SrcPort() uint16 { return binary.BigEndian.Uint16(s) }

// DstPort returns the destination port.
func (s TCPSegment) DstPort() uint16 { return binary.BigEndian.Uint16(s[2:]) }

// Seq returns the sequence number.
func (s TCPSegment) Seq() uint32 { return binary.BigEndian.Uint32(s[4:]) }

// Ack returns the acknowledgment number, whether or not the ACK flag is set.
func (s TCPSegment) Ack() uint32 { return binary.BigEndian.Uint32(s[8:]) }

// HeaderLen returns the length of the header that the data offset states, in
// bytes: 0 to 60.
func (s TCPSegment) HeaderLen() int { return int(s[12]>>4) * 4 }

// Flags returns the flags.
func (s TCPSegment) Flags() TCPFlags { return TCPFlags(s[13]) }

// Window returns the window without scaling.
func (s TCPSegment) Window() uint16 { return binary.BigEndian.Uint16(s[14:]) }

// Options returns the bytes of the options. The whole header must be there.
func (s TCPSegment) Options() []byte { return s[TCPHeaderLen:s.HeaderLen()] }

// Payload returns what follows the header. The whole header must be there.
func (s TCPSegment) Payload() []byte { return s[s.HeaderLen():] }
