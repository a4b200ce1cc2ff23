package parser

import (
	"errors"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// Reasons why a command cannot be executed on the current rules, for use with
// errors.Is. A chain or table that does not exist is [netfilter.ErrNoSuchChain]
// or [netfilter.ErrNoSuchTable], a loop [netfilter.ErrLoop].
var (
	ErrNoSuchRule    = errors.New("no such rule")           // -C, -D by specification
	ErrRuleNumber    = errors.New("no rule of this number") // -D, -I, -R, -Z by number
	ErrChainExists   = errors.New("chain exists")           // -N, -E, a second chain line
	ErrChainInUse    = errors.New("chain is in use")        // -X: rules jump to it
	ErrChainNotEmpty = errors.New("chain is not empty")     // -X: it has rules
	ErrBuiltinChain  = errors.New("chain is built in")      // -X, -E
	ErrNotBuiltin    = errors.New("chain is not built in")  // -P
	ErrBadPolicy     = errors.New("bad policy")             // -P: neither ACCEPT nor DROP
	ErrNoCommit      = errors.New("no COMMIT")              // the text ends within a table
)

// tableError is the error of a command that fails because of the contents of
// the table.
type tableError struct {
	kind error // one of the reasons above
	text string
}

func tableErrorf(kind error, format string, args ...any) error {
	return &tableError{kind, fmt.Sprintf(format, args...)}
}

func (e *tableError) Error() string { return e.text }

func (e *tableError) Unwrap() error { return e.kind }

// mayFollow reports whether the error may be a consequence of another line that
// was refused.
func mayFollow(err error) bool {
	for _, kind := range []error{ErrNoSuchRule, ErrRuleNumber, ErrChainInUse, ErrChainNotEmpty} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// missingChainError reports that a chain does not exist.
type missingChainError struct{ name string }

func (e *missingChainError) Error() string {
	return fmt.Sprintf("%v: %q", netfilter.ErrNoSuchChain, e.name)
}

func (e *missingChainError) Unwrap() error { return netfilter.ErrNoSuchChain }

// Exit statuses of iptables (include/xtables.h, enum xtables_exittype).
const (
	exitOther     = 1
	exitParameter = 2
	exitVersion   = 3
)

// ExitStatus returns the status that iptables or iptables-restore exits with
// when it refuses a command or a text with this error: 0 for nil, 1 if it fails
// because of the rules in the table or the kernel, 3 for a table that does not
// exist, 2 for all syntax errors.
func ExitStatus(err error) int {
	var all Errors
	if errors.As(err, &all) && len(all) > 0 {
		err = all[0] // the tool stops at the first
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, netfilter.ErrNoSuchTable):
		return exitVersion
	case errors.As(err, new(*usageError)):
		return exitParameter
	case errors.As(err, new(*tableError)), errors.As(err, new(*netfilter.RuleError)), errors.As(err, new(*missingChainError)):
		return exitOther
	}
	return exitParameter
}

// usageError is an error that depends on the table but that iptables detects
// before it modifies the table.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }
