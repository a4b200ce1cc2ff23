package kernel

import "runtime"

// thread is a goroutine that owns an operating system thread, and with that
// thread a network namespace of its own. The thread dies with it.
type thread struct {
	jobs chan func()
}

// startThread makes the namespace.
func startThread() (*thread, error) {
	t := &thread{jobs: make(chan func())}
	ready := make(chan error)
	go func() {
		// Never unlocked: a thread in a foreign namespace must not be reused.
		runtime.LockOSThread()
		if err := unshareNetwork(); err != nil {
			ready <- err
			return
		}
		ready <- nil
		for job := range t.jobs {
			job()
		}
	}()
	return t, <-ready
}

// do runs f inside the namespace. Commands that f starts belong to it, too.
func (t *thread) do(f func() error) error {
	done := make(chan error)
	t.jobs <- func() { done <- f() }
	return <-done
}

func (t *thread) stop() { close(t.jobs) }
