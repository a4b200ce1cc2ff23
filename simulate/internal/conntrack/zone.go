package conntrack

import "github.com/packetpath/packetpath/netfilter"

// Zone is a zone and the directions it holds for, as in netfilter.TrackConfig.
// The zero value is the zone everything is in by default.
type Zone struct {
	ID  uint16
	Dir netfilter.ZoneDirection
}

// ZoneOf returns the zone of a connection.
func ZoneOf(c *netfilter.Conn) Zone { return Zone{c.Zone, c.ZoneDir} }

// in returns the zone's number in one direction: 0 where it does not hold
// (include/net/netfilter/nf_conntrack_zones.h, nf_ct_zone_id).
func (z Zone) in(d netfilter.Direction) uint16 {
	if z.Dir.Has(d) {
		return z.ID
	}
	return 0
}

// templateZone returns the zone a packet is tracked in (nf_ct_zone_tmpl).
func templateZone(tmpl *netfilter.TrackConfig, p *netfilter.Packet) Zone {
	switch {
	case tmpl == nil:
		return Zone{}
	case tmpl.ZoneMark:
		return Zone{uint16(p.Mark), tmpl.ZoneDir}
	}
	return Zone{tmpl.Zone, tmpl.ZoneDir}
}
