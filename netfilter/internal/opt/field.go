package opt

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
)

// Number is an option whose value, a number between min and max, is stored in
// a field of the extension.
func Number[E netfilter.Extension, N ~uint8 | ~uint16 | ~uint32 | ~uint64](name string, min, max uint64, field func(E) *N) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(e E, v *netfilter.Value) error {
		n, err := Uint(v.Arg(), min, max)
		*field(e) = N(n)
		return err
	})}
}

// Flag is an option without a value that turns on a field of the extension.
func Flag[E netfilter.Extension](name string, field func(E) *bool) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Set: netfilter.Into(func(e E, _ *netfilter.Value) error {
		*field(e) = true
		return nil
	})}
}

// Text is an option whose value, a text truncated to max bytes, is stored in a
// field of the extension.
func Text[E netfilter.Extension](name string, max int, field func(E) *string) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(e E, v *netfilter.Value) error {
		*field(e) = v.Arg()[:min(len(v.Arg()), max)]
		return nil
	})}
}

// AppendNumber appends " --name number".
func AppendNumber[N ~uint8 | ~uint16 | ~uint32 | ~uint64](b []byte, name string, n N) []byte {
	return strconv.AppendUint(append(AppendOption(b, name, false), ' '), uint64(n), 10)
}
