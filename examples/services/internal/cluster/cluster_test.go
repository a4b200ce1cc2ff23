package cluster

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// one returns a cluster with one service, of which the text is the JSON.
func one(service string) string {
	return `{"podNetworks": ["10.1.0.0/24"], "nodeAddresses": ["192.0.2.1"], "services": [` + service + `]}`
}

const good = `{"name": "a", "addresses": ["10.2.0.1"], "ports": [{"protocol": "tcp", "port": 80, "target": 8080, "nodePort": 30080}]}`

func TestRead(t *testing.T) {
	c, err := Read(strings.NewReader(one(good)))
	require.NoError(t, err)
	require.Len(t, c.Services, 1)
	assert.Equal(t, Port{Protocol: "tcp", Port: 80, Target: 8080, NodePort: 30080}, c.Services[0].Ports[0])
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "read cluster: EOF"},
		{"{} {}", "a file holds one cluster"},
		{`{"pods": 1}`, `unknown field "pods"`},
		{`{"podNetworks": ["10.1.0.1/24"]}`, "pod network 10.1.0.1/24: need a network"},
		{`{"podNetworks": ["10.1.0.0/24", "10.2.0.0/24"]}`, "pod network 10.2.0.0/24: there is another one"},
		{`{"podNetworks": ["10.1.0.0/24"], "nodeAddresses": ["10.1.0.7"]}`, "node address 10.1.0.7: belongs to a pod network"},
		{`{"nodeAddresses": ["127.0.0.1"]}`, "node address 127.0.0.1: need the address of one host"},
		{`{"nodeAddresses": ["192.0.2.1", "192.0.2.1"]}`, "given twice"},
		{one(`{"name": "a b"}`), `service "a b": a name needs`},
		{one(`{"name": "a"}`), `service "a": needs an address`},
		{one(`{"name": "a", "addresses": ["10.2.0.1", "10.2.0.2"]}`), "one address of a family"},
		{one(`{"name": "a", "addresses": ["10.2.0.1"], "externalAddresses": ["2001:db8::1"]}`), "no address of this family"},
		{one(`{"name": "a", "addresses": ["10.2.0.1"], "affinitySeconds": 90000}`), "at most a day"},
		{one(`{"name": "a", "addresses": ["10.2.0.1"], "ports": [{"protocol": "icmp", "port": 1, "target": 1}]}`), `protocol "icmp": need tcp, udp or sctp`},
		{one(`{"name": "a", "addresses": ["10.2.0.1"], "ports": [{"protocol": "tcp", "port": 1}]}`), "needs port and target"},
		{one(`{"name": "a", "addresses": ["10.2.0.1"], "endpoints": [{"address": "224.0.0.1"}]}`), "endpoint 224.0.0.1"},
		{one(good + "," + good), `service "a": there is another one of this name`},
		{one(good + "," + strings.NewReplacer(`"a"`, `"b"`, "10.2.0.1", "10.2.0.2").Replace(good)), `service "b": tcp 192.0.2.1:30080 belongs to service "a"`},
	} {
		_, err := Read(strings.NewReader(c.text))
		assert.ErrorContains(t, err, c.want, c.text)
	}
}
