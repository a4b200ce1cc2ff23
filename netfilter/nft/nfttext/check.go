package nfttext

// check applies the checks of the kernel to the whole ruleset.
func (t *transaction) check() {
	for _, table := range t.ruleset.Tables {
		t.checkTable(table)
	}
}
