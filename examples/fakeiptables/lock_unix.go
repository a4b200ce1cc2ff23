//go:build unix

package main

import (
	"os"
	"syscall"
)

// lockFile waits until no other process has locked the file.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }
