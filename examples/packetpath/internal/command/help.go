package command

import (
	"fmt"
	"regexp"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

const helpTemplate = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{if or .Runnable .HasSubCommands}}{{.UsageString}}{{end}}`

const usageTemplate = `Usage:{{if .HasAvailableSubCommands}}
  {{.CommandPath}} VERB …{{else if .Runnable}}
  {{.UseLine}}{{end}}
{{if .HasExample}}
Examples:
{{.Example}}
{{end}}{{if .HasAvailableSubCommands}}
Verbs:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}
{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{flags .LocalNonPersistentFlags}}{{flags .PersistentFlags}}{{end}}{{if .HasAvailableInheritedFlags}}
Flags of all verbs:
{{flags .InheritedFlags}}{{end}}{{if .HasAvailableSubCommands}}
"{{.CommandPath}} VERB -h" explains a verb.
{{end}}
Exit status: 0 the packet gets through, the tests pass, nothing differs; 1 it does
not, they fail, something does; 2 the question cannot be answered.
`

var twoDashes = regexp.MustCompile(`(?m)(^\s+(?:-\w, )?|    )--(\w)`)

// flagUsages writes flags with one dash, as they are usually typed here.
func flagUsages(f *pflag.FlagSet) string {
	return twoDashes.ReplaceAllString(f.FlagUsagesWrapped(100), "$1-$2")
}

func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:   "man [VERB]",
		Short: "Print the manual page",
		Long:  "Prints the manual page of the command or of one verb in the language of man(7):\n\n  packetpath man | man -l -",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("there is no verb %q", args)
			}
			cmd.Root().DisableAutoGenTag = true
			return doc.GenMan(of, &doc.GenManHeader{Title: "PACKETPATH", Section: "1", Source: "packetpath"}, a.Out)
		},
	}
}

func (a *app) helpJSON() *cobra.Command {
	return &cobra.Command{Use: "json", Short: "What -json prints", Long: schema}
}
