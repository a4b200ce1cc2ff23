package eval

// byteorder converts numbers between network and host byte order
// (net/netfilter/nft_byteorder.c). Host byte order is little-endian here.
type byteorder struct {
	dst, src register
	size     int // bytes of a number: 2, 4 or 8
	length   int // bytes altogether
}

func (e *byteorder) eval(m *machine) {
	src, dst := m.regs.bytes(e.src, e.length), m.regs.bytes(e.dst, e.length)
	for at := 0; at+e.size <= e.length; at += e.size {
		var v [8]byte
		copy(v[:e.size], src[at:])
		for i := range e.size {
			dst[at+i] = v[e.size-1-i]
		}
	}
}
