package opt

import "fmt"

// unknownName is the error for a word that is not in a list.
type unknownName struct {
	text  string
	names []string
}

func (e *unknownName) Error() string { return e.text }

// Candidates returns the valid names, so that a parser can suggest the one that
// was probably meant.
func (e *unknownName) Candidates() []string { return e.names }

// Unknown returns the error for a word that is not in the list.
func (n Names) Unknown(word string) error {
	return &unknownName{fmt.Sprintf("unknown word %q: need one of %s", word, n), n}
}

// unknownType is the error for an invalid ICMP type.
func unknownType(s string, names, newer []string) error {
	e := &unknownName{text: fmt.Sprintf("unknown type %q: need a name or type[/code]", s)}
	for _, list := range [][]string{names, newer} {
		for _, name := range list {
			bare, _, _ := cutName(name)
			e.names = append(e.names, bare)
		}
	}
	return e
}

// unknownPort is the error for a word that is neither a port nor a service.
func unknownPort(s, protocol string) error {
	text := fmt.Sprintf("invalid port or service %q for %s: need 0-65535 or a service name", s, protocol)
	if protocol == "" {
		text = fmt.Sprintf("invalid port or service %q: need a decimal number or a service name", s)
	}
	e := &unknownName{text: text}
	for _, known := range services {
		e.names = append(e.names, known.name)
	}
	return e
}
