package nft

import "fmt"

// SocketKey is the key of a socket expression: a property of the socket that a
// packet belongs to. The zero value is whether it is transparent.
type SocketKey uint8

// The keys, in the kernel's numbering (enum nft_socket_keys).
const (
	SocketTransparent SocketKey = iota
	SocketMark
	SocketWildcard
	SocketCgroupV2
)

var socketNames = [...]string{"transparent", "mark", "wildcard", "cgroupv2"}

// String returns the word that nft uses.
func (k SocketKey) String() string { return named(socketNames[:], k, "key") }

// Socket loads a property of the socket that the packet belongs to
// (nft_socket.c).
type Socket struct {
	Key   SocketKey
	Level uint32 // of SocketCgroupV2
	Dest  Reg
}

// String implements Expr.
func (e *Socket) String() string {
	if e.Key == SocketCgroupV2 {
		return fmt.Sprintf("socket load %s, level %d => reg %s", e.Key, e.Level, e.Dest)
	}
	return fmt.Sprintf("socket load %s => reg %s", e.Key, e.Dest)
}
