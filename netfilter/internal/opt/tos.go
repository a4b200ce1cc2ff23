package opt

import (
	"fmt"
	"strings"
)

// tosNames are the names of values under the mask 0x3f.
var tosNames = []struct {
	name  string
	value uint8
}{
	{"Minimize-Delay", 0x10}, {"Maximize-Throughput", 0x08}, {"Maximize-Reliability", 0x04}, {"Minimize-Cost", 0x02}, {"Normal-Service", 0x00},
}

// TOS reads a type of service: "value[/mask]" of numbers from 0 to 255, or a
// name in any case. The default mask is 0xff for numbers and 0x3f for names
// (libxtables, xtopt_parse_tosmask).
func TOS(s string) (value, mask uint8, err error) {
	number, m, found := strings.Cut(s, "/")
	v, err := Uint(number, 0, 255)
	if err != nil {
		var names Names
		for _, n := range tosNames {
			if strings.EqualFold(n.name, s) {
				return n.value, 0x3f, nil
			}
			names = append(names, n.name)
		}
		return 0, 0, fmt.Errorf("bad type of service %q: need 0-255[/mask] or one of %s", s, names)
	}
	full := uint64(0xff)
	if found {
		if full, err = Uint(m, 0, 255); err != nil {
			return 0, 0, fmt.Errorf("mask: %w", err)
		}
	}
	return uint8(v), uint8(full), nil
}

// dscpClasses are the names of code points.
var dscpClasses = Names{"CS0", "CS1", "CS2", "CS3", "CS4", "CS5", "CS6", "CS7", "BE",
	"AF11", "AF12", "AF13", "AF21", "AF22", "AF23", "AF31", "AF32", "AF33", "AF41", "AF42", "AF43", "EF"}

// dscpValues are the code points by index in dscpClasses.
var dscpValues = [...]uint8{0, 8, 16, 24, 32, 40, 48, 56, 0, 10, 12, 14, 18, 20, 22, 26, 28, 30, 34, 36, 38, 46}

// DSCPClass returns the code point of a class, whose name may be in any case
// and may be followed by other text (iptables extensions/dscp_helper.c).
func DSCPClass(s string) (uint8, error) {
	i := dscpClasses.Beginning(s)
	if i < 0 {
		return 0, dscpClasses.Unknown(s)
	}
	return dscpValues[i], nil
}
