package parser

import "strings"

// Whether an option takes a value (getopt.h).
const (
	noArg = iota
	needsArg
	mayArg // only one that is glued to the option is its value
)

// coreOption is an option of iptables itself. Options of one letter are the
// same option.
type coreOption struct {
	name   string
	letter byte
	arg    int
}

// coreOptions are the long options (iptables/iptables.c, original_opts).
// Options known by their letter only have no name.
var coreOptions = []coreOption{
	{"append", 'A', needsArg}, {"delete", 'D', needsArg}, {"check", 'C', needsArg}, {"insert", 'I', needsArg},
	{"replace", 'R', needsArg}, {"list", 'L', mayArg}, {"list-rules", 'S', mayArg}, {"flush", 'F', mayArg},
	{"zero", 'Z', mayArg}, {"new-chain", 'N', needsArg}, {"delete-chain", 'X', mayArg}, {"rename-chain", 'E', needsArg},
	{"policy", 'P', needsArg}, {"source", 's', needsArg}, {"destination", 'd', needsArg}, {"src", 's', needsArg},
	{"dst", 'd', needsArg}, {"protocol", 'p', needsArg}, {"in-interface", 'i', needsArg}, {"jump", 'j', needsArg},
	{"table", 't', needsArg}, {"match", 'm', needsArg}, {"numeric", 'n', noArg}, {"out-interface", 'o', needsArg},
	{"verbose", 'v', noArg}, {"wait", 'w', mayArg}, {"wait-interval", 'W', mayArg}, {"exact", 'x', noArg},
	{"fragments", fragmentOption, noArg}, {"version", 'V', noArg}, {"help", 'h', mayArg}, {"line-numbers", '0', noArg},
	{"modprobe", 'M', needsArg}, {"set-counters", 'c', needsArg}, {"goto", 'g', needsArg}, {"ipv4", '4', noArg},
	{"ipv6", '6', noArg},
}

// fragmentOption is the letter of the one option that only IPv4 has by name.
const fragmentOption = 'f'

// letters are the short options in the form of getopt's optstring: a colon
// follows those that need a value, two those that may have one
// (iptables/xshared.h, IPT_OPTSTRING).
const letters = "A:C:D:E:F::I:L::M:N:P:R:S::VX::Z::W::c:d:i:j:o:p:s:t:46fg:h::m:nvw::x"

// byLetter returns how a short option takes its value; false if there is no
// such option.
func byLetter(c byte) (arg int, ok bool) {
	a := letterArgs[c]
	return int(a) - 1, a > 0
}

// letterArgs are how short options take their values, plus one; 0 for what is
// none.
var letterArgs = func() (args [256]uint8) {
	for i, c := range []byte(letters) {
		switch rest := letters[i+1:]; {
		case c == ':':
		case strings.HasPrefix(rest, "::"):
			args[c] = mayArg + 1
		case strings.HasPrefix(rest, ":"):
			args[c] = needsArg + 1
		default:
			args[c] = noArg + 1
		}
	}
	return args
}()

// readsWholeWord reports whether the option takes the last word that was read
// as its value, even where the value is glued to the option: "-ptcp" means the
// protocol "-ptcp" (iptables 1.8.9, iptables/xshared.c, do_parse, argv[optind-1]).
// Other releases read what was meant, and so does a reading that is not strict.
func (r *reader) readsWholeWord(letter byte) bool {
	return r.strict && !r.context.Version.TakesGluedValues() && strings.IndexByte("psdjio", letter) >= 0
}
