package eval

import (
	"bytes"
	"encoding/binary"
)

// tcpOptionWrite changes a TCP option (net/netfilter/nft_exthdr.c,
// nft_exthdr_tcp_set_eval).
type tcpOptionWrite struct {
	src            register
	kind           uint8
	offset, length int // 2 or 4 bytes
}

const mssOption = 2

func (e *tcpOptionWrite) eval(m *machine) {
	h := m.tcpHeader()
	if h == nil {
		m.breakRule()
		return
	}
	m.c.Engine.MakeWritable(m.info.transport + len(h))
	at, n := tcpOption(h, e.kind)
	switch {
	case at < 0:
	case at+n > len(h) || e.offset+e.length > n:
		m.breakRule()
	default:
		e.write(m, h, at+e.offset)
	}
}

// write stores the value at an offset in the header. A maximum segment size is
// never raised.
func (e *tcpOptionWrite) write(m *machine, h []byte, at int) {
	old, next := h[at:at+e.length], m.regs.bytes(e.src, e.length)
	if e.length == 2 && e.kind == mssOption && binary.BigEndian.Uint16(old) <= binary.BigEndian.Uint16(next) || bytes.Equal(old, next) {
		return
	}
	p := m.c.Edit()
	for i := 0; i < e.length; i += 2 {
		p.SetTCPWord(m.info.transport, at+i, binary.BigEndian.Uint16(next[i:]))
	}
}

// tcpOptionReset overwrites a TCP option with no-operation options
// (nft_exthdr_tcp_strip_eval).
type tcpOptionReset struct{ kind uint8 }

func (e *tcpOptionReset) eval(m *machine) {
	h := m.tcpHeader()
	if h == nil {
		m.breakRule()
		return
	}
	m.c.Engine.MakeWritable(m.info.transport + len(h))
	at, n := tcpOption(h, e.kind)
	switch {
	case at < 0:
	case at+n > len(h):
		m.verdict = verdict{code: codeDrop}
	default:
		m.c.Edit().SetTCP(m.info.transport, at, bytes.Repeat([]byte{1}, n))
	}
}
