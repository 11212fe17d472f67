package db

import (
	"strconv"
	"strings"
)

// Where builds the conditions of a list, with `?` in the pieces and `$n` in
// the result. Only what is asked for becomes part of the text, so that each
// variant can use its index.
type Where struct {
	parts []string
	args  []any
}

// And adds a condition: w.And("country = ?", "FR").
func (w *Where) And(cond string, args ...any) {
	w.parts = append(w.parts, w.number(cond, args))
}

// In adds `column IN (…)`; an empty list adds nothing. The last value is
// repeated up to a power of two, so that lists of all lengths make few texts,
// each of which is prepared once.
func (w *Where) In(column string, values []string) {
	if len(values) == 0 {
		return
	}
	if len(values) == 1 {
		w.And(column+" = ?", values[0])
		return
	}
	n := 2
	for n < len(values) {
		n *= 2
	}
	args := make([]any, n)
	for i := range args {
		args[i] = values[min(i, len(values)-1)]
	}
	w.And(column+" IN ("+strings.TrimSuffix(strings.Repeat("?,", n), ",")+")", args...)
}

// Arg adds an argument outside the conditions and gives its placeholder.
func (w *Where) Arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// SQL gives " WHERE …" or "".
func (w *Where) SQL() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// Args gives the arguments in order.
func (w *Where) Args() []any { return w.args }

func (w *Where) number(cond string, args []any) string {
	for _, a := range args {
		cond = strings.Replace(cond, "?", w.Arg(a), 1)
	}
	return cond
}
