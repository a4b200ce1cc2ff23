package main

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPageInBrowser opens the page of a path in a headless Chromium and looks at
// what it makes of it. It skips without Chromium.
func TestPageInBrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("no Chromium is installed")
	}
	_, out, stderr := run(t, "", append(append([]string{"show", "-o", "html"}, node...), nodePort)...)
	require.NotEmpty(t, out, stderr)
	page := write(t, "path.html", out)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	dom, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+page).Output()
	require.NoError(t, err)
	for _, want := range []string{`id="answer"`, "forwarded by cni0", "<svg", "filter:KUBE-FORWARD:rule:1", "</table>"} {
		assert.Contains(t, string(dom), want)
	}
}
