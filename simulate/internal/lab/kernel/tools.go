package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// result is how a tool ended.
type result struct {
	code           int
	stdout, stderr string
}

// run runs a tool inside the namespace with stdin as its input. A tool that
// ends with another status than 0 is no error, one that cannot be run is.
func (t *thread) run(stdin string, command ...string) (result, error) {
	var res result
	err := t.do(func() error {
		cmd := exec.Command(command[0], command[1:]...)
		// The lock of iptables is one file for the machine, where it only needs
		// to be one for the namespace.
		cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE=/proc/self/ns/net")
		var stdout, stderr bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
		err := cmd.Run()
		res = result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.Exited() {
			return nil
		}
		return err
	})
	if err != nil {
		return res, fmt.Errorf("run %s: %w", strings.Join(command, " "), err)
	}
	return res, nil
}

// must is run for tools that have no reason to fail.
func (t *thread) must(stdin string, command ...string) (stdout string, err error) {
	res, err := t.run(stdin, command...)
	if err == nil && res.code != 0 {
		err = fmt.Errorf("%s: status %d: %s", strings.Join(command, " "), res.code, strings.TrimSpace(res.stderr))
	}
	return res.stdout, err
}

// sysctl sets a variable named with dots or slashes.
func (t *thread) sysctl(name, value string) error {
	return t.do(func() error {
		if !strings.Contains(name, "/") {
			name = strings.ReplaceAll(name, ".", "/")
		}
		if err := os.WriteFile("/proc/sys/"+name, []byte(value), 0); err != nil {
			return fmt.Errorf("sysctl: %w", err)
		}
		return nil
	})
}

// procNet reads a file under /proc/net as the namespace shows it.
func (t *thread) procNet(name string) (string, error) {
	var text []byte
	err := t.do(func() (err error) {
		// Not /proc/net: that is the namespace of the process's first thread.
		text, err = os.ReadFile("/proc/thread-self/net/" + name)
		return err
	})
	return string(text), err
}
