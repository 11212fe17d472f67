package file

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	encoding "golang.org/x/text/encoding/unicode"
)

// Media types that are taken.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp" // taken, kept as JPEG or PNG
	Text = "text/plain"
	CSV  = "text/csv"
	ODT  = "application/vnd.oasis.opendocument.text"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// All is every type that is taken; Pictures those that pages can show.
var (
	All      = []string{PDF, JPEG, PNG, WebP, Text, CSV, ODT, DOCX, XLSX}
	Pictures = []string{JPEG, PNG, WebP}
)

// endings a name may have, the first is added where there is none of them.
var endings = map[string][]string{
	PDF: {".pdf"}, JPEG: {".jpg", ".jpeg"}, PNG: {".png"}, WebP: {".webp"}, Text: {".txt", ".md"}, CSV: {".csv"},
	ODT: {".odt"}, DOCX: {".docx"}, XLSX: {".xlsx"},
}

// Accept is the value for the accept attribute of a file field.
func Accept(types []string) string {
	var list []string
	for _, t := range types {
		list = append(list, endings[t]...)
	}
	return strings.Join(list, ",")
}

func labels(types []string) string {
	var list []string
	for _, t := range types {
		list = append(list, strings.ToUpper(endings[t][0][1:]))
	}
	return strings.Join(list, ", ")
}

// cleaned is content as it will be kept.
type cleaned struct {
	kind          string
	content       io.ReadSeeker
	width, height int
	close         func()
}

// clean finds the kind in the content, and makes the content harmless.
func (s *Store) clean(ctx context.Context, f *os.File, size int64, name string, l Limits) (*cleaned, error) {
	refused := l.invalid("file.type", "This kind of file is not accepted. Possible are {kinds}.", "kinds", labels(l.Types))
	kind, err := sniff(f, size, name)
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	if kind == "" || kind != office && !slices.Contains(l.Types, kind) {
		return nil, refused
	}
	select { // what follows takes memory
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c := &cleaned{kind: kind, content: f, close: func() {}}
	switch kind {
	case JPEG, PNG, WebP:
		raw, err := os.ReadFile(f.Name())
		if err != nil {
			return nil, fmt.Errorf("file: %w", err)
		}
		return picture(raw, kind, l)
	case Text, CSV:
		raw, err := os.ReadFile(f.Name())
		if err != nil {
			return nil, fmt.Errorf("file: %w", err)
		}
		text, ok := plainText(raw)
		if !ok {
			return nil, refused
		}
		c.content = strings.NewReader(text)
	case office:
		var macro bool
		if c.kind, macro = officeKind(f, size); macro {
			return nil, l.invalid("file.macro", "The document contains macros. Please save it without them.")
		}
		if !slices.Contains(l.Types, c.kind) {
			return nil, refused
		}
	}
	return c, nil
}

// office is a ZIP that still has to show what it is.
const office = "zip"

// sniff reads the first octets. Text is told by having no other mark; whether
// it is CSV only the name can say.
func sniff(f io.ReaderAt, size int64, name string) (string, error) {
	head := make([]byte, min(size, 1024))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", err
	}
	starts := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case starts("%PDF-"):
		return PDF, nil
	case starts("\xFF\xD8\xFF"):
		return JPEG, nil
	case starts("\x89PNG\r\n\x1a\n"):
		return PNG, nil
	case starts("RIFF") && len(head) > 12 && string(head[8:12]) == "WEBP":
		return WebP, nil
	case starts("PK\x03\x04"):
		return office, nil
	}
	if known := http.DetectContentType(head); !strings.HasPrefix(known, "text/plain") {
		return "", nil
	}
	if strings.EqualFold(path.Ext(name), ".csv") {
		return CSV, nil
	}
	return Text, nil
}

// plainText gives text as UTF-8. UTF-16 and, since spreadsheets still write
// it, Windows-1252 are converted. Markup and binary content are refused.
func plainText(raw []byte) (string, bool) {
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")), bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		raw, err = encoding.UTF16(encoding.LittleEndian, encoding.UseBOM).NewDecoder().Bytes(raw)
	case !utf8.Valid(raw):
		raw, err = charmap.Windows1252.NewDecoder().Bytes(raw)
	}
	text := strings.TrimPrefix(string(raw), "\uFEFF")
	if err != nil || strings.HasPrefix(strings.TrimSpace(text), "<") { // HTML, SVG, XML
		return "", false
	}
	for _, r := range text {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) || r == utf8.RuneError {
			return "", false
		}
	}
	return text, true
}

// officeKind looks into a ZIP: its type, "" for none we take, and whether it
// holds macros. The parts are not unpacked: the file stays as it is.
func officeKind(f io.ReaderAt, size int64) (kind string, macro bool) {
	z, err := zip.NewReader(f, size)
	if err != nil || len(z.File) == 0 || len(z.File) > 20_000 {
		return "", false
	}
	var unpacked uint64
	parts := map[string]*zip.File{}
	for _, part := range z.File {
		unpacked += part.UncompressedSize64
		lower := strings.ToLower(part.Name)
		parts[lower] = part
		if strings.Contains(lower, "vbaproject") || strings.HasPrefix(lower, "basic/") || strings.HasPrefix(lower, "scripts/") {
			macro = true
		}
	}
	if unpacked > 1<<30 { // a bomb for whoever opens it
		return "", false
	}
	if z.File[0].Name == "mimetype" && strings.TrimSpace(read(z.File[0], 200)) == ODT && parts["content.xml"] != nil {
		return ODT, macro
	}
	types := parts["[content_types].xml"]
	if types == nil {
		return "", false
	}
	if said := strings.ToLower(read(types, 1<<20)); strings.Contains(said, "macroenabled") || strings.Contains(said, "vbaproject") {
		macro = true
	}
	switch {
	case parts["word/document.xml"] != nil:
		return DOCX, macro
	case parts["xl/workbook.xml"] != nil:
		return XLSX, macro
	}
	return "", false
}

func read(part *zip.File, limit int64) string {
	r, err := part.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, limit))
	return string(b)
}

// safeName gives a name that shows nothing false and saves nowhere else: no
// folders, no control or direction marks, an ending that fits the content.
func safeName(name, kind string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	ending := endings[kind][0]
	if have := strings.ToLower(path.Ext(name)); slices.Contains(endings[kind], have) {
		ending = path.Ext(name)
		name = strings.TrimSuffix(name, ending)
	} else if slices.Contains(endings[WebP], have) { // became JPEG or PNG
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	if name = strings.TrimRight(name, " ."); name == "" {
		name = "file"
	}
	if runes := []rune(name); len(runes) > 100 {
		name = string(runes[:100])
	}
	return name + ending
}
