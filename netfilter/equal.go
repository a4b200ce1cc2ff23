package netfilter

// The Equal methods below let go-cmp compare values of this package without
// options: cmp calls them instead of comparing unexported fields.

// Equal reports whether both ranges are the same.
func (r NATRange) Equal(o NATRange) bool { return r == o }

// Equal reports whether both are the same tuple.
func (t Tuple) Equal(o Tuple) bool { return t == o }

// Equal reports whether both rules have the same text and counters; positions
// are ignored.
func (r Rule) Equal(o Rule) bool {
	return r.Counters == o.Counters && r.String() == o.String()
}

// String returns the rule as iptables-save prints it after "-A CHAIN".
func (r Rule) String() string {
	const head = "-A  "
	b := r.AppendSave(nil, IPv4, "")
	return string(b[min(len(head), len(b)):])
}

// Equal reports whether both are the same connection in the same state.
func (c Conn) Equal(o Conn) bool {
	return c.Tuples == o.Tuples && c.Zone == o.Zone && c.ZoneDir == o.ZoneDir && c.Status == o.Status && c.Mark == o.Mark &&
		c.Labels == o.Labels && c.HasLabels == o.HasLabels && c.Counters == o.Counters && c.HasCounters == o.HasCounters &&
		c.Expires.Equal(o.Expires) && c.Helper == o.Helper && c.Timeout == o.Timeout && c.OutDev == o.OutDev &&
		protoState(c.Proto) == protoState(o.Proto) && masterOf(c) == masterOf(o)
}

func protoState(p ConnProto) string {
	if p == nil {
		return ""
	}
	return p.String()
}

func masterOf(c Conn) Tuple {
	if c.Master == nil {
		return Tuple{}
	}
	return c.Master.Tuples[DirOriginal]
}

// Equal reports whether both errors have the same location and cause.
func (e RuleError) Equal(o RuleError) bool {
	if e.Err == nil || o.Err == nil {
		return e == o
	}
	return e.Error() == o.Error()
}
