package ipset

import "errors"

// Errors for requests that ipset or the kernel refuses. The errors returned
// wrap one of these and add the name of the set.
var (
	ErrExist          = errors.New("the element is in the set already")
	ErrNotExist       = errors.New("the element is not in the set")
	ErrFull           = errors.New("the set is full: raise its maxelem, or recreate it with forceadd")
	ErrNoSuchSet      = errors.New("no such set")
	ErrSetExists      = errors.New("a set of this name exists already")
	ErrInUse          = errors.New("the set is a member of another set")
	ErrTypeMismatch   = errors.New("the sets differ in type or family")
	ErrRange          = errors.New("the element is out of the range of the set")
	ErrRangeSize      = errors.New("the range is too large: a bitmap holds at most 65536 elements")
	ErrWholeRange     = errors.New("the range covers the whole address space")
	ErrPrefix         = errors.New("the prefix length is not possible here")
	ErrNullElement    = errors.New("an element that is all zero cannot be stored in a hash")
	ErrNoTimeout      = errors.New("the set was created without timeout")
	ErrNoCounters     = errors.New("the set was created without counters")
	ErrNoComment      = errors.New("the set was created without comment")
	ErrNoSKBInfo      = errors.New("the set was created without skbinfo")
	ErrNoReference    = errors.New("the set named behind before or after does not exist")
	ErrReference      = errors.New("the set named behind before or after is not there in the list")
	ErrNested         = errors.New("a set of type list:set cannot be a member")
	ErrProtocol       = errors.New("protocol 0 is not possible")
	ErrInvalid        = errors.New("the kernel takes no such element")
	ErrFamily         = errors.New("the set type has no such address family")
	ErrNetmask        = errors.New("the netmask or bitmask is not possible")
	ErrMarkmask       = errors.New("the markmask is zero")
	ErrTooManyEntries = errors.New("these are more elements than this package holds")
)
