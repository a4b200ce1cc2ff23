package iptablestest

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// setCommand is a command of ipset.
type setCommand struct {
	names []string // the first is the one in messages; any beginning of one stands for it
	args  int      // words that must follow
	more  int      // words beyond those that may follow; -1 is any number
}

// setCommands are the commands in the order in which ipset tries them (ipset
// lib/ipset.c, ipset_commands).
func setCommands() []setCommand {
	return []setCommand{
		{[]string{"create", "new", "-N"}, 2, -1},
		{[]string{"add", "-A"}, 2, -1},
		{[]string{"del", "-D"}, 2, -1},
		{[]string{"test", "-T"}, 2, -1},
		{[]string{"destroy", "x", "-X"}, 0, 1},
		{[]string{"list", "-L"}, 0, 1},
		{[]string{"save", "-S"}, 0, 1},
		{[]string{"restore", "-R"}, 0, -1},
		{[]string{"flush", "-F"}, 0, 1},
		{[]string{"rename", "e", "-E"}, 2, 0},
		{[]string{"swap", "w", "-W"}, 2, 0},
		{[]string{"help", "-h", "-H"}, 0, -1},
		{[]string{"version", "-v", "-V"}, 0, -1},
	}
}

func setCommandNamed(word string) *setCommand {
	word = strings.TrimPrefix(word, "--")
	for _, c := range setCommands() {
		if word != "" && word != "-" && slices.ContainsFunc(c.names, func(n string) bool { return strings.HasPrefix(n, word) }) {
			return &c
		}
	}
	return nil
}

// setCall is a call of ipset, its options taken off the line.
type setCall struct {
	*call
	words                      []string // command and arguments
	exist, quiet, names, terse bool
	sorted                     bool
	output, file               string
}

// ipset runs ipset.
func (c *call) ipset() {
	s := setCall{call: c}
	if problem := s.options(); problem != "" {
		s.usage("%s", problem)
		return
	}
	switch s.output {
	case "", "plain", "save", "xml":
	default:
		s.fail(1, "ipset v%s: Syntax error: unknown output mode '%s'\n", ipsetVersion, s.output)
		return
	}
	if len(s.words) == 0 {
		s.usage("No command specified.")
		return
	}
	cmd := setCommandNamed(s.words[0])
	switch {
	case cmd == nil:
		s.usage("No command specified: unknown argument %s", s.words[0])
	case len(s.words)-1 < cmd.args && len(s.words) > 1:
		s.usage("Missing second mandatory argument to command %s", cmd.names[0])
	case len(s.words)-1 < cmd.args:
		s.usage("Missing mandatory argument to command %s", cmd.names[0])
	case cmd.more >= 0 && len(s.words)-1 > cmd.args+cmd.more:
		s.usage("Unknown argument %s", s.words[1+cmd.args+cmd.more])
	default:
		s.do(cmd.names[0])
	}
	if s.quiet {
		c.stderr.Reset()
	}
}

// options takes the options off the line, which may stand anywhere
// (ipset_envopts).
func (s *setCall) options() (problem string) {
	for i := 0; i < len(s.args); i++ {
		w := s.args[i]
		name := w
		if strings.HasPrefix(w, "--") {
			name = w[1:]
		}
		switch name {
		case "-!", "-exist":
			s.exist = true
		case "-q", "-quiet":
			s.quiet = true
		case "-n", "-name":
			s.names = true
		case "-t", "-terse":
			s.terse = true
		case "-s", "-sorted":
			s.sorted = true
		case "-r", "-resolve":
		case "-o", "-output", "-f", "-file":
			if i++; i == len(s.args) {
				return fmt.Sprintf("Missing mandatory argument to option %s", w)
			}
			if name[1] == 'o' {
				s.output = s.args[i]
			} else {
				s.file = s.args[i]
			}
		default:
			s.words = append(s.words, w)
		}
	}
	return ""
}

// usage ends ipset with a message about its arguments.
func (s *setCall) usage(format string, args ...any) {
	s.fail(2, "ipset v%s: %s\nTry `ipset help' for more information.\n", ipsetVersion, fmt.Sprintf(format, args...))
}

// do runs a command.
func (s *setCall) do(command string) {
	switch command {
	case "version":
		s.print("ipset v%s, protocol version: 7\n", ipsetVersion)
	case "help":
		s.print("ipset v%s\n\nUsage: ipset [options] COMMAND\n", ipsetVersion)
	case "list", "save":
		s.show(command)
	case "restore":
		s.restoreSets()
	default:
		if err := s.change(command, s.line()); err != nil {
			s.refuse(command, 0, err)
			return
		}
		if command == "test" {
			s.test()
		}
	}
}

// line returns the command as a line of a text.
func (s *setCall) line() string {
	words := slices.Clone(s.words)
	for i, w := range words {
		if strings.ContainsAny(w, " \t\r\n") {
			words[i] = `"` + w + `"`
		}
	}
	if s.exist {
		words = append([]string{"-exist"}, words...)
	}
	return strings.Join(words, " ")
}

// change carries out one line. What rules refer to can be neither destroyed nor
// renamed (net/netfilter/ipset/ip_set_core.c, ip_set_destroy, ip_set_rename).
func (s *setCall) change(command, line string) error {
	if command == "destroy" || command == "rename" {
		if err := s.unused(strings.Fields(line)); err != nil {
			return err
		}
	}
	return parser.RestoreSets(s.host.sets, "", line+"\n")
}

// unused refuses a command on a set that rules refer to.
func (s *setCall) unused(words []string) error {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "-exist" || w == "-!" })
	for _, set := range s.host.sets.All() {
		if s.host.references(set.Name) > 0 && (len(words) == 1 || words[1] == set.Name) {
			return fmt.Errorf("set %s: %w", set.Name, ipset.ErrInUse)
		}
	}
	return nil
}

// restoreSets carries out the lines of a text up to the first that is refused;
// -exist counts from where it stands.
func (s *setCall) restoreSets() {
	if s.file != "" {
		b, err := os.ReadFile(s.file)
		if err != nil {
			s.status = 255 // without a word
			return
		}
		s.stdin = string(b)
	}
	n := 0
	for line := range strings.Lines(s.stdin) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || words[0][0] == '#' || words[0] == "COMMIT" {
			continue
		}
		if words[0] == "quit" {
			return
		}
		s.exist = s.exist || slices.Contains(words, "-exist") || slices.Contains(words, "-!")
		prefix := ""
		if s.exist {
			prefix = "-exist "
		}
		words = slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") && len(w) != 2 || w == "-!" })
		cmd := &setCommand{names: []string{""}}
		if len(words) > 0 {
			if cmd = setCommandNamed(words[0]); cmd == nil {
				s.usage("No command specified: unknown argument %s", words[0])
				return
			}
		}
		if err := s.change(cmd.names[0], prefix+strings.TrimRight(line, "\n")); err != nil {
			s.refuse(cmd.names[0], n, err)
			return
		}
	}
}

// refuse prints why a command failed; line is that of a text, or 0.
func (s *setCall) refuse(command string, line int, err error) {
	first := firstOf(err)
	var e *parser.Error
	where := ""
	if line > 0 {
		where = fmt.Sprintf("Error in line %d: ", line)
	}
	words := setMessage(command, first)
	switch {
	case command == "swap" && errors.Is(first, ipset.ErrNoSuchSet) && len(s.words) == 3 && s.host.sets.Get(s.words[1]) != nil:
		words = "Sets cannot be swapped: the second set does not exist"
	case errors.Is(first, ipset.ErrNoSuchSet) && strings.Contains("add del test", command) && errors.As(first, &e) && s.host.sets.Get(listOf(e.Line)) != nil:
		words = "Set to be added/deleted/tested as element does not exist."
	case words != "":
	case errors.As(first, &e) && e.Option != "" && isUsage(e):
		s.usage("%s%s", where, argumentMessage(first))
		return
	default:
		words = "Syntax error: " + argumentMessage(first)
	}
	s.fail(1, "ipset v%s: %s%s\n", ipsetVersion, where, words)
}

// isUsage reports whether an option itself is at fault, and not its value.
func isUsage(e *parser.Error) bool {
	said := e.Err.Error()
	switch {
	case strings.HasSuffix(said, "is given twice"):
		return false
	case e.Option == "range":
		return strings.Contains(said, "must be given") || strings.HasPrefix(said, "need a range of TCP or UDP ports")
	}
	return e.Word == e.Option
}

// argumentMessage says what is wrong with the arguments, in ipset's words where they are
// known.
func argumentMessage(err error) string {
	var e *parser.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	bare := *e
	bare.Pos = netfilter.Pos{}
	if strings.HasPrefix(bare.Hint, "did you mean") {
		bare.Hint = "" // the tools know no likely words
	}
	said := bare.Error()
	if numbers := inWordsOf([]wording{{"bad value {v}: need a number from {} to {}", "{}-{}"}}, said); numbers != said {
		return badSetNumber(e.Word, numbers)
	}
	return inWordsOf(ipsetWordings(), said)
}

// badSetNumber says what is wrong with a number (lib/parse.c, string_to_number_ll).
func badSetNumber(word, numbers string) string {
	if _, err := strconv.ParseUint(word, 0, 64); err == nil {
		return fmt.Sprintf("'%s' is out of range %s", word, numbers)
	}
	return fmt.Sprintf("'%s' is invalid as number", word)
}

// listOf returns the set that a line about an element names.
func listOf(line string) string {
	words := slices.DeleteFunc(strings.Fields(line), func(w string) bool { return len(w) != 2 && w[0] == '-' || w == "-!" })
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// setMessage says why the sets do not allow a command, "" where the command
// itself is at fault (ipset lib/errcode.c).
func setMessage(command string, err error) string {
	switch {
	case errors.Is(err, ipset.ErrSetExists) && command == "rename":
		return "Set cannot be renamed: a set with the new name already exists"
	case errors.Is(err, ipset.ErrSetExists):
		return "Set cannot be created: set with the same name already exists"
	case errors.Is(err, ipset.ErrExist):
		return "Element cannot be added to the set: it's already added"
	case errors.Is(err, ipset.ErrNotExist):
		return "Element cannot be deleted from the set: it's not added"
	case errors.Is(err, ipset.ErrNoSuchSet):
		return "The set with the given name does not exist"
	case errors.Is(err, ipset.ErrInUse) && command == "rename":
		return "Set cannot be renamed: it is in use by another system"
	case errors.Is(err, ipset.ErrInUse):
		return "Set cannot be destroyed: it is in use by a kernel component"
	case errors.Is(err, ipset.ErrTypeMismatch):
		return "The sets cannot be swapped: their type does not match"
	case errors.Is(err, ipset.ErrFull):
		return "Hash is full, cannot add more elements"
	case errors.Is(err, ipset.ErrNoTimeout):
		return "Timeout cannot be used: set was created without timeout support"
	case errors.Is(err, ipset.ErrNoCounters):
		return "Packet/byte counters cannot be used: set was created without counter support"
	case errors.Is(err, ipset.ErrNoComment):
		return "Comment cannot be used: set was created without comment support"
	case errors.Is(err, ipset.ErrNoSKBInfo):
		return "Skbinfo mapping cannot be used: set was created without skbinfo support"
	case errors.Is(err, ipset.ErrNullElement):
		return "Null-valued element, cannot be stored in a hash type of set"
	case errors.Is(err, ipset.ErrRange):
		return "Element is out of the range of the set"
	case errors.Is(err, ipset.ErrRangeSize):
		return "The range you specified exceeds the size limit of the set type"
	case errors.Is(err, ipset.ErrPrefix):
		return "The value of the CIDR parameter of the IP address is invalid"
	case errors.Is(err, ipset.ErrReference):
		return "The set to which you referred with 'before' or 'after' is not added to the set."
	case strings.HasSuffix(err.Error(), "need name, or name,before,name"):
		return "you must specify elements as setname,[before|after],setname"
	case errors.Is(err, ipset.ErrNested):
		return "Sets with list:set type cannot be added to the set."
	}
	return ""
}

// test says whether an element is in a set.
func (s *setCall) test() {
	set := s.host.sets.Get(s.words[1])
	r, err := ipset.ReadRequest(set.Type, set.Family, ipset.Test, s.words[2])
	if err != nil {
		s.refuse("test", 0, err)
		return
	}
	r.NoMatch = slices.Contains(s.words[3:], "nomatch")
	for i, w := range s.words[3:] {
		if (w == "before" || w == "after") && i+4 < len(s.words) {
			err = r.SetReference(s.words[i+4], w == "before")
		}
	}
	if err != nil {
		s.refuse("test", 0, err)
		return
	}
	switch in, err := s.host.sets.Test(set.Name, r); {
	case err != nil:
		s.refuse("test", 0, err)
	case in:
		fmt.Fprintf(&s.stderr, "Warning: %s is in set %s.\n", s.words[2], set.Name)
	default:
		s.fail(1, "%s is NOT in set %s.\n", s.words[2], set.Name)
	}
}

// show prints one set or all, as list or save does.
func (s *setCall) show(command string) {
	sets := s.host.sets.All()
	if len(s.words) == 2 {
		set := s.host.sets.Get(s.words[1])
		if set == nil {
			s.refuse(command, 0, ipset.ErrNoSuchSet)
			return
		}
		sets = []*ipset.Set{set}
	}
	if s.output == "xml" {
		s.showXML(sets)
		return
	}
	for i, set := range sets {
		switch {
		case s.names:
			s.print("%s\n", set.Name)
		case command == "save" || s.output == "save":
			s.print("%s", s.saved(set))
		default:
			if i > 0 {
				s.print("\n")
			}
			s.describe(set)
		}
	}
}

// saved returns a set as it is saved, its elements sorted if that was asked for.
func (s *setCall) saved(set *ipset.Set) string {
	text := string(set.AppendSave(nil, s.host.elapsed()))
	if !s.sorted {
		return text
	}
	lines := slices.Collect(strings.Lines(text))
	slices.Sort(lines[1:])
	return strings.Join(lines, "")
}

// describe prints a set as list does.
func (s *setCall) describe(set *ipset.Set) {
	options := strings.TrimPrefix(string(set.AppendCreate(nil)), fmt.Sprintf("create %s %s", set.Name, set.Type))
	s.print("Name: %s\nType: %s\nRevision: %d\nHeader: %s\n", set.Name, set.Type, revision(set.Type), strings.TrimSpace(options))
	lines := slices.Collect(strings.Lines(s.saved(set)))[1:]
	s.print("Size in memory: 0\nReferences: %d\nNumber of entries: %d\n", s.uses(set.Name), len(lines))
	if s.terse {
		return
	}
	s.print("Members:\n")
	for _, l := range lines {
		s.print("%s", strings.TrimPrefix(l, "add "+set.Name+" "))
	}
}

// uses counts what refers to a set: rules, and sets it is a member of.
func (s *setCall) uses(name string) int {
	n := s.host.references(name)
	for _, list := range s.host.sets.All() {
		for e := range list.Entries(s.host.elapsed()) {
			if list.Type == ipset.ListSet && e.Set == name {
				n++
			}
		}
	}
	return n
}

// revision is that of a type in Linux 6.1 (net/netfilter/ipset/ip_set_*.c,
// IPSET_TYPE_REV_MAX).
func revision(t ipset.Type) int {
	switch t {
	case ipset.HashMAC, ipset.HashIPMAC:
		return 1
	case ipset.HashNetNet:
		return 4
	case ipset.HashIP, ipset.HashIPPortIP:
		return 6
	case ipset.HashIPPort, ipset.HashNet:
		return 7
	case ipset.HashIPPortNet, ipset.HashNetPort, ipset.HashNetIface:
		return 8
	}
	return 3
}
