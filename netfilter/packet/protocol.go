package packet

// IP protocol numbers used by the model (IANA; include/uapi/linux/in.h, in6.h).
const (
	ProtoHopByHop = 0 // IPv6 extension header; in a rule header 0 means any protocol
	ProtoICMP     = 1
	ProtoIGMP     = 2
	ProtoTCP      = 6
	ProtoUDP      = 17
	ProtoDCCP     = 33
	ProtoRouting  = 43
	ProtoFragment = 44
	ProtoGRE      = 47
	ProtoESP      = 50
	ProtoAH       = 51
	ProtoICMPv6   = 58
	ProtoNone     = 59
	ProtoDestOpts = 60
	ProtoIPComp   = 108
	ProtoSCTP     = 132
	ProtoMH       = 135
	ProtoUDPLite  = 136
)

// HasPorts reports whether the protocol's header begins with a source and a
// destination port.
func HasPorts(proto uint8) bool {
	switch proto {
	case ProtoTCP, ProtoUDP, ProtoDCCP, ProtoSCTP, ProtoUDPLite:
		return true
	}
	return false
}

// TCPFlags are the flags of a TCP header (byte 13).
type TCPFlags uint8

// The TCP flags.
const (
	FIN TCPFlags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

var tcpFlagNames = [8]string{"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"}

// String lists the flags in lower case, lowest bit first, separated by commas;
// "none" for no flag.
func (f TCPFlags) String() string {
	s := ""
	for i, n := range tcpFlagNames {
		if f&(1<<i) != 0 {
			if s != "" {
				s += ","
			}
			s += n
		}
	}
	if s == "" {
		return "none"
	}
	return s
}

// TCPFlagByName returns the flag of a lower-case name.
func TCPFlagByName(name string) (TCPFlags, bool) {
	for i, n := range tcpFlagNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}
