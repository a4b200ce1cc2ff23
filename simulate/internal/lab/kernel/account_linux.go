package kernel

import (
	"encoding/binary"
	"fmt"
	"syscall"
)

// Of include/uapi/linux/netfilter/nfnetlink.h and nfnetlink_acct.h.
const (
	netlinkNetfilter = 12
	newAccountType   = 7 << 8 // NFNL_SUBSYS_ACCT, NFNL_MSG_ACCT_NEW
	accountName      = 1      // NFACCT_NAME
)

// newAccount makes an accounting object, or empties it, in the thread's namespace
// (net/netfilter/nfnetlink_acct.c, nfnl_acct_new).
func newAccount(name string) error {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, netlinkNetfilter)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	value := append([]byte(name), 0)
	msg := make([]byte, 16+4, 64)
	native := binary.NativeEndian
	native.PutUint16(msg[4:], newAccountType)
	native.PutUint16(msg[6:], syscall.NLM_F_REQUEST|syscall.NLM_F_ACK|syscall.NLM_F_CREATE|syscall.NLM_F_REPLACE)
	msg = native.AppendUint16(msg, uint16(4+len(value)))
	msg = append(native.AppendUint16(msg, accountName), value...)
	for len(msg)%4 != 0 {
		msg = append(msg, 0)
	}
	native.PutUint32(msg, uint32(len(msg)))
	if err := syscall.Sendto(s, msg, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, 4096)
	n, _, err := syscall.Recvfrom(s, answer, 0)
	if err != nil {
		return err
	}
	if n < 20 || native.Uint16(answer[4:]) != syscall.NLMSG_ERROR {
		return fmt.Errorf("an answer of %d bytes that acknowledges nothing", n)
	}
	if code := int32(native.Uint32(answer[16:])); code != 0 {
		return syscall.Errno(-code)
	}
	return nil
}
