package kernel

import "testing"

func BenchmarkSend(b *testing.B) {
	n := openNode(b)
	load(b, n, traceAll+"*mangle\nCOMMIT\n*nat\nCOMMIT\n*filter\n-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n", "", "")
	id := uint16(0)
	for b.Loop() {
		id = id%60000 + 1
		send(b, n, Packet{In: "pod0", Wire: udp4("198.51.100.2", "203.0.113.5", id, id, 53)})
	}
}

func BenchmarkLoad(b *testing.B) {
	n := openNode(b)
	for b.Loop() {
		load(b, n, traceAll+"*filter\n-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n", "", "")
	}
}

func BenchmarkRestoreAndSave(b *testing.B) {
	if err := Available(); err != nil {
		b.Skip(err)
	}
	r, err := OpenRestorer()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for b.Loop() {
		if _, err := r.RestoreAndSave(Restore{Family: 4, Text: "*filter\n-A INPUT -p tcp --syn -j DROP\nCOMMIT\n"}); err != nil {
			b.Fatal(err)
		}
	}
}
