package netfilter

// Detours are the ways in which targets take a packet, or a copy of it, off its
// path.
type Detours interface {
	// Queue hands the packet to the program that reads one of the queues first
	// to last. Without a program the packet is lost or, with bypass, accepted.
	Queue(c *Context, first, last uint16, bypass bool) Verdict
	// PathMTU returns the length of the longest packet, in bytes, that fits both
	// the way the packet goes and the way back to its source.
	PathMTU(c *Context) int
}
