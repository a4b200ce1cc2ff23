package target

import "github.com/packetpath/packetpath/netfilter"

// NoTrack exempts the packet from connection tracking. It is the older form of
// CT --notrack (net/netfilter/xt_CT.c, notrack_tg).
type NoTrack struct{}

var notrackDefinition = netfilter.Definition{
	Name:     "NOTRACK",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &NoTrack{} },
	Tables:   []string{"raw"},
}

// Definition returns the extension's definition.
func (t *NoTrack) Definition() *netfilter.Definition { return &notrackDefinition }

// Name returns "NOTRACK".
func (t *NoTrack) Name() string { return "NOTRACK" }

// AppendOptions appends nothing: there are no options.
func (t *NoTrack) AppendOptions(b []byte) []byte { return b }

// Apply exempts the packet.
func (t *NoTrack) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Engine.Track(netfilter.TrackConfig{Untracked: true})
	return netfilter.Continue
}
