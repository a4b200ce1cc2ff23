package cbpf

// Parts of bpf.RawInstruction.Op (include/uapi/linux/bpf_common.h).
const (
	classLD, classLDX, classST, classSTX = 0x00, 0x01, 0x02, 0x03
	classALU, classJMP, classRET         = 0x04, 0x05, 0x06
	classMISC                            = 0x07

	modeIMM, modeABS, modeIND = 0x00, 0x20, 0x40
	modeMEM, modeLEN, modeMSH = 0x60, 0x80, 0xa0

	sizeW, sizeH, sizeB = 0x00, 0x08, 0x10
	mode, size          = 0xe0, 0x18

	opADD, opSUB, opMUL, opDIV, opOR, opAND     = 0x00, 0x10, 0x20, 0x30, 0x40, 0x50
	opLSH, opRSH, opNEG, opMOD, opXOR           = 0x60, 0x70, 0x80, 0x90, 0xa0
	jumpJA, jumpJEQ, jumpJGT, jumpJGE, jumpJSET = 0x00, 0x10, 0x20, 0x30, 0x40

	srcX             = 0x08
	retK, retA       = classRET, classRET | 0x10
	miscTAX, miscTXA = classMISC, classMISC | 0x80
)

// memWords is the number of words of scratch memory (BPF_MEMWORDS).
const memWords = 16

// Ancillary data of the packet are loaded from offsets of ancillaryAt
// plus their number (SKF_AD_OFF, SKF_AD_*).
const (
	ancillaryAt = 0xfffff000

	ADProtocol = 0  // link layer protocol, 0x800 or 0x86dd
	ADPktType  = 4  // as in netfilter.PacketType
	ADMark     = 20 // the packet's mark
	ADCPU      = 36 // the processor
	adXOR      = 40 // not a load: A ^= X
	ADVLAN     = 44 // tag
	ADVLANHere = 48 // whether there is one
	ADPayload  = 52 // where the payload of the transport header begins
	ADVLANType = 60 // protocol of the tag
)

// netAt and linkAt are the bases of offsets relative to the IP header and to
// the link layer header (SKF_NET_OFF, SKF_LL_OFF).
const (
	netAt  = 0xfff00000
	linkAt = 0xffe00000
)
