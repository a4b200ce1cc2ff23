package command

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// takesPacket marks verbs whose arguments may be a packet in the option words of
// iptables, which are no flags of the verb.
const takesPacket = "takes-packet"

// packetOptions are the option words of iptables that begin a packet.
var packetOptions = map[string]bool{"-i": true, "-p": true, "-s": true, "-d": true, "-m": true, "-A": true, "-I": true, "-f": true, "-j": true, "-o": true,
	"--in-interface": true, "--protocol": true, "--source": true, "--destination": true, "--src": true, "--dst": true, "--proto": true}

// arrange puts flags ahead of other arguments, so that they may stand anywhere,
// and gives flags of one dash two of them, as the library wants them.
func arrange(root *cobra.Command, args []string) []string {
	verb := -1
	var path []string
	cmd := root
	for i, arg := range args {
		if strings.HasPrefix(arg, "-") {
			continue
		}
		next, _, err := cmd.Find([]string{arg})
		if err != nil || next == cmd {
			break
		}
		cmd, verb = next, i
		path = append(path, arg)
		if !cmd.HasSubCommands() {
			break
		}
	}
	if verb < 0 {
		cmd = root
	}
	var flags, rest []string
	options := false
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case len(path) > 0 && i <= verb && arg == path[0]:
			path = path[1:]
			flags = append(flags, arg)
		case arg == "--":
			rest = append(rest, args[i+1:]...)
			i = len(args)
		case len(arg) < 2 || arg[0] != '-':
			rest = append(rest, arg)
		case arg == "-h" || arg == "-help":
			flags = append(flags, "--help")
		default:
			f, word := lookup(cmd, arg)
			switch {
			case f != nil && !(options && len(f.Name) == 1):
				flags = append(flags, word)
				if f.NoOptDefVal == "" && !strings.Contains(word, "=") && i+1 < len(args) {
					i++
					flags[len(flags)-1] += "=" + args[i]
				}
			case cmd.Annotations[takesPacket] != "" && (options || packetOptions[firstWord(arg)]):
				options = true
				rest = append(rest, arg)
			case len(arg) > 2 && arg[1] != '-':
				flags = append(flags, "-"+arg)
			default:
				flags = append(flags, arg)
			}
		}
	}
	if len(rest) == 0 {
		return flags
	}
	return append(append(flags, "--"), rest...)
}

// firstWord returns what an argument begins with, which is a whole packet if it was
// quoted.
func firstWord(arg string) string {
	word, _, _ := strings.Cut(arg, " ")
	return word
}

// lookup finds a flag by the word on the command line and returns it with two
// dashes.
func lookup(cmd *cobra.Command, arg string) (*pflag.Flag, string) {
	name, value, given := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
	f := cmd.Flags().Lookup(name)
	if f == nil {
		f = cmd.InheritedFlags().Lookup(name)
	}
	if f == nil && len(name) == 1 {
		if f = cmd.Flags().ShorthandLookup(name); f != nil {
			name = f.Name
		}
	}
	if f == nil {
		return nil, arg
	}
	word := "--" + name
	if given {
		word += "=" + value
	}
	return f, word
}
