package api

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/simulate/internal/lab/anyvalue"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
)

// function is an exported function with its name.
type function struct {
	name string
	f    any
}

// walker calls functions with drawn arguments, and keeps what they return as
// arguments of others.
type walker struct {
	rng  *rand.Rand
	pool map[reflect.Type][]reflect.Value
	all  []reflect.Type // of the pool, in the order in which they came
}

// TestNothingPanics calls every exported function, and every method of every exported
// type, with zero values, nil, random values and what other functions returned.
func TestNothingPanics(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	w := &walker{rng: rand.New(rand.NewPCG(5, 6)), pool: map[reflect.Type][]reflect.Value{}}
	failed := map[string]bool{}
	for round := range rounds {
		w.sow()
		for _, f := range functions {
			if !excused(f.name) {
				w.call(t, failed, f.name, reflect.ValueOf(f.f), round == 0)
			}
		}
		for _, typ := range types {
			w.methods(t, failed, typ, round == 0)
		}
	}
}

// sow puts values into the pool that no drawing would make: rulesets, packets, and
// extensions of random fields.
func (w *walker) sow() {
	clear(w.pool)
	w.all = nil
	c := gen.Random(w.rng.Uint64N(1000), gen.Config{Family: []int{4, 6}[w.rng.IntN(2)]})
	for p := range c.Packets(nil) {
		if p, err := packet.Decode(p.Wire); err == nil {
			w.keep(reflect.ValueOf(p))
		}
	}
	for _, d := range append(match.Definitions(), target.Definitions()...) {
		e := reflect.ValueOf(d.New())
		anyvalue.Fill(e.Elem(), netfilter.Family(w.rng.IntN(2)), w.rng)
		w.keep(e)
	}
	e := &enginetest.Engine{Drawn: w.rng.Uint32() >> 1}
	w.keep(reflect.ValueOf(e))
	p := packetOf(w)
	w.keep(reflect.ValueOf(e.Context(&p)))
}

func packetOf(w *walker) netfilter.Packet {
	list := w.pool[reflect.TypeFor[netfilter.Packet]()]
	if len(list) == 0 {
		return netfilter.Packet{}
	}
	return list[w.rng.IntN(len(list))].Interface().(netfilter.Packet)
}

// excused reports whether the documentation says that a function panics: those that
// have Must in their names, and two for tests, of which one runs the tests of a package.
func excused(name string) bool {
	return strings.Contains(name[strings.LastIndex(name, ".")+1:], "Must") || name == "iptablestest.New" || name == "simtest.Main"
}

// methods calls the methods of a value of a type.
func (w *walker) methods(t *testing.T, failed map[string]bool, typ reflect.Type, zero bool) {
	if typ.Kind() == reflect.Interface {
		return
	}
	var v reflect.Value
	if p, ok := w.drawn(reflect.PointerTo(typ)); ok && !p.IsNil() && !zero {
		v = p
	} else {
		v = reflect.New(typ)
		if !zero {
			v.Elem().Set(w.value(typ, 0))
			w.keep(v)
		}
	}
	for i := range v.NumMethod() {
		name := fmt.Sprintf("%s.%s", typ, v.Type().Method(i).Name)
		if excused(name) {
			continue
		}
		if v.Type().Method(i).Name == "Format" { // fmt calls it
			w.guard(t, failed, name, nil, func() { _ = fmt.Sprintf("%v %+v %s %q", v, v, v, v) })
			continue
		}
		w.call(t, failed, name, v.Method(i), zero)
	}
}

// call calls a function, ranges over what it yields, and keeps what it returns.
func (w *walker) call(t *testing.T, failed map[string]bool, name string, f reflect.Value, zero bool) {
	if failed[name] {
		return
	}
	var args []reflect.Value
	for i := range f.Type().NumIn() {
		in := f.Type().In(i)
		if in.Implements(reflect.TypeFor[testingTB]()) {
			return
		}
		if f.Type().IsVariadic() && i+1 == f.Type().NumIn() {
			if !zero {
				for range w.rng.IntN(3) {
					args = append(args, w.value(in.Elem(), 0))
				}
			}
			break
		}
		if _, always := w.fromEngine(in); zero && !always {
			args = append(args, reflect.Zero(in))
			continue
		}
		args = append(args, w.value(in, 0))
	}
	w.guard(t, failed, name, args, func() {
		for _, out := range f.Call(args) {
			w.use(out)
		}
	})
}

// testingTB is what tells testing.TB and its kin from other arguments.
type testingTB interface{ Helper() }

func (w *walker) guard(t *testing.T, failed map[string]bool, name string, args []reflect.Value, f func()) {
	defer func() {
		if p := recover(); p != nil {
			failed[name] = true
			t.Errorf("%s(%s) panics: %v\n%s", name, show(args), p, origin(string(debug.Stack())))
		}
	}()
	f()
}

// show prints arguments, which may be too odd for their own String methods.
func show(args []reflect.Value) (s string) {
	defer func() {
		if recover() != nil {
			s = "arguments that cannot be printed"
		}
	}()
	var list []string
	for _, a := range args {
		if text := fmt.Sprintf("%#v", a); len(text) < 300 {
			list = append(list, text)
		} else {
			list = append(list, a.Type().String())
		}
	}
	return strings.Join(list, ", ")
}

// origin returns the lines of a stack from the panic to the function called.
func origin(stack string) string {
	if i := strings.LastIndex(stack, "panic("); i >= 0 {
		stack = stack[i:]
	}
	if i := strings.Index(stack, "reflect.Value.call"); i >= 0 {
		stack = stack[:i]
	}
	lines := strings.Split(stack, "\n")
	return strings.Join(lines[:min(len(lines), 16)], "\n")
}

// use ranges over a sequence that a function returned, and keeps other values.
func (w *walker) use(out reflect.Value) {
	switch typ := out.Type(); {
	case out.Kind() == reflect.Func && out.IsNil():
	case out.Kind() == reflect.Func && typ.CanSeq():
		n := 0
		for v := range out.Seq() {
			if w.use(v); n == 3 {
				break
			}
			n++
		}
	case out.Kind() == reflect.Func && typ.CanSeq2():
		n := 0
		for a, b := range out.Seq2() {
			w.use(a)
			if w.use(b); n == 3 {
				break
			}
			n++
		}
	default:
		w.keep(out)
	}
}

// keep puts a value into the pool, also as what an interface holds.
func (w *walker) keep(v reflect.Value) {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	const most = 8 // of each type
	list := w.pool[v.Type()]
	switch {
	case len(list) == 0:
		w.all = append(w.all, v.Type())
		fallthrough
	case len(list) < most:
		w.pool[v.Type()] = append(list, v)
	default:
		list[w.rng.IntN(most)] = v
	}
}

// drawn draws a value of the pool that is of the type, or implements it.
func (w *walker) drawn(t reflect.Type) (reflect.Value, bool) {
	if t.Kind() == reflect.Interface {
		var fit []reflect.Type
		for _, have := range w.all {
			if have.Implements(t) {
				fit = append(fit, have)
			}
		}
		if len(fit) == 0 {
			return reflect.Value{}, false
		}
		t = fit[w.rng.IntN(len(fit))]
	}
	list := w.pool[t]
	if len(list) == 0 {
		return reflect.Value{}, false
	}
	return list[w.rng.IntN(len(list))], true
}

// value draws a value of a type: zero, from the pool, or of random contents.
func (w *walker) value(t reflect.Type, depth int) reflect.Value {
	if v, ok := w.fromEngine(t); ok {
		return v
	}
	rng := w.rng.IntN(10)
	if rng == 0 || depth > 4 {
		return reflect.Zero(t)
	}
	if v, ok := w.drawn(t); ok && rng < 6 {
		return v
	}
	switch t {
	case reflect.TypeFor[context.Context]():
		return reflect.ValueOf(context.Background())
	case reflect.TypeFor[io.Reader]():
		return reflect.ValueOf(strings.NewReader(w.text()))
	case reflect.TypeFor[error]():
		return reflect.ValueOf(io.EOF)
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Unix(anyvalue.Number(w.rng)%1e11, 0))
	case reflect.TypeFor[[]byte]():
		if p := packetOf(w); p.IsValid() {
			wire := slices.Clone(p.Wire())
			wire = wire[:w.rng.IntN(len(wire)+1)]
			if len(wire) > 0 {
				wire[w.rng.IntN(len(wire))] ^= byte(w.rng.Uint32())
			}
			return reflect.ValueOf(wire)
		}
	}
	switch t.Kind() {
	case reflect.Interface:
		return reflect.Zero(t)
	case reflect.String:
		return reflect.ValueOf(w.text()).Convert(t)
	case reflect.Func:
		return w.function(t)
	case reflect.Pointer:
		p := reflect.New(t.Elem())
		p.Elem().Set(w.value(t.Elem(), depth+1))
		return p
	case reflect.Slice:
		s := reflect.MakeSlice(t, 0, 3)
		for range w.rng.IntN(4) {
			s = reflect.Append(s, w.value(t.Elem(), depth+1))
		}
		return s
	case reflect.Map:
		m := reflect.MakeMap(t)
		for range w.rng.IntN(3) {
			if k := w.value(t.Key(), depth+1); k.Comparable() {
				m.SetMapIndex(k, w.value(t.Elem(), depth+1))
			}
		}
		return m
	case reflect.Struct:
		v := reflect.New(t).Elem()
		if special(t) {
			anyvalue.Fill(v, netfilter.Family(w.rng.IntN(2)), w.rng)
			return v
		}
		for i := range t.NumField() {
			if v.Field(i).CanSet() && w.rng.IntN(2) == 0 {
				v.Field(i).Set(w.value(t.Field(i).Type, depth+1))
			}
		}
		return v
	}
	v := reflect.New(t).Elem()
	anyvalue.Fill(v, netfilter.Family(w.rng.IntN(2)), w.rng)
	return v
}

// fromEngine draws one of the values that only the engine passes to extensions, which
// the documentation says must not be nil.
func (w *walker) fromEngine(t reflect.Type) (reflect.Value, bool) {
	switch t {
	case reflect.TypeFor[*netfilter.Context]():
		return w.drawn(t)
	case reflect.TypeFor[netfilter.Bounds]():
		return reflect.ValueOf(noBounds{}), true
	case reflect.TypeFor[netfilter.CheckContext]():
		c := netfilter.CheckContext{Rule: &netfilter.Rule{}}
		anyvalue.Fill(reflect.ValueOf(&c.Rule.Header).Elem(), netfilter.Family(w.rng.IntN(2)), w.rng)
		c.Family, c.Hooks, c.Table = netfilter.Family(w.rng.IntN(3)), netfilter.Hooks(w.rng.Uint32()), w.text()
		return reflect.ValueOf(c), true
	}
	return reflect.Value{}, false
}

// noBounds takes bounds and does nothing with them.
type noBounds struct{}

func (noBounds) SrcAddr(_, _ netip.Addr, _ bool) {}
func (noBounds) DstAddr(_, _ netip.Addr, _ bool) {}
func (noBounds) SrcPort(bool, ...cond.PortRange) {}
func (noBounds) DstPort(bool, ...cond.PortRange) {}
func (noBounds) Mark(_, _ uint32, _ bool)        {}

// special reports whether the fields of a type are not set one by one.
func special(t reflect.Type) bool {
	return strings.HasPrefix(t.PkgPath(), "net/netip") || strings.HasPrefix(t.PkgPath(), "go4.org/netipx")
}

// function returns a function that returns drawn values.
func (w *walker) function(t reflect.Type) reflect.Value {
	return reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
		out := make([]reflect.Value, t.NumOut())
		for i := range out {
			out[i] = w.value(t.Out(i), 3)
		}
		return out
	})
}

// texts are words and texts of the forms that the library reads.
var texts = []string{
	"", "a", "eth0", "%", "\x00", "\xff\n", "FORWARD", "filter", "10.0.0.0/8", "2001:db8::1", "udp 192.0.2.1:1 > 192.0.2.2:2",
	"eth0: tcp 192.0.2.9:1 > 192.0.2.7:443 syn", "*filter\n:INPUT DROP [1:2]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
	"*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n", "iptables -A INPUT -j DROP", "-A INPUT -m comment --comment \"a b\" -j DROP",
	"create a hash:ip\nadd a 10.0.0.1\n", "link eth0 192.0.2.1/24; route default via 192.0.2.9",
	"2: eth0: <UP> mtu 1500\n    inet 192.0.2.1/24 scope global eth0\n", "default via 192.0.2.9 dev eth0", "[{\"ifname\":\"eth0\"}]",
	"table ip t {\nchain c {\ntype filter hook input priority 0;\ntcp dport 22 accept\n}\n}\n",
	"tcp 6 100 ESTABLISHED src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1 [ASSURED] mark=0 use=1",
	"Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\nDROP       all  --  0.0.0.0/0            0.0.0.0/0\n",
	"12:00:00.1 eth0 In IP 203.0.113.5.5000 > 10.244.1.5.8443: Flags [S], seq 1, win 64240, length 0",
	"-- rules --\n*filter\nCOMMIT\n-- session --\neth0: udp 192.0.2.9:1 > 192.0.2.7:2\n", "A. B", "name of eighty bytes " + strings.Repeat("x", 60),
}

func (w *walker) text() string { return texts[w.rng.IntN(len(texts))] }
