module github.com/packetpath/packetpath/examples/generators

go 1.25.0

require (
	github.com/coreos/go-iptables v0.8.0
	github.com/packetpath/packetpath v0.0.0-20261130182306-b35e2c7d94c5
	github.com/stretchr/testify v1.8.4
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/google/go-cmp v0.5.9 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	go4.org/netipx v0.0.0-20220925034521-797b0c90d8ab // indirect
	golang.org/x/net v0.1.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
