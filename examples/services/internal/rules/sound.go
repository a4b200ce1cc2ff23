//go:build !plantedbugs

package rules

// mistakes stands where a build with the tag plantedbugs can spoil the rules,
// to show that the tests notice. There are none in this one.
type mistakes struct{}

func (mistakes) make(_, next []table) []table { return next }
