package netfilter

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// checkText refuses an extension whose options cannot be expressed in text:
// options that, when printed and parsed again, are refused or print
// differently. Values made by a parser pass; a value built in Go may contain a
// comment of 300 bytes, a reversed range, or a newline.
func (p CheckContext) checkText(d *Definition, e Extension) error {
	text := e.AppendOptions(nil)
	again, err := p.reread(d, text)
	if err != nil {
		return fmt.Errorf("options %q cannot be read again: %w", bytes.TrimSpace(text), err)
	}
	if got := again.AppendOptions(nil); !bytes.Equal(got, text) {
		return fmt.Errorf("options %q would be read again as %q", bytes.TrimSpace(text), bytes.TrimSpace(got))
	}
	if reflect.TypeOf(e) == reflect.TypeOf(again) {
		if d := differs(reflect.ValueOf(e), reflect.ValueOf(again), ""); d != "" && !equal(e, again) {
			return fmt.Errorf("options %q would be read again with another value: %s", bytes.TrimSpace(text), d)
		}
	}
	return nil
}

// equal compares two extensions with their method Equal if they have one.
func equal(e, other Extension) bool {
	v, o := reflect.ValueOf(e), reflect.ValueOf(other)
	if v.Kind() == reflect.Pointer {
		v, o = v.Elem(), o.Elem()
	}
	m := v.MethodByName("Equal")
	if !m.IsValid() || m.Type() != reflect.FuncOf([]reflect.Type{v.Type()}, []reflect.Type{reflect.TypeFor[bool]()}, false) {
		return false
	}
	return m.Call([]reflect.Value{o})[0].Bool()
}

// reread reads options as they are printed, as package parser does with those of
// any text.
func (p CheckContext) reread(d *Definition, text []byte) (Extension, error) {
	words, err := printedWords(string(text))
	if err != nil {
		return nil, err
	}
	r := optionReader{def: d, ext: d.New(), words: words, value: Value{Family: p.Family, Table: p.Table, Header: &p.Rule.Header}}
	for len(r.words) > 0 {
		if err := r.option(); err != nil {
			return nil, err
		}
	}
	return r.ext, r.finish()
}

// optionReader reads the options of one extension.
type optionReader struct {
	def   *Definition
	ext   Extension
	words []string // words not read yet
	value Value
	given []string // names of options
}

func (r *optionReader) option() error {
	r.value.Invert = r.words[0] == "!"
	if r.value.Invert {
		r.words = r.words[1:]
	}
	if len(r.words) == 0 {
		return errors.New(`"!" without an option after it`)
	}
	name, long := strings.CutPrefix(r.words[0], "--")
	i := slices.IndexFunc(r.def.Options, func(o OptionDef) bool { return o.Name == name || slices.Contains(o.Aliases, name) })
	if !long || i < 0 {
		return fmt.Errorf("%q is no option", r.words[0])
	}
	o := &r.def.Options[i]
	switch {
	case r.value.Invert && !o.Negatable:
		return fmt.Errorf("option --%s cannot be inverted", o.Name)
	case slices.Contains(r.given, o.Name) && !o.Repeatable:
		return fmt.Errorf("option --%s can only be used once", o.Name)
	}
	r.given = append(r.given, o.Name)
	r.words = r.words[1:]
	if err := r.take(o); err != nil {
		return err
	}
	if err := o.Set(r.ext, &r.value); err != nil {
		return fmt.Errorf("--%s: %w", o.Name, err)
	}
	return nil
}

// take takes the values of an option. Words that look like options are not
// taken as values, except for the first value of an option that requires one.
func (r *optionReader) take(o *OptionDef) error {
	n := 0
	for n < len(r.words) && (n < o.Args && (n == 0 || plainWord(r.words[n])) || o.OptionalArg && n == 0 && plainWord(r.words[n])) {
		n++
	}
	if n < o.Args {
		return fmt.Errorf("option --%s needs %d values", o.Name, o.Args)
	}
	r.value.Args, r.words = r.words[:n:n], r.words[n:]
	return nil
}

func plainWord(w string) bool { return w == "" || w[0] != '-' && w[0] != '!' }

// finish checks the options together.
func (r *optionReader) finish() error {
	has := func(name string) bool { return slices.Contains(r.given, name) }
	for i := range r.def.Options {
		o := &r.def.Options[i]
		if !has(o.Name) {
			if o.Required {
				return fmt.Errorf("option --%s must be given", o.Name)
			}
			continue
		}
		for _, other := range o.Needs {
			if !has(other) {
				return fmt.Errorf("option --%s also needs --%s", o.Name, other)
			}
		}
		for _, other := range o.Excludes {
			if other != o.Name && has(other) {
				return fmt.Errorf("option --%s cannot be used together with --%s", o.Name, other)
			}
		}
	}
	if r.def.Finish == nil {
		return nil
	}
	return r.def.Finish(r.ext, has)
}

// Limits of a line's words (iptables/xshared.h, struct xt_param_buf).
const maxWord = 1023

// printedWords cuts printed options into words as a reader of text does: a quote
// may open anywhere, closing it ends the word, and a backslash counts between
// quotes only (iptables/xshared.c, add_param_to_argv).
func printedWords(s string) (words []string, err error) {
	if err := checkLine(s); err != nil {
		return nil, err
	}
	for i := 0; i < len(s); {
		if s[i] == ' ' || s[i] == '\t' {
			i++
			continue
		}
		w, n, closed := cutPrinted(s[i:])
		switch {
		case !closed:
			return nil, errors.New("a quote is not closed")
		case len(w) > maxWord:
			return nil, fmt.Errorf("a word has more than %d bytes", maxWord)
		}
		words = append(words, w)
		i += n
	}
	return words, nil
}

// cutPrinted returns the word that s begins with, and its length in s.
func cutPrinted(s string) (w string, n int, closed bool) {
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != '\t' && s[i] != '"' {
		i++
	}
	if i == len(s) || s[i] != '"' {
		return s[:i], i, true
	}
	b := []byte(s[:i])
	for i++; i < len(s); i++ {
		if s[i] == '"' {
			return string(b), i + 1, true
		}
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return string(b), len(s), false
}

// checkLine refuses bytes that end a line or a text.
func checkLine(s string) error {
	if i := strings.IndexAny(s, "\n\r\x00"); i >= 0 {
		return fmt.Errorf("byte %#02x cannot stand in a line", s[i])
	}
	return nil
}
