package nft

import "fmt"

// Flags of Queue (include/uapi/linux/netfilter/nf_tables.h, NFT_QUEUE_FLAG_*).
const (
	QueueBypass = 0x01
	QueueFanout = 0x02
)

// Queue passes the packet to user space (nft_queue.c).
type Queue struct {
	Num, Total uint16 // the first queue and how many there are
	Source     Reg    // register with the queue number, if not 0
	Flags      uint32
}

// String implements Expr.
func (e *Queue) String() string {
	if e.Source != 0 {
		return fmt.Sprintf("queue sreg_qnum %s%s", e.Source, queueFlags(e.Flags))
	}
	if e.Total > 1 {
		return fmt.Sprintf("queue num %d-%d%s", e.Num, e.Num+e.Total-1, queueFlags(e.Flags))
	}
	return fmt.Sprintf("queue num %d%s", e.Num, queueFlags(e.Flags))
}

func queueFlags(f uint32) string {
	s := ""
	if f&QueueBypass != 0 {
		s += " bypass"
	}
	if f&QueueFanout != 0 {
		s += " fanout"
	}
	return s
}
