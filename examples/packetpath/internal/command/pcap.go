package command

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
)

// maxCaptured is how many packets of a capture are read.
const maxCaptured = 1_000_000

// frames are the records of a capture.
type frames interface {
	ReadPacketData() ([]byte, gopacket.CaptureInfo, error)
}

// readPcap reads the packets of a capture that the filter selects.
func (a *app) readPcap(q *question, path string) ([]*packets.Packet, error) {
	var r io.Reader = a.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	src, link, names, err := open(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	keep, err := compileFilter(q.filter)
	if err != nil {
		return nil, err
	}
	var out []*packets.Packet
	for n := 1; n <= maxCaptured; n++ {
		frame, info, err := src.ReadPacketData()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: frame %d: %w", path, n, err)
		}
		if p := captured(frame, link(info.InterfaceIndex)); p != nil && keep(p) {
			if p.Dev == "" {
				p.Dev = names(info.InterfaceIndex)
			}
			if info.Length > info.CaptureLength {
				p.Notes = append(p.Notes, fmt.Sprintf("frame %d of the capture was cut at %d of %d bytes", n, info.CaptureLength, info.Length))
			}
			out = append(out, p)
		}
	}
	return nil, fmt.Errorf("%s: more than %d frames; give a smaller capture or a -filter", path, maxCaptured)
}

// open determines whether a capture is pcap or pcapng.
func open(data []byte) (src frames, link func(int) layers.LinkType, names func(int) string, err error) {
	if bytes.HasPrefix(data, []byte{0x0a, 0x0d, 0x0d, 0x0a}) {
		ng, err := pcapgo.NewNgReader(bytes.NewReader(data), pcapgo.DefaultNgReaderOptions)
		if err != nil {
			return nil, nil, nil, err
		}
		at := func(i int) (pcapgo.NgInterface, bool) {
			in, err := ng.Interface(i)
			return in, err == nil
		}
		return ng, func(i int) layers.LinkType { in, _ := at(i); return in.LinkType }, func(i int) string {
			in, _ := at(i)
			if in.Name == "any" {
				return ""
			}
			return in.Name
		}, nil
	}
	plain, err := pcapgo.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, nil, nil, fmt.Errorf("the file is no capture: %w", err)
	}
	return plain, func(int) layers.LinkType { return plain.LinkType() }, func(int) string { return "" }, nil
}

// capture is the form of packets of captures.
const capture packets.Form = "capture"

// outgoing is the packet type of cooked captures for what the host itself sent
// (include/uapi/linux/if_packet.h, PACKET_OUTGOING).
const outgoing = 4

// captured returns the IP packet in a frame; nil if there is none.
func captured(frame []byte, link layers.LinkType) *packets.Packet {
	p := &packets.Packet{Form: capture, LinkUnknown: true}
	var src, dst packet.MAC
	payload := frame
	switch link {
	case layers.LinkTypeEthernet:
		if len(frame) < 14 {
			return nil
		}
		copy(dst[:], frame[:6])
		copy(src[:], frame[6:12])
		payload = pastTags(frame[12:])
	case layers.LinkTypeLinuxSLL:
		if len(frame) < 16 {
			return nil
		}
		p.LinkUnknown = frame[1] != outgoing
		payload = frame[16:]
	case layers.LinkType(276): // LINUX_SLL2
		if len(frame) < 20 {
			return nil
		}
		p.LinkUnknown = frame[10] != outgoing
		payload = frame[20:]
	case layers.LinkTypeNull, layers.LinkTypeLoop:
		if len(frame) < 4 {
			return nil
		}
		payload = frame[4:]
	}
	pkt, err := packet.Decode(payload)
	if err != nil {
		return nil
	}
	pkt.SrcMAC, pkt.DstMAC = src, dst
	p.Packet = pkt
	return p
}

// pastTags returns the part of a frame after its EtherType and VLAN tags.
func pastTags(b []byte) []byte {
	for len(b) >= 4 {
		switch binary.BigEndian.Uint16(b) {
		case 0x8100, 0x88a8:
			b = b[4:]
			continue
		}
		return b[2:]
	}
	return nil
}
