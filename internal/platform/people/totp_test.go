package people

import (
	"testing"
	"time"

	"alliance/internal/platform/db"
)

// RFC 6238, appendix B (SHA-1, eight digits), and RFC 4226, appendix D.
func TestVectorsOfTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := code(secret, at/30, 8); got != want {
			t.Errorf("T=%d: %s, want %s", at, got, want)
		}
	}
	for step, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := code(secret, int64(step), 6); got != want {
			t.Errorf("counter %d: %s, want %s", step, got, want)
		}
	}
}

func TestDriftOfOneStep(t *testing.T) {
	secret, at := []byte("12345678901234567890"), time.Unix(1_800_000_015, 0)
	now := db.At(at)
	step := at.Unix() / 30
	for drift, ok := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		if got := stepOf(secret, code(secret, step+drift, 6), now, 0); (got == step+drift) != ok {
			t.Errorf("drift %d: step %d of %d", drift, got, step)
		}
	}
	if stepOf(secret, code(secret, step, 6), now, step) != 0 || stepOf(secret, code(secret, step-1, 6), now, step) != 0 {
		t.Error("a code that was used, or an older one, counts again")
	}
	for _, typed := range []string{"", "12345", "1234567", "abcdef", code(secret, step, 8)} {
		if stepOf(secret, typed, now, 0) != 0 {
			t.Errorf("%q taken", typed)
		}
	}
}

func TestDigitsAsTyped(t *testing.T) {
	for typed, want := range map[string]string{"123 456": "123456", "١٢٣٤٥٦": "123456", "۱۲۳-۴۵۶": "123456", " 123\u00a0456 ": "123456", "12a456": "12x456"} {
		if got := digitsOf(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

func FuzzSecondFactorAsTyped(f *testing.F) {
	f.Add("123456")
	f.Fuzz(func(t *testing.T, typed string) {
		if stepOf([]byte("12345678901234567890"), digitsOf(typed), db.At(time.Unix(1_800_000_000, 0)), 1<<40) != 0 {
			t.Error("a code after the end of time")
		}
	})
}
