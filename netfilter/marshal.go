package netfilter

import "fmt"

// MarshalText returns the verdict's name; it fails for an undefined value.
func (v Verdict) MarshalText() ([]byte, error) {
	return marshalName(verdictNames[:], uint8(v), "verdict")
}

// UnmarshalText reads the name of a verdict as String writes it.
func (v *Verdict) UnmarshalText(text []byte) error {
	n, err := unmarshalName(verdictNames[:], string(text), "verdict")
	if err == nil {
		*v = Verdict(n)
	}
	return err
}

// MarshalText returns the name of the hook's built-in chain; it fails for an
// undefined value.
func (h Hook) MarshalText() ([]byte, error) { return marshalName(hookNames[:], uint8(h), "hook") }

// UnmarshalText reads the name of a hook's built-in chain.
func (h *Hook) UnmarshalText(text []byte) error {
	n, err := unmarshalName(hookNames[:], string(text), "hook")
	if err == nil {
		*h = Hook(n)
	}
	return err
}

func marshalName(names []string, n uint8, kind string) ([]byte, error) {
	if int(n) >= len(names) {
		return nil, fmt.Errorf("there is no %s %d", kind, n)
	}
	return []byte(names[n]), nil
}

func unmarshalName(names []string, text, kind string) (uint8, error) {
	for i, n := range names {
		if n == text {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q", kind, text)
}
