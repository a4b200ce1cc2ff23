package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// state is the file with the host, locked while it is open.
type state struct {
	path string
	lock *os.File
	host *iptablestest.Host
}

// stateVariable names the file.
const stateVariable = "FAKEIPTABLES"

// openState reads the file and keeps others from it.
func openState() (*state, error) {
	path := os.Getenv(stateVariable)
	if path == "" {
		return nil, fmt.Errorf("set %s to the name of a file to keep the rules in", stateVariable)
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	s := &state{path: path, lock: lock}
	if err := lockFile(lock); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err == nil {
		s.host, err = iptablestest.Parse(string(text))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), lock.Close())
	}
	return s, nil
}

// close lets others at the file.
func (s *state) close() { _ = s.lock.Close() }

// save writes the file: as a whole, so that whoever reads it finds one or the
// other.
func (s *state) save() error {
	text, err := s.host.AppendText(nil)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// ask prints where packets go.
func ask(packets []string, stdout io.Writer) error {
	s, err := openState()
	if err != nil {
		return err
	}
	defer s.close()
	node, err := simulate.New(s.host.Host(), s.host.Rules(netfilter.IPv4), s.host.Rules(netfilter.IPv6))
	if err != nil {
		return err
	}
	for _, text := range packets {
		dev, p, err := parser.ParsePacket(text)
		if err != nil {
			return fmt.Errorf("%+v", err)
		}
		for r := range node.Branches(dev, p) {
			if r.Chance != 1 {
				fmt.Fprintf(stdout, "%s: ", r.Probability().RatString())
			}
			fmt.Fprintf(stdout, "%v\n", r)
		}
	}
	return nil
}
