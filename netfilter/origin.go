package netfilter

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Backend is the part of the kernel that iptables puts rules into. Both can
// hold rules at the same time.
type Backend uint8

const (
	Legacy   Backend = iota // xtables, by iptables-legacy
	NFTables                // nf_tables, by iptables-nft
)

// String returns "legacy" or "nf_tables", as iptables --version does.
func (b Backend) String() string {
	if b == NFTables {
		return "nf_tables"
	}
	return "legacy"
}

// Version is a release of iptables. The zero value stands for 1.8.9.
type Version struct{ Major, Minor, Patch uint16 }

// defaultVersion is the release that rules are read and printed by where
// nothing else is known.
var defaultVersion = Version{1, 8, 9}

// ParseVersion reads a version such as "1.8.9", "v1.4.21" or "1.4.19.1", of
// which the first three numbers count.
func ParseVersion(s string) (Version, error) {
	parts := strings.Split(strings.TrimPrefix(s, "v"), ".")
	var n [3]uint16
	for i := range n {
		if i == len(parts) {
			break
		}
		v, err := strconv.ParseUint(parts[i], 10, 16)
		if err != nil {
			return Version{}, fmt.Errorf("bad version %q: it looks like 1.8.9", s)
		}
		n[i] = uint16(v)
	}
	if n == [3]uint16{} {
		return Version{}, fmt.Errorf("bad version %q: it looks like 1.8.9", s)
	}
	return Version{n[0], n[1], n[2]}, nil
}

// AtLeast reports whether the release is o or later.
func (v Version) AtLeast(o Version) bool {
	v, o = v.known(), o.known()
	return cmp.Or(cmp.Compare(v.Major, o.Major), cmp.Compare(v.Minor, o.Minor), cmp.Compare(v.Patch, o.Patch)) >= 0
}

func (v Version) known() Version {
	if v == (Version{}) {
		return defaultVersion
	}
	return v
}

// String returns the version as "1.8.9".
func (v Version) String() string {
	v = v.known()
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

// Releases in which iptables came to read or print rules in another way.
var (
	// v1811 prints protocols that are not in its own table by number, accepts
	// values attached to an option, and refuses reversed ranges.
	v1811 = Version{1, 8, 11}
)

// TakesGluedValues reports whether "-ptcp" and "--protocol=tcp" mean -p tcp;
// 1.8.9 takes the whole word as the value.
func (v Version) TakesGluedValues() bool { return v.AtLeast(v1811) }

// RefusesReversedRanges reports whether a range whose first number is the
// greater one is refused (libxtables, xtopt_parse_mint).
func (v Version) RefusesReversedRanges() bool { return v.AtLeast(v1811) }

// RefusesProtocolZero reports whether --ctproto 0 is refused
// (extensions/libxt_conntrack.c, conntrack_mt_parse).
func (v Version) RefusesProtocolZero() bool { return v.AtLeast(v1811) }

// LastQueue returns the last queue of a range of --queue-balance without an
// end.
func (v Version) LastQueue() uint16 {
	if v.AtLeast(v1811) {
		return 65534
	}
	return 65535
}

// NumericProtocol reports whether iptables-save prints a protocol by its number
// although netbase has a name for it: since 1.8.11 only names that iptables has
// itself count (libxtables, xtables_chain_protos; iptables/xshared.c,
// proto_to_name).
func (v Version) NumericProtocol(proto uint8) bool {
	if !v.AtLeast(v1811) {
		return false
	}
	switch proto {
	case 1, 6, 17, 33, 50, 51, 58, 108, 132, 135, 136:
		return false
	}
	return true
}
