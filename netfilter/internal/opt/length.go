package opt

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// PrefixLength reads the length of a prefix, or a mask; a mask that is not a
// prefix is -1 (libxtables, xtopt_parse_plen).
func PrefixLength(s string, f netfilter.Family) (int, error) {
	if n, err := Uint(s, 0, uint64(f.Bits())); err == nil {
		return int(n), nil
	}
	m, err := Addr(s, f)
	if err != nil {
		return 0, fmt.Errorf("bad mask %q: need a length of 0-%d or an %s mask", s, f.Bits(), f)
	}
	return netfilter.AddrMask{Mask: m}.Bits(), nil
}

// FileName returns an error unless the kernel can make a file in /proc with this
// name (net/netfilter/x_tables.c, xt_check_proc_name).
func FileName(s string) error {
	if s == "" || s == "." || s == ".." || strings.Contains(s, "/") {
		return fmt.Errorf("bad name %q: it must be possible as the name of a file", s)
	}
	return nil
}
