package simulate

import (
	"encoding/binary"
	"iter"

	"github.com/packetpath/packetpath/netfilter"
)

// maxScale is the largest scale of windows (RFC 7323).
const maxScale = 14

// synOptions are the options of a TCP header that SYNPROXY deals with (struct
// synproxy_options).
type synOptions struct {
	hasMSS, hasScale, sack, timestamp, ecn bool

	mss          uint16
	scale        uint8 // of windows
	tsval, tsecr uint32
}

// readSynOptions reads the options of a header that is whole
// (synproxy_parse_options).
func readSynOptions(tcp []byte) (o synOptions) {
	for _, opt := range tcpOptions(tcp) {
		switch n := len(opt); {
		case opt[0] == optionMSS && n == 4:
			o.hasMSS, o.mss = true, binary.BigEndian.Uint16(opt[2:])
		case opt[0] == optionScale && n == 3:
			o.hasScale, o.scale = true, min(opt[2], maxScale)
		case opt[0] == optionSACKOK && n == 2:
			o.sack = true
		case opt[0] == optionTimes && n == 10:
			o.timestamp, o.tsval, o.tsecr = true, binary.BigEndian.Uint32(opt[2:]), binary.BigEndian.Uint32(opt[6:])
		}
	}
	return o
}

// Kinds of options of TCP (include/net/tcp.h, TCPOPT_*).
const (
	optionMSS    = 2
	optionScale  = 3
	optionSACKOK = 4
	optionSACK   = 5
	optionTimes  = 8
)

// tcpOptions yields where the options stand in a TCP header that is whole, those
// that only pad left out, up to one that does not fit.
func tcpOptions(tcp []byte) iter.Seq2[int, []byte] {
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

// restrict returns the options for the answer to a client: those that both sides
// know, and all but the segment size only beside a timestamp, which carries them
// (synproxy_tg4, synproxy_init_timestamp_cookie).
func (o synOptions) restrict(s netfilter.SynProxy, now int64) synOptions {
	given := synOptions{hasMSS: o.hasMSS && s.HasMSS, mss: s.MSS}
	if !o.timestamp || !s.Timestamp {
		return given
	}
	given.timestamp, given.tsval, given.tsecr = true, uint32(now)&^hiddenBits, o.tsval
	if given.hasScale = o.hasScale && s.HasWScale; given.hasScale {
		given.tsval |= uint32(o.scale)
		given.scale = s.WScale
	} else {
		given.tsval |= hiddenScale
	}
	if given.sack = o.sack && s.SACK; given.sack {
		given.tsval |= hiddenSACK
	}
	if given.ecn = o.ecn && s.ECN; given.ecn {
		given.tsval |= hiddenECN
	}
	return given
}

// reveal reads from the timestamp that a client repeats what it offered
// (synproxy_check_timestamp_cookie).
func (o *synOptions) reveal() {
	o.scale = uint8(o.tsecr & hiddenScale)
	o.hasScale = o.scale != hiddenScale
	o.sack = o.tsecr&hiddenSACK != 0
	o.ecn = o.tsecr&hiddenECN != 0
}

// append appends the options (synproxy_build_options).
func (o synOptions) append(b []byte) []byte {
	if o.hasMSS {
		b = binary.BigEndian.AppendUint16(append(b, optionMSS, 4), o.mss)
	}
	switch {
	case o.timestamp && o.sack:
		b = append(b, optionSACKOK, 2, optionTimes, 10)
	case o.timestamp:
		b = append(b, optionNop, optionNop, optionTimes, 10)
	case o.sack:
		b = append(b, optionNop, optionNop, optionSACKOK, 2)
	}
	if o.timestamp {
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, o.tsval), o.tsecr)
	}
	if o.hasScale {
		b = append(b, optionNop, optionScale, 3, o.scale)
	}
	return b
}
