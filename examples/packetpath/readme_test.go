package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var readmeCommand = regexp.MustCompile(`(?m)^go run \.\. (.*)$`)

// TestReadmeCommands runs the commands of the README with the command that was
// built.
func TestReadmeCommands(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	commands := readmeCommand.FindAllStringSubmatch(string(b), -1)
	require.GreaterOrEqual(t, len(commands), 5)
	for _, c := range commands {
		cmd := exec.Command("sh", "-c", "exec \"$0\" "+c[1], binary)
		cmd.Dir = "testdata"
		out, err := cmd.CombinedOutput()
		wanted := 0
		if strings.Contains(c[1], "203.0.113.5") {
			wanted = 1 // it is barred
		}
		assert.Equal(t, wanted, cmd.ProcessState.ExitCode(), "%s\n%s%v", c[0], out, err)
		assert.NotEmpty(t, out)
	}
}
