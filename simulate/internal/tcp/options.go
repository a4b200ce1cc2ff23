// Package tcp reads and writes what the TCP of a host and SYNPROXY look at in
// segments.
package tcp

import (
	"encoding/binary"
	"iter"

	"github.com/packetpath/packetpath/netfilter"
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
func ReadOptions(tcp []byte) (o Options) {
	for _, opt := range Each(tcp) {
		switch n := len(opt); {
		case opt[0] == OptionMSS && n == 4:
			o.HasMSS, o.MSS = true, binary.BigEndian.Uint16(opt[2:])
		case opt[0] == OptionScale && n == 3:
			o.HasScale, o.Scale = true, min(opt[2], maxScale)
		case opt[0] == OptionSACKOK && n == 2:
			o.SACK = true
		case opt[0] == OptionTimestamp && n == 10:
			o.Timestamp, o.TSVal, o.TSEcr = true, binary.BigEndian.Uint32(opt[2:]), binary.BigEndian.Uint32(opt[6:])
		}
	}
	return o
}

// Kinds of options of TCP (include/net/tcp.h, TCPOPT_*).
const (
	optionEnd       = 0
	optionNop       = 1
	OptionMSS       = 2
	OptionScale     = 3
	OptionSACKOK    = 4
	OptionSACK      = 5
	OptionTimestamp = 8
)

// Each yields where the options stand in a TCP header that is whole, those
// that only pad left out, up to one that does not fit.
func Each(tcp []byte) iter.Seq2[int, []byte] {
	end := int(tcp[12]>>4) * 4
	return func(yield func(int, []byte) bool) {
		for at := 20; at < end && tcp[at] != optionEnd; {
			if tcp[at] == optionNop {
				at++
				continue
			}
			if at+1 >= end || tcp[at+1] < 2 || at+int(tcp[at+1]) > end {
				return
			}
			n := int(tcp[at+1])
			if !yield(at, tcp[at:at+n]) {
				return
			}
			at += n
		}
	}
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
		b = binary.BigEndian.AppendUint16(append(b, OptionMSS, 4), o.MSS)
	}
	switch {
	case o.Timestamp && o.SACK:
		b = append(b, OptionSACKOK, 2, OptionTimestamp, 10)
	case o.Timestamp:
		b = append(b, optionNop, optionNop, OptionTimestamp, 10)
	case o.SACK:
		b = append(b, optionNop, optionNop, OptionSACKOK, 2)
	}
	if o.Timestamp {
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, o.TSVal), o.TSEcr)
	}
	if o.HasScale {
		b = append(b, optionNop, OptionScale, 3, o.Scale)
	}
	return b
}
