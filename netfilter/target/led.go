package target

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// LED triggers a light-emitting diode and has no effect on the packet
// (net/netfilter/xt_LED.c, led_tg).
type LED struct {
	Trigger string // name of the trigger, up to 16 bytes
	Delay   uint32 // time the LED is left on, ms; the maximum means forever
	Blink   bool   // switch it off first if it is on
}

const (
	maxLEDTrigger = 16
	ledForever    = 1<<32 - 1
)

var ledDefinition = netfilter.Definition{
	Name:     "LED",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &LED{} },
	Options: []netfilter.OptionDef{
		{Name: "led-trigger-id", Args: 1, Required: true, Set: netfilter.Into(func(t *LED, v *netfilter.Value) error {
			if len(v.Arg()) > maxLEDTrigger {
				return fmt.Errorf("bad trigger %q: at most %d bytes are possible", v.Arg(), maxLEDTrigger)
			}
			t.Trigger = v.Arg()
			return nil
		})},
		{Name: "led-delay", Args: 1, Set: netfilter.Into(func(t *LED, v *netfilter.Value) error {
			if s := v.Arg(); len(s) >= 3 && strings.EqualFold(s[:3], "inf") { // iptables compares only three letters
				t.Delay = ledForever
				return nil
			}
			n, err := opt.Uint(v.Arg(), 0, ledForever)
			t.Delay = uint32(n)
			return err
		})},
		opt.Flag("led-always-blink", func(t *LED) *bool { return &t.Blink }),
	},
}

// Definition returns the extension's definition.
func (t *LED) Definition() *netfilter.Definition { return &ledDefinition }

// Name returns "LED".
func (t *LED) Name() string { return "LED" }

// AppendOptions appends the trigger, in quotes, and the options that differ
// from their defaults.
func (t *LED) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "led-trigger-id", false), ` "`...)
	for i := range len(t.Trigger) {
		if c := t.Trigger[i]; c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, t.Trigger[i])
	}
	b = append(b, '"')
	if t.Delay != 0 {
		b = strconv.AppendInt(opt.AppendOption(b, "led-delay ", false), int64(int32(t.Delay)), 10)
	}
	return opt.AppendFlag(b, "led-always-blink", t.Blink)
}

// Apply has no effect on the packet.
func (t *LED) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
