package iptablestest

import "strings"

// getopt reads options as the C library's getopt_long does: words that are no
// options are set aside.
type getopt struct {
	args  []string
	short string            // letters; those with a value are followed by a colon
	waits string            // letters that take a number from the next word if there is one
	long  map[string]string // names to letters, with a colon for those with a value, "?" if it must be glued

	opt     string // the letter that was read; "?" for a bad one
	value   string
	problem string   // of a bad one
	rest    []string // words that are no options
	cluster string   // letters of a word that are still to be read
}

// next reads an option; false says that there are no more.
func (g *getopt) next() bool {
	g.value = ""
	for g.cluster == "" {
		if len(g.args) == 0 {
			return false
		}
		word := g.args[0]
		g.args = g.args[1:]
		switch {
		case word == "--":
			g.rest = append(g.rest, g.args...)
			g.args = nil
		case strings.HasPrefix(word, "--"):
			g.readLong(word)
			return true
		case len(word) > 1 && word[0] == '-':
			g.cluster = word[1:]
		default:
			g.rest = append(g.rest, word)
		}
	}
	letter := g.cluster[:1]
	g.cluster = g.cluster[1:]
	i := strings.Index(g.short, letter)
	if i < 0 || letter == ":" {
		g.bad("invalid option -- '" + letter + "'")
		return true
	}
	g.opt = letter
	if strings.Contains(g.waits, letter) && g.cluster == "" && len(g.args) > 0 && !strings.HasPrefix(g.args[0], "-") {
		g.value, g.args = g.args[0], g.args[1:]
	}
	if strings.HasPrefix(g.short[i+1:], ":") {
		g.take(g.cluster, g.cluster != "", "option requires an argument -- '"+letter+"'")
		g.cluster = ""
	}
	return true
}

// readLong reads a word that begins with two dashes; a beginning that only one
// option has stands for it.
func (g *getopt) readLong(word string) {
	name, glued, hasGlued := strings.Cut(word[2:], "=")
	letter, ok := g.long[name]
	found := 0
	for n, l := range g.long {
		if !ok && strings.HasPrefix(n, name) {
			letter = l
			found++
		}
	}
	switch {
	case !ok && found == 0:
		g.bad("unrecognized option '" + word + "'")
		return
	case !ok && found > 1:
		g.bad("option '" + word + "' is ambiguous")
		return
	}
	g.opt = strings.TrimRight(letter, ":?")
	switch {
	case strings.HasSuffix(letter, "?"):
		g.value = glued
	case strings.HasSuffix(letter, ":"):
		g.take(glued, hasGlued, "option '--"+name+"' requires an argument")
	case hasGlued:
		g.bad("option '--" + name + "' doesn't allow an argument")
	}
}

// take takes the value that is glued to an option, or the next word.
func (g *getopt) take(glued string, hasGlued bool, missing string) {
	switch {
	case hasGlued:
		g.value = glued
	case len(g.args) == 0:
		g.bad(missing)
	default:
		g.value, g.args = g.args[0], g.args[1:]
	}
}

func (g *getopt) bad(problem string) { g.opt, g.problem = "?", problem }
