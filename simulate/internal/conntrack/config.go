package conntrack

// Config holds what sysctl net.netfilter.nf_conntrack_* sets. The zero value
// is not what a kernel starts with; DefaultConfig is.
type Config struct {
	Checksum            bool // a bad checksum makes arriving packets invalid
	TCPLoose            bool // connections are picked up in the middle
	TCPBeLiberal        bool // TCP packets outside the window are not invalid
	TCPIgnoreInvalidRST bool // RST before the last acknowledged byte is not invalid
	Acct                bool // new connections count their packets
	TCPMaxRetrans       int  // repeats of an ACK until the shorter timeout holds
	// Max is how many entries there may be; further connections are dropped. 0 is
	// no limit. The kernel first tries to drop some entry that is not assured.
	Max    int
	Labels bool // new connections have labels: some rule uses connlabel

	Timeouts Timeouts
	// Policies are the sets of timeouts that CT --timeout can name (nfct
	// timeout). Those that a policy does not set must be the usual ones.
	Policies map[string]Timeouts
}

// DefaultConfig returns the configuration of a kernel nobody has touched.
func DefaultConfig() Config {
	return Config{
		Checksum:      true,
		TCPLoose:      true,
		TCPMaxRetrans: 3,
		Max:           262144,
		Timeouts:      DefaultTimeouts(),
	}
}
