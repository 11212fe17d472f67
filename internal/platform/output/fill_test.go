package output_test

import (
	"testing"

	"alliance/internal/platform/output"
)

// Words and characters are counted as a form counts them, in every script.
func TestHowLongATextIsForAForm(t *testing.T) {
	part := func(s string) output.Part { return output.Part{Text: s} }
	for _, c := range []struct {
		f       output.Filled
		n, over int
	}{
		{output.Filled{Asked: output.Asked{Words: 3}, Parts: []output.Part{part("one two"), part("three  four")}}, 4, 1},
		{output.Filled{Asked: output.Asked{Words: 4}, Parts: []output.Part{part("one two"), part("three\nfour")}}, 4, 0},
		{output.Filled{Asked: output.Asked{Words: 2}, Parts: []output.Part{part("كلمة واحدة فقط")}}, 3, 1},
		{output.Filled{Asked: output.Asked{Characters: 4}, Parts: []output.Part{part("états")}}, 5, 1},
		{output.Filled{Asked: output.Asked{}, Parts: []output.Part{part("as long as one likes")}}, 5, 0},
		{output.Filled{Asked: output.Asked{Words: 5}}, 0, 0},
	} {
		if n, _ := c.f.Length(); n != c.n || c.f.Over() != c.over {
			t.Errorf("%+v: %d, %d too long", c.f, n, c.f.Over())
		}
	}
}
