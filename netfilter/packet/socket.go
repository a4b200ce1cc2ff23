package packet

import "slices"

// Socket describes the local socket that sends or receives a packet. The zero
// value is a socket of root.
type Socket struct {
	UID, GID  uint32 // of the process that opened it
	NoFile    bool   // the kernel's own socket: no process has it open
	Raw       bool   // a raw socket that writes the IP header itself: policy rules see neither protocol nor ports
	Bound     bool   // bound to its source address, which routing then uses
	Broadcast bool   // SO_BROADCAST: may send to broadcast addresses

	Groups      []uint32 // supplementary groups of the process
	Cgroup      string   // path of its cgroup in the unified hierarchy; "" is the root
	ClassID     uint32   // net_cls.classid of its cgroup
	Transparent bool     // IP_TRANSPARENT
	Wildcard    bool     // bound to no address
	Mark        uint32   // SO_MARK
}

func (s *Socket) equal(t *Socket) bool {
	if s == nil || t == nil {
		return s == t
	}
	return s.UID == t.UID && s.GID == t.GID && s.NoFile == t.NoFile && s.Raw == t.Raw && s.Bound == t.Bound && s.Broadcast == t.Broadcast &&
		slices.Equal(s.Groups, t.Groups) && s.Cgroup == t.Cgroup && s.ClassID == t.ClassID &&
		s.Transparent == t.Transparent && s.Wildcard == t.Wildcard && s.Mark == t.Mark
}
