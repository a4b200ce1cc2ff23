package simtest_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

type tests func() int

func (f tests) Run() int { return f() }

// setFlag gives a flag of the test binary, which has been heeded already, a value
// for the rest of the test.
func setFlag(t *testing.T, name, value string) {
	t.Helper()
	f := flag.Lookup(name)
	require.NotNil(t, f, name)
	was := f.Value.String()
	require.NoError(t, f.Value.Set(value))
	t.Cleanup(func() { _ = f.Value.Set(was) })
}

// quietly returns what f writes to standard error.
func quietly(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer file.Close()
	was := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = was }()
	f()
	b, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	return string(b)
}

func TestMainAsksForCoverage(t *testing.T) {
	for _, name := range []string{"test.run", "test.skip"} {
		setFlag(t, name, "")
	}
	setFlag(t, "test.short", "false")
	setFlag(t, "test.count", "1")
	for _, tt := range []struct {
		name        string
		status      int
		least       float64
		flag, value string
		want        int
		says        string
	}{
		{name: "enough", least: 0.5},
		{name: "not enough", least: 0.6, want: 1, says: "coverage of rules: 50.0% of the rules matched a packet, 60.0% are asked for"},
		{name: "the tests fail", status: 2, least: 0.5, want: 2},
		{name: "all is bad", status: 2, least: 0.6, want: 2, says: "coverage of rules"},
		{name: "only some", least: 0.6, flag: "test.run", value: "X", says: "coverage of rules: not checked, only a part of the tests runs with -run\n"},
		{name: "not all", least: 0.6, flag: "test.skip", value: "X", says: "with -skip\n"},
		{name: "short ones", least: 0.6, flag: "test.short", value: "true", says: "with -short\n"},
		{name: "none", least: 0.6, flag: "test.count", value: "0", says: "with -count=0\n"},
		{name: "again and again", least: 0.6, flag: "test.count", value: "3", want: 1, says: "50.0%"},
		{name: "some fail", status: 1, least: 0.6, flag: "test.run", value: "X", want: 1, says: "not checked"},
		{name: "a list", least: 0.6, flag: "test.list", value: "."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.flag != "" {
				setFlag(t, tt.flag, tt.value)
			}
			var got int
			said := quietly(t, func() {
				var cov simulate.Coverage
				got = simtest.Main(tests(func() int {
					node := simtest.Load(t, host.Host{}, firewall).With(simulate.WithCoverage(&cov))
					simtest.Check(t, node, "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443", simtest.Forwarded())
					return tt.status
				}), &cov, tt.least)
			})
			assert.Equal(t, tt.want, got)
			assert.Contains(t, said, tt.says)
			if tt.says == "" {
				assert.Empty(t, said)
			}
		})
	}
}
