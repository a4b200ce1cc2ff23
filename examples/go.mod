module github.com/packetpath/packetpath/examples

// Those who install a command get the library of the version below; here, go.work
// replaces it by the module above this folder. Where a command needs something newer of
// the library, commit that first, then lift the version here and in go.work:
//
//	GOWORK=off go -C examples get github.com/packetpath/packetpath@COMMIT
go 1.25.0

require (
	github.com/gopacket/gopacket v1.7.7
	github.com/packetcap/go-pcap v0.0.0-20240528124601-8c87ecf5dbc5
	github.com/packetpath/packetpath v0.0.0-20261130182306-b35e2c7d94c5
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.9
	github.com/stretchr/testify v1.8.4
	go.yaml.in/yaml/v3 v3.0.5
	golang.org/x/net v0.55.0
	golang.org/x/term v0.44.0
	mvdan.cc/sh/v3 v3.13.0
)

require (
	github.com/cpuguy83/go-md2man/v2 v2.0.6 // indirect
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	github.com/russross/blackfriday/v2 v2.1.0 // indirect
	go4.org/netipx v0.0.0-20220925034521-797b0c90d8ab // indirect
	golang.org/x/sys v0.46.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
