package parser

// Equal reports whether both errors have the same position and text. It lets
// go-cmp compare them without options.
func (e Error) Equal(o Error) bool {
	return e.Pos == o.Pos && e.Extension == o.Extension && e.Option == o.Option && e.Word == o.Word && e.Hint == o.Hint &&
		e.Line == o.Line && e.at == o.at && causeOf(e) == causeOf(o)
}

func causeOf(e Error) string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}
