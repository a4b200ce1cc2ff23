package packet

// SetDontFragment sets the DF flag of IPv4 and updates the header checksum; IPv6
// has no such flag.
func (p *Packet) SetDontFragment() {
	if p.whole() && !p.is6() {
		p.Unshare()
		p.replaceHeader(6, []byte{p.wire[6] | 0x40, p.wire[7]})
	}
}
