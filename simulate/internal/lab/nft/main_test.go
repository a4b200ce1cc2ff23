package nft_test

import (
	"os"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

func TestMain(m *testing.M) { os.Exit(kernel.Main(m)) }
