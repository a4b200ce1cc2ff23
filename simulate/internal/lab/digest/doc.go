// Package digest sums up what the library answers about drawn worlds, so that
// platforms can be compared: .ci/platforms runs its test on several of them.
package digest
