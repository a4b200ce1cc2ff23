package netfilter

import "fmt"

// Definition describes an extension to the parser: its name, its options, and
// the families, tables, hooks and protocols it may be used with.
type Definition struct {
	Name     string
	Aliases  []string // other names accepted after -m or -j
	Families Families
	New      func() Extension // a value with every option at its default

	Options []OptionDef
	// Finish, if not nil, checks the combination of options after all have been
	// parsed. given reports whether an option was present on the line.
	Finish func(e Extension, given func(option string) bool) error

	Tables    []string // tables it may be used in; nil: all
	Hooks     Hooks    // hooks it may be reached from; empty: all of them
	Protocols []uint8  // -p must be one of these, not inverted; nil: any

	// Native, if not nil, returns the match that evaluates e in rules of the
	// backend NFTables, for which iptables-nft writes expressions of nf_tables in
	// place of the extension (iptables/nft.c, add_match); nil if it writes the
	// extension.
	Native func(e Extension) Match
}

// NativeOf converts a method of a concrete extension type T to the type of
// Definition.Native.
func NativeOf[T Extension](native func(e T) Match) func(Extension) Match {
	return func(e Extension) Match { return native(e.(T)) }
}

// OptionDef is one option of an extension.
type OptionDef struct {
	Name    string   // as iptables-save prints it, without the dashes
	Aliases []string // other spellings, without the dashes
	Args    int      // number of values that follow
	// OptionalArg marks an option whose value may be omitted. Args is then 0, and a
	// following word that is not an option is its value.
	OptionalArg bool
	Negatable   bool     // may be preceded by "!"
	Repeatable  bool     // may be given more than once
	Required    bool     // must be given
	Excludes    []string // options that may not be combined with it
	Needs       []string // options that it requires
	// Set stores the values in the extension. The parser adds the position and the
	// option to its error.
	Set func(e Extension, v *Value) error
}

// Value is an option with its values, as parsed from a line.
type Value struct {
	Args   []string
	Invert bool
	Family Family
	Table  string
	Header *Header // the header as parsed so far
	// Reader is the configuration of the parser; nil stands for the zero value.
	Reader *Reader
}

// Reader is the configuration of a parser of rules. The zero value parses as
// iptables 1.8.9 (legacy) does, without names of users and groups.
type Reader struct {
	Version       Version           // release of iptables whose syntax is followed
	Backend       Backend           // part of the kernel that the rules are loaded into
	Users, Groups map[string]uint32 // numbers of names
	Strict        bool              // unknown names of users and groups are errors
	// Warn, if not nil, is called with a message about input that is accepted but
	// probably not intended.
	Warn func(text string)
}

// Warnf reports input that is accepted but probably not intended to
// Reader.Warn.
func (v *Value) Warnf(format string, args ...any) {
	if v.Reader != nil && v.Reader.Warn != nil {
		v.Reader.Warn(fmt.Sprintf(format, args...))
	}
}

// Context returns the parser's configuration.
func (v *Value) Context() Reader {
	if v.Reader == nil {
		return Reader{}
	}
	return *v.Reader
}

// Arg returns the first value, "" if there is none.
func (v *Value) Arg() string {
	if len(v.Args) == 0 {
		return ""
	}
	return v.Args[0]
}

// Into converts a setter for a concrete extension type T to the type of
// OptionDef.Set.
func Into[T Extension](set func(e T, v *Value) error) func(Extension, *Value) error {
	return func(e Extension, v *Value) error { return set(e.(T), v) }
}
