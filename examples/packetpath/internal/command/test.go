package command

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/cases"
)

const testLong = `Runs casefiles: packets with what they should come to. A casefile is a text of sections:

  What the node does with its pods.
  -- host --
  read addr.json route.json     files beside the casefile
  -- rules --                   or inline
  *filter
  …
  -- packets --
  # pods may ask for names
  cni0: udp 10.244.1.9:5000 > 9.9.9.9:53
  	forwarded, via eth0, masqueraded, by "allow dns"
  -- session --
  eth0: tcp 192.0.2.9:5000 > 192.0.2.7:443
  	delivered
  wait 30s
  reply
  	passed

Sections host (lines such as "link eth0 192.0.2.7/24"), rules, rules6, sets and others
are told apart by content, as files are. Wants are

  delivered forwarded sent passed blocked dropped rejected "no route" martian …
  to ADDR[:PORT]   from ADDR[:PORT]   via LINK   mark N   masqueraded   not masqueraded
  by RULE   meets RULE   misses RULE     a rule by its comment, text or place
  reaches CHAIN   never reaches CHAIN   answered "words"   chance 1/3

separated by commas or lines. Without wants, -update writes what a packet comes to.`

// tester is the verb test.
type tester struct {
	*app
	pattern   string
	update    bool
	format    string
	threshold float64
	cover     bool
	matches   *regexp.Regexp
	coverage  simulate.Coverage
}

func (a *app) test() *cobra.Command {
	t := &tester{app: a}
	cmd := verb("test FILES…", "Run casefiles: packets with what they should come to", testLong, nil)
	cmd.Annotations = nil
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.RunE = func(_ *cobra.Command, args []string) error { return t.run(args) }
	cmd.Example = `  packetpath test -o github cases/*.txtar
  packetpath test -update cases/new.txtar`
	f := cmd.Flags()
	f.StringVar(&t.pattern, "run", "", "only cases whose name or packet this `regexp` matches")
	f.BoolVar(&t.update, "update", false, "write what packets come to below those without wants")
	f.StringVarP(&t.format, "output", "o", "text", "text, json, junit or github")
	f.Float64Var(&t.threshold, "coverage", 0, "fail unless packets matched at least this `part` of all rules, 0 to 1")
	f.BoolVar(&t.cover, "cover", false, "list the rules with how often they matched")
	return cmd
}

// verdict is the JSON form of the result of a case.
type verdict struct {
	File    string             `json:"file"`
	Line    int                `json:"line"`
	Name    string             `json:"name"`
	Packet  string             `json:"packet"`
	Passed  bool               `json:"passed"`
	Error   string             `json:"error,omitempty"`
	Failed  []failedWant       `json:"failed,omitempty"`
	Results []*simulate.Result `json:"results,omitempty"`
}

type failedWant struct {
	Line int    `json:"line"`
	Want string `json:"want"`
	Got  string `json:"got"`
	Path string `json:"path"`
	Near string `json:"near,omitempty"`
}

func (t *tester) run(args []string) error {
	var err error
	if t.matches, err = regexp.Compile(t.pattern); err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	if t.json {
		t.format = "json"
	}
	switch t.format {
	case "text", "json", "junit", "github":
	default:
		return fmt.Errorf("-o %s: need text, json, junit or github", t.format)
	}
	var all []verdict
	for _, path := range args {
		vs, err := t.file(path)
		if err != nil {
			return err
		}
		all = append(all, vs...)
	}
	if err := t.report(all); err != nil {
		return err
	}
	status := statusYes
	for _, v := range all {
		if !v.Passed {
			status = statusNo
		}
	}
	if t.cover && t.format == "text" {
		fmt.Fprint(t.Out, source.Printable(t.coverage.String()))
	}
	if t.threshold > 0 {
		if err := t.coverage.Check(t.threshold); err != nil {
			fmt.Fprintln(t.Err, source.Printable(err.Error()))
			status = statusNo
		}
	}
	return t.done(status)
}

// file runs the cases of a file.
func (t *tester) file(path string) ([]verdict, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := cases.Parse(path, string(data))
	if err != nil {
		return nil, err
	}
	node, err := t.nodeOf(f)
	if err != nil {
		return nil, err
	}
	x := &cases.Runner{Nearest: true, Packet: readPacket,
		Session: func() (*simulate.Session, error) { return node.Session(simulate.WithCoverage(&t.coverage)) }}
	var out []verdict
	golden := map[*cases.Case][]string{}
	for _, c := range f.Cases {
		rep := x.Run(c)
		if !t.matches.MatchString(c.Name) && !t.matches.MatchString(c.Text) {
			continue
		}
		if rep.Err == nil && rep.Got != nil {
			golden[c] = rep.Got
		}
		v := verdict{File: path, Line: c.Line, Name: c.Name, Packet: c.Text, Passed: rep.Passed()}
		if t.update && c.Exact() && rep.Err == nil {
			v.Passed, rep.Failed = true, nil
		}
		if rep.Err != nil {
			v.Error = describe(rep.Err)
		}
		for _, w := range rep.Failed {
			v.Failed = append(v.Failed, failedWant(w))
		}
		if t.format == "json" {
			v.Results = rep.Ways
		}
		out = append(out, v)
	}
	if t.update {
		if text := f.Replace(golden); text != string(data) {
			return out, os.WriteFile(path, []byte(text), 0o644)
		}
	}
	return out, nil
}

func readPacket(text string) (string, packet.Packet, error) {
	p, err := packets.Parse(text)
	if err != nil {
		return "", packet.Packet{}, err
	}
	return p.Dev, p.Packet, nil
}

// nodeOf makes the node of a casefile: of the files it names and of its sections.
func (t *tester) nodeOf(f *cases.File) (*source.Node, error) {
	in := &source.Input{Stdin: t.In}
	for _, s := range f.Sections[1:] {
		switch s.Name {
		case "packets", "session":
		default:
			inline, err := t.readFiles(in, f, s)
			if err != nil {
				return nil, err
			}
			// The section keeps the line numbers of the file.
			text := strings.Repeat("\n", s.Line-1) + inline
			if err := in.AddSection(f.Name, s.Name, text); err != nil {
				return nil, err
			}
		}
	}
	node, err := in.Build()
	if err != nil {
		return nil, err
	}
	if t.strict {
		return node, strictly(node.Notes)
	}
	return node, nil
}

// readFiles adds the files that a section names by "read FILE…", and returns the
// section without those lines.
func (t *tester) readFiles(in *source.Input, f *cases.File, s cases.Section) (string, error) {
	var b strings.Builder
	n := s.Line - 1
	for line := range strings.Lines(s.Text) {
		n++
		names, ok := strings.CutPrefix(line, "read ")
		if !ok {
			b.WriteString(line)
			continue
		}
		b.WriteString("\n")
		for name := range strings.FieldsSeq(names) {
			if err := in.Add(filepath.Join(filepath.Dir(f.Name), name)); err != nil {
				return "", fmt.Errorf("%s:%d: %w", f.Name, n, err)
			}
		}
	}
	return b.String(), nil
}

func (t *tester) report(all []verdict) error {
	switch t.format {
	case "json":
		for _, v := range all {
			if err := t.object(v); err != nil {
				return err
			}
		}
		return nil
	case "junit":
		return t.junit(all)
	}
	failed := 0
	for i := range all {
		v := &all[i]
		if v.Passed {
			continue
		}
		failed++
		if t.format == "github" {
			t.github(v)
			continue
		}
		t.failure(v)
	}
	t.line(0, t.paint(bold, fmt.Sprintf("%s, %d failed", count(len(all), "case"), failed)))
	return nil
}

// failure prints a case that failed.
func (t *tester) failure(v *verdict) {
	t.line(0, t.paint(bold+red, fmt.Sprintf("%s:%d: %s", v.File, v.Line, v.Name)))
	if v.Packet != v.Name {
		t.line(2, t.paint("", v.Packet))
	}
	if v.Error != "" {
		t.line(2, t.paint("", v.Error))
	}
	for _, w := range v.Failed {
		t.line(2, t.paint("", fmt.Sprintf("%s:%d: want: %s", v.File, w.Line, w.Want)))
		t.line(2, t.paint("", "got: "+w.Got))
		for l := range strings.Lines(strings.TrimPrefix(w.Path, w.Got+"\n")) {
			t.line(6, t.paint(grey, strings.TrimRight(l, "\n")))
		}
		for i, l := range strings.Split(w.Near, "\n") {
			if l != "" {
				t.line(2, t.paint("", map[bool]string{true: "nearest rule that did not match: ", false: "  "}[i == 0]+l))
			}
		}
	}
}

// github prints a case that failed as an annotation of GitHub's workflows.
func (t *tester) github(v *verdict) {
	say := func(line int, text string) {
		escape := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
		fmt.Fprintf(t.Out, "::error file=%s,line=%d,title=%s::%s\n", v.File, line, strings.NewReplacer("%", "%25", ",", "%2C", ":", "%3A", "\n", " ").Replace(v.Name), escape)
	}
	if v.Error != "" {
		say(v.Line, v.Error)
	}
	for _, w := range v.Failed {
		text := "want: " + w.Want + "\ngot: " + w.Path
		if w.Near != "" {
			text += "\nnearest rule that did not match: " + w.Near
		}
		say(w.Line, text)
	}
}

// The elements of JUnit's reports.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string    `xml:"name,attr"`
		Class   string    `xml:"classname,attr"`
		File    string    `xml:"file,attr"`
		Line    int       `xml:"line,attr"`
		Failure *junitBad `xml:"failure,omitempty"`
		Error   *junitBad `xml:"error,omitempty"`
	}
	junitBad struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func (t *tester) junit(all []verdict) error {
	var out junitSuites
	for _, v := range all {
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != v.File {
			out.Suites = append(out.Suites, junitSuite{Name: v.File})
		}
		s := &out.Suites[len(out.Suites)-1]
		c := junitCase{Name: v.Name, Class: v.File, File: v.File, Line: v.Line}
		s.Tests++
		switch {
		case v.Error != "":
			s.Errors++
			c.Error = &junitBad{v.Error, v.Error}
		case !v.Passed:
			s.Failures++
			bad := &junitBad{Message: v.Failed[0].Want}
			for _, w := range v.Failed {
				bad.Text += fmt.Sprintf("%s:%d: want: %s\ngot: %s\n%s\n", v.File, w.Line, w.Want, w.Path, w.Near)
			}
			c.Failure = bad
		}
		s.Cases = append(s.Cases, c)
	}
	b, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Out, "%s%s\n", xml.Header, b)
	return err
}
