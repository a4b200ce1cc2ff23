package generatortest

import (
	"fmt"
	"strings"
)

// Failure is what is wrong with a sequence.
type Failure struct {
	Err   error    // what is wrong
	Steps []string // what happened up to there, the program's commands among it
	// Casefile is the host as it was, as a case file; the packet at fault, if it is
	// one that begins a connection, is in its section packets.
	Casefile string
}

// Error returns all of it.
func (f *Failure) Error() string {
	return fmt.Sprintf("%v\nafter these steps:\n%s\nthe host as a case file:\n%s", f.Err, indented(strings.Join(f.Steps, "\n")), f.Casefile)
}

// Unwrap returns Err.
func (f *Failure) Unwrap() error { return f.Err }

// fail says what is wrong; the packet is the text of the one at fault, or "".
func (r *running[S]) fail(packet string, err error) *Failure {
	text, textErr := r.host.AppendText([]byte("What was found: " + strings.ReplaceAll(err.Error(), "\n", "\n  ") + "\n"))
	if textErr != nil {
		text = []byte(textErr.Error())
	}
	if packet != "" {
		text = append(text, "-- packets --\n"+packet+"\n"...)
	}
	return &Failure{err, r.told, string(text)}
}

func indented(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ")
}
