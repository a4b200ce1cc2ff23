package kernel

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Restorer runs iptables-legacy-restore and -save in namespaces without
// interfaces. Use it from one goroutine at a time, and Close it.
type Restorer struct {
	threads map[string]*thread // by the tables that exist, in the order they came
}

// Restore is a question to a Restorer.
type Restore struct {
	Family  int      // 4 or 6
	Options []string // of the restore: "--noflush", "--counters", …
	Before  string   // a ruleset restored, without Options, before Text
	Sets    string   // ipset-restore text that comes before all
	Text    string
	// SaveOptions are those of the save; nil: none.
	SaveOptions []string
}

// Restored is the answer.
type Restored struct {
	Code   int    // exit status of the restore of Text
	Stderr string // what it complained about, warnings included
	Saved  string // the ruleset afterwards, without the lines that hold the date
}

// OpenRestorer makes a Restorer; the namespaces come as they are needed.
func OpenRestorer() (*Restorer, error) {
	return &Restorer{threads: map[string]*thread{}}, nil
}

// Close removes all namespaces.
func (r *Restorer) Close() error {
	for _, t := range r.threads {
		t.stop()
	}
	r.threads = nil
	return nil
}

// RestoreAndSave restores q.Text in a namespace that knows only q.Before and
// q.Sets. A text that is refused is an answer, not an error.
func (r *Restorer) RestoreAndSave(q Restore) (Restored, error) {
	f, err := familyOf(q.Family)
	if err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	t, release, err := r.take(f, q)
	if err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	a, err := t.restoreAndSave(f, q)
	return a, errors.Join(err, release(err == nil && a.Code == 0))
}

// take returns a namespace that has the tables of q, empty, or none yet.
// release gives it back; one in which something failed is thrown away, for
// which tables it has by then is anybody's guess.
func (r *Restorer) take(f family, q Restore) (t *thread, release func(ok bool) error, err error) {
	key := fmt.Sprint(q.Family, named(q.Before+"\n"+q.Text))
	t, ok := r.threads[key]
	if !ok {
		if t, err = startThread(); err != nil {
			return nil, nil, err
		}
	}
	delete(r.threads, key)
	if err := t.emptyTables(f); err != nil {
		t.stop()
		return nil, nil, err
	}
	return t, func(ok bool) error {
		if !ok || q.Sets != "" {
			t.stop()
			return nil
		}
		r.threads[key] = t
		return nil
	}, nil
}

func (t *thread) restoreAndSave(f family, q Restore) (a Restored, err error) {
	if q.Sets != "" {
		if _, err := t.must(q.Sets, "ipset", "restore"); err != nil {
			return a, err
		}
	}
	if q.Before != "" {
		if _, err := t.must(q.Before, f.tool+"-restore"); err != nil {
			return a, err
		}
	}
	if err := t.furnishAccounts(q.Text); err != nil {
		return a, err
	}
	res, err := t.run(q.Text, slices.Concat([]string{f.tool + "-restore"}, q.Options)...)
	if err != nil {
		return a, err
	}
	a.Code, a.Stderr = res.code, res.stderr
	a.Saved, err = t.save(f, q.SaveOptions...)
	return a, err
}

// save returns the ruleset without its comment lines.
func (t *thread) save(f family, options ...string) (string, error) {
	text, err := t.must("", slices.Concat([]string{f.tool + "-save"}, options)...)
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String(), err
}
