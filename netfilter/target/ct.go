package target

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// CT configures how the packet's connection is tracked (net/netfilter/xt_CT.c,
// xt_ct_target). With NoTrack the other fields are ignored.
type CT struct {
	NoTrack   bool
	Helper    string // name of a conntrack helper, up to 15 bytes; "" for none
	Timeout   string // name of a timeout policy, up to 31 bytes; "" for none
	Events    uint16 // events to report, by bit; without effect on packets
	ExpEvents uint16
	// Zone is the tracking zone, for one direction with ZoneOrig or ZoneReply, for
	// both directions with neither or both.
	Zone                uint16
	ZoneOrig, ZoneReply bool
	ZoneMark            bool // the zone is the packet's mark
}

var (
	ctEvents = opt.Names{
		"new", "related", "destroy", "reply", "assured", "protoinfo", "helper", "mark", "natseqinfo", "secmark",
	}
	ctExpEvents = opt.Names{"new"}
)

// ctHelper is a conntrack helper of the kernel: its protocols, and whether it
// supports IPv6.
type ctHelper struct {
	name   string
	protos []uint8
	ipv6   bool
}

// ctHelpers are the helpers that are part of the kernel
// (net/netfilter/nf_conntrack_ftp.c and similar files).
var ctHelpers = []ctHelper{
	{"ftp", []uint8{packet.ProtoTCP}, true},
	{"irc", []uint8{packet.ProtoTCP}, false},
	{"sane", []uint8{packet.ProtoTCP}, true},
	{"pptp", []uint8{packet.ProtoTCP}, false},
	{"Q.931", []uint8{packet.ProtoTCP}, true},
	{"sip", []uint8{packet.ProtoTCP, packet.ProtoUDP}, true},
	{"tftp", []uint8{packet.ProtoUDP}, true},
	{"amanda", []uint8{packet.ProtoUDP}, true},
	{"RAS", []uint8{packet.ProtoUDP}, true},
	{"H.245", []uint8{packet.ProtoUDP}, true},
	{"netbios-ns", []uint8{packet.ProtoUDP}, false},
	{"snmp", []uint8{packet.ProtoUDP}, false},
	{"snmp_trap", []uint8{packet.ProtoUDP}, false},
}

var ctDefinition = netfilter.Definition{
	Name:     "CT",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &CT{} },
	Tables:   []string{"raw"},
	Options: []netfilter.OptionDef{
		{Name: "notrack", Set: netfilter.Into(func(t *CT, _ *netfilter.Value) error { t.NoTrack = true; return nil })},
		{Name: "helper", Args: 1, Set: netfilter.Into(func(t *CT, v *netfilter.Value) error {
			t.Helper = v.Arg()[:min(len(v.Arg()), 15)]
			return nil
		})},
		{Name: "timeout", Args: 1, Set: netfilter.Into(func(t *CT, v *netfilter.Value) error {
			t.Timeout = v.Arg()[:min(len(v.Arg()), 31)]
			return nil
		})},
		{Name: "ctevents", Args: 1, Set: netfilter.Into(func(t *CT, v *netfilter.Value) (err error) {
			t.Events, err = ctEventSet(ctEvents, v.Arg())
			return err
		})},
		{Name: "expevents", Args: 1, Set: netfilter.Into(func(t *CT, v *netfilter.Value) (err error) {
			t.ExpEvents, err = ctEventSet(ctExpEvents, v.Arg())
			return err
		})},
		{Name: "zone", Args: 1, Set: netfilter.Into((*CT).setZone)},
		{Name: "zone-orig", Args: 1, Set: netfilter.Into(func(t *CT, v *netfilter.Value) error {
			t.ZoneOrig = true
			return t.setZone(v)
		})},
		{Name: "zone-reply", Args: 1, Set: netfilter.Into(func(t *CT, v *netfilter.Value) error {
			t.ZoneReply = true
			return t.setZone(v)
		})},
	},
}

// setZone stores the zone. Of several options the number of the last one is
// used, but "mark" and the directions accumulate.
func (t *CT) setZone(v *netfilter.Value) error {
	t.Zone = 0
	if strings.EqualFold(v.Arg(), "mark") {
		t.ZoneMark = true
		return nil
	}
	n, err := opt.Uint(v.Arg(), 0, 65535)
	if err != nil {
		return fmt.Errorf("bad zone: need a number or \"mark\": %w", err)
	}
	t.Zone = uint16(n)
	return nil
}

func ctEventSet(names opt.Names, s string) (set uint16, err error) {
	for word := range strings.SplitSeq(s, ",") {
		i := slices.Index(names, word)
		if i < 0 {
			return 0, names.Unknown(word)
		}
		set |= 1 << i
	}
	return set, nil
}

// Definition returns the extension's definition.
func (t *CT) Definition() *netfilter.Definition { return &ctDefinition }

// Name returns "CT".
func (t *CT) Name() string { return "CT" }

// AppendOptions appends the options given. A zone of 0 is omitted.
func (t *CT) AppendOptions(b []byte) []byte {
	if t.NoTrack {
		b = opt.AppendOption(b, "notrack", false)
	}
	if t.Helper != "" {
		b = append(opt.AppendOption(b, "helper ", false), t.Helper...)
	}
	if t.Timeout != "" {
		b = append(opt.AppendOption(b, "timeout ", false), t.Timeout...)
	}
	if t.Events != 0 {
		b = opt.AppendSet(opt.AppendOption(b, "ctevents ", false), ctEvents, t.Events)
	}
	if t.ExpEvents != 0 {
		b = opt.AppendSet(opt.AppendOption(b, "expevents ", false), ctExpEvents, t.ExpEvents)
	}
	if t.Zone == 0 && !t.ZoneMark {
		return b
	}
	b = opt.AppendOption(b, "zone", false)
	switch {
	case t.ZoneOrig && !t.ZoneReply:
		b = append(b, "-orig"...)
	case t.ZoneReply && !t.ZoneOrig:
		b = append(b, "-reply"...)
	}
	if t.ZoneMark {
		return append(b, " mark"...)
	}
	return strconv.AppendUint(append(b, ' '), uint64(t.Zone), 10)
}

// Requires implements netfilter.Requirer: connection tracking, unless the target
// only exempts packets.
func (t *CT) Requires() netfilter.Requirements {
	if t.NoTrack {
		return 0
	}
	return netfilter.RequireConntrack
}

// Check refuses a helper that the kernel does not have for the rule's protocol
// (xt_ct_set_helper). A helper that is not part of the kernel may be a user
// space helper and is assumed to exist.
func (t *CT) Check(p netfilter.CheckContext) error {
	if t.NoTrack || t.Helper == "" {
		return nil
	}
	h := &p.Rule.Header
	if h.Proto == 0 || h.InvProto {
		return errors.New("--helper needs a protocol: -p tcp or udp")
	}
	k := kernelHelper(t.Helper)
	if k != nil && (!slices.Contains(k.protos, h.Proto) || p.Family == netfilter.IPv6 && !k.ipv6) {
		return fmt.Errorf("no helper %q for %s over %s", t.Helper, packet.ProtocolName(h.Proto), p.Family)
	}
	return nil
}

// kernelHelper returns the helper of this name, nil if the kernel has none.
func kernelHelper(name string) *ctHelper {
	for i := range ctHelpers {
		if ctHelpers[i].name == name {
			return &ctHelpers[i]
		}
	}
	return nil
}

// ctState is the conntrack template of a rule: its packets have it as
// connection until they are tracked. It is shared by all of them and keeps the
// mark that rules set on it.
type ctState struct{ template netfilter.Conn }

// Clone implements netfilter.State.
func (s *ctState) Clone() netfilter.State {
	c := *s
	return &c
}

// NewState implements netfilter.Stateful (net/netfilter/xt_CT.c, xt_ct_tg_check).
func (t *CT) NewState() netfilter.State {
	if t.NoTrack {
		return nil
	}
	return &ctState{}
}

// Apply configures the tracking of the packet, unless it is tracked already.
func (t *CT) Apply(c *netfilter.Context) netfilter.Verdict {
	if t.NoTrack {
		c.Engine.Track(netfilter.TrackConfig{Untracked: true})
		return netfilter.Continue
	}
	if t.Helper != "" && kernelHelper(t.Helper) == nil {
		c.Engine.Assume(fmt.Sprintf("the host has a conntrack helper %q", t.Helper))
	}
	if t.Timeout != "" {
		c.Engine.Assume(fmt.Sprintf("the host has a timeout policy %q", t.Timeout))
	}
	k := netfilter.TrackConfig{Zone: t.Zone, ZoneMark: t.ZoneMark, Helper: t.Helper, Timeout: t.Timeout}
	if s, ok := c.State().(*ctState); ok {
		k.Template = &s.template
	}
	switch {
	case t.ZoneOrig && !t.ZoneReply:
		k.ZoneDir = netfilter.ZoneOriginal
	case t.ZoneReply && !t.ZoneOrig:
		k.ZoneDir = netfilter.ZoneReply
	}
	c.Engine.Track(k)
	return netfilter.Continue
}
