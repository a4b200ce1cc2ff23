package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/parser"
)

// Exit statuses.
const (
	statusYes      = iota // the packet gets through, the tests pass, nothing differs
	statusNo              // it does not
	statusBadInput        // the question cannot be answered
)

// Streams are the standard streams of a process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // Out is a terminal
	Width    int  // columns of the terminal; 0 if lines are not to be wrapped
}

// Process returns the streams of this process.
func Process() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	s.Terminal = term.IsTerminal(int(os.Stdout.Fd()))
	if s.Terminal {
		s.Width, _, _ = term.GetSize(int(os.Stdout.Fd()))
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 && s.Terminal {
		s.Width = n
	}
	return s
}

// app is one run of the command.
type app struct {
	Streams
	colour string
	json   bool
	strict bool
	width  int
	status int
}

// errStatus reports a failure that was already printed; only the exit status is set.
var errStatus = errors.New("")

// Run runs the command with its arguments and returns the exit status.
func Run(args []string, s Streams) int {
	a := &app{Streams: s}
	root := a.root()
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	root.SetArgs(arrange(root, args))
	cmd, err := root.ExecuteC()
	if err == nil || errors.Is(err, errStatus) {
		return a.status
	}
	fmt.Fprintf(s.Err, "%s: %s\n", cmd.CommandPath(), strings.TrimRight(source.Printable(ownWords.Replace(describe(err))), "\n"))
	return statusBadInput
}

// ownWords says in the words of the command line what the library says in those
// of its programmers.
var ownWords = strings.NewReplacer(
	"say so in Link.Behind or Packet.PhysOut", "give what bridge fdb and ip neigh print",
	", or tell it with the option Hosts", "",
)

// describe writes an error, with the line it is about where it has one.
func describe(err error) string {
	var list interface{ Unwrap() []error }
	var faults parser.Errors
	var fault *parser.Error
	switch {
	case errors.As(err, &faults) && err.Error() == faults.Error():
		return fmt.Sprintf("%+v", faults)
	case errors.As(err, &list) && !errors.As(err, &faults):
		var texts []string
		for _, e := range list.Unwrap() {
			texts = append(texts, describe(e))
		}
		return strings.Join(texts, "\n")
	case errors.As(err, &fault) && fault.Snippet() != "":
		return err.Error() + "\n" + fault.Snippet()
	}
	text := err.Error()
	// The name of the system call is of no use to the user.
	if call := (*fs.PathError)(nil); errors.As(err, &call) {
		text = strings.Replace(text, call.Error(), call.Path+": "+call.Err.Error(), 1)
	}
	return text
}

// root makes the command with all verbs.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "packetpath",
		Short: "Where would this packet go?",
		Long: `packetpath says where packets would go on a Linux host, and why, without the host:
from what iptables-save, ip addr, ip route, sysctl, ipset, conntrack and the like
print of it. Files are told apart by what is in them.`,
		Example: `  packetpath capture node/                                      # on the host
  packetpath where node/ 'eth0: tcp 192.0.2.9 > 192.0.2.7:443'   # anywhere
  packetpath roundtrip node/ 'eth0: tcp 192.0.2.9 > 192.0.2.7:443'
  packetpath test cases/*.txtar`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownVerb(cmd, args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.colour, "color", "auto", "colours: auto, always or never")
	f.BoolVar(&a.json, "json", false, "one JSON object a line, for programs (packetpath help json)")
	f.BoolVar(&a.strict, "strict", false, "make notes errors: nothing is taken off texts, nor for granted")
	f.IntVar(&a.width, "width", 0, "columns to wrap at; 0 is those of the terminal")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.prepare() }
	root.AddCommand(a.where(), a.roundtrip(), a.talk(), a.explainLog(), a.test(), a.diff(), a.show(), a.capture(), a.man(), a.helpJSON())
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(usageTemplate)
	cobra.AddTemplateFunc("flags", flagUsages)
	root.SuggestionsMinimumDistance = 2
	return root
}

// unknownVerb returns the error about a word that is not a subcommand.
func unknownVerb(cmd *cobra.Command, word string) error {
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		return fmt.Errorf("there is no verb %q; did you mean %q?", word, near[0])
	}
	if _, err := os.Stat(word); err == nil {
		return fmt.Errorf("%q is a file, not a verb; did you mean \"packetpath where %s …\"?", word, word)
	}
	return fmt.Errorf("there is no verb %q (packetpath help lists them)", word)
}

func (a *app) prepare() error {
	switch a.colour {
	case "auto":
		a.Terminal = a.Terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	case "always":
		a.Terminal = true
	case "never":
		a.Terminal = false
	default:
		return fmt.Errorf("-color %s: need auto, always or never", a.colour)
	}
	if a.width > 0 {
		a.Width = a.width
	}
	return nil
}

// done ends a verb with an exit status.
func (a *app) done(status int) error {
	a.status = max(a.status, status)
	if a.status == statusYes {
		return nil
	}
	return errStatus
}
