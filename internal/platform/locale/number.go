package locale

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a whole number: "12 345" with narrow no-break spaces in
// French; Spanish and Italian group from five digits. Years are not numbers:
// write them with strconv.
func (p *Printer) Number(n int) string {
	if n >= 0 && n < 1000 {
		return strconv.Itoa(n)
	}
	return p.digits(strconv.Itoa(n))
}

// Decimal writes a number rounded to so many digits after the sign.
func (p *Printer) Decimal(f float64, digits int) string {
	return p.digits(strconv.FormatFloat(f, 'f', max(digits, 0), 64))
}

// trimmed writes up to three decimals, no more than the number has.
func (p *Printer) trimmed(f float64) string {
	s := strconv.FormatFloat(f, 'f', 3, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return p.digits(s)
}

// Percent writes a share (0.5 is "50 %" in French) in whole percents, halves
// rounded away from zero. Never decide by it: two thirds are 67 % here.
func (p *Printer) Percent(share float64) string {
	return p.percent[0] + p.digits(strconv.FormatFloat(math.Round(share*100), 'f', 0, 64)) + p.percent[1]
}

// digits dresses what strconv wrote: "-1234.5".
func (p *Printer) digits(s string) string {
	if strings.ContainsAny(s, "IN") { // +Inf, NaN
		return s
	}
	rest, negative := strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(rest, ".")
	var b strings.Builder
	b.Grow(len(s) + 16)
	if negative && strings.Trim(rest, "0.") != "" {
		b.WriteString(p.minus)
	}
	if len(whole) < 3+p.grouped {
		b.WriteString(whole)
	} else {
		first := len(whole) % 3
		b.WriteString(whole[:first])
		for i := first; i < len(whole); i += 3 {
			if i > 0 {
				b.WriteString(p.group)
			}
			b.WriteString(whole[i : i+3])
		}
	}
	if fraction != "" {
		b.WriteString(p.decimal)
		b.WriteString(fraction)
	}
	return b.String()
}
