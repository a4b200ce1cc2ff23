package iptablestest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// iptables runs iptables or ip6tables.
func (c *call) iptables() {
	c.noteInterval()
	rs, cmd, err := parser.ApplyCommand(c.rules(), c.args, append(c.options(), parser.Warnings(c.warn))...)
	if err != nil {
		if parser.ExitStatus(err) == 1 {
			c.echo(c.rules().Table(cmd.Table), cmd)
		}
		if rs != nil {
			c.opened(rs)
		}
		c.refuse(cmd, err)
		return
	}
	switch {
	case strings.Contains(cmd.Letters, "V"):
		c.print("%s v%s (legacy)\n", c.tool(""), iptablesVersion)
		return
	case strings.Contains(cmd.Letters, "h"):
		c.print("%s v%s (legacy)\n\nUsage: %s -[ACD] chain rule-specification [options]\n", c.tool(""), iptablesVersion, c.tool(""))
		return
	}
	before := c.rules().Table(cmd.Table)
	c.setRules(rs)
	if before == nil {
		before = netfilter.NewTable(cmd.Table)
	}
	switch {
	case strings.Contains(cmd.Letters, "L"):
		c.list(before, cmd)
	case strings.Contains(cmd.Letters, "S"):
		c.listRules(before, cmd)
	}
	c.echo(before, cmd)
}

// noteInterval says that -W is out of use (iptables/xshared.c, do_parse).
func (c *call) noteInterval() {
	if slices.ContainsFunc(c.args, func(a string) bool { return strings.HasPrefix(a, "-W") || strings.HasPrefix(a, "--wait-i") }) {
		c.stderr.WriteString("Ignoring deprecated --wait-interval option.\n")
	}
}

// warn prints a warning if the tool has it, too.
func (c *call) warn(e *parser.Error) {
	if strings.Contains(e.Err.Error(), "it is an extension header") {
		fmt.Fprintf(&c.stderr, "Warning: never matched protocol: %s. use extension match instead.\n", strings.ToLower(e.Word))
	}
}

// options are how rules are read: as the tool does, extensions that it does not
// know refused.
func (c *call) options() []parser.Option {
	opts := c.host.opts
	return append(opts[:len(opts):len(opts)], parser.Strict(), parser.Family(c.family), parser.Sets(c.host.sets))
}

// opened keeps the tables that a command which failed has made.
func (c *call) opened(rs *netfilter.Ruleset) {
	for _, t := range rs.Tables {
		if c.rules().Table(t.Name) == nil {
			next := c.rules().Clone()
			next.Tables = append(next.Tables, netfilter.NewTable(t.Name))
			c.setRules(next)
		}
	}
}

// refuse prints why a command failed.
func (c *call) refuse(cmd *parser.Command, err error) {
	first := firstOf(err)
	switch status := parser.ExitStatus(err); {
	case errors.Is(first, netfilter.ErrNoSuchTable):
		c.fail(status, "%s v%s (legacy): can't initialize %s table `%s': Table does not exist (do you need to insmod?)\n"+
			"Perhaps %s or your kernel needs to be upgraded.\n", c.tool(""), iptablesVersion, c.tool(""), cmd.Table, c.tool(""))
	case status == 1:
		c.fail(status, "%s: %s.%s\n", c.tool(""), stateMessage(cmd, first), dmesg(cmd, first))
	default:
		c.fail(status, "%sTry `%s -h' or '%s --help' for more information.\n", about(c.tool(""), usageMessage(first)), c.tool(""), c.tool(""))
	}
}

// about puts name and version of a tool ahead of a message about its arguments, where
// the tool does.
func about(tool, message string) string {
	switch {
	case message == "":
		return ""
	case strings.HasPrefix(message, badArgument):
		return message + "\n"
	}
	return fmt.Sprintf("%s v%s (legacy): %s\n", tool, iptablesVersion, message)
}

// firstOf returns the first of several faults; the tool stops there.
func firstOf(err error) error {
	var all parser.Errors
	if errors.As(err, &all) && len(all) > 0 {
		return all[0]
	}
	return err
}

// usageMessage says what is wrong with the arguments, in the tool's words where they
// are known; "" if the tool says nothing.
func usageMessage(err error) string {
	var e *parser.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch {
	case errors.Is(err, ipset.ErrNoSuchSet):
		name, _, _ := strings.Cut(strings.TrimPrefix(e.Err.Error(), "set "), ":")
		return fmt.Sprintf("Set %s doesn't exist.\n", name)
	case errors.Is(err, parser.ErrNoSuchTarget):
		return fmt.Sprintf("Couldn't load target `%s':No such file or directory\n", e.Word)
	case errors.Is(err, parser.ErrNoSuchMatch):
		return fmt.Sprintf("Couldn't load match `%s':No such file or directory\n", e.Word)
	case errors.Is(err, parser.ErrNoSuchOption):
		return fmt.Sprintf("unknown option %q", e.Word)
	case errors.Is(err, parser.ErrNoCommand):
		return "no command specified"
	case strings.HasPrefix(e.Err.Error(), "unexpected word "):
		return badArgument + e.Word + "'"
	}
	bare := *e
	bare.Pos = netfilter.Pos{}
	if strings.HasPrefix(bare.Hint, "did you mean") {
		bare.Hint = "" // the tools know no likely words
	}
	return extensionMessage(&bare)
}

// extensionMessage says what is wrong with the options of an extension.
func extensionMessage(e *parser.Error) string {
	said := e.Error()
	if w := inWordsOf(iptablesWordings(), said); w != said {
		return strings.ReplaceAll(w, "{option}", e.Option)
	}
	bare := strings.TrimPrefix(strings.TrimPrefix(said, e.Extension+": "), "mask: ")
	if w := inWordsOf(optionWordings(), bare); w != bare {
		return e.Extension + ": " + w
	}
	for _, form := range []wording{{"value {v} is out of range {}", "{}"}, {"bad value {v}: need a number from {} to {}", "{}-{}"}} {
		if numbers := inWordsOf([]wording{form}, bare); numbers != bare {
			return e.Extension + ": " + badNumber(e, numbers)
		}
	}
	return said
}

// badNumber is what the tool says of a number that is outside of its range, according to
// how the option reads it (libxtables/xtoptions.c, xtopt_parse_int, xtopt_parse_mint,
// xtopt_parse_markmask).
func badNumber(e *parser.Error, numbers string) string {
	switch e.Option {
	case "--mark", "--set-mark", "--set-xmark", "--src-group", "--dst-group", "--realm":
		return fmt.Sprintf("bad integer value for option %q, or out of range.\n", e.Option)
	case "--connbytes", "--ctexpire", "--espspi", "--ahspi", "--ipcompspi", "--fragid", "--length", "--mss", "--rt-segsleft":
		if e.Extension != "SYNPROXY" {
			return fmt.Sprintf("bad value for option %q near %q, or out of range (%s).\n", e.Option, e.Word, numbers)
		}
	}
	return fmt.Sprintf("bad value for option %q, or out of range (%s).\n", e.Option, numbers)
}

// stateMessage says why the rules or the kernel do not allow a command (libiptc/
// libiptc.c, iptc_strerror).
func stateMessage(cmd *parser.Command, err error) string {
	switch {
	case errors.Is(err, parser.ErrBadPolicy):
		return "Bad policy name"
	case errors.Is(err, parser.ErrNotBuiltin), errors.Is(err, netfilter.ErrNoSuchChain) && cmd.Letters == "P":
		return "Bad built-in chain name"
	case errors.Is(err, parser.ErrNoSuchRule) && !isVerdict(cmd.Target):
		return "No chain/target/match by that name"
	case errors.Is(err, parser.ErrNoSuchRule), errors.Is(err, netfilter.ErrNoSuchChain) && (cmd.Letters == "C" || cmd.Letters == "D" && cmd.Rule == 0):
		return "Bad rule (does a matching rule exist in that chain?)"
	case errors.Is(err, parser.ErrRuleNumber):
		return fmt.Sprintf("Index of %s too big", indexOf(cmd.Letters))
	case errors.Is(err, parser.ErrChainExists) && cmd.Letters == "E":
		return "File exists"
	case errors.Is(err, parser.ErrChainExists):
		return "Chain already exists"
	case errors.Is(err, parser.ErrChainInUse):
		return "Too many links"
	case errors.Is(err, parser.ErrChainNotEmpty):
		return "Directory not empty"
	case errors.Is(err, netfilter.ErrLoop):
		return "Too many levels of symbolic links"
	case errors.Is(err, netfilter.ErrNoSuchChain), errors.Is(err, parser.ErrBuiltinChain) && cmd.Letters == "E":
		return "No chain/target/match by that name"
	}
	return kernelMessage(err)
}

// kernelMessage is what the error of the kernel that refuses a rule says, which is EINVAL
// for most rules.
func kernelMessage(err error) string {
	var e *netfilter.RuleError
	if !errors.As(err, &e) || e.Err == nil {
		return invalid
	}
	switch cause := e.Err.Error(); {
	case strings.Contains(cause, "rate and burst are out of range"), strings.Contains(cause, "connlabel: label"):
		return "Numerical result out of range" // ERANGE
	case strings.Contains(cause, "unknown algorithm"), strings.Contains(cause, "--helper needs"), strings.Contains(cause, "no helper"):
		return "No chain/target/match by that name" // ENOENT
	}
	return invalid
}

// invalid is EINVAL.
const invalid = "Invalid argument"

// isVerdict reports whether a target needs no extension and no chain. Of others
// libiptc asks whether they are built-in chains, and then no longer knows what it
// was about to do when it names the fault (libiptc/libiptc.c, iptcc_map_target).
func isVerdict(target string) bool {
	return target == "" || target == "ACCEPT" || target == "DROP" || target == "QUEUE" || target == "RETURN"
}

// indexOf names the number of a command.
func indexOf(letters string) string {
	switch {
	case strings.Contains(letters, "D"):
		return "deletion"
	case strings.Contains(letters, "I"):
		return "insertion"
	case strings.Contains(letters, "R"):
		return "replacement"
	}
	return "counter"
}

// dmesg is what the tool adds where the kernel says EINVAL.
func dmesg(cmd *parser.Command, err error) string {
	switch {
	case errors.Is(err, netfilter.ErrLoop):
	case errors.Is(err, parser.ErrBadPolicy), errors.Is(err, parser.ErrBuiltinChain) && cmd.Letters == "X",
		errors.As(err, new(*netfilter.RuleError)) && kernelMessage(err) == invalid:
		return " Run `dmesg' for more information."
	}
	return ""
}
