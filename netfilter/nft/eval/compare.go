package eval

import (
	"bytes"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// compare compares a register with a value byte by byte, as numbers in network
// byte order (net/netfilter/nft_cmp.c, nft_cmp_eval).
type compare struct {
	src  register
	rel  nft.CmpOp
	data []byte
}

func (e *compare) eval(m *machine) {
	d := bytes.Compare(m.regs.bytes(e.src, len(e.data)), e.data)
	var holds bool
	switch e.rel {
	case nft.Eq:
		holds = d == 0
	case nft.Neq:
		holds = d != 0
	case nft.Lt:
		holds = d < 0
	case nft.Lte:
		holds = d <= 0
	case nft.Gt:
		holds = d > 0
	case nft.Gte:
		holds = d >= 0
	}
	if !holds {
		m.breakRule()
	}
}

// between compares a register with a range, both ends included
// (net/netfilter/nft_range.c, nft_range_eval).
type between struct {
	src      register
	invert   bool
	from, to []byte
}

func (e *between) eval(m *machine) {
	v := m.regs.bytes(e.src, len(e.from))
	inside := bytes.Compare(v, e.from) >= 0 && bytes.Compare(v, e.to) <= 0
	if inside == e.invert {
		m.breakRule()
	}
}
