// Package anyvalue draws values of any type, as programs might pass them that
// know nothing but the type.
package anyvalue

import (
	"math/rand/v2"
	"net/netip"
	"reflect"

	"go4.org/netipx"

	"github.com/packetpath/packetpath/netfilter"
)

// Fill gives a value and all it holds random contents of a family, half of the
// fields left as they are. Interfaces, functions and channels stay nil.
func Fill(v reflect.Value, f netfilter.Family, rng *rand.Rand) { fill(v, f, rng, 0) }

// maxDepth bounds how deep what is drawn is nested, as types may refer to themselves.
const maxDepth = 12

func fill(v reflect.Value, f netfilter.Family, rng *rand.Rand, depth int) {
	if !v.CanSet() || depth > maxDepth {
		return
	}
	switch v.Interface().(type) {
	case netip.Addr:
		v.Set(reflect.ValueOf(Addr(f, rng)))
		return
	case netip.AddrPort:
		v.Set(reflect.ValueOf(netip.AddrPortFrom(Addr(f, rng), uint16(Number(rng)))))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf(netip.PrefixFrom(Addr(f, rng), rng.IntN(140)-4)))
		return
	case netipx.IPRange:
		v.Set(reflect.ValueOf(netipx.IPRangeFrom(Addr(f, rng), Addr(f, rng))))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if rng.IntN(2) == 0 {
				fill(v.Field(i), f, rng, depth+1)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), f, rng, depth+1)
		}
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), rng.IntN(5), 6)
		for i := range s.Len() {
			fill(s.Index(i), f, rng, depth+1)
		}
		v.Set(s)
	case reflect.Map:
		if rng.IntN(8) > 0 {
			return
		}
		m := reflect.MakeMap(v.Type())
		for range rng.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, f, rng, depth+1)
			fill(value, f, rng, depth+1)
			m.SetMapIndex(key, value)
		}
		v.Set(m)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		fill(p.Elem(), f, rng, depth+1)
		v.Set(p)
	case reflect.String:
		v.SetString(String(rng))
	case reflect.Bool:
		v.SetBool(rng.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(Number(rng))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(Number(rng)))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(Number(rng)) / 3)
	}
}

// Poke gives some of what a value holds random contents, so that most of it keeps
// its sense.
func Poke(v reflect.Value, rng *rand.Rand) {
	switch {
	case rng.IntN(40) == 0:
		Fill(v, netfilter.Family(rng.IntN(2)), rng)
	case v.Kind() == reflect.Struct && v.Type().PkgPath() != "net/netip":
		for i := range v.NumField() {
			Poke(v.Field(i), rng)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			Poke(v.Index(i), rng)
		}
	}
}

// Number is small most of the time.
func Number(rng *rand.Rand) int64 {
	if rng.IntN(4) == 0 {
		return rng.Int64() - rng.Int64()
	}
	return rng.Int64N(12) - 2
}

// String draws a text that may be a name.
func String(rng *rand.Rand) string {
	return []string{"", "a", "eth0", "%", "\x00", "a name that is longer than any kernel would take, by far"}[rng.IntN(6)]
}

// Addr draws an address, of the family most of the time.
func Addr(f netfilter.Family, rng *rand.Rand) netip.Addr {
	switch rng.IntN(8) {
	case 0:
		return netip.Addr{}
	case 1:
		f = 1 - f
	}
	if f == netfilter.IPv6 {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(rng.IntN(256))})
	}
	return netip.AddrFrom4([4]byte{10, 1, 0, byte(rng.IntN(256))})
}
