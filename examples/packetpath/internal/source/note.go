package source

import "fmt"

// Note is something that a reader of the answer should know: a fact that was
// taken for granted, a part that was left out, a warning of a reader.
type Note struct {
	Code string `json:"code"` // stable, for programs
	Text string `json:"text"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// The codes of notes.
const (
	NoteCleaned      = "cleaned"        // something was taken off a text
	NoteUnread       = "unread"         // a part of the input is not read
	NoteWarning      = "warning"        // a reader warns
	NoteListing      = "listing"        // a listing does not say all
	NoteScript       = "script"         // a command of a script failed, or could not be run
	NoteIncompatible = "incompatible"   // the tool could not save everything
	NoteNoRules      = "no-rules"       // no rules of a family, or none at all
	NoteNoHost       = "no-host"        // no links, addresses and routes
	NoteSysctl       = "sysctl"         // settings that are not given
	NoteSource       = "foreign-source" // a local packet has a source that is no address of the host
	NoteLink         = "unknown-link"   // the host has no such link
	NoteFamily       = "family"         // the family of a text was told from little
	NoteAssumed      = "assumed"        // a fact that decided was not given
	NotePacket       = "packet"         // what a packet was taken to be
	NoteNames        = "names"          // names of services and pods
)

// String returns the note with its position.
func (n Note) String() string {
	switch {
	case n.File != "" && n.Line > 0:
		return fmt.Sprintf("%s:%d: %s", n.File, n.Line, n.Text)
	case n.File != "":
		return n.File + ": " + n.Text
	}
	return n.Text
}
