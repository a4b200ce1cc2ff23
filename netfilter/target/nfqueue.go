package target

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// NFQueue passes the packet to a user space program that decides on it
// (net/netfilter/xt_NFQUEUE.c, nfqueue_tg_v3).
type NFQueue struct {
	First, Last uint16 // range of queues that packets are distributed to; equal for a single queue
	Bypass      bool   // if no program listens, the packet is accepted
	Fanout      bool   // distribute by processor, not by addresses
}

// maxQueues is the maximum number of queues that packets can be distributed to
// (nfqueue_tg_check).
const maxQueues = 0xffff

var nfqueueDefinition = netfilter.Definition{
	Name:     "NFQUEUE",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &NFQueue{} },
	Options: []netfilter.OptionDef{
		{Name: "queue-num", Args: 1, Excludes: []string{"queue-balance"},
			Set: netfilter.Into(func(t *NFQueue, v *netfilter.Value) error {
				n, err := opt.Uint(v.Arg(), 0, 1<<16-1)
				t.First, t.Last = uint16(n), uint16(n)
				return err
			})},
		{Name: "queue-balance", Args: 1, Excludes: []string{"queue-num"}, Set: netfilter.Into((*NFQueue).setBalance)},
		opt.Flag("queue-bypass", func(t *NFQueue) *bool { return &t.Bypass }),
		{Name: "queue-cpu-fanout", Needs: []string{"queue-balance"},
			Set: opt.Flag("", func(t *NFQueue) *bool { return &t.Fanout }).Set},
	},
}

// setBalance reads "first:last"; an omitted end is 0 or the last queue, which
// since 1.8.11 is 65534.
func (t *NFQueue) setBalance(v *netfilter.Value) error {
	if strings.Count(v.Arg(), ":") != 1 {
		return fmt.Errorf("bad range %q: need first:last", v.Arg())
	}
	last := v.Context().Version.LastQueue()
	lo, hi, err := opt.UintRange(v, uint64(last))
	if err != nil {
		return err
	}
	if lo >= hi {
		return fmt.Errorf("bad range %q: the first must be lower than the last", v.Arg())
	}
	t.First, t.Last = uint16(lo), uint16(hi)
	return nil
}

// Definition returns the extension's definition.
func (t *NFQueue) Definition() *netfilter.Definition { return &nfqueueDefinition }

// Name returns "NFQUEUE".
func (t *NFQueue) Name() string { return "NFQUEUE" }

// AppendOptions appends "--queue-num n" or "--queue-balance first:last", also
// if no queue was given, and the flags.
func (t *NFQueue) AppendOptions(b []byte) []byte {
	if t.First == t.Last {
		b = opt.AppendNumber(b, "queue-num", t.First)
	} else {
		b = opt.AppendNumber(b, "queue-balance", t.First)
		b = strconv.AppendUint(append(b, ':'), uint64(t.Last), 10)
	}
	if t.Bypass {
		b = opt.AppendOption(b, "queue-bypass", false)
	}
	if t.Fanout {
		b = opt.AppendOption(b, "queue-cpu-fanout", false)
	}
	return b
}

// Check refuses more queues than there are (nfqueue_tg_check).
func (t *NFQueue) Check(netfilter.CheckContext) error {
	if int(t.Last)-int(t.First)+1 > maxQueues {
		return errors.New("--queue-balance 0:65535: at most 65535 queues are possible")
	}
	return nil
}

// Apply queues the packet.
func (t *NFQueue) Apply(c *netfilter.Context) netfilter.Verdict {
	return c.Engine.Queue(t.First, t.Last, t.Bypass)
}
