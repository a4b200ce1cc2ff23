// Package tcp reads and writes what the TCP of a host and SYNPROXY look at in
// segments.
package tcp

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// maxScale is the largest scale of windows (RFC 7323).
const maxScale = 14

// Options are the options of a TCP header that SYNPROXY deals with
// (include/net/netfilter/nf_synproxy.h, struct synproxy_options).
type Options struct {
	HasMSS, HasScale, SACK, Timestamp, ECN bool

	MSS          uint16
	Scale        uint8 // of windows
	TSVal, TSEcr uint32
}

// ReadOptions reads the options of a header, which must be whole
// (synproxy_parse_options).
func ReadOptions(tcp packet.TCPSegment) (o Options) {
	for opt := range packet.WholeOptions(tcp.Options()) {
		switch v := opt.Data(); {
		case opt.Kind == packet.TCPOptionMSS && opt.Len == 4:
			o.HasMSS, o.MSS = true, binary.BigEndian.Uint16(v)
		case opt.Kind == packet.TCPOptionWindowScale && opt.Len == 3:
			o.HasScale, o.Scale = true, min(v[0], maxScale)
		case opt.Kind == packet.TCPOptionSACKPermitted && opt.Len == 2:
			o.SACK = true
		case opt.Kind == packet.TCPOptionTimestamp && opt.Len == 10:
			o.Timestamp, o.TSVal, o.TSEcr = true, binary.BigEndian.Uint32(v), binary.BigEndian.Uint32(v[4:])
		}
	}
	return o
}

// What the six lowest bits of a timestamp keep of a client's offer until it
// confirms: the scale of windows, or that there is none, and flags.
const (
	hiddenScale = 0xf
	hiddenSACK  = 1 << 4
	hiddenECN   = 1 << 5
	hiddenBits  = 0x3f
)

// Restrict returns the options for the answer to a client: those that both sides
// know, and all but the segment size only beside a timestamp, which carries them
// (synproxy_tg4, synproxy_init_timestamp_cookie).
func (o Options) Restrict(s netfilter.SynProxy, now int64) Options {
	given := Options{HasMSS: o.HasMSS && s.HasMSS, MSS: s.MSS}
	if !o.Timestamp || !s.Timestamp {
		return given
	}
	given.Timestamp, given.TSVal, given.TSEcr = true, uint32(now)&^hiddenBits, o.TSVal
	if given.HasScale = o.HasScale && s.HasWScale; given.HasScale {
		given.TSVal |= uint32(o.Scale)
		given.Scale = s.WScale
	} else {
		given.TSVal |= hiddenScale
	}
	if given.SACK = o.SACK && s.SACK; given.SACK {
		given.TSVal |= hiddenSACK
	}
	if given.ECN = o.ECN && s.ECN; given.ECN {
		given.TSVal |= hiddenECN
	}
	return given
}

// Reveal reads from the timestamp that a client repeats what it offered
// (synproxy_check_timestamp_cookie).
func (o *Options) Reveal() {
	o.Scale = uint8(o.TSEcr & hiddenScale)
	o.HasScale = o.Scale != hiddenScale
	o.SACK = o.TSEcr&hiddenSACK != 0
	o.ECN = o.TSEcr&hiddenECN != 0
}

// append appends the options (synproxy_build_options).
func (o Options) Append(b []byte) []byte {
	if o.HasMSS {
		b = binary.BigEndian.AppendUint16(append(b, packet.TCPOptionMSS, 4), o.MSS)
	}
	switch {
	case o.Timestamp && o.SACK:
		b = append(b, packet.TCPOptionSACKPermitted, 2, packet.TCPOptionTimestamp, 10)
	case o.Timestamp:
		b = append(b, packet.OptionNOP, packet.OptionNOP, packet.TCPOptionTimestamp, 10)
	case o.SACK:
		b = append(b, packet.OptionNOP, packet.OptionNOP, packet.TCPOptionSACKPermitted, 2)
	}
	if o.Timestamp {
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, o.TSVal), o.TSEcr)
	}
	if o.HasScale {
		b = append(b, packet.OptionNOP, packet.TCPOptionWindowScale, 3, o.Scale)
	}
	return b
}
