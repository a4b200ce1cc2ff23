package scenario_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// These are the parts of ip's JSON that a node of the live kernel needs.
type (
	jsonLink struct {
		Name   string `json:"ifname"`
		Type   string `json:"link_type"`
		MAC    string `json:"address"`
		Master string
		Addrs  []struct {
			Family string
			Local  string
			Bits   int `json:"prefixlen"`
		} `json:"addr_info"`
	}
	jsonRoute struct {
		Type, Dst, Gateway, Dev, Protocol, Scope, Prefsrc string
		Metric                                            int
		Flags                                             []string
	}
	jsonRule struct {
		Priority int
		Table    string
	}
)

func readJSON(t *testing.T, dir, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, v), name)
}

// host returns the scenario's host as an Env, and the links that should have
// no Ethernet header: every link of a node is a TAP.
func host(t *testing.T, dir string) (env kernel.Env, bare []string) {
	t.Helper()
	var links []jsonLink
	readJSON(t, dir, "addr.json", &links)
	env.MAC = map[string][2]string{}
	for _, l := range links {
		if l.Name == "lo" || l.Master != "" {
			continue
		}
		i := kernel.Interface{Name: l.Name}
		for _, a := range l.Addrs {
			if a.Family == "inet" {
				i.Addrs = append(i.Addrs, a.Local+"/"+strconv.Itoa(a.Bits))
			}
		}
		env.Interfaces = append(env.Interfaces, i)
		if l.Type == "ether" {
			env.MAC[l.Name] = [2]string{l.MAC, "02:ff:00:00:00:01"}
		} else {
			bare = append(bare, l.Name)
		}
	}
	var routes []jsonRoute
	readJSON(t, dir, "route.json", &routes)
	for _, r := range routes {
		if r.Protocol != "kernel" {
			env.Routes = append(env.Routes, r.command())
		}
	}
	var rules []jsonRule
	readJSON(t, dir, "rule.json", &rules)
	require.Equal(t, []jsonRule{{0, "local"}, {32766, "main"}, {32767, "default"}}, rules, "other rules than a host has by itself")
	env.Sysctl = map[string]string{"net.ipv4.conf.all.send_redirects": "1"} // as hosts have it
	return env, bare
}

// command returns the route as ip route add takes it.
func (r jsonRoute) command() string {
	words := []string{r.Type, r.Dst}
	for _, w := range [][2]string{{"via", r.Gateway}, {"dev", r.Dev}, {"scope", r.Scope}, {"src", r.Prefsrc}, {"metric", strconv.Itoa(r.Metric)}} {
		if w[1] != "" && w[1] != "0" {
			words = append(words, w[0], w[1])
		}
	}
	if slices.Contains(r.Flags, "onlink") {
		words = append(words, "onlink")
	}
	return strings.TrimSpace(strings.Join(words, " "))
}
