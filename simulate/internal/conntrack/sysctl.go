package conntrack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SysctlPrefix is the common prefix of the variables' names.
const SysctlPrefix = "net.netfilter.nf_conntrack_"

// Set sets a sysctl variable such as "net.netfilter.nf_conntrack_tcp_loose"; known is
// false for names of other variables. The value must be a decimal number.
func (c *Config) Set(name, value string) (known bool, err error) {
	short, ok := strings.CutPrefix(name, SysctlPrefix)
	if !ok {
		return false, nil
	}
	flag, number, timeout := c.variable(short)
	if flag == nil && number == nil && timeout == nil {
		return false, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 1<<31-1 {
		return true, fmt.Errorf("%s: %q is not a number between 0 and 2147483647", name, value)
	}
	switch {
	case flag != nil:
		*flag = n != 0
	case number != nil:
		*number = n
	default:
		*timeout = time.Duration(n) * time.Second
	}
	return true, nil
}

// variable returns a pointer to the variable of this name; all nil if it is unknown
// (nf_conntrack_standalone.c, nf_ct_sysctl_table).
func (c *Config) variable(short string) (flag *bool, number *int, timeout *time.Duration) {
	switch short {
	case "acct":
		return &c.Acct, nil, nil
	case "checksum":
		return &c.Checksum, nil, nil
	case "tcp_loose":
		return &c.TCPLoose, nil, nil
	case "tcp_be_liberal":
		return &c.TCPBeLiberal, nil, nil
	case "tcp_ignore_invalid_rst":
		return &c.TCPIgnoreInvalidRST, nil, nil
	case "tcp_max_retrans":
		return nil, &c.TCPMaxRetrans, nil
	case "max":
		return nil, &c.Max, nil
	}
	return nil, nil, c.Timeouts.variable(short)
}

func (t *Timeouts) variable(short string) *time.Duration {
	switch short {
	case "generic_timeout":
		return &t.Generic
	case "icmp_timeout":
		return &t.ICMP
	case "icmpv6_timeout":
		return &t.ICMPv6
	case "udp_timeout":
		return &t.UDP
	case "udp_timeout_stream":
		return &t.UDPStream
	case "gre_timeout":
		return &t.GRE
	case "gre_timeout_stream":
		return &t.GREStream
	case "tcp_timeout_max_retrans":
		return &t.TCPRetrans
	case "tcp_timeout_unacknowledged":
		return &t.TCPUnack
	}
	if state, ok := strings.CutPrefix(short, "tcp_timeout_"); ok {
		for s := TCPSynSent; s < TCPSynSent2; s++ {
			if strings.EqualFold(s.String(), state) {
				return &t.TCP[s]
			}
		}
	}
	if state, ok := strings.CutPrefix(short, "sctp_timeout_"); ok {
		for s := SCTPClosed; s < NumSCTPStates; s++ {
			if strings.EqualFold(s.String(), state) {
				return &t.SCTP[s]
			}
		}
	}
	return nil
}
