package parser

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Parse parses a ruleset. The name is used as the file name in positions. If
// the text is refused the error has the type [Errors] and no ruleset is
// returned, although the tool commits table by table and would keep the tables
// before the error.
func Parse(name string, r io.Reader, opts ...Option) (*netfilter.Ruleset, error) {
	text, err := readText(r, bound(optionsOf(opts).limits.text, DefaultMaxText))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return parse(name, text, opts)
}

// ParseString parses a ruleset from a string; see [Parse].
func ParseString(text string, opts ...Option) (*netfilter.Ruleset, error) {
	return parse("", text, opts)
}

// ParseFile reads a ruleset from a file; see [Parse].
func ParseFile(path string, opts ...Option) (*netfilter.Ruleset, error) {
	text, err := readFile(path, bound(optionsOf(opts).limits.text, DefaultMaxText))
	if err != nil {
		return nil, fmt.Errorf("reading a ruleset: %w", err)
	}
	return parse(path, text, opts)
}

func parse(name, text string, opts []Option) (*netfilter.Ruleset, error) {
	r, err := newReader(name, text, opts)
	if err != nil {
		return nil, err
	}
	r.readAll()
	if err := r.report.result(name); err != nil {
		return nil, err
	}
	return r.rs, nil
}

// reader reads one text.
type reader struct {
	options
	library *library
	name    string
	source  source
	line    line
	report  report
	rs      *netfilter.Ruleset // the committed tables
	section
	context   netfilter.Reader // for the options of extensions
	rereading bool             // a line is read once more
	quit      bool             // -V or -h ended the reading
	single    *Command         // the single command to parse; nil when a text is parsed
	announced map[string]bool  // names that chain lines declare
	origin                     // origin.go
	spent                      // limits.go
	repairs                    // tidy.go
	buffers                    // slab.go
}

// section is the part of the text that the current line belongs to.
type section struct {
	table   *table // the current table; nil between tables
	ignored bool   // inside a table that does not exist
	outside bool   // a line outside tables was reported
}

func newReader(name, text string, opts []Option) (*reader, error) {
	r := &reader{name: name, options: optionsOf(opts), source: source{all: text, text: text}, announced: map[string]bool{}, origin: origin{tables: map[string]tableOrigin{}}}
	if most := bound(r.limits.text, DefaultMaxText); len(text) > most {
		return nil, &LimitError{"MaxText", most}
	}
	if r.family > netfilter.IPv6 {
		return nil, fmt.Errorf("family %d: there are only IPv4 and IPv6", r.family)
	}
	r.rs = &netfilter.Ruleset{Family: r.family}
	if r.base != nil {
		if r.checked == nil {
			if err := checkBase(r.base); err != nil {
				return nil, err
			}
		}
		shared := *r.base
		shared.Tables, shared.Notes = slices.Clone(r.base.Tables), slices.Clone(r.base.Notes)
		r.rs, r.family = &shared, r.base.Family
	}
	r.setContext()
	lib, err := newLibrary(r.family, r.defs)
	if err != nil {
		return nil, err
	}
	r.library = lib
	r.line.reader = r
	return r, nil
}

// setContext sets what the options say of release, backend and names.
func (r *reader) setContext() {
	if r.version != nil {
		r.rs.Version = *r.version
	}
	if r.backend != nil {
		r.rs.Backend = *r.backend
	}
	r.context = netfilter.Reader{Version: r.rs.Version, Backend: r.rs.Backend, Users: r.users, Groups: r.groups, Strict: r.strict}
	if r.warn != nil {
		r.context.Warn = func(text string) { r.warning(&Error{at: r.line.valueAt, Err: errors.New(text)}) }
	}
}

// readAll parses all lines (iptables/iptables-restore.c,
// ip46tables_restore_main).
func (r *reader) readAll() {
	if err := r.begin(); err != nil {
		r.source.next()
		r.fail(err)
	}
	for !r.quit && r.source.next() {
		if err := r.stopped(); err != nil {
			r.fail(&Error{Err: err})
			r.quit = true
			break
		}
		if err := r.tooLong(); err != nil {
			r.fail(err)
			break
		}
		if err := r.readLine(r.tidied(r.source.visible())); err != nil {
			r.fail(err)
		}
	}
	switch {
	case r.quit:
	case r.table != nil:
		r.report.add(r.unfinished())
	case len(r.rs.Tables) > 0 && len(r.comments) > 0:
		r.commentAfter(r.comments)
	}
}

// unfinished reports a table without COMMIT where the text ends.
func (r *reader) unfinished() *Error {
	e := &Error{at: word{start: len(r.source.fullLine()), end: len(r.source.fullLine())},
		Err: tableErrorf(ErrNoCommit, "the text ends within table %s, which began in line %d", r.table.Name, r.table.pos.Line), Hint: "it is cut off, or the line COMMIT is missing"}
	return r.place(e)
}

// readLine parses a line, whose kind is determined by its first column.
func (r *reader) readLine(s string) *Error {
	inside := r.table != nil || r.ignored
	switch {
	case s == "\n":
	case strings.HasPrefix(s, "#"):
		if !inside {
			return r.comment(strings.TrimSuffix(s, "\n"))
		}
	case inside && r.isCommit(s):
		return r.commit()
	case strings.HasPrefix(s, "*") && (!inside || r.startsTable(s)):
		return r.startTable(s)
	case r.ignored:
	case strings.HasPrefix(s, ":") && inside:
		return r.chainLine(s)
	case inside:
		return r.ruleLine(s)
	case r.outside:
	default:
		return r.outsideTable(s)
	}
	return nil
}

// isCommit reports whether the line commits the table. The last line of a text
// may lack its newline unless the reading is strict.
func (r *reader) isCommit(s string) bool {
	return s == "COMMIT\n" || s == "COMMIT" && !r.strict && r.source.text == ""
}

// startsTable reports whether a line inside a table starts another one: the
// COMMIT is missing then, and what follows is read for the new table.
func (r *reader) startsTable(s string) bool {
	words := strings.Fields(s[1:])
	if len(words) == 0 {
		return false
	}
	if _, ok := netfilter.TableInfoFor(words[0]); !ok {
		return false
	}
	if r.table != nil {
		r.fail(&Error{Err: fmt.Errorf("table %s begins, but table %s has no COMMIT yet", words[0], r.table.Name)})
	}
	return true
}

// outsideTable explains a line outside a table; of several only the first is reported.
func (r *reader) outsideTable(s string) *Error {
	r.outside = true
	e := &Error{Err: errors.New("the line is outside a table"), Hint: "a table begins with a line such as *filter and ends with COMMIT"}
	switch {
	case format(s) != nil:
		return format(s)
	case strings.HasPrefix(s, byteOrderMark):
		e.Hint = "remove the byte order mark at the beginning"
	case strings.HasPrefix(strings.TrimLeft(s, " \t"), "*"):
		e.Hint = "the asterisk must be in the first column"
	case strings.TrimSpace(s) == "COMMIT":
		e.Err = errors.New("COMMIT without a table")
	}
	return e
}

// startTable reads "*NAME".
func (r *reader) startTable(s string) *Error {
	r.table, r.ignored, r.outside = nil, true, false
	fields := splitFields(nil, s[1:], r.indent+1)
	if len(fields) == 0 {
		return &Error{Err: errors.New("the name of the table is missing")}
	}
	w := fields[0]
	if strings.HasSuffix(w.text, "\r") {
		r.quit = true
		return &Error{at: w, Err: errors.New("the line ends in CR LF"), Hint: "convert the text to lines that end in LF alone"}
	}
	if _, ok := netfilter.TableInfoFor(w.text); !ok {
		e := &Error{at: w, Word: w.text, Err: fmt.Errorf("%w: %q", netfilter.ErrNoSuchTable, w.text)}
		if near := r.near(w.text, netfilter.TableNames); near != "" {
			e.Hint = fmt.Sprintf("did you mean %q?", near)
		}
		return e
	}
	r.ignored = false
	committed := r.rs.Table(w.text)
	checked := r.checkedTable(committed)
	if err := r.checks(committed, checked); err != nil {
		return err
	}
	r.table = openTable(w.text, committed, checked, !r.keeps())
	r.table.pos = netfilter.Pos{File: r.name, Line: r.source.num, Col: 1}
	r.shareComments()
	return r.twice(w)
}

// shareComments assigns the comment lines before a table to it, except those up
// to the last "# Completed" line, which belong to the previous table.
func (r *reader) shareComments() {
	end := 0
	for i, c := range r.comments {
		if strings.HasPrefix(c, "# Completed") {
			end = i + 1
		}
	}
	if len(r.rs.Tables) == 0 {
		end = 0
	}
	if end > 0 {
		r.commentAfter(r.comments[:end])
	}
	if rest := r.comments[end:]; len(rest) > 0 {
		r.table.before = slices.Clone(rest)
	}
	r.comments = r.comments[:0]
}

// commentAfter adds comment lines to the last table, which base may share.
func (r *reader) commentAfter(lines []string) {
	last := *r.rs.Tables[len(r.rs.Tables)-1]
	last.After = append(slices.Clip(last.After), lines...)
	r.rs.Tables[len(r.rs.Tables)-1] = &last
}

// commit adds the table to the ruleset if the kernel would accept it.
func (r *reader) commit() *Error {
	t := r.table
	r.table, r.ignored = nil, false
	if t == nil {
		return nil
	}
	done := t.finish()
	if err := r.checks(done, t.chains.base); err != nil {
		return err
	}
	if i := slices.IndexFunc(r.rs.Tables, func(o *netfilter.Table) bool { return o.Name == t.Name }); i >= 0 {
		r.rs.Tables[i] = done
	} else {
		r.rs.Tables = append(r.rs.Tables, done)
	}
	if t.broken || r.update() {
		return nil
	}
	one := netfilter.Ruleset{Family: r.family, Backend: r.rs.Backend, Tables: []*netfilter.Table{done}}
	if err := one.Check(); err != nil {
		for _, e := range refusals(err) {
			r.reportRefusal(t, done, e)
		}
	}
	return nil
}

// update checks the ruleset by what differs from the one that was checked; false if it
// may be refused, or if none was checked.
func (r *reader) update() bool {
	if r.checked == nil {
		return false
	}
	whole := *r.rs
	whole.Tables = slices.Clone(r.rs.Tables)
	r.checked, _ = r.checked.Update(&whole)
	return r.checked != nil
}

// checkedTable returns the checked form of a table of the ruleset; nil if there is none.
func (r *reader) checkedTable(t *netfilter.Table) *netfilter.CheckedTable {
	if r.checked == nil || t == nil {
		return nil
	}
	for _, known := range r.checked.Tables() {
		if known.Table() == t {
			return known
		}
	}
	return nil
}

// reportRefusal reports the errors of the kernel. For a rule of the base
// ruleset the position is the COMMIT line.
func (r *reader) reportRefusal(t *table, done *netfilter.Table, err error) {
	e, rule := refused(done, err)
	if rule == nil || t.isLoaded(rule) {
		e.Pos = netfilter.Pos{File: r.name, Line: r.source.num, Col: 1}
	}
	if !r.report.full() {
		e.Line = lineOf(r.source.all, e.Pos.Line)
		e.pointAtExtension()
	}
	r.report.add(e)
}

// fail reports an error in the current line.
func (r *reader) fail(e *Error) {
	if r.table != nil {
		r.table.broken = true
	}
	r.report.add(r.place(e))
}

// warning reports input that is accepted but probably not intended.
func (r *reader) warning(e *Error) {
	if r.warn != nil && !r.rereading {
		r.warn(r.place(e))
	}
}

// place sets the position of an error.
func (r *reader) place(e *Error) *Error {
	if e.Word == "" && e.at != (word{}) {
		e.Word = e.at.text
	}
	e.at = e.narrowed()
	e.Pos = r.pos(e.at)
	e.Line = r.source.fullLine()
	return e
}

func (r *reader) pos(w word) netfilter.Pos {
	return netfilter.Pos{File: r.name, Line: r.source.num, Col: w.start + 1}
}
