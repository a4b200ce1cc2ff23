package target

import (
	"errors"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// IdleTimer restarts a timer that notifies user space, and has no effect on the
// packet (net/netfilter/xt_IDLETIMER.c, idletimer_tg_target_v1).
type IdleTimer struct {
	Timeout uint32 // seconds, 1 to 2147482
	Label   string // name of the timer, up to 27 bytes
	Alarm   bool   // it continues while the machine is suspended
}

const (
	maxIdleTimeout = (1<<31-1)/1000 - 1
	maxIdleLabel   = 27
)

var idletimerDefinition = netfilter.Definition{
	Name:     "IDLETIMER",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &IdleTimer{} },
	Options: []netfilter.OptionDef{
		{Name: "timeout", Args: 1, Required: true, Set: opt.Number("", 0, 1<<32-1, func(t *IdleTimer) *uint32 { return &t.Timeout }).Set},
		{Name: "label", Args: 1, Required: true, Set: opt.Text("", maxIdleLabel, func(t *IdleTimer) *string { return &t.Label }).Set},
		opt.Flag("alarm", func(t *IdleTimer) *bool { return &t.Alarm }),
	},
}

// Definition returns the extension's definition.
func (t *IdleTimer) Definition() *netfilter.Definition { return &idletimerDefinition }

// Name returns "IDLETIMER".
func (t *IdleTimer) Name() string { return "IDLETIMER" }

// AppendOptions appends the options.
func (t *IdleTimer) AppendOptions(b []byte) []byte {
	b = opt.AppendNumber(b, "timeout", t.Timeout)
	b = append(opt.AppendOption(b, "label ", false), t.Label...)
	return opt.AppendFlag(b, "alarm", t.Alarm)
}

// Check refuses what the kernel does (idletimer_tg_helper,
// idletimer_check_sysfs_name).
func (t *IdleTimer) Check(netfilter.CheckContext) error {
	if t.Timeout == 0 || t.Timeout > maxIdleTimeout {
		return fmt.Errorf("timeout %d is out of range 1-%d", t.Timeout, maxIdleTimeout)
	}
	switch t.Label {
	case "power", "subsystem", "uevent":
		return fmt.Errorf("label %q is taken by the kernel", t.Label)
	}
	return opt.FileName(t.Label)
}

// SharedKey returns the key of the timer.
func (t *IdleTimer) SharedKey() string { return "IDLETIMER " + t.Label }

// Join returns the timer as it is: it has no effect on packets.
func (t *IdleTimer) Join(s netfilter.State) netfilter.State { return s }

// Agree refuses an alarm timer and an ordinary one with the same label.
func (t *IdleTimer) Agree(first netfilter.Sharing) error {
	if f, ok := first.(*IdleTimer); ok && f.Alarm != t.Alarm {
		return errors.New("a label cannot be used with and without --alarm")
	}
	return nil
}

// Apply has no effect on the packet.
func (t *IdleTimer) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
