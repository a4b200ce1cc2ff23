//go:build !unix

package main

import "os"

// lockFile does nothing: commands must run one after the other.
func lockFile(*os.File) error { return nil }
