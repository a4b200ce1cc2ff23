package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a cluster from JSON and checks it. Fields that a Cluster does not
// have are refused, as is anything behind the object.
func Read(r io.Reader) (*Cluster, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	c := &Cluster{}
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("read cluster: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read cluster: there is more behind the object; a file holds one cluster")
	}
	return c, c.Check()
}
