package netfilter

// Verdict is what a rule or a table says of a packet. The zero value is
// Continue.
type Verdict uint8

// The verdicts (include/uapi/linux/netfilter.h, NF_*; x_tables.h, XT_*).
const (
	Continue Verdict = iota // the next rule of the chain is looked at
	Accept                  // the table has no objection; the next table or hook goes on
	Drop                    // the packet is freed
	Queue                   // the packet is handed to user space
	Stolen                  // a target took the packet over; nothing more happens to it here
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
