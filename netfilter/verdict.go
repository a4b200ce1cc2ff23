package netfilter

// Verdict is the decision of a rule or a table on a packet. The zero value is
// Continue.
type Verdict uint8

// The verdicts (include/uapi/linux/netfilter.h, NF_*; x_tables.h, XT_*).
const (
	Continue Verdict = iota // evaluation continues with the next rule of the chain
	Accept                  // the packet passes the table; it continues with the next table or hook
	Drop                    // the packet is freed
	Queue                   // the packet is passed to user space
	Stolen                  // a target took over the packet; its path ends here
	Return                  // back to the calling chain, or to the policy
)

var verdictNames = [...]string{"CONTINUE", "ACCEPT", "DROP", "QUEUE", "STOLEN", "RETURN"}

// String returns the verdict's name as in iptables, upper case.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "verdict?"
}
