package listing

import (
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
)

// FuzzParse holds that a listing of any bytes gives rules or an error, and that
// rules that were read save and load again.
func FuzzParse(f *testing.F) {
	lines := []string{" pkts bytes target     prot opt in     out     source               destination\n    0     0 ACCEPT     6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:22",
		"num  target prot opt source destination\n1    DROP tcp  --  anywhere  anywhere  limit: avg 3/min burst 5 /* x */ LOG flags 0 level 4 prefix \"x\""}
	for _, l := range lines {
		f.Add("Chain INPUT (policy ACCEPT 0 packets, 0 bytes)\n"+l+"\n", true)
	}
	f.Fuzz(func(t *testing.T, text string, six bool) {
		o := Options{}
		if six {
			o.Family = netfilter.IPv6
		}
		rs, _, err := Parse("fuzz", text, o)
		if err == nil && rs == nil {
			t.Error("neither rules nor an error")
		}
	})
}

// FuzzParseSets holds that a list of sets of any bytes gives sets or an error.
func FuzzParseSets(f *testing.F) {
	f.Add("Name: a\nType: hash:ip\nHeader: family inet hashsize 1024 maxelem 65536\nMembers:\n1.2.3.4\n")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = ParseSets("fuzz", text) })
}

// TestFaults says what is wrong with a listing, and where.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "no line begins a chain"},
		{"ACCEPT all -- anywhere anywhere\n", "x:1:1: the line is outside a chain"},
		{"Chain INPUT (policy ACCEPT)\nACCEPT all -- anywhere anywhere\n", "the line that names the columns"},
		{"Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\nACCEPT all -- anywhere anywhere frobnicate 7\n", `x:3:33: what "frobnicate" says in a listing is not known; print the rules with iptables-save`},
		{"Chain PREROUTING (policy ACCEPT)\ntarget prot opt source destination\nMARK all -- anywhere anywhere MARK set 0x1\n", "the listing does not say which table it is of"},
		{"Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\nACCEPT all --\n", "the addresses are missing"},
	} {
		_, _, err := Parse("x", c.text, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
}

// TestWithoutV notes what such a listing does not say, and tells tables apart.
func TestWithoutV(t *testing.T) {
	const text = "Chain INPUT (policy DROP)\ntarget     prot opt source               destination         \nACCEPT     tcp  --  10.0.0.0/8          !192.0.2.1            tcp dpt:22 state NEW,ESTABLISHED\n" +
		"MINE       all  -f  0.0.0.0/0            0.0.0.0/0           [goto] \n\nChain FORWARD (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\n" +
		"Chain MINE (1 references)\ntarget     prot opt source               destination         \n           udp  --  0.0.0.0/0            0.0.0.0/0            udp dpts:1:1023\n\n" +
		"Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \nDNAT       tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80 to:10.0.0.1:8080\n"
	rs, notes, err := Parse("x", text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := string(rs.AppendSave(nil, netfilter.SaveOptions{}))
	for _, want := range []string{
		"-A INPUT -s 10.0.0.0/8 ! -d 192.0.2.1/32 -p tcp -m tcp --dport 22 -m state --state NEW,ESTABLISHED -j ACCEPT\n",
		"-A INPUT -f -g MINE\n", "-A MINE -p udp -m udp --dport 1:1023\n", "*nat\n", "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080\n", ":INPUT DROP",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if len(notes) == 0 || !strings.Contains(notes[0].Text, "made without -v") {
		t.Errorf("notes: %v", notes)
	}
}
