package conntrack

import "github.com/packetpath/packetpath/netfilter"

// Zone is a zone and the directions to which it applies, as in netfilter.TrackConfig.
// The zero value is the default zone.
type Zone struct {
	ID  uint16
	Dir netfilter.ZoneDirection
}

// ZoneOf returns the zone of a connection.
func ZoneOf(c *netfilter.Conn) Zone { return Zone{c.Zone, c.ZoneDir} }

// in returns the zone's number in one direction: 0 if it does not apply to it
// (include/net/netfilter/nf_conntrack_zones.h, nf_ct_zone_id).
func (z Zone) in(d netfilter.Direction) uint16 {
	if z.Dir.Has(d) {
		return z.ID
	}
	return 0
}

// templateZone returns the zone in which a packet is tracked (nf_ct_zone_tmpl).
func templateZone(tmpl *netfilter.TrackConfig, p *netfilter.Packet) Zone {
	switch {
	case tmpl == nil:
		return Zone{}
	case tmpl.ZoneMark:
		return Zone{uint16(p.Mark), tmpl.ZoneDir}
	}
	return Zone{tmpl.Zone, tmpl.ZoneDir}
}
