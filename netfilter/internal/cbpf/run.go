package cbpf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var errLinkHeader = errors.New("the program reads the link layer header, which is not known here")

// Facts tells facts about the packet by their numbers; false for one it does
// not know.
type Facts interface {
	Fact(number uint32) (uint32, bool)
}

// machine is a program at work.
type machine struct {
	packet []byte
	facts  Facts
	a, x   uint32
	mem    [memWords]uint32
	ret    uint32
	done   bool
	err    error
}

// Run runs a program that Check takes over a packet and returns its result. A
// load beyond the end, or a division by zero, ends the program with 0. The
// error names a fact that is not known.
func Run(code []Instruction, packet []byte, f Facts) (uint32, error) {
	m := machine{packet: packet, facts: f}
	for pc := 0; pc < len(code) && !m.done; pc++ {
		in := &code[pc]
		switch in.Code & 7 {
		case classLD, classLDX:
			m.load(in)
		case classST:
			m.mem[in.K] = m.a
		case classSTX:
			m.mem[in.K] = m.x
		case classALU:
			m.a = m.alu(in)
		case classJMP:
			pc += m.jump(in)
		case classRET:
			m.end(in.K)
			if in.Code == retA {
				m.ret = m.a
			}
		default:
			if in.Code == miscTAX {
				m.x = m.a
			} else {
				m.a = m.x
			}
		}
	}
	return m.ret, m.err
}

// end ends the program.
func (m *machine) end(result uint32) { m.ret, m.done = result, true }

func (m *machine) load(in *Instruction) {
	to := &m.a
	if in.Code&7 == classLDX {
		to = &m.x
	}
	switch in.Code & 0xe0 {
	case modeIMM:
		*to = in.K
	case modeMEM:
		*to = m.mem[in.K]
	case modeLEN:
		*to = uint32(len(m.packet))
	case modeMSH:
		*to = m.read(in.K, sizeB) & 15 << 2
	case modeIND:
		*to = m.read(m.x+in.K, in.Code&0x18)
	case modeABS:
		if in.K < factsAt {
			*to = m.read(in.K, in.Code&0x18)
			return
		}
		if in.K == factsAt+factXOR {
			m.a ^= m.x
			return
		}
		v, ok := m.facts.Fact(in.K - factsAt)
		if !ok {
			m.end(0)
			m.err = fmt.Errorf("the program asks for fact %d about the packet, which is not known here", in.K-factsAt)
		}
		*to = v
	}
}

// read reads a number from the packet.
func (m *machine) read(at uint32, size uint16) uint32 {
	switch {
	case at >= netAt:
		at -= netAt
	case at >= linkAt:
		m.end(0)
		m.err = errLinkHeader
		return 0
	}
	n := uint64(4)
	switch size {
	case sizeH:
		n = 2
	case sizeB:
		n = 1
	}
	if uint64(at)+n > uint64(len(m.packet)) {
		m.end(0)
		return 0
	}
	switch b := m.packet[at:]; n {
	case 1:
		return uint32(b[0])
	case 2:
		return uint32(binary.BigEndian.Uint16(b))
	default:
		return binary.BigEndian.Uint32(b)
	}
}

func (m *machine) operand(in *Instruction) uint32 {
	if in.Code&srcX != 0 {
		return m.x
	}
	return in.K
}

func (m *machine) alu(in *Instruction) uint32 {
	v := m.operand(in)
	switch op := in.Code & 0xf0; op {
	case opADD:
		return m.a + v
	case opSUB:
		return m.a - v
	case opMUL:
		return m.a * v
	case opDIV, opMOD:
		switch {
		case v == 0:
			m.end(0)
			return 0
		case op == opMOD:
			return m.a % v
		}
		return m.a / v
	case opOR:
		return m.a | v
	case opAND:
		return m.a & v
	case opXOR:
		return m.a ^ v
	case opLSH:
		return m.a << (v & 31)
	case opRSH:
		return m.a >> (v & 31)
	}
	return -m.a
}

// jump returns how many instructions are skipped.
func (m *machine) jump(in *Instruction) int {
	v := m.operand(in)
	holds := false
	switch in.Code & 0xf0 {
	case jumpJA:
		return int(in.K)
	case jumpJEQ:
		holds = m.a == v
	case jumpJGT:
		holds = m.a > v
	case jumpJGE:
		holds = m.a >= v
	case jumpJSET:
		holds = m.a&v != 0
	}
	if holds {
		return int(in.JT)
	}
	return int(in.JF)
}
