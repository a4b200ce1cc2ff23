package nft

import "fmt"

// Family is the family of a table (include/uapi/linux/netfilter.h, NFPROTO_*).
// The zero value is none.
type Family uint8

// The families that have tables, in the kernel's numbering.
const (
	Inet   Family = 1
	IP     Family = 2
	ARP    Family = 3
	Netdev Family = 5
	Bridge Family = 7
	IP6    Family = 10
)

var familyNames = map[Family]string{Inet: "inet", IP: "ip", ARP: "arp", Netdev: "netdev", Bridge: "bridge", IP6: "ip6"}

// String returns the word that nft uses.
func (f Family) String() string {
	if n, ok := familyNames[f]; ok {
		return n
	}
	return fmt.Sprintf("family%d", uint8(f))
}

// FamilyByName returns the family that nft calls by this word.
func FamilyByName(name string) (Family, bool) {
	for f, n := range familyNames {
		if n == name {
			return f, true
		}
	}
	return 0, false
}
