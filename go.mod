module github.com/packetpath/packetpath

// The lowest versions with which the module builds and passes its tests, so that
// requiring it lifts nothing.
go 1.24.0

require (
	github.com/google/go-cmp v0.5.9
	go4.org/netipx v0.0.0-20220925034521-797b0c90d8ab
	golang.org/x/net v0.1.0
)

// Only tests need these. Those who require this module see the requirement of testify's
// first version, which lifts nothing; the tests run with the replacement.
require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	github.com/stretchr/testify v1.1.1
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/stretchr/testify => github.com/stretchr/testify v1.8.4
