package simulate_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/gen"
)

func TestDump(t *testing.T) {
	seed, _ := strconv.ParseUint(os.Getenv("DUMP"), 10, 64)
	fam := 4
	if os.Getenv("FAM") == "6" {
		fam = 6
	}
	for _, k := range liveKinds {
		if k.name == os.Getenv("KIND") {
			c := k.draw(seed, gen.Config{Family: fam})
			fmt.Println(c.Rules())
		}
	}
}
