module github.com/packetpath/packetpath/examples

go 1.25.0

require (
	github.com/packetpath/packetpath v0.0.0-20261129151227-ee4c75ba9e4a
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/google/go-cmp v0.7.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	go4.org/netipx v0.0.0-20260823151212-3075585bcbeb // indirect
	golang.org/x/net v0.56.0 // indirect
)
