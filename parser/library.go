package parser

import (
	"errors"
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/target"
)

// kind is the kind of an extension: match or target.
type kind uint8

const (
	matchKind kind = iota
	targetKind
)

var kindNames = [...]string{"match", "target"}

func (k kind) String() string { return kindNames[k] }

// library finds definitions by the words after -m and -j.
type library struct {
	family netfilter.Family
	defs   [2][]*netfilter.Definition // by kind, in the order of lookup
	found  [2]map[string]*netfilter.Definition
}

// newLibrary returns a library with the user's definitions before the built-in
// ones.
func newLibrary(f netfilter.Family, user []*netfilter.Definition) (*library, error) {
	lib := &library{family: f, found: [2]map[string]*netfilter.Definition{{}, {}}}
	for _, d := range user {
		if err := usable(d); err != nil {
			return nil, err
		}
		e := d.New()
		_, isMatch := e.(netfilter.Match)
		_, isTarget := e.(netfilter.Target)
		if isMatch {
			lib.defs[matchKind] = append(lib.defs[matchKind], d)
		}
		if isTarget {
			lib.defs[targetKind] = append(lib.defs[targetKind], d)
		}
		if !isMatch && !isTarget {
			return nil, fmt.Errorf("extension %s: %T is neither a match nor a target", d.Name, e)
		}
	}
	lib.defs[matchKind] = append(lib.defs[matchKind], match.Definitions()...)
	lib.defs[targetKind] = append(lib.defs[targetKind], target.Definitions()...)
	return lib, nil
}

// usable returns an error if a user's definition is incomplete.
func usable(d *netfilter.Definition) error {
	switch {
	case d == nil:
		return errors.New("the definition of an extension is nil")
	case d.New == nil:
		return fmt.Errorf("extension %q: its definition has no New", d.Name)
	case d.Families == 0:
		return fmt.Errorf("extension %q: its definition has no Families", d.Name)
	}
	for _, o := range d.Options {
		if o.Set == nil {
			return fmt.Errorf("extension %q: option --%s has no Set", d.Name, o.Name)
		}
	}
	return nil
}

// find returns the definition of a name for the family, nil if there is none.
func (lib *library) find(name string, k kind) *netfilter.Definition {
	if d, ok := lib.found[k][name]; ok {
		return d
	}
	var found *netfilter.Definition
	for _, d := range lib.defs[k] {
		if d.Families.Has(lib.family) && answersTo(d, name) {
			found = d
			break
		}
	}
	lib.found[k][name] = found
	return found
}

func answersTo(d *netfilter.Definition, name string) bool {
	return d.Name == name || slices.Contains(d.Aliases, name)
}

// inAnyFamily reports whether either family has the extension.
func (lib *library) inAnyFamily(name string, k kind) bool {
	return slices.ContainsFunc(lib.defs[k], func(d *netfilter.Definition) bool { return answersTo(d, name) })
}

// names returns the names of the family's extensions.
func (lib *library) names(k kind) []string {
	var names []string
	for _, d := range lib.defs[k] {
		if d.Families.Has(lib.family) {
			names = append(names, d.Name)
		}
	}
	return names
}

// withOption returns the names of the family's extensions that have an option.
func (lib *library) withOption(option string, k kind) []string {
	var names []string
	for _, d := range lib.defs[k] {
		if !d.Families.Has(lib.family) {
			continue
		}
		for i := range d.Options {
			if named(&d.Options[i], option) {
				names = append(names, d.Name)
				break
			}
		}
	}
	return names
}
