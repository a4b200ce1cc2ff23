package host

import (
	"encoding/json"
	"fmt"
	"slices"
)

// routeForm is that of an entry of "ip -json route" and of its next hops, apart
// from values that are objects themselves.
var routeForm = jsonForm{
	words: map[string]string{"from": "from", "tos": "tos", "gateway": "via", "dev": "dev", "table": "table", "protocol": "proto",
		"scope": "scope", "prefsrc": "src", "metric": "metric", "pref": "pref", "expires": "expires", "nhid": "nhid",
		"weight": "weight", "error": "error", "encap": "encap", "ttl-propagate": "ttl-propagate"},
	flags: map[string]string{"cache": "cache"},
	ignored: map[string]bool{"type": true, "dst": true, "via": true, "flags": true, "flow": true, "metrics": true, "nexthops": true,
		"nh_info": true, "used": true, "age": true, "users": true},
}

// metricsForm is that of the metrics of a route.
var metricsForm = jsonForm{
	words: map[string]string{"mtu": "mtu", "advmss": "advmss", "window": "window", "rtt": "rtt", "rttvar": "rttvar", "rto_min": "rto_min",
		"ssthresh": "ssthresh", "cwnd": "cwnd", "initcwnd": "initcwnd", "initrwnd": "initrwnd", "reordering": "reordering",
		"features": "features", "quickack": "quickack", "congestion": "congctl", "fastopen_no_cookie": "fastopen_no_cookie",
		"hoplimit": "hoplimit"},
	ignored: map[string]bool{"ecn": true, "tcp_usec_ts": true},
}

func (h *Host) addJSONRoute(o jsonObject) error {
	words, err := routeWords(o)
	if err != nil {
		return err
	}
	return h.addRoute(words)
}

// addRoute adds a route that was listed. A list leaves out the scope of those
// that reach everywhere.
func (h *Host) addRoute(words []string) error {
	r, err := parseRoute(words)
	if err != nil {
		return err
	}
	switch {
	case r.Dst.Addr().Is6():
		r.Scope = "" // has no meaning there
	case r.Scope == "":
		r.Scope = "global"
	}
	h.Routes = append(h.Routes, r)
	return nil
}

// routeWords returns an entry as the words that "ip route" prints for it.
func routeWords(o jsonObject) ([]string, error) {
	typ, err := o.text("type")
	if err != nil {
		return nil, err
	}
	dst, err := o.text("dst")
	if err != nil {
		return nil, err
	}
	words := []string{typ, dst}
	if typ == "" {
		words = words[1:]
	}
	rest, err := hopWords(o)
	if err != nil {
		return nil, err
	}
	words = append(words, rest...)
	var metrics, hops []jsonObject
	if err := o.into("metrics", &metrics); err != nil {
		return nil, err
	}
	if err := o.into("nexthops", &hops); err != nil {
		return nil, err
	}
	for _, m := range metrics {
		rest, err := metricsForm.translate(m)
		if err != nil {
			return nil, err
		}
		words = append(words, rest...)
	}
	for _, n := range hops {
		rest, err := hopWords(n)
		if err != nil {
			return nil, err
		}
		words = append(append(words, "nexthop"), rest...)
	}
	return words, nil
}

// hopWords returns the words of what both routes and next hops have.
func hopWords(o jsonObject) ([]string, error) {
	words, err := routeForm.translate(o)
	if err != nil {
		return nil, err
	}
	var via struct{ Host string }
	var flow struct{ From, To string }
	var flags []string
	if err := o.into("via", &via); err != nil {
		return nil, err
	}
	if err := o.into("flow", &flow); err != nil {
		return nil, err
	}
	if err := o.into("flags", &flags); err != nil {
		return nil, err
	}
	if via.Host != "" {
		words = append(words, "via", via.Host)
	}
	switch {
	case flow.From != "":
		words = append(words, "realms", flow.From+"/"+flow.To)
	case flow.To != "":
		words = append(words, "realms", flow.To)
	}
	return slices.Concat(words, flags), nil
}

// into reads a value that is not text; nothing happens where there is none.
func (o jsonObject) into(key string, to any) error {
	if o[key] == nil {
		return nil
	}
	if err := json.Unmarshal(o[key], to); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}
