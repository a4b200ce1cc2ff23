package packet_test

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// odd draws values that types allow and nobody would give.
type odd struct{ *rand.Rand }

func (d odd) value(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	if d.IntN(4) == 0 {
		return v
	}
	switch v.Addr().Interface().(type) {
	case *packet.Packet:
		return reflect.ValueOf(d.packet())
	case *netip.Addr:
		return reflect.ValueOf([]netip.Addr{{}, netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fe80::1%a"), netip.MustParseAddr("::ffff:1.2.3.4")}[d.IntN(4)])
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(d.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(int64(d.IntN(100) - 30))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(d.Uint64N(1<<min(t.Bits(), 60)) % (1 << (t.Bits() - 1)))
	case reflect.String:
		v.SetString([]string{"", "x", "1:2", "10.0.0.1", "fe80::1%1", "tcp"}[d.IntN(6)])
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			b := reflect.ValueOf(d.bytes())
			return b.Convert(t)
		}
		v.Set(reflect.MakeSlice(t, d.IntN(3), 3))
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).Set(d.value(t.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				v.Field(i).Set(d.value(t.Field(i).Type))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(d.value(t.Elem()))
	}
	return v
}

func (d odd) bytes() []byte {
	b := make([]byte, d.IntN(70))
	for i := range b {
		b[i] = byte([]uint64{0, 0, 6, 17, 44, 60, d.Uint64()}[d.IntN(7)])
	}
	if len(b) > 0 {
		b[0] = []byte{0x45, 0x4f, 0x60, 0x40, 0xff, 0x45, 0x60}[d.IntN(7)]
	}
	return b
}

func (d odd) packet() packet.Packet {
	if p, err := packet.Decode(d.bytes()); err == nil && d.IntN(2) == 0 {
		return p
	}
	return packet.View(d.bytes())
}

// TestNothingPanics calls every function and method of the package with odd values.
func TestNothingPanics(t *testing.T) {
	d := odd{rand.New(rand.NewPCG(5, 6))}
	call := func(name string, f reflect.Value) {
		for range 300 {
			var args []reflect.Value
			for i := range f.Type().NumIn() {
				args = append(args, d.value(f.Type().In(i)))
			}
			assert.NotPanics(t, func() {
				for _, out := range f.Call(args) {
					if out.Kind() == reflect.Func && out.Type().NumIn() == 0 {
						out.Call(nil) // what UpdateChecksum returns
					}
				}
			}, "%s%v", name, args)
		}
	}
	for name, f := range map[string]any{"Checksum": packet.Checksum, "Decode": packet.Decode, "ExtensionHeaderLen": packet.ExtensionHeaderLen,
		"FamilyOf": packet.FamilyOf, "HasPorts": packet.HasPorts, "IsLinkLocal": packet.IsLinkLocal, "IsLoopback": packet.IsLoopback,
		"IsMulticast": packet.IsMulticast, "ParseScoped": packet.ParseScoped, "ProtocolByName": packet.ProtocolByName, "ProtocolName": packet.ProtocolName,
		"PseudoSum": packet.PseudoSum, "ReadTCP": packet.ReadTCP, "SCTPChecksum": packet.SCTPChecksum, "TCPFlagByName": packet.TCPFlagByName,
		"ParseMAC": packet.ParseMAC, "IsICMPError": packet.IsICMPError,
		"ExtensionHeaders": func(b []byte) {
			for h := range packet.ExtensionHeaders(b) {
				h.Bytes(b)
			}
		},
		"Options": func(b []byte) {
			for o := range packet.Options(b) {
				o.Data()
			}
		}, "Options6": func(b []byte) {
			for o := range packet.Options6(b) {
				o.Data()
			}
		}} {
		call(name, reflect.ValueOf(f))
	}
	for _, zero := range []any{packet.Packet{}, packet.Spec{}, packet.MAC{}, packet.Socket{}, packet.Transform{}, packet.ICMPError{}, packet.TCPSegment{},
		packet.Option{}, packet.ExtensionHeader{}, packet.TCPFlags(0), packet.Family(0)} {
		typ := reflect.PointerTo(reflect.TypeOf(zero))
		for i := range typ.NumMethod() {
			m := typ.Method(i)
			call(typ.Elem().Name()+"."+m.Name, reflect.MakeFunc(valued(m.Func.Type()), func(args []reflect.Value) []reflect.Value {
				p := reflect.New(args[0].Type())
				p.Elem().Set(args[0])
				return m.Func.Call(append([]reflect.Value{p}, args[1:]...))
			}))
		}
	}
}

// valued returns the type of a method whose receiver is no pointer.
func valued(f reflect.Type) reflect.Type {
	in := []reflect.Type{f.In(0).Elem()}
	for i := 1; i < f.NumIn(); i++ {
		in = append(in, f.In(i))
	}
	var out []reflect.Type
	for i := range f.NumOut() {
		out = append(out, f.Out(i))
	}
	return reflect.FuncOf(in, out, f.IsVariadic())
}
