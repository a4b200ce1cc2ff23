//go:build unix

package main

import (
	"os"
	"syscall"
)

// lockFile waits until nobody else has locked the file.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }
