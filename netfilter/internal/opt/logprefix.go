package opt

import (
	"errors"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// LogPrefix is an option that sets the prefix of log lines. A prefix longer
// than the maximum, which may depend on the backend, is truncated, as iptables
// does.
func LogPrefix[E netfilter.Extension](name string, mosts [2]int, field func(E) *string) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(e E, v *netfilter.Value) error {
		most := mosts[min(v.Context().Backend, netfilter.NFTables)]
		switch {
		case v.Arg() == "":
			return errors.New("an empty prefix is not possible")
		case strings.Contains(v.Arg(), "\n"):
			return errors.New("a newline in the prefix is not possible")
		}
		if len(v.Arg()) > most {
			v.Warnf("the prefix has more than %d bytes and is cut to %q", most, v.Arg()[:most])
		}
		*field(e) = v.Arg()[:min(len(v.Arg()), most)]
		return nil
	})}
}
