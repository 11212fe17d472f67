package file

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest/postgres"
	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/job"
)

// onBoth runs a test on both engines, with content in a folder and in a bucket.
func onBoth(t *testing.T, test func(t *testing.T, s *Store)) {
	for name, engine := range map[string]db.Engine{"sqlite": db.SQLite, "postgres": db.PostgreSQL, "bucket": db.SQLite} {
		t.Run(name, func(t *testing.T) {
			address := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
			if engine == db.PostgreSQL {
				address = postgres.URL(t)
			}
			d, err := db.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Migrate(t.Context(), job.Schema, Schema); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "files")
			s, err := Open(d, dir)
			if name == "bucket" {
				s, err = With(d, fakeBucket(t), filepath.Join(dir, "tmp"))
			}
			if err != nil {
				t.Fatal(err)
			}
			test(t, s)
		})
	}
}

// alone is a store without a database, for what Take finds.
func alone(t *testing.T) *Store {
	t.Helper()
	s, err := Open(&db.DB{Now: db.Now}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stored(t *testing.T, s *Store, f File) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// quarters is a picture w by h, red but for a blue quarter at top left.
func quarters(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{R: 255, A: 255})
			if x < w/2 && y < h/2 {
				m.Set(x, y, color.RGBA{B: 255, A: 255})
			}
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tiff is an EXIF block with an orientation and a canary.
func tiff(order binary.ByteOrder, orientation uint16) []byte {
	b := []byte("MM\x00\x2A\x00\x00\x00\x08")
	if order == binary.LittleEndian {
		b = []byte("II\x2A\x00\x08\x00\x00\x00")
	}
	app, _ := order.(binary.AppendByteOrder)
	b = app.AppendUint16(b, 1)
	b = app.AppendUint16(b, 0x0112)
	b = app.AppendUint16(b, 3)
	b = app.AppendUint32(b, 1)
	b = app.AppendUint16(b, orientation)
	b = app.AppendUint16(b, 0)
	b = app.AppendUint32(b, 0)
	return append(b, "GPS-CANARY 48.8584N 2.2945E"...)
}

func withExif(jpg, tiff []byte) []byte {
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xD8, 0xFF, 0xE1}, uint16(len(segment)+2))
	return slices.Concat(head, segment, jpg[2:])
}

func zipped(t testing.TB, parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, parts[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsTaken(t *testing.T) {
	s := alone(t)
	docx := zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>")
	for _, c := range []struct {
		name, kind, kept string
		content          []byte
	}{
		{"report.PDF", PDF, "report.PDF", []byte("%PDF-1.7\n…")},
		{"notes.txt", Text, "notes.txt", []byte("Grüße, مرحبا\n")},
		{"LISEZMOI.md", Text, "LISEZMOI.md", []byte("# Bonjour")},
		{"liste.csv", CSV, "liste.csv", []byte("nom;ville\nAmina;Metz\n")},
		{"photo.jpeg", JPEG, "photo.jpeg", asJPEG(t, quarters(8, 8))},
		{"photo.jpg", PNG, "photo.jpg.png", asPNG(t, quarters(8, 8))},
		{"a.odt", ODT, "a.odt", zipped(t, "mimetype", ODT, "content.xml", "<c/>")},
		{"a.docx", DOCX, "a.docx", docx},
		{"a.xlsx", XLSX, "a.xlsx", zipped(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<w/>")},
		{"run.bat", Text, "run.bat.txt", []byte("echo hello")},
		{"page.html", Text, "page.html.txt", []byte("no <b>markup</b> at the beginning")},
		{"invoice.pdf.exe", PDF, "invoice.pdf.exe.pdf", []byte("%PDF-1.4")},
		{"../../etc/passwd", Text, "passwd.txt", []byte("x")},
		{`C:\Users\me\été.txt`, Text, "été.txt", []byte("x")},
		{"gpj\u202Etxt.exe\r\n.docx", DOCX, "gpjtxt.exe.docx", docx},
		{"  ..  ", Text, "file.txt", []byte("x")},
		{strings.Repeat("é", 300) + ".pdf", PDF, strings.Repeat("é", 100) + ".pdf", []byte("%PDF-1.4")},
	} {
		got, err := s.Take(t.Context(), bytes.NewReader(c.content), c.name, Limits{})
		if err != nil {
			t.Errorf("%q: %v", c.name, err)
			continue
		}
		if got.file.Type != c.kind || got.file.Name != c.kept {
			t.Errorf("%q became %q of type %s, want %q of type %s", c.name, got.file.Name, got.file.Type, c.kept, c.kind)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := alone(t)
	small := asPNG(t, quarters(4, 4))
	huge := slices.Clone(small) // says 60000 × 60000 in a few octets
	binary.BigEndian.PutUint32(huge[16:], 60000)
	binary.BigEndian.PutUint32(huge[20:], 60000)
	binary.BigEndian.PutUint32(huge[29:], crc(huge[12:29]))
	scansBomb := slices.Concat(asJPEG(t, quarters(8, 8))[:len(asJPEG(t, quarters(8, 8)))-2],
		bytes.Repeat([]byte{0xFF, 0xDA, 0, 4, 0, 0}, 200), []byte{0xFF, 0xD9})
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		w, _ := z.Create(name)
		w.Write([]byte("<x/>"))
	}
	w, _ := z.CreateRaw(&zip.FileHeader{Name: "word/media/0.bin", Method: zip.Deflate, UncompressedSize64: 40 << 30, CompressedSize64: 3})
	w.Write([]byte{3, 0, 0})
	z.Close()
	for _, c := range []struct {
		name, key string
		content   []byte
	}{
		{"a.svg", "file.type", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
		{"a.svg", "file.type", []byte("<?xml version='1.0'?><svg/>")},
		{"a.png", "file.type", []byte("\n \t<svg/>")},
		{"a.txt", "file.type", []byte("\xEF\xBB\xBF<!DOCTYPE html><script>alert(1)</script>")},
		{"a.txt", "file.type", []byte("\xFF\xFE<\x00h\x00t\x00m\x00l\x00>\x00")},
		{"a.txt", "file.type", []byte("<!-- --><html>")},
		{"a.pdf", "file.type", []byte("MZ\x90\x00\x03\x00\x00\x00")},
		{"a.pdf", "file.type", []byte("\x7fELF\x02\x01\x01\x00")},
		{"a.gif", "file.type", []byte("GIF89a/*\x01\x00*/=1;alert(1)")},
		{"a.txt", "file.type", []byte("text, then\x00binary")},
		{"a.ps", "file.type", []byte("%!PS-Adobe-3.0")},
		{"a.zip", "file.type", zipped(t, "a.txt", "x")},
		{"a.jar", "file.type", zipped(t, "META-INF/MANIFEST.MF", "x")},
		{"a.odt", "file.type", zipped(t, "mimetype", "application/x-evil", "content.xml", "")},
		{"a.docx", "file.type", []byte("PK\x03\x04 but no archive")},
		{"a.docx", "file.type", bomb.Bytes()},
		{"a.docx", "file.macro", zipped(t, "[Content_Types].xml", "", "word/document.xml", "", "word/vbaProject.bin", "x")},
		{"a.xlsx", "file.macro", zipped(t, "[Content_Types].xml", "sheet.macroEnabled.main+xml", "xl/workbook.xml", "")},
		{"a.odt", "file.macro", zipped(t, "mimetype", ODT, "content.xml", "", "Basic/Standard/Module1.xml", "x")},
		{"a.png", "file.pixels", huge},
		{"a.png", "file.broken", small[:len(small)/2]},
		{"a.jpg", "file.broken", []byte("\xFF\xD8\xFF\xE0<html><script>alert(1)</script>")},
		{"a.jpg", "file.broken", scansBomb},
		{"a.webp", "file.broken", []byte("RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00\x00\x00\x00\x00")},
		{"a.txt", "file.empty", nil},
	} {
		_, err := s.Take(t.Context(), bytes.NewReader(c.content), c.name, Limits{Field: "document"})
		list := fault.Of(err)
		if len(list) != 1 || list[0].Key != c.key || list[0].Field != "document" {
			t.Errorf("%s %.30q: %v, want %s", c.name, c.content, err, c.key)
		}
	}
	_, err := s.Take(t.Context(), strings.NewReader("%PDF-1.4"), "a.pdf", Limits{Types: Pictures})
	if !fault.Is(err, fault.KindInvalid) || !strings.Contains(err.Error(), "JPG, PNG, WEBP") {
		t.Errorf("where pictures are asked for: %v", err)
	}
	_, err = s.Take(t.Context(), endless{}, "a.txt", Limits{Bytes: 100_000})
	if !fault.Is(err, fault.KindTooLarge) || !strings.Contains(err.Error(), "0.1 MB") {
		t.Errorf("endless: %v", err)
	}
	_, err = s.Take(t.Context(), io.MultiReader(strings.NewReader("x"), broken{}), "a.txt", Limits{})
	if err == nil || fault.Of(err) != nil {
		t.Errorf("a broken connection is nobody's fault: %v", err)
	}
	if left, _ := os.ReadDir(s.spool); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("reset") }

func TestTextBecomesUTF8(t *testing.T) {
	for in, want := range map[string]string{
		"d\xE9j\xE0 \x80":                 "déjà €",
		"\xFF\xFEa\x00\xE9\x00":           "aé",
		"\xEF\xBB\xBFa;b\r\n":             "a;b\r\n",
		"\xFE\xFF\x00a\x06\x45":           "aم",
		"a\tb\n":                          "a\tb\n",
		"plain < later, <b> is no markup": "plain < later, <b> is no markup",
	} {
		if got, ok := plainText([]byte(in)); !ok || got != want {
			t.Errorf("%q became %q, %v", in, got, ok)
		}
	}
}

func TestPicturesLoseEverythingButPixels(t *testing.T) {
	s := alone(t)
	for o := uint16(1); o <= 8; o++ {
		for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
			raw := append(withExif(asJPEG(t, quarters(64, 32)), tiff(order, o)), "PK\x03\x04 SECOND-CANARY"...)
			got, err := s.Take(t.Context(), bytes.NewReader(raw), "a.jpg", Limits{})
			if err != nil {
				t.Fatal(err)
			}
			b := stored(t, s, got.file)
			if bytes.Contains(b, []byte("CANARY")) || bytes.Contains(b, []byte("Exif")) {
				t.Error("metadata survived")
			}
			img, err := jpeg.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			w, h := 64, 32
			if o >= 5 {
				w, h = 32, 64
			}
			if img.Bounds().Dx() != w || img.Bounds().Dy() != h || got.file.Width != w || got.file.Height != h {
				t.Errorf("orientation %d: %v, row says %d × %d", o, img.Bounds(), got.file.Width, got.file.Height)
			}
			// Where the blue quarter goes, by EXIF 2.3: row 0 and column 0 of the
			// stored pixels are the named sides of what is seen.
			corner := map[uint16][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}[o]
			for cx := range 2 {
				for cy := range 2 {
					r, _, blue, _ := img.At(w/4+cx*w/2, h/4+cy*h/2).RGBA()
					if isBlue := blue > r; isBlue != (corner == [2]int{cx, cy}) {
						t.Errorf("orientation %d: quarter %d,%d is blue: %v", o, cx, cy, isBlue)
					}
				}
			}
		}
	}
}

func TestPNGKeepsTransparencyAndTurns(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	m.Set(0, 0, color.NRGBA{R: 200, A: 100})
	raw := asPNG(t, m)
	exif := tiff(binary.BigEndian, 6)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(exif))), append([]byte("eXIf"), exif...)...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc(chunk[4:]))
	raw = slices.Concat(raw[:33], chunk, raw[33:]) // after IHDR
	s := alone(t)
	got, err := s.Take(t.Context(), bytes.NewReader(raw), "a.png", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(stored(t, s, got.file)))
	if err != nil || got.file.Width != 10 || got.file.Height != 20 {
		t.Fatalf("%+v %v", got.file, err)
	}
	if c := color.NRGBAModel.Convert(img.At(9, 0)).(color.NRGBA); c.A != 100 || c.R != 200 {
		t.Errorf("the corner is %v", c)
	}
}

func TestWebPBecomesPNGOrJPEG(t *testing.T) {
	// One opaque white pixel, lossless: signature 2F, 14 bits of width and
	// height less one, no transforms, five prefix codes of a single symbol.
	raw := []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	s := alone(t)
	got, err := s.Take(t.Context(), bytes.NewReader(raw), "dot.webp", Limits{})
	if err != nil || got.file.Width != 1 || got.file.Type == WebP || strings.Contains(got.file.Name, "webp") {
		t.Fatalf("%+v %v", got.file, err)
	}
}

func TestBigPicturesShrink(t *testing.T) {
	s := alone(t)
	for _, c := range []struct{ w, h, side, wantW, wantH int }{
		{400, 100, 200, 200, 50}, {401, 100, 200, 200, 49}, {300, 100, 200, 200, 66}, {100, 900, 100, 11, 100}, {5000, 1, 100, 100, 1},
	} {
		got, err := s.Take(t.Context(), bytes.NewReader(asPNG(t, quarters(c.w, c.h))), "a.png", Limits{Side: c.side})
		if err != nil || abs(got.file.Width-c.wantW) > 1 || abs(got.file.Height-c.wantH) > 1 || max(got.file.Width, got.file.Height) > c.side {
			t.Errorf("%+v: %+v %v", c, got.file, err)
			continue
		}
		img, err := png.Decode(bytes.NewReader(stored(t, s, got.file)))
		if err != nil {
			t.Fatal(err)
		}
		r, _, _, _ := img.At(got.file.Width-1, got.file.Height-1).RGBA()
		_, _, blue, _ := img.At(0, 0).RGBA()
		if r < 0xF000 || c.h > 1 && blue < 0xF000 {
			t.Errorf("%+v: the corners are no longer blue and red", c)
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestScansAreCountedWithinThePictureOnly(t *testing.T) {
	plain := asJPEG(t, quarters(64, 64))
	if n := scans(plain); n != 1 {
		t.Errorf("%d scans", n)
	}
	film := append(slices.Clone(plain), bytes.Repeat([]byte{0xFF, 0xDA}, 500)...)
	if n := scans(film); n != 1 {
		t.Errorf("%d scans with a film behind", n)
	}
}

func FuzzOrientation(f *testing.F) {
	jpg := asJPEG(f, quarters(8, 8))
	f.Add(withExif(jpg, tiff(binary.BigEndian, 6)))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPEXIF\xff\xff\xff\xff"))
	f.Add([]byte("\x89PNG\r\n\x1a\n\xff\xff\xff\xffeXIf"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, kind := range Pictures {
			if o := orientation(raw, kind); o < 1 || o > 8 {
				t.Fatal(o)
			}
		}
		scans(raw)
	})
}

func TestKeepOpenRemove(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		r := job.NewRunner(s.d)
		s.Register(r)
		one, err := s.Put(ctx, strings.NewReader("same words"), "one.txt", "amina", "assembly:1", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		two, err := s.Put(ctx, strings.NewReader("same words"), "two.txt", "jean", "", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if one.Hash != two.Hash || one.ID == two.ID {
			t.Errorf("%+v %+v", one, two)
		}
		if back, err := ByID(ctx, s.d, one.ID); err != nil || back != one {
			t.Errorf("%+v %v, want %+v", back, err, one)
		}
		if mine, err := By(ctx, s.d, "amina"); err != nil || len(mine) != 1 {
			t.Errorf("%v %v", mine, err)
		}
		if n, err := Usage(ctx, s.d, "amina"); err != nil || n != 10 {
			t.Errorf("usage %d %v", n, err)
		}
		s.d.Now = func() db.Instant { return db.Now().Add(2 * time.Hour) }
		remove := func(f File) {
			t.Helper()
			if err := s.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return Remove(ctx, tx, f.ID) }); err != nil {
				t.Fatal(err)
			}
			if err := r.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		remove(one)
		if got := string(stored(t, s, two)); got != "same words" {
			t.Errorf("the other's content: %q", got)
		}
		remove(two)
		if _, err := s.Open(ctx, two); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("content after the last row: %v", err)
		}
		err = s.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return Remove(ctx, tx, two.ID) })
		if !fault.Is(err, fault.KindNotFound) {
			t.Errorf("removed twice: %v", err)
		}
	})
}

func TestFailedTransactionLeavesOnlyAnOrphan(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		taken, err := s.Take(ctx, strings.NewReader("orphan"), "a.txt", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		wrong := errors.New("no")
		err = s.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := s.Keep(ctx, tx, taken, "amina", ""); err != nil {
				return err
			}
			return wrong
		})
		if !errors.Is(err, wrong) {
			t.Fatal(err)
		}
		if mine, _ := By(ctx, s.d, "amina"); len(mine) != 0 {
			t.Errorf("%v", mine)
		}
		broke := filepath.Join(s.spool, "arriving-1")
		if err := os.WriteFile(broke, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		stored(t, s, taken.file) // young: somebody may be about to keep it
		s.d.Now = func() db.Instant { return db.Now().Add(2 * time.Hour) }
		kept, err := s.Put(ctx, strings.NewReader("kept"), "b.txt", "amina", "", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		stored(t, s, kept)
		if _, err := s.Open(ctx, taken.file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("orphan: %v", err)
		}
		if _, err := os.Stat(broke); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("broken arrival: %v", err)
		}
		err = s.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := s.Keep(ctx, tx, taken, "amina", "")
			return err
		})
		if err == nil {
			t.Error("kept what is gone")
		}
	})
}

func TestQuotaAndErasure(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		l := Limits{PerPerson: 15}
		if _, err := s.Put(ctx, strings.NewReader("0123456789"), "a.txt", "amina", "", l); err != nil {
			t.Fatal(err)
		}
		_, err := s.Put(ctx, strings.NewReader("9876543210"), "b.txt", "amina", "", l)
		if list := fault.Of(err); len(list) != 1 || list[0].Key != "file.quota" {
			t.Errorf("%v", err)
		}
		if err := s.d.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return Forget(ctx, tx, "amina") }); err != nil {
			t.Fatal(err)
		}
		if mine, _ := By(ctx, s.d, "amina"); len(mine) != 0 {
			t.Errorf("%v", mine)
		}
	})
}

func TestServe(t *testing.T) {
	s := alone(t)
	taken, err := s.Take(t.Context(), strings.NewReader("words"), "été \"x\"; y=مرحبا.txt", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.Serve(w, httptest.NewRequest(http.MethodGet, "/file/1", nil), taken.file); err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Content-Type":                 "text/plain; charset=utf-8",
		"Content-Security-Policy":      "sandbox; default-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "private, no-cache",
		"Content-Disposition": `attachment; filename="_t_ _x__ y______.txt"; filename*=UTF-8''` +
			"%C3%A9t%C3%A9%20_x_%3B%20y%3D%D9%85%D8%B1%D8%AD%D8%A8%D8%A7.txt",
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s: %s, want %s", header, got, want)
		}
	}
	if w.Body.String() != "words" {
		t.Errorf("body %q", w.Body)
	}
	again := httptest.NewRequest(http.MethodGet, "/file/1", nil)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = httptest.NewRecorder()
	if err := s.Serve(w, again, taken.file); err != nil || w.Code != http.StatusNotModified {
		t.Errorf("%d %v", w.Code, err)
	}
	w = httptest.NewRecorder()
	gone := File{Hash: strings.Repeat("0", 64)}
	if err := s.Serve(w, again, gone); !errors.Is(err, fs.ErrNotExist) || len(w.Header()) != 0 {
		t.Errorf("%v, headers %v", err, w.Header())
	}
	if _, err := s.Open(t.Context(), File{Hash: "../../etc/passwd"}); err == nil {
		t.Error("opened what is not a hash")
	}
}
