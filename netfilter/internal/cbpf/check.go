package cbpf

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/net/bpf"
)

// Check refuses programs that the kernel refuses (net/core/filter.c,
// bpf_check_classic).
func Check(code []bpf.RawInstruction) error {
	if len(code) == 0 {
		return errors.New("the program is empty")
	}
	for pc := range code {
		if err := check(&code[pc], len(code)-pc-1); err != nil {
			return fmt.Errorf("instruction %d: %w", pc, err)
		}
	}
	if last := code[len(code)-1].Op; last != retK && last != retA {
		return errors.New("the last instruction must be a return")
	}
	return checkMemory(code)
}

// loads are the instructions of the classes LD and LDX that the kernel knows.
var loads = []uint16{
	classLD | modeIMM, classLD | modeMEM, classLD | modeLEN,
	classLD | modeABS | sizeW, classLD | modeABS | sizeH, classLD | modeABS | sizeB,
	classLD | modeIND | sizeW, classLD | modeIND | sizeH, classLD | modeIND | sizeB,
	classLDX | modeIMM, classLDX | modeMEM, classLDX | modeLEN, classLDX | modeMSH | sizeB,
}

// ancillaryOffsets are the offsets of the ancillary data that the kernel provides
// (SKF_AD_*).
var ancillaryOffsets = []uint32{0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60}

// known reports whether the kernel has the instruction (chk_code_allowed).
func known(code uint16) bool {
	switch code & 7 {
	case classLD, classLDX:
		return slices.Contains(loads, code)
	case classST, classSTX:
		return code == classST || code == classSTX
	case classALU:
		return code <= classALU|opXOR|srcX && code != classALU|opNEG|srcX
	case classJMP:
		return code <= classJMP|jumpJSET|srcX && code != classJMP|jumpJA|srcX
	case classRET:
		return code == retK || code == retA
	}
	return code == miscTAX || code == miscTXA
}

// check checks an instruction that is followed by left others.
func check(in *bpf.RawInstruction, left int) error {
	if !known(in.Op) {
		return fmt.Errorf("unknown code %#x", in.Op)
	}
	switch in.Op {
	case classALU | opDIV, classALU | opMOD:
		if in.K == 0 {
			return errors.New("division by zero")
		}
	case classALU | opLSH, classALU | opRSH:
		if in.K >= 32 {
			return fmt.Errorf("shift by %d", in.K)
		}
	case classLD | modeMEM, classLDX | modeMEM, classST, classSTX:
		if in.K >= memWords {
			return fmt.Errorf("there is no memory word %d", in.K)
		}
	case classJMP:
		if uint64(in.K) >= uint64(left) {
			return errors.New("jump beyond the end")
		}
	case classLD | modeABS | sizeW, classLD | modeABS | sizeH, classLD | modeABS | sizeB:
		if in.K >= ancillaryAt && !slices.Contains(ancillaryOffsets, in.K-ancillaryAt) {
			return fmt.Errorf("unknown offset %d of ancillary data", in.K-ancillaryAt)
		}
	}
	if in.Op&7 == classJMP && in.Op != classJMP && int(max(in.Jt, in.Jf)) >= left {
		return errors.New("jump beyond the end")
	}
	return nil
}

// checkMemory refuses programs that may load a word before they store it
// (check_load_and_stores).
func checkMemory(code []bpf.RawInstruction) error {
	const all = 1<<memWords - 1
	valid := uint32(0)
	masks := make([]uint32, len(code))
	for i := range masks {
		masks[i] = all
	}
	for pc := range code {
		in := &code[pc]
		valid &= masks[pc]
		switch in.Op {
		case classST, classSTX:
			valid |= 1 << in.K
		case classLD | modeMEM, classLDX | modeMEM:
			if valid>>in.K&1 == 0 {
				return fmt.Errorf("instruction %d: memory word %d is loaded before it is stored", pc, in.K)
			}
		}
		if in.Op&7 != classJMP {
			continue
		}
		if in.Op == classJMP {
			masks[pc+1+int(in.K)] &= valid
		} else {
			masks[pc+1+int(in.Jt)] &= valid
			masks[pc+1+int(in.Jf)] &= valid
		}
		valid = all
	}
	return nil
}
