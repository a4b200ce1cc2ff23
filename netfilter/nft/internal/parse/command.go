package parse

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Verb is the action of a command.
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

// Kind is the kind of object that a command refers to.
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

// Command is one command. Which fields are used depends on Verb and Kind.
type Command struct {
	Verb   Verb
	Kind   Kind
	Family nft.Family // 0 in "flush ruleset" if it is not given
	Table  Ident
	Name   Ident
	Handle uint64 // 0 if not given
	Position
	NewName Ident // of rename
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

// Position is where a rule is added, beside the handle of another rule.
type Position struct {
	After bool // after the other rule, not before it
	Index int  // of the other rule, plus one; 0 if not given
}

// Ident is a name with its position.
type Ident struct {
	Name string
	At   syntax.Span
}

// TableSpec is the contents of a table's block.
type TableSpec struct {
	Comment string
	Flags   []Ident
	Items   []*Command
}

// ChainSpec is the contents of a chain's block.
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

// Priority is a priority as written.
type Priority struct {
	Name  string // "" for a number alone
	Value int64  // the number, or the offset to the named priority
	At    syntax.Span
}

// SetSpec is the contents of a set's or map's block.
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

// ObjSpec is the contents of an object's block.
type ObjSpec struct {
	Comment string
	Value   nft.ObjectValue
	L3      nft.Family // 0 if not given
}

// FlowSpec is the contents of a flowtable's block.
type FlowSpec struct {
	Hook     Ident
	Priority *Priority
	Devices  []Ident
	Offload  bool
	Counter  bool
}
