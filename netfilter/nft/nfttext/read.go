package nfttext

import (
	"io/fs"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
)

// ReadOptions are the options for parsing a text. With the zero value no files
// can be included, and only interfaces named in the text are known.
type ReadOptions struct {
	Name    string            // of the text, for errors
	FS      fs.FS             // files that include may read; nil for none
	Dirs    []string          // directories searched first by include, within FS
	Defines map[string]string // as nft -D
}

// Parse parses the output of nft list ruleset, or a file for nft -f, into a new
// ruleset. A text that begins with a brace is JSON: the output of nft -j list
// ruleset, or a list of commands for nft -j -f. The error has the type Errors.
func Parse(text string, o ReadOptions) (*nft.Ruleset, error) {
	return Apply(&nft.Ruleset{}, text, o)
}

// Apply applies the commands of a text to a ruleset as one transaction, like
// nft -f, and returns the result. The ruleset itself is not changed; nil is an
// empty one. The error has the type Errors.
func Apply(r *nft.Ruleset, text string, o ReadOptions) (*nft.Ruleset, error) {
	if r == nil {
		r = &nft.Ruleset{}
	}
	if err := checkWhole(r); err != nil {
		return nil, err
	}
	files := &parse.Files{FS: o.FS, Dirs: o.Dirs}
	cmds, faults := commands(files, text, o)
	rep := &report{files: files}
	for _, f := range faults {
		rep.add(f.At, f.Hint, "%s", f.Msg)
	}
	if err := rep.result(); err != nil {
		return nil, err
	}
	t := &transaction{report: rep, ruleset: &nft.Ruleset{Tables: append([]*nft.Table(nil), r.Tables...), Links: append([]nft.Link(nil), r.Links...), LastHandle: r.LastHandle},
		own: map[any]bool{}, fresh: map[*nft.Set]bool{}, chainIndex: map[*nft.Table]map[string]int{}}
	t.run(cmds)
	if err := rep.result(); err != nil {
		return nil, err
	}
	t.check()
	if err := rep.result(); err != nil {
		return nil, err
	}
	return t.ruleset, nil
}

// commands parses the commands of a text or of JSON.
func commands(files *parse.Files, text string, o ReadOptions) ([]*parse.Command, []*parse.Fault) {
	if parse.IsJSON(text) {
		return parse.JSON(files, o.Name, text)
	}
	return parse.Text(files, o.Name, text, o.Defines)
}
