package xmlrules

import "testing"

// FuzzParse holds that any text gives rules or an error.
func FuzzParse(f *testing.F) {
	f.Add(`<iptables-rules version="1.0"><table name="filter"><chain name="INPUT" policy="ACCEPT"><rule><conditions><match><s invert="1">10.0.0.0/8</s></match></conditions><actions><DROP/></actions></rule></chain></table></iptables-rules>`)
	f.Fuzz(func(t *testing.T, text string) {
		if rs, err := Parse("fuzz", text, nil); err == nil && rs == nil {
			t.Error("neither rules nor an error")
		}
	})
}
