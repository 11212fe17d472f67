package sheet_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"alliance/internal/platform/fault"
	"alliance/internal/platform/intake/sheet"
)

func utf16le(s string, mark bool) []byte {
	var b []byte
	if mark {
		b = []byte{0xFF, 0xFE}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestRead(t *testing.T) {
	want := [][]string{{"Nom", "Pays"}, {"Ville d’Été", "Sénégal"}}
	plain := "Nom;Pays\nVille d’Été;Sénégal\n"
	for name, file := range map[string][]byte{
		"utf-8":                  []byte(plain),
		"utf-8 with a mark":      []byte("\uFEFF" + plain),
		"lines of Windows":       []byte(strings.ReplaceAll(plain, "\n", "\r\n")),
		"lines of an old Mac":    []byte(strings.ReplaceAll(plain, "\n", "\r")),
		"no last line end":       []byte(strings.TrimSpace(plain)),
		"utf-16":                 utf16le(plain, true),
		"utf-16 without a mark":  utf16le(plain, false),
		"Windows-1252":           []byte("Nom;Pays\nVille d\x92\xc9t\xe9;S\xe9n\xe9gal\n"),
		"commas":                 []byte(strings.ReplaceAll(plain, ";", ",")),
		"tabs":                   []byte(strings.ReplaceAll(plain, ";", "\t")),
		"quoted":                 []byte("\"Nom\";\"Pays\"\n\"Ville d’Été\";\"Sénégal\"\n"),
		"blank lines":            []byte("\n\n" + plain + "\n;\n"),
		"blanks around the mark": []byte("Nom;Pays\n \"Ville d’Été\" ;Sénégal\n"),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sheet.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			var got [][]string
			for r := range s.All() {
				got = append(got, r.Cells)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestReadOdd(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		cells []string // of the second row
		marks []sheet.Mark
	}{
		"a break inside quotation marks": {"a;b\n\"one\ntwo\";c\n", []string{"one two", "c"}, nil},
		"two marks for one":              {"a;b\n\"the \"\"big\"\" one\";c\n", []string{`the "big" one`, "c"}, nil},
		"marks in the middle":            {"a;b\n\"the \"big\" one\";c\n", []string{`the "big" one`, "c"}, nil},
		"a mark in a plain cell":         {"a;b\n5\" pipe;c\n", []string{`5" pipe`, "c"}, nil},
		"never closed":                   {"a;b\n\"open;c\nd;e\n", []string{`"open`, "c"}, []sheet.Mark{sheet.Open}},
		"too short":                      {"a;b\nx\nd;e\nf;g\n", []string{"x"}, []sheet.Mark{sheet.Short}},
		"too long":                       {"a;b\nx;y;z\nd;e\nf;g\n", []string{"x", "y", "z"}, []sheet.Mark{sheet.Long}},
		"NUL":                            {"a;b\nx\x00y;z\nd;e\nlong enough to be text;e\n", []string{"x\uFFFDy", "z"}, []sheet.Mark{sheet.Odd}},
		"a sign that turns text round":   {"a;b\nx\u202Ey;z\n", []string{"x\uFFFDy", "z"}, []sheet.Mark{sheet.Odd}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sheet.Read([]byte(c.file))
			if err != nil {
				t.Fatal(err)
			}
			if r := s.First[1]; !reflect.DeepEqual(r.Cells, c.cells) || !reflect.DeepEqual(r.Marks, c.marks) {
				t.Errorf("%q %v", r.Cells, r.Marks)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		kind fault.Kind
	}{
		"nothing":       {nil, fault.KindInvalid},
		"blanks":        {[]byte(" \n ; ;\n"), fault.KindInvalid},
		"a spreadsheet": {[]byte("PK\x03\x04 and more"), fault.KindInvalid},
		"noise":         {[]byte("\x01\x02\x03\x00\x05\x06\x07"), fault.KindInvalid},
		"too many rows": {[]byte(strings.Repeat("a;b\n", sheet.MaxRows+2)), fault.KindInvalid},
		"too large":     {make([]byte, sheet.MaxBytes+1), fault.KindTooLarge},
	} {
		if _, err := sheet.Read(c.file); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLongestList(t *testing.T) {
	if s, err := sheet.Read([]byte(strings.Repeat("a;b\n", sheet.MaxRows+1))); err != nil || s.Len != sheet.MaxRows+1 {
		t.Error(s.Len, err)
	}
}

// Rows are cut anew at each walk; those beyond the first have their marks too.
func TestRowsBeyondTheFirst(t *testing.T) {
	s, err := sheet.Read([]byte("A list;;;\n;;;\n" + strings.Repeat("Nom;Ville;Pays;Site\n", sheet.FirstRows+9) + "short\n" + "a;b;c;d\n"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var short []int
		n := 0
		for r := range s.All() {
			if n++; slices.Contains(r.Marks, sheet.Short) {
				short = append(short, r.Line)
			}
		}
		if n != s.Len || s.Above != 1 || len(s.First) != sheet.FirstRows || !slices.Equal(short, []int{sheet.FirstRows + 12}) {
			t.Errorf("%d rows of %d, %d above, %d at hand, short: %v", n, s.Len, s.Above, len(s.First), short)
		}
	}
}

// Many quotation marks that nothing closes must not make reading slow.
func TestHostileQuotes(t *testing.T) {
	if _, err := sheet.Read([]byte(strings.Repeat("\"a;", 300_000))); err != nil && fault.Of(err) == nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Nom;Type;Pays\nA;B;C\n"))
	f.Add([]byte("\"a\nb\";\"c\"\"d\"\n\"open;x\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00"))
	f.Add([]byte("a\x00b;\xe9\n\"\n"))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[2.3,48.8]},"properties":{"name":"A","_umap_options":{"color":"red"}}}]}`))
	f.Add([]byte(`{"type":"umap","layers":[{"features":[{"properties":{"name":1e400},"geometry":{"coordinates":[[0,1],[180,-90]]}}],"_umap_options":{"name":"x"}}]}`))
	f.Add([]byte(`{"ontology":"gogofull","data":[{"name":"A","geo":{"latitude":1},"categories":["B","C"]}]}`))
	f.Add([]byte(`[[[[[{"a":null}]]]]]`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := sheet.Read(file)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal("a person cannot act on this:", err)
			}
			return
		}
		if s.Len == 0 || s.Len > sheet.MaxRows+1 {
			t.Fatal("rows:", s.Len)
		}
		line, n := 0, 0
		for r := range s.All() {
			n++
			if r.Line <= line || len(r.Cells) == 0 || len(r.Cells) > sheet.MaxColumns {
				t.Fatalf("row at line %d after %d with %d cells", r.Line, line, len(r.Cells))
			}
			line = r.Line
			for _, c := range r.Cells {
				if !utf8.ValidString(c) || strings.ContainsAny(c, "\x00\n\r") || utf8.RuneCountInString(c) > sheet.MaxCell {
					t.Fatalf("cell %q", c)
				}
			}
		}
		if n != s.Len {
			t.Fatalf("%d rows of %d", n, s.Len)
		}
	})
}
