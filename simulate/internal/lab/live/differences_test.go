package live_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/archive"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// TestDifferences asks the live kernel about what the simulator once told
// otherwise. A file has sections rules4, rules6 and packets, which go through
// one session in order, and may name another of the hosts that random cases are
// played on in section world.
func TestDifferences(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	paths, err := filepath.Glob("../../../../testdata/differences/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	nodes := map[string]*kernel.Node{}
	defer func() {
		for _, n := range nodes {
			assert.NoError(t, n.Close())
		}
	}()
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { playFile(t, path, nodes) })
	}
}

// playFile plays a file on the node of its world, which it opens for others, too.
func playFile(t *testing.T, path string, nodes map[string]*kernel.Node) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	parts := map[string]string{"world": "plain"}
	for _, s := range archive.Split(string(text))[1:] {
		require.Contains(t, []string{"world", "rules4", "rules6", "packets"}, s.Name, "unknown section")
		parts[s.Name] = s.Text
	}
	world := strings.TrimSpace(parts["world"])
	i := slices.IndexFunc(liveWorlds, func(w liveWorld) bool { return w.name == world })
	require.GreaterOrEqual(t, i, 0, "no world %q", world)
	node := nodes[world]
	if node == nil {
		node, err = kernel.Open(liveWorlds[i].env())
		require.NoError(t, err)
		nodes[world] = node
	}
	var packets []played
	for line := range strings.Lines(parts["packets"]) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			packets = append(packets, played{text: line})
		}
	}
	require.NotEmpty(t, packets)
	w := comparison{env: node.Env(), node: node}
	w.stage(t, liveWorlds[i].bridged)
	w.play(t, parts["rules4"], parts["rules6"], packets)
}
