package target

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// Set adds the packet's element to a set, deletes it from a set, or changes the
// packet by the entry found in a set (net/netfilter/xt_set.c, set_target_v3).
// At least one of Add, Del and Map names a set; the operations are executed in
// this order.
type Set struct {
	Add, Del, Map ipset.Ref
	// Exist overwrites timeout and other extensions of an existing entry.
	Exist bool
	// Timeout of added entries, in seconds; the set's default unless HasTimeout.
	Timeout    uint32
	HasTimeout bool
	// MapMark, MapPrio and MapQueue say which metadata of the packet is set from
	// the entry found in the set Map. Transmit queues are not modelled.
	MapMark, MapPrio, MapQueue bool
}

var setDefinition = netfilter.Definition{
	Name:     "SET",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Set{} },
	Options: []netfilter.OptionDef{
		setOption("add-set", func(t *Set) *ipset.Ref { return &t.Add }),
		setOption("del-set", func(t *Set) *ipset.Ref { return &t.Del }),
		setOption("map-set", func(t *Set) *ipset.Ref { return &t.Map }),
		setFlag("exist", "add-set", func(t *Set) *bool { return &t.Exist }),
		{Name: "timeout", Args: 1, Negatable: true, Repeatable: true, Needs: []string{"add-set"}, Set: netfilter.Into((*Set).setTimeout)},
		setFlag("map-mark", "map-set", func(t *Set) *bool { return &t.MapMark }),
		setFlag("map-prio", "map-set", func(t *Set) *bool { return &t.MapPrio }),
		setFlag("map-queue", "map-set", func(t *Set) *bool { return &t.MapQueue }),
	},
	Finish: func(e netfilter.Extension, given func(string) bool) error { return e.(*Set).finish(given) },
}

// setOption is an option that names a set. iptables ignores a "!" before it, as
// before all options of the target (iptables extensions/libxt_SET.c).
func setOption(name string, of func(*Set) *ipset.Ref) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 2, Negatable: true, Set: netfilter.Into(func(t *Set, v *netfilter.Value) (err error) {
		*of(t), err = ipset.ReadRef(v.Args[0], v.Args[1])
		return err
	})}
}

func setFlag(name, needs string, of func(*Set) *bool) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Negatable: true, Repeatable: true, Needs: []string{needs},
		Set: netfilter.Into(func(t *Set, _ *netfilter.Value) error {
			*of(t) = true
			return nil
		})}
}

func (t *Set) setTimeout(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 0, 1<<32-2)
	t.Timeout, t.HasTimeout = uint32(n), true
	return err
}

func (t *Set) finish(given func(string) bool) error {
	switch {
	case !given("add-set") && !given("del-set") && !given("map-set"):
		return errors.New("one of --add-set, --del-set, --map-set must be given")
	case given("map-set") && !t.MapMark && !t.MapPrio && !t.MapQueue:
		return errors.New("--map-set needs --map-mark, --map-prio or --map-queue")
	}
	return nil
}

// Definition returns the extension's definition.
func (t *Set) Definition() *netfilter.Definition { return &setDefinition }

// Name returns "SET".
func (t *Set) Name() string { return "SET" }

// SetRefs returns the sets the target refers to.
func (t *Set) SetRefs() []ipset.Ref {
	var refs []ipset.Ref
	for _, r := range []ipset.Ref{t.Add, t.Del, t.Map} {
		if !r.IsZero() {
			refs = append(refs, r)
		}
	}
	return refs
}

// mapHooks are the hooks where priority and queue of a packet may be set.
var mapHooks = netfilter.HooksOf(netfilter.Forward, netfilter.Output, netfilter.Postrouting)

// Check refuses --map-set outside of table mangle, and --map-prio and
// --map-queue outside of output hooks (set_target_v3_checkentry).
func (t *Set) Check(p netfilter.CheckContext) error {
	switch {
	case t.Map.IsZero():
		return nil
	case p.Table != "mangle":
		return fmt.Errorf("--map-set is only valid in table mangle, not %s", p.Table)
	case (t.MapPrio || t.MapQueue) && p.Hooks&^mapHooks != 0:
		return fmt.Errorf("--map-prio and --map-queue are only valid from %s, but the rule is reached from %s", mapHooks, p.Hooks&^mapHooks)
	}
	return nil
}

// AppendOptions appends the operations with their sets.
func (t *Set) AppendOptions(b []byte) []byte {
	if !t.Add.IsZero() {
		b = t.Add.Append(opt.AppendOption(b, "add-set", false))
		if t.Exist {
			b = opt.AppendOption(b, "exist", false)
		}
		if t.HasTimeout {
			b = strconv.AppendUint(opt.AppendOption(b, "timeout ", false), uint64(t.Timeout), 10)
		}
	}
	if !t.Del.IsZero() {
		b = t.Del.Append(opt.AppendOption(b, "del-set", false))
	}
	if t.Map.IsZero() {
		return b
	}
	b = t.Map.Append(opt.AppendOption(b, "map-set", false))
	for _, f := range []struct {
		on   bool
		name string
	}{{t.MapMark, "map-mark"}, {t.MapPrio, "map-prio"}, {t.MapQueue, "map-queue"}} {
		if f.on {
			b = opt.AppendOption(b, f.name, false)
		}
	}
	return b
}

// maxTimeout is the longest timeout in seconds; longer ones are reduced to it.
const maxTimeout = (1<<32 - 1) / 1000

// Apply adds, deletes and looks up the packet's element.
func (t *Set) Apply(c *netfilter.Context) netfilter.Verdict {
	sets := ipset.Of(c)
	if !t.Add.IsZero() {
		sets.AddPacket(c, t.Add, ipset.AddOptions{Exist: t.Exist, HasTimeout: t.HasTimeout,
			Timeout: time.Duration(min(t.Timeout, maxTimeout)) * time.Second})
	}
	if !t.Del.IsZero() {
		sets.DelPacket(c, t.Del)
	}
	if t.Map.IsZero() {
		return netfilter.Continue
	}
	if found, info := sets.Match(c, t.Map, ipset.MatchOptions{}); found {
		t.mapPacket(c, info)
	}
	return netfilter.Continue
}

func (t *Set) mapPacket(c *netfilter.Context, info ipset.Info) {
	p := c.Edit()
	if t.MapMark {
		p.Mark = p.Mark&^info.Mask ^ info.Mark
	}
	if t.MapPrio {
		p.Priority = info.Prio
	}
}
