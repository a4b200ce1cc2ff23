package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/commands"
)

// scriptTime is how long a script may run; it only computes.
const scriptTime = 5 * time.Second

func parseScript(p Part) (*syntax.File, error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(p.Text), p.Name)
	if err != nil {
		return nil, fmt.Errorf("%w (read as a shell script of iptables commands)", err)
	}
	return file, nil
}

// noScript returns an UnknownError for a text that names iptables and is not
// written for a shell, as programs and documentation do. A text that says in its
// first line that it is a script is held to it.
func noScript(p Part) error {
	if p.Kind != Script || shebang.MatchString(p.Text) {
		return nil
	}
	_, err := parseScript(p)
	if err == nil {
		return nil
	}
	return &UnknownError{Name: p.Name, Reason: "the file names iptables, but cannot be read: " + err.Error()}
}

// addScript runs a script or a history in a shell that knows no command but
// iptables, has no files and no network, and collects the rules.
func (b *builder) addScript(p Part, warn func(*parser.Error)) {
	file, err := parseScript(p)
	if err != nil {
		b.fail(err)
		return
	}
	s := &script{builder: b, part: p, lists: map[netfilter.Family]*commands.List{}, unset: map[string]bool{}, skipped: map[string]int{}}
	for _, f := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
		s.lists[f] = commands.NewList(p.Name)
	}
	s.unsetVariables(file)
	if len(s.errs) > 0 {
		return
	}
	s.run(file)
	for _, f := range []netfilter.Family{netfilter.IPv4, netfilter.IPv6} {
		s.finish(f, warn)
	}
}

// script is a script that runs.
type script struct {
	*builder
	part    Part
	lists   map[netfilter.Family]*commands.List
	unset   map[string]bool
	skipped map[string]int // commands that were not run, with the line of the first
	line    int
}

// unsetVariables names the variables that the commands of iptables use and
// nothing sets: what they stand for would be a guess.
func (s *script) unsetVariables(file *syntax.File) {
	set := map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				set[n.Name.Value] = true
			}
		case *syntax.WordIter:
			set[n.Name.Value] = true
		case *syntax.CallExpr:
			if len(n.Args) > 1 && n.Args[0].Lit() == "read" {
				for _, a := range n.Args[1:] {
					set[a.Lit()] = true
				}
			}
		}
		return true
	})
	for _, name := range []string{"PATH", "HOME", "IFS", "PWD", "UID", "EUID", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "#", "@", "*", "?", "$", "!", "-", "_", "LINENO"} {
		set[name] = true
	}
	seen := map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 || !isIptables(call) {
			return true
		}
		syntax.Walk(call, func(n syntax.Node) bool {
			e, ok := n.(*syntax.ParamExp)
			if !ok || e.Param == nil || set[e.Param.Value] || seen[e.Param.Value] || e.Exp != nil {
				return true
			}
			seen[e.Param.Value] = true
			s.fail(fmt.Errorf("%s:%d:%d: the variable $%s has no value: set it in the file, as in %s=…", s.part.Name, e.Pos().Line(), e.Pos().Col(), e.Param.Value, e.Param.Value))
			return true
		})
		return true
	})
}

// isIptables reports whether a call runs iptables, by its name or by a variable
// that holds it.
func isIptables(call *syntax.CallExpr) bool {
	for _, a := range call.Args[:min(2, len(call.Args))] {
		var b bytes.Buffer
		_ = syntax.NewPrinter().Print(&b, a)
		w := strings.ToLower(b.String())
		if strings.Contains(w, "iptables") || strings.Contains(w, "ip6tables") || strings.HasPrefix(w, "$ipt") || strings.HasPrefix(w, `"$ipt`) || strings.HasPrefix(w, "${ipt") {
			return true
		}
	}
	return false
}

func (s *script) run(file *syntax.File) {
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	runner, err := interp.New(
		interp.Env(expand.ListEnviron("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root")),
		interp.StdIO(nil, io.Discard, io.Discard),
		interp.CallHandler(s.call),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return s.exec }),
		interp.OpenHandler(s.open),
		interp.StatHandler(func(context.Context, string, bool) (fs.FileInfo, error) { return nil, fs.ErrNotExist }),
		interp.ReadDirHandler2(func(context.Context, string) ([]fs.DirEntry, error) { return nil, fs.ErrNotExist }),
	)
	if err != nil {
		s.fail(fmt.Errorf("%s: %w", s.part.Name, err))
		return
	}
	for _, stmt := range file.Stmts { // as a history: one that fails does not end the others
		err := runner.Run(ctx, stmt)
		if err != nil && !errors.As(err, new(interp.ExitStatus)) {
			s.note(NoteScript, s.part.Name, int(stmt.Pos().Line()), "the shell stops here: %s", Printable(err.Error()))
			break
		}
		if runner.Exited() {
			break
		}
	}
	for name, line := range s.skipped {
		s.note(NoteScript, s.part.Name, line, "%s is not run: what it would do, or say, is not known", Printable(name))
	}
}

func (s *script) call(ctx context.Context, args []string) ([]string, error) {
	s.line = int(interp.HandlerCtx(ctx).Pos.Line())
	return args, nil
}

// exec runs the commands that are not built into the shell.
func (s *script) exec(ctx context.Context, args []string) error {
	if line := int(interp.HandlerCtx(ctx).Pos.Line()); line > 0 {
		s.line = line
	}
	for len(args) > 1 && slices.Contains([]string{"sudo", "command", "exec", "nice", "env"}, args[0]) {
		args = args[1:]
	}
	switch name := path.Base(args[0]); name {
	case "iptables", "iptables-legacy", "iptables-nft":
		return s.iptables(netfilter.IPv4, args[1:])
	case "ip6tables", "ip6tables-legacy", "ip6tables-nft":
		return s.iptables(netfilter.IPv6, args[1:])
	case "modprobe", "sleep", "echo", "printf", "logger", "clear", "service", "systemctl", "touch", "mkdir", "chmod", "rm", "date", "iptables-save", "ip6tables-save", "netfilter-persistent", "history", "cat":
		return nil
	case "sysctl":
		s.sysctl(args[1:])
		return nil
	case "which":
		if len(args) > 1 {
			_, _ = fmt.Fprintln(interp.HandlerCtx(ctx).Stdout, args[1])
		}
		return nil
	default:
		if _, ok := s.skipped[name]; !ok {
			s.skipped[name] = s.line
		}
		return interp.ExitStatus(127)
	}
}

func (s *script) iptables(f netfilter.Family, args []string) error {
	list := s.lists[f]
	c := commands.Command{Line: s.line, Words: args}
	switch err := list.Add(c); {
	case errors.Is(err, commands.ErrNoChange):
		if slices.Contains(args, "-C") || slices.Contains(args, "--check") {
			if !list.Has(c) {
				return interp.ExitStatus(1)
			}
		}
		return nil
	case err != nil:
		s.note(NoteScript, s.part.Name, s.line, "a command fails and is left out: %s", err)
		return interp.ExitStatus(2)
	}
	return nil
}

// sysctl heeds "sysctl -w name=value".
func (s *script) sysctl(args []string) {
	for _, a := range args {
		if key, value, ok := strings.Cut(a, "="); ok && knownSysctl(sysctlName(key)) {
			s.Host.Sysctl[sysctlName(key)] = strings.TrimSpace(value)
		}
	}
}

// open returns a file below /proc/sys that stores a setting; there are no others.
func (s *script) open(_ context.Context, name string, flag int, _ os.FileMode) (io.ReadWriteCloser, error) {
	if flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		return nil, fs.ErrNotExist
	}
	return &sink{script: s, key: sysctlName(strings.TrimPrefix(name, "/proc/sys/")), proc: strings.HasPrefix(name, "/proc/sys/")}, nil
}

// sink collects what a script writes to a file.
type sink struct {
	script *script
	key    string
	proc   bool
	text   strings.Builder
}

func (w *sink) Read([]byte) (int, error)    { return 0, io.EOF }
func (w *sink) Write(b []byte) (int, error) { return w.text.Write(b) }

func (w *sink) Close() error {
	if w.proc {
		key := strings.ReplaceAll(w.key, "/", ".")
		if knownSysctl(key) {
			w.script.Host.Sysctl[key] = strings.TrimSpace(w.text.String())
		}
	}
	return nil
}

// finish makes the ruleset of a family.
func (s *script) finish(f netfilter.Family, warn func(*parser.Error)) {
	list := s.lists[f]
	if list.Len() == 0 {
		return
	}
	rs, failed, err := list.Run(warn, parser.Family(f))
	for _, e := range failed {
		s.note(NoteScript, s.part.Name, e.Pos.Line, "the command fails and is left out: %s", strings.TrimPrefix(e.Error(), e.Pos.String()+": "))
	}
	p := s.part
	p.Family = f
	if rs != nil {
		rs.Family = f
	}
	s.put(p, rs, err)
}
