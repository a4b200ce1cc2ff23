package nfttext

// check refuses what the kernel refuses of the ruleset as a whole.
func (t *transaction) check() {
	for _, table := range t.ruleset.Tables {
		t.checkTable(table)
	}
}
