package netfilter

import "fmt"

// Definition describes an extension to the reader: its name, its options and
// where it may stand.
type Definition struct {
	Name     string
	Aliases  []string // other words after -m or -j that mean this extension
	Families Families
	New      func() Extension // a value with every option at its default

	Options []OptionDef
	// Finish checks the options together once all were read; nil if there is
	// nothing to check. given reports whether an option was on the line.
	Finish func(e Extension, given func(option string) bool) error

	Tables    []string // tables it may stand in; nil: all
	Hooks     Hooks    // hooks it may be reached from; empty: all
	Protocols []uint8  // -p must be one of these, not inverted; nil: any
}

// OptionDef is one option of an extension.
type OptionDef struct {
	Name    string   // as iptables-save prints it, without the dashes
	Aliases []string // other spellings, without the dashes
	Args    int      // number of values that follow
	// OptionalArg marks an option whose value may be left out; Args is then 0
	// and a following word that is no option is its value.
	OptionalArg bool
	Negatable   bool     // may stand behind "!"
	Repeatable  bool     // may be given more than once
	Required    bool     // must be given
	Excludes    []string // options that may not be given with it
	Needs       []string // options that must be given with it
	// Set stores the values in the extension. The reader adds position and
	// option to its error.
	Set func(e Extension, v *Value) error
}

// Value is an option as read from a line.
type Value struct {
	Args   []string
	Invert bool
	Family Family
	Table  string
	Header *Header // what the line has said so far
	// Reader is what the reader knows besides the line; nil stands for the zero
	// value.
	Reader *Reader
}

// Reader is what a reader of rules knows besides the line at hand.
type Reader struct {
	Version       Version           // whose ways of reading are followed
	Backend       Backend           // where the rules are put
	Users, Groups map[string]uint32 // numbers of names
	Strict        bool              // names that are not known are refused
	// Warn, if not nil, is told what is taken but probably not meant.
	Warn func(text string)
}

// Warnf tells the reader what is taken but probably not meant.
func (v *Value) Warnf(format string, args ...any) {
	if v.Reader != nil && v.Reader.Warn != nil {
		v.Reader.Warn(fmt.Sprintf(format, args...))
	}
}

// Context returns what the reader knows besides the line.
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

// Into adapts a setter of one extension's type to OptionDef.Set.
func Into[T Extension](set func(e T, v *Value) error) func(Extension, *Value) error {
	return func(e Extension, v *Value) error { return set(e.(T), v) }
}
