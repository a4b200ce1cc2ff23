package nfttext

import (
	"io/fs"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
)

// ReadOptions say what a text is read with. The zero value reads no other
// files and knows no interfaces but those that the text names.
type ReadOptions struct {
	Name    string            // of the text, for errors
	FS      fs.FS             // files that include may read; nil for none
	Dirs    []string          // where include looks first, within FS
	Defines map[string]string // as nft -D
}

// Parse reads what nft list ruleset printed, or a file that nft -f loads, into
// a new ruleset. Errors are Errors.
func Parse(text string, o ReadOptions) (*nft.Ruleset, error) {
	return Apply(&nft.Ruleset{}, text, o)
}

// Apply loads a text onto a ruleset and returns the result, as nft -f does: all
// commands or none. The ruleset itself stays as it is. Errors are Errors.
func Apply(r *nft.Ruleset, text string, o ReadOptions) (*nft.Ruleset, error) {
	files := &parse.Files{FS: o.FS, Dirs: o.Dirs}
	name := o.Name
	cmds, faults := parse.Text(files, name, text, o.Defines)
	rep := &report{files: files}
	for _, f := range faults {
		rep.add(f.At, f.Hint, "%s", f.Msg)
	}
	if err := rep.result(); err != nil {
		return nil, err
	}
	t := &transaction{report: rep, ruleset: &nft.Ruleset{Tables: append([]*nft.Table(nil), r.Tables...), Links: append([]nft.Link(nil), r.Links...), LastHandle: r.LastHandle},
		own: map[any]bool{}, fresh: map[*nft.Set]bool{}, places: map[*nft.Table]map[string]int{}}
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
