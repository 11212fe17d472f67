package people

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
)

// A hash takes 19 MiB and a core: a flood of sign-ins waits in line, and gives
// up with whoever asked.
func TestNoMoreHashesThanCores(t *testing.T) {
	ctx := context.Background()
	hash, err := HashPassword(ctx, "four words make one")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(hash, err)
	}
	for range runtime.NumCPU() {
		release, err := hashSlot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := CheckPassword(gone, hash, "four words make one"); !errors.Is(err, context.Canceled) {
		t.Error("one more than cores:", err)
	}
}
