package kernel

import (
	"errors"
	"fmt"
	"strings"
)

// RefusedError is a ruleset that a tool, or the kernel behind it, did not take.
type RefusedError struct {
	Tool string // "ipset", "iptables-legacy-restore" or "ip6tables-legacy-restore"
	Code int    // its exit status
	Text string // what it wrote to standard error, without surrounding blanks
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refused the ruleset with status %d: %s", e.Tool, e.Code, strings.ReplaceAll(e.Text, "\n", "; "))
}

// ErrLost says that the kernel log ran over before it was read, so that lines
// of the packet may be missing. Load again and repeat the packets.
var ErrLost = errors.New("kernel log lines were lost")
