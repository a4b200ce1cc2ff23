package conntrack

// Config holds the settings of sysctl net.netfilter.nf_conntrack_*. The kernel's
// defaults are those of DefaultConfig, not the zero value.
type Config struct {
	Checksum            bool // received packets with a bad checksum are invalid
	TCPLoose            bool // connections are picked up in the middle
	TCPBeLiberal        bool // TCP packets outside the window are not invalid
	TCPIgnoreInvalidRST bool // RST before the last acknowledged byte is not invalid
	Acct                bool // new connections count their packets
	TCPMaxRetrans       int  // retransmissions after which TCPRetrans applies
	// Max is the maximum number of entries; further connections are dropped. 0 means
	// no limit. The kernel first tries to evict an entry that is not ASSURED.
	Max    int
	Labels bool // new connections have labels, because a rule uses connlabel

	Timeouts Timeouts
	// Policies are the timeout policies of CT --timeout by name (nfct timeout). A
	// timeout that a policy does not set must have its default value.
	Policies map[string]Timeouts
}

// DefaultConfig returns the kernel's default configuration.
func DefaultConfig() Config {
	return Config{
		Checksum:      true,
		TCPLoose:      true,
		TCPMaxRetrans: 3,
		Max:           262144,
		Timeouts:      DefaultTimeouts(),
	}
}
