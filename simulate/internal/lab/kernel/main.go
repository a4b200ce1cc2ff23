package kernel

import (
	"fmt"
	"os"
)

// Main runs the tests of a package and returns the exit status. Where there is no
// kernel to ask it says so in one line, which "go test -v" shows.
func Main(m interface{ Run() int }) int {
	status := m.Run()
	if err := Available(); err != nil {
		fmt.Fprintf(os.Stderr, "skipped what asks the live kernel: %v\n", err)
	}
	return status
}
