package cbpf

import (
	"errors"

	"golang.org/x/net/bpf"
)

// errMemory is returned if the program leaves no scratch memory for the
// translation of indirect loads and shifts by X.
var errMemory = errors.New("the program uses so much of its memory that it cannot be run here; leave two of the 16 words free")

// Results of a translated program. A load of ancillary data that is not known returns
// outcomeAncillary plus its offset.
const (
	outcomeFalse     = 0
	outcomeTrue      = 1
	outcomeLink      = 2 // it loaded from the link layer header
	outcomeAncillary = 16
)

// frame is the packet that a program runs on.
type frame struct {
	bytes []byte // from the link layer header on, or from the IP header on
	net   uint32 // offset of the IP header in bytes
	link  bool   // whether bytes begins with the link layer header
	data  Ancillary
}

// translation is the state of translating a program.
type translation struct {
	frame
	code   []bpf.Instruction
	spare  []int    // words of scratch memory that the program does not use
	starts []int    // index of the translation of each instruction
	jumps  [][2]int // jumps: their index, and the instruction they lead to
}

// translate translates a program for the virtual machine of
// golang.org/x/net/bpf.
func translate(program []bpf.RawInstruction, f frame) ([]bpf.Instruction, error) {
	t := translation{frame: f, spare: spareWords(program)}
	for pc := range program {
		t.starts = append(t.starts, len(t.code))
		if err := t.instruction(pc, &program[pc]); err != nil {
			return nil, err
		}
	}
	for _, j := range t.jumps {
		if j[1] >= len(t.starts) {
			return nil, errJump
		}
		t.code[j[0]] = bpf.Jump{Skip: uint32(t.starts[j[1]] - j[0] - 1)}
	}
	return t.code, nil
}

var errJump = errors.New("a jump leads out of the program")

// spareWords returns the words of scratch memory that a program does not use.
func spareWords(program []bpf.RawInstruction) (spare []int) {
	var used [memWords]bool
	for _, in := range program {
		switch in.Op {
		case classST, classSTX, classLD | modeMEM, classLDX | modeMEM:
			if in.K < memWords {
				used[in.K] = true
			}
		}
	}
	for n, u := range used {
		if !u {
			spare = append(spare, n)
		}
	}
	return spare
}

func (t *translation) add(code ...bpf.Instruction) { t.code = append(t.code, code...) }

// jump adds a jump to an instruction of the program.
func (t *translation) jump(pc int) {
	t.jumps = append(t.jumps, [2]int{len(t.code), pc})
	t.add(bpf.Jump{})
}

func (t *translation) instruction(pc int, in *bpf.RawInstruction) error {
	switch in.Op & 7 {
	case classLD, classLDX:
		return t.load(in)
	case classALU:
		return t.alu(in)
	case classJMP:
		t.branch(pc, in)
	case classRET:
		t.ret(in)
	default:
		t.add(in.Disassemble())
	}
	return nil
}

// branch adds a jump. Its offsets may no longer fit a conditional jump, so the
// conditional jump leads to unconditional ones that follow it.
func (t *translation) branch(pc int, in *bpf.RawInstruction) {
	if in.Op == classJMP {
		t.jump(pc + 1 + int(in.K))
		return
	}
	t.add(bpf.RawInstruction{Op: in.Op, K: in.K, Jf: 1}.Disassemble())
	t.jump(pc + 1 + int(in.Jt))
	t.jump(pc + 1 + int(in.Jf))
}

// ret adds a return; only whether the result is 0 is significant.
func (t *translation) ret(in *bpf.RawInstruction) {
	switch {
	case in.Op == retA:
		t.add(bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipFalse: 1}, bpf.RetConstant{Val: outcomeFalse}, bpf.RetConstant{Val: outcomeTrue})
	case in.K == 0:
		t.add(bpf.RetConstant{Val: outcomeFalse})
	default:
		t.add(bpf.RetConstant{Val: outcomeTrue})
	}
}

// alu adds arithmetic.
func (t *translation) alu(in *bpf.RawInstruction) error {
	switch in.Op {
	case classALU | opNEG:
		t.add(bpf.ALUOpConstant{Op: bpf.ALUOpXor, Val: 0xffffffff}, bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: 1})
	case classALU | opLSH | srcX, classALU | opRSH | srcX:
		if len(t.spare) < 2 {
			return errMemory
		}
		a, x := t.spare[0], t.spare[1]
		t.add(bpf.StoreScratch{Src: bpf.RegA, N: a}, bpf.StoreScratch{Src: bpf.RegX, N: x},
			bpf.TXA{}, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 31}, bpf.TAX{},
			bpf.LoadScratch{Dst: bpf.RegA, N: a}, in.Disassemble(), bpf.LoadScratch{Dst: bpf.RegX, N: x})
	default:
		t.add(in.Disassemble())
	}
	return nil
}

func (t *translation) load(in *bpf.RawInstruction) error {
	to := bpf.RegA
	if in.Op&7 == classLDX {
		to = bpf.RegX
	}
	switch in.Op & mode {
	case modeLEN:
		t.add(bpf.LoadConstant{Dst: to, Val: uint32(len(t.bytes)) - t.net})
	case modeIND:
		return t.indirect(in)
	case modeMSH:
		t.at(in.K, func(at uint32) bpf.Instruction { return bpf.LoadMemShift{Off: at} })
	case modeABS:
		if in.K >= ancillaryAt {
			t.ancillary(in.K - ancillaryAt)
			break
		}
		t.at(in.K, func(at uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: at, Size: bytesOf(in.Op)} })
	default:
		t.add(in.Disassemble())
	}
	return nil
}

// bytesOf returns how many bytes a load reads.
func bytesOf(op uint16) int {
	switch op & size {
	case sizeH:
		return 2
	case sizeB:
		return 1
	}
	return 4
}

// beyond is an offset beyond every frame. The virtual machine uses int for
// offsets, which greater ones would overflow on 32-bit platforms.
const beyond = 1 << 20

// at adds a load from an offset (bpf_internal_load_pointer_neg_helper).
func (t *translation) at(k uint32, load func(at uint32) bpf.Instruction) {
	switch {
	case k >= netAt:
		t.add(load(min(t.net+k-netAt, beyond)))
	case k >= linkAt && !t.link:
		t.add(bpf.RetConstant{Val: outcomeLink})
	case k >= linkAt:
		t.add(load(min(k-linkAt, beyond)))
	default:
		t.add(load(min(t.net+k, beyond)))
	}
}

// indirect adds a load from X and an offset. The sum is computed in A, which
// the load overwrites, so that it wraps as in the kernel.
func (t *translation) indirect(in *bpf.RawInstruction) error {
	if len(t.spare) < 1 {
		return errMemory
	}
	x := t.spare[0]
	var link bpf.Instruction = bpf.RetConstant{Val: outcomeLink}
	if t.link {
		link = bpf.ALUOpConstant{Op: bpf.ALUOpSub, Val: linkAt}
	}
	t.add(bpf.StoreScratch{Src: bpf.RegX, N: x}, bpf.TXA{}, bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: in.K},
		bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: netAt, SkipFalse: 2},
		bpf.ALUOpConstant{Op: bpf.ALUOpSub, Val: netAt - t.net}, bpf.Jump{Skip: 4},
		bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: linkAt, SkipFalse: 2},
		link, bpf.Jump{Skip: 1},
		bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: t.net},
		bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: beyond, SkipFalse: 1}, bpf.RetConstant{Val: outcomeFalse},
		bpf.TAX{}, bpf.LoadIndirect{Size: bytesOf(in.Op)}, bpf.LoadScratch{Dst: bpf.RegX, N: x})
	return nil
}

// ancillary adds a load of ancillary data.
func (t *translation) ancillary(number uint32) {
	if number == adXOR {
		t.add(bpf.ALUOpX{Op: bpf.ALUOpXor})
		return
	}
	if v, known := t.data.Load(number); known {
		t.add(bpf.LoadConstant{Dst: bpf.RegA, Val: v})
	} else {
		t.add(bpf.RetConstant{Val: outcomeAncillary + number})
	}
}
