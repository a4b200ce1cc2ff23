package eval

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// operands are the register bytes that an expression loads or stores.
type operands struct {
	family nft.Family // of the table
	err    error
}

// span adds n bytes from a register on. The kernel refuses those beyond the last
// register (net/netfilter/nf_tables_api.c, nft_validate_register_load,
// nft_validate_register_store).
func (o *operands) span(r nft.Reg, n int) {
	if w := r.Word(); o.err == nil && (w < 0 || n < 0 || n > registerBytes-4*w) {
		o.err = fmt.Errorf("%d bytes from register %s on are beyond the registers", n, r)
	}
}

// optional adds n bytes of a register that is only used if it is not 0.
func (o *operands) optional(r nft.Reg, n int) {
	if r != 0 {
		o.span(r, n)
	}
}

func (o *operands) require(holds bool, what string) {
	if o.err == nil && !holds {
		o.err = fmt.Errorf("%s", what)
	}
}

// addrBytes returns the length of addresses of a family; the longest one if it
// covers both.
func addrBytes(f nft.Family) int {
	if f == nft.IP {
		return 4
	}
	return 16
}

// checkExpr returns the error with which the kernel refuses the operands of an
// expression in a table of a family. Rulesets read from text have none of these
// errors.
func checkExpr(e nft.Expr, f nft.Family) error {
	o := &operands{family: f}
	o.loads(e)
	o.acts(e)
	return o.err
}

// loads checks expressions that load and compare.
func (o *operands) loads(e nft.Expr) {
	switch e := e.(type) {
	case *nft.Immediate:
		o.span(e.Dest, len(e.Data))
	case *nft.Payload:
		o.span(e.Dest, e.Len)
		o.require(e.Len > 0 && e.Offset >= 0, "a payload without bytes")
	case *nft.Meta:
		o.span(e.Dest, metaBytes(e.Key))
	case *nft.CT:
		o.span(e.Dest, o.ctBytes(e.Key))
	case *nft.Cmp:
		o.span(e.Source, len(e.Data))
	case *nft.Range:
		o.span(e.Source, len(e.From))
		o.require(len(e.From) == len(e.To), "a range with ends of different lengths")
	case *nft.Bitwise:
		o.bitwise(e)
	case *nft.Byteorder:
		o.span(e.Source, e.Len)
		o.span(e.Dest, e.Len)
		o.require(e.Size == 2 || e.Size == 4 || e.Size == 8, "a byte order of numbers that are not 2, 4 or 8 bytes long")
	case *nft.Exthdr:
		o.span(e.Dest, max(e.Len, 1))
		o.require(e.Len >= 0 && e.Offset >= 0, "an extension header at a negative offset")
	case *nft.Fib:
		o.span(e.Dest, fibBytes(e.Result))
	case *nft.RT:
		o.span(e.Dest, rtBytes(e.Key))
	case *nft.Socket:
		o.span(e.Dest, 4)
	case *nft.OSF:
		o.span(e.Dest, nameBytes)
	case *nft.Xfrm:
		o.span(e.Dest, xfrmBytes(e.Key))
	case *nft.Hash:
		o.span(e.Dest, 4)
		if !e.Sym {
			o.span(e.Source, e.Len)
		}
		o.require(e.Mod > 0, "a hash modulo 0")
	case *nft.Numgen:
		o.span(e.Dest, 4)
		o.require(e.Mod > 0, "a number modulo 0")
	}
}

func (o *operands) bitwise(e *nft.Bitwise) {
	o.span(e.Source, e.Len)
	o.span(e.Dest, e.Len)
	switch e.Op {
	case nft.MaskXor:
		o.require(len(e.Mask) == e.Len && len(e.Xor) == e.Len, "a mask of another length than the value")
	case nft.ShiftLeft, nft.ShiftRight:
		o.require(e.Shift < 32, "a shift by 32 bits or more")
	default:
		o.span(e.Source2, e.Len)
	}
}

// acts checks expressions that have a side effect.
func (o *operands) acts(e nft.Expr) {
	switch e := e.(type) {
	case *nft.PayloadSet:
		o.span(e.Source, e.Len)
		o.require(e.Len > 0 && e.Offset >= 0 && e.ChecksumOffset >= 0, "a payload without bytes")
	case *nft.MetaSet:
		o.span(e.Source, 4)
	case *nft.CTSet:
		o.span(e.Source, o.ctBytes(e.Key))
	case *nft.ExthdrSet:
		o.span(e.Source, e.Len)
		o.require(e.Offset >= 0 && e.Len%2 == 0, "an option written at a negative offset or by single bytes")
	case *nft.Reject:
		o.require(e.Type != nft.RejectICMPX || e.Code <= 3, "a reject code above 3 for both families")
	case *nft.NAT:
		o.optional(e.AddrMin, addrBytes(e.Family))
		o.optional(e.AddrMax, addrBytes(e.Family))
		o.ports(e.ProtoMin, e.ProtoMax)
	case *nft.Masquerade:
		o.ports(e.ProtoMin, e.ProtoMax)
	case *nft.Redirect:
		o.ports(e.ProtoMin, e.ProtoMax)
	case *nft.TProxy:
		o.optional(e.Addr, addrBytes(e.Family))
		o.optional(e.Port, 2)
	case *nft.Queue:
		o.optional(e.Source, 2)
	case *nft.Dup:
		o.optional(e.Addr, addrBytes(o.family))
		o.optional(e.Device, 4)
	}
}

func (o *operands) ports(lo, hi nft.Reg) {
	o.optional(lo, 2)
	o.optional(hi, 2)
}

// metaBytes returns how many bytes a key of meta has.
func metaBytes(k nft.MetaKey) int {
	switch k {
	case nft.MetaIIFName, nft.MetaOIFName, nft.MetaIIFKind, nft.MetaOIFKind, nft.MetaSDIFName:
		return nameBytes
	case nft.MetaTime:
		return 8
	}
	return 4
}

// ctBytes returns how many bytes a key of ct has.
func (o *operands) ctBytes(k nft.CTKey) int {
	switch k {
	case nft.CTLabels, nft.CTHelperName, nft.CTSrcIP6, nft.CTDstIP6:
		return 16
	case nft.CTSrc, nft.CTDst:
		return addrBytes(o.family)
	case nft.CTPkts, nft.CTBytes, nft.CTAvgPkt:
		return 8
	}
	return 4
}

func fibBytes(r nft.FibResult) int {
	if r == nft.FibOIFName {
		return nameBytes
	}
	return 4
}

func rtBytes(k nft.RTKey) int {
	if k == nft.RTNextHop6 {
		return 16
	}
	return 4
}

func xfrmBytes(k nft.XfrmKey) int {
	if k == nft.XfrmSAddrIP6 || k == nft.XfrmDAddrIP6 {
		return 16
	}
	return 4
}
