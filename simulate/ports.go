package simulate

import "github.com/packetpath/packetpath/netfilter"

// drawPort returns how address translation draws the place in a range of ports
// where it begins to look for a free one (net/netfilter/nf_nat_core.c,
// nf_nat_l4proto_unique_tuple, draws 16 bits).
//
// To which of a few ports a packet goes is a choice that shows in
// Result.Chance and in branches. That a connection has one or another of
// thousands of source ports is not: all of them count as the same path, of
// which the result shows one with some port.
func (f *flow) drawPort(r netfilter.NATRange, m netfilter.Manip) func(n uint32) uint32 {
	const few = 256
	low, high := r.MinPort, r.MaxPort
	if high < low {
		low, high = high, low
	}
	size := uint64(high-low) + 1
	if m == netfilter.ManipDst && r.Ports && size <= few {
		return func(n uint32) uint32 {
			return uint32(f.s.chance.Weighted(int(size), func(i int) uint64 { return residues(uint64(n), size, uint64(i)) }))
		}
	}
	return func(n uint32) uint32 {
		f.res.RandomPort = true
		return uint32(f.s.chance.Below(uint64(n)))
	}
}

// residues returns how many numbers below n leave a remainder of at most i when
// divided by size.
func residues(n, size, i uint64) uint64 { return n/size*(i+1) + min(n%size, i+1) }
