package fib

// Errno is the error a sender sees; 0 means none. Compare with 0 rather than
// storing it in an error variable unconditionally.
type Errno uint8

// The errors of routing, with Linux's numbers.
const (
	EACCES        Errno = 13  // prohibit
	ENODEV        Errno = 19  // no such output link
	EINVAL        Errno = 22  // blackhole, or an impossible address
	EAFNOSUPPORT  Errno = 97  // IPv4-mapped source for an IPv6 destination
	EADDRNOTAVAIL Errno = 99  // no usable source address
	ENETUNREACH   Errno = 101 // no route
	EHOSTUNREACH  Errno = 113 // unreachable

	errAgain Errno = 11 // EAGAIN: this table has no answer, go on
)

// Error returns the text of strerror.
func (e Errno) Error() string {
	switch e {
	case 0:
		return "success"
	case errAgain:
		return "resource temporarily unavailable"
	case EACCES:
		return "permission denied"
	case ENODEV:
		return "no such device"
	case EINVAL:
		return "invalid argument"
	case EAFNOSUPPORT:
		return "address family not supported by protocol"
	case EADDRNOTAVAIL:
		return "cannot assign requested address"
	case ENETUNREACH:
		return "network is unreachable"
	case EHOSTUNREACH:
		return "no route to host"
	}
	return "unknown error"
}
