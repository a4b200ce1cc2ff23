module github.com/packetpath/packetpath

// The lowest versions with which the module builds and passes its tests, so that
// requiring it lifts nothing. Only tests need testify.
go 1.24.0

require (
	github.com/google/go-cmp v0.5.9
	github.com/stretchr/testify v1.8.4
	go4.org/netipx v0.0.0-20220925034521-797b0c90d8ab
	golang.org/x/net v0.1.0
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
