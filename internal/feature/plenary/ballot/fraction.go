package ballot

import (
	"fmt"
	"strconv"
	"strings"
)

// maxTerm bounds numerator and denominator of a fraction somebody wrote, so
// that products with any count of a file stay inside 64 bits.
const maxTerm = 1_000_000

// Fraction is an exact number, always reduced, denominator above 0. The zero
// value is "not stated"; write Frac(0, 1) for nought.
type Fraction struct{ n, d int64 }

// Frac makes n/d reduced; d must be above 0 and n not negative.
func Frac(n, d int64) Fraction {
	if d <= 0 || n < 0 {
		return Fraction{}
	}
	a, b := n, d
	for b != 0 {
		a, b = b, a%b
	}
	return Fraction{n / a, d / a}
}

// Stated tells a fraction from one left out.
func (f Fraction) Stated() bool { return f.d > 0 }

// IsZero is for omitzero: not stated.
func (f Fraction) IsZero() bool { return f.d == 0 }

// Terms gives numerator and denominator.
func (f Fraction) Terms() (n, d int64) { return f.n, f.d }

// String is "12/17", or "3" for a whole number.
func (f Fraction) String() string {
	if f.d == 1 {
		return strconv.FormatInt(f.n, 10)
	}
	return fmt.Sprintf("%d/%d", f.n, f.d)
}

// compare is -1, 0 or 1.
func (f Fraction) compare(g Fraction) int {
	a, b := f.n*g.d, g.n*f.d
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// ceil is the least whole number not under f × count.
func (f Fraction) ceil(count int) int { return int((f.n*int64(count) + f.d - 1) / f.d) }

// floor is the greatest whole number not over f × count.
func (f Fraction) floor(count int) int { return int(f.n * int64(count) / f.d) }

// MarshalText is String; a fraction that is not stated has no text.
func (f Fraction) MarshalText() ([]byte, error) {
	if !f.Stated() {
		return nil, fmt.Errorf("ballot: a fraction is not stated")
	}
	return []byte(f.String()), nil
}

// UnmarshalText reads "1/2" or "1": digits and at most one stroke.
func (f *Fraction) UnmarshalText(b []byte) error {
	above, below, stroke := strings.Cut(string(b), "/")
	n, ok := term(above)
	d, ok2 := int64(1), true
	if stroke {
		d, ok2 = term(below)
	}
	if !ok || !ok2 || d == 0 {
		return fmt.Errorf("ballot: %q is not a fraction such as 1/2", b)
	}
	*f = Frac(n, d)
	return nil
}

func term(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 7 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n <= maxTerm
}

// Threshold is "more than 1/2" or "at least 2/3".
type Threshold struct {
	More  bool // strictly more than Share
	Share Fraction
}

// IsZero is for omitzero: not stated.
func (t Threshold) IsZero() bool { return !t.Share.Stated() }

// String is how rules are written.
func (t Threshold) String() string {
	if t.More {
		return "more than " + t.Share.String()
	}
	return "at least " + t.Share.String()
}

// MarshalText is String.
func (t Threshold) MarshalText() ([]byte, error) {
	if t.IsZero() {
		return nil, fmt.Errorf("ballot: a threshold is not stated")
	}
	return []byte(t.String()), nil
}

// UnmarshalText reads "more than 1/2" or "at least 2/3".
func (t *Threshold) UnmarshalText(b []byte) error {
	share, more := strings.CutPrefix(string(b), "more than ")
	if !more {
		var least bool
		if share, least = strings.CutPrefix(string(b), "at least "); !least {
			return fmt.Errorf("ballot: %q is not a threshold such as \"more than 1/2\"", b)
		}
	}
	t.More = more
	return t.Share.UnmarshalText([]byte(share))
}

// needed is how many in favour the threshold asks of a base; never under 1, so
// that what nobody wants is not adopted.
func (t Threshold) needed(base int) int {
	if t.More {
		return t.Share.floor(base) + 1
	}
	return max(1, t.Share.ceil(base))
}
