package parse

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Verb is what a command does.
type Verb string

// The verbs.
const (
	Add     Verb = "add"
	Create  Verb = "create"
	Insert  Verb = "insert"
	Replace Verb = "replace"
	Delete  Verb = "delete"
	Destroy Verb = "destroy"
	Flush   Verb = "flush"
	Rename  Verb = "rename"
	Reset   Verb = "reset"
	// Other is a command that changes nothing (list, monitor …).
	Other Verb = "list"
)

// Kind is what a command is about.
type Kind string

// The kinds. Objects have the words of their kind.
const (
	Ruleset   Kind = "ruleset"
	Table     Kind = "table"
	Chain     Kind = "chain"
	Rule      Kind = "rule"
	Set       Kind = "set"
	Map       Kind = "map"
	Element   Kind = "element"
	Flowtable Kind = "flowtable"
	Object    Kind = "object"
	Meter     Kind = "meter"
)

// Command is one command. Which fields count depends on Verb and Kind.
type Command struct {
	Verb    Verb
	Kind    Kind
	Family  nft.Family // 0 in "flush ruleset" if it is not given
	Table   Ident
	Name    Ident
	Handle  uint64 // 0 if not given
	After   bool   // "position": behind the handle's rule; rules
	Index   int    // of a rule, plus one; 0 if not given
	NewName Ident  // of rename
	At      syntax.Span

	TableSpec *TableSpec
	ChainSpec *ChainSpec
	SetSpec   *SetSpec
	ObjSpec   *ObjSpec
	FlowSpec  *FlowSpec
	Rule      *syntax.RuleText
	Elements  *syntax.Set
	ObjKind   nft.ObjectKind
}

// Ident is a name and where it stands.
type Ident struct {
	Name string
	At   syntax.Span
}

// TableSpec is what stands in a table's block.
type TableSpec struct {
	Comment string
	Flags   []Ident
	Items   []*Command
}

// ChainSpec is what stands in a chain's block.
type ChainSpec struct {
	Comment  string
	Type     Ident // "" if the chain is no base chain
	Hook     Ident
	Devices  []Ident
	Several  bool // devices = { }
	Priority *Priority
	Policy   *Ident
	Offload  bool
	Rules    []*syntax.RuleText
}

// Priority is a priority as it is written.
type Priority struct {
	Name  string // "" for a number alone
	Value int64  // the number, or what is added to the name's
	At    syntax.Span
}

// SetSpec is what stands in a set's or map's block.
type SetSpec struct {
	Map          bool
	KeyTypes     []Ident     // type
	Typeof       syntax.Expr // typeof
	DataTypes    []Ident
	DataTypeof   syntax.Expr
	DataInterval bool
	DataVerdict  bool
	DataObject   nft.ObjectKind
	Flags        []Ident
	Timeout      time.Duration
	GC           time.Duration
	Size         uint64
	Memory       bool
	AutoMerge    bool
	Stmts        []syntax.Stmt
	Elements     *syntax.Set
	Comment      string
	TypeAt       syntax.Span
}

// ObjSpec is what stands in an object's block.
type ObjSpec struct {
	Comment string
	Value   nft.ObjectValue
	L3      nft.Family // 0 if not given
}

// FlowSpec is what stands in a flowtable's block.
type FlowSpec struct {
	Hook     Ident
	Priority *Priority
	Devices  []Ident
	Offload  bool
	Counter  bool
}
