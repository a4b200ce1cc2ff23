package opt

import (
	"fmt"
	"math"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
)

// Range is an option "[!] --name low[:high]" of 32-bit numbers, stored in a
// field of the extension.
func Range[E netfilter.Extension](name string, field func(E) *cond.Range) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true, Set: netfilter.Into(func(e E, v *netfilter.Value) error {
		lo, hi, err := UintRange(v, math.MaxUint32)
		*field(e) = cond.Range{Min: uint32(lo), Max: uint32(hi), Invert: v.Invert, Given: true}
		return err
	})}
}

// AppendGivenRange appends " [!] --name low[:high]" unless the range holds for
// every number. A range that holds for no number is printed, as iptables does
// since 1.8.11; older releases omitted it, so that the saved rule matched.
func AppendGivenRange(b []byte, name string, r cond.Range) []byte {
	if !r.Given || !r.Invert && r.Min == 0 && r.Max == math.MaxUint32 {
		return b
	}
	return AppendRange(AppendOption(b, name, r.Invert), uint64(r.Min), uint64(r.Max))
}

// Equal is an option "[!] --name number" of a number up to max, stored as a
// condition in a field of the extension.
func Equal[E netfilter.Extension](name string, max uint32, field func(E) *cond.Number) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true, Set: netfilter.Into(func(e E, v *netfilter.Value) error {
		n, err := Uint(v.Arg(), 0, uint64(max))
		*field(e) = cond.Number{Value: uint32(n), Invert: v.Invert, Given: true}
		return err
	})}
}

// AppendEqual appends " [!] --name number" if there is a condition.
func AppendEqual(b []byte, name string, c cond.Number) []byte {
	if !c.Given {
		return b
	}
	return strconv.AppendUint(append(AppendOption(b, name, c.Invert), ' '), uint64(c.Value), 10)
}

// Without returns the option with the names of others that it cannot be
// combined with.
func Without(o netfilter.OptionDef, others ...string) netfilter.OptionDef {
	o.Excludes = append(o.Excludes, others...)
	return o
}

// AppendFlag appends " --name" if it is on.
func AppendFlag(b []byte, name string, on bool) []byte {
	if !on {
		return b
	}
	return AppendOption(b, name, false)
}

// NamedMask is an option "[!] --name value[/mask]", where 0 has a name, stored
// as a condition in a field of the extension (libxtables,
// xtables_parse_val_mask).
func NamedMask[E netfilter.Extension](name, zero string, field func(E) *cond.Masked) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true, Set: netfilter.Into(func(e E, v *netfilter.Value) (err error) {
		c := cond.Masked{Mask: math.MaxUint32, Invert: v.Invert, Given: true}
		if v.Arg() != zero {
			if c.Value, c.Mask, err = Masked(v.Arg()); err != nil {
				return fmt.Errorf("%w or %q", err, zero)
			}
		}
		*field(e) = c
		return nil
	})}
}

// AppendNamedMask appends " [!] --name value[/mask]" if there is a condition; 0
// is printed as its name if the mask has all bits.
func AppendNamedMask(b []byte, name, zero string, c cond.Masked) []byte {
	if !c.Given {
		return b
	}
	b = AppendOption(b, name, c.Invert)
	if c.Value == 0 && c.Mask == math.MaxUint32 {
		return append(append(b, ' '), zero...)
	}
	return AppendMasked(b, c.Value, c.Mask)
}

// Required returns the option as one that must be given.
func Required(o netfilter.OptionDef) netfilter.OptionDef {
	o.Required = true
	return o
}
