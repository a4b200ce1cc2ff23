//go:build !linux

package kernel

import (
	"errors"
	"net/netip"
)

// fd stands for a file of a kernel that is not there.
type fd int

const closed fd = -1

var (
	errAgain    = errors.New("try again")
	errPipe     = errors.New("broken pipe")
	errNotLinux = errors.New("this system does not run Linux")
)

func (fd) read([]byte) (int, error)  { return 0, errNotLinux }
func (fd) write([]byte) (int, error) { return 0, errNotLinux }
func (fd) close() error              { return nil }
func (fd) seekEnd() error            { return errNotLinux }
func (fd) lock() error               { return errNotLinux }
func (fd) unlock() error             { return errNotLinux }

func (fd) sendRaw(netip.Addr, uint32, []byte) (string, error) { return "", errNotLinux }

func openFile(string) (fd, error)   { return closed, errNotLinux }
func openTAP(string) (fd, error)    { return closed, errNotLinux }
func openRaw(rawSocket) (fd, error) { return closed, errNotLinux }
func unshareNetwork() error         { return errNotLinux }
func newAccount(string) error       { return errNotLinux }
