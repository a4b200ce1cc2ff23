package cbpf

import (
	"errors"
	"fmt"

	"golang.org/x/net/bpf"
)

// Ancillary provides the ancillary data of a packet.
type Ancillary interface {
	// Load returns the value at an offset (SKF_AD_OFF), and whether it is known.
	Load(offset uint32) (v uint32, known bool)
	// LinkHeader returns the link layer header, nil if there is none, and
	// whether it is known.
	LinkHeader() (header []byte, known bool)
}

var errLinkHeader = errors.New("the program reads the link layer header, which is not known here; give the packet's MAC addresses")

// Run runs a program accepted by Check on a packet and reports whether its
// result is not 0. A load beyond the end, or a division by zero, ends the
// program with 0. The error names the ancillary data that the program loads but
// that is not known.
func Run(program []bpf.RawInstruction, packet []byte, f Ancillary) (bool, error) {
	if len(program) == 0 {
		return false, errors.New("the program is empty")
	}
	outcome, err := run(program, frame{bytes: packet, data: f})
	if err != nil {
		return false, err
	}
	if outcome == outcomeLink {
		return runWithLink(program, packet, f)
	}
	return verdict(outcome)
}

// runWithLink runs a program that reads the link layer header. If there is
// none, the load ends the program with 0.
func runWithLink(program []bpf.RawInstruction, packet []byte, f Ancillary) (bool, error) {
	header, known := f.LinkHeader()
	if !known {
		return false, errLinkHeader
	}
	if header == nil {
		return false, nil
	}
	bytes := append(header[:len(header):len(header)], packet...)
	outcome, err := run(program, frame{bytes: bytes, net: uint32(len(header)), link: true, data: f})
	if err != nil {
		return false, err
	}
	return verdict(outcome)
}

func run(program []bpf.RawInstruction, f frame) (int, error) {
	code, err := translate(program, f)
	if err != nil {
		return 0, err
	}
	vm, err := bpf.NewVM(code)
	if err != nil {
		return 0, fmt.Errorf("program of %d instructions: %w", len(program), err)
	}
	return vm.Run(f.bytes)
}

// verdict interprets the result of a translated program.
func verdict(outcome int) (bool, error) {
	if outcome >= outcomeAncillary {
		return false, fmt.Errorf("the program loads the ancillary data at offset %d, which is not known here", outcome-outcomeAncillary)
	}
	return outcome == outcomeTrue, nil
}
