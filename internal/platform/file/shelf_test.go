package file

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest/s3"
	"alliance/internal/platform/db"
)

func shelfAt(t *testing.T, server *httptest.Server) *Shelf {
	t.Helper()
	s, err := OpenShelf(s3.Address(server))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// octets are so many of which no two stretches are alike.
func octets(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{7}).Read(b)
	return b
}

// TestThingsOnAShelf: small ones in one request, large ones in parts; each comes
// back as it was, is listed, and goes.
func TestThingsOnAShelf(t *testing.T) {
	_, server := s3.New(t)
	s, ctx := shelfAt(t, server), t.Context()
	for name, content := range map[string][]byte{"alliance-empty": nil, "alliance-small": octets(1000), "alliance-part": octets(part), "alliance-large": octets(2*part + 12345)} {
		n, err := s.Put(ctx, name, func(w io.Writer) error { _, err := io.Copy(w, bytes.NewReader(content)); return err })
		if err != nil || n != int64(len(content)) {
			t.Fatalf("%s: %d %v", name, n, err)
		}
		r, err := s.Open(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); !bytes.Equal(got, content) || err != nil {
			t.Errorf("%s came back otherwise: %v", name, err)
		}
		r.Close()
		list, err := s.List(ctx, "alliance-")
		if err != nil || len(list) != 1 || list[0] != (Thing{name, n}) {
			t.Errorf("listed: %v %v", list, err)
		}
		for range 2 { // what is gone is no error
			if err := s.Remove(ctx, name); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Open(ctx, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("removed: %v", err)
		}
	}
	if list, err := s.List(ctx, "other"); len(list) != 0 || err != nil {
		t.Errorf("%v %v", list, err)
	}
}

// TestHalfOnAShelf: what breaks off while it is written leaves nothing.
func TestHalfOnAShelf(t *testing.T) {
	gate, server := s3.New(t)
	s, dropped := shelfAt(t, server), false
	real := gate.Behind
	gate.Behind = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dropped = dropped || r.Method == http.MethodDelete && r.URL.Query().Get("uploadId") != ""
		real.ServeHTTP(w, r)
	})
	broke := errors.New("the disk it was read from broke")
	for _, before := range []int{10, part + 10} {
		if _, err := s.Put(t.Context(), "alliance-x", func(w io.Writer) error { w.Write(make([]byte, before)); return broke }); !errors.Is(err, broke) {
			t.Errorf("after %d octets: %v", before, err)
		}
		if list, err := s.List(t.Context(), ""); len(list) != 0 || err != nil {
			t.Errorf("after %d octets something is there: %v %v", before, list, err)
		}
	}
	if !dropped {
		t.Error("the parts that were sent were not thrown away")
	}
}

// TestLineThatBreaks: reading goes on where it broke, as long as it gets further.
func TestLineThatBreaks(t *testing.T) {
	content := octets(300_000)
	gate, server := s3.New(t)
	s, asked, each := shelfAt(t, server), 0, 100_000
	if _, err := s.Put(t.Context(), "x", func(w io.Writer) error { _, err := w.Write(content); return err }); err != nil {
		t.Fatal(err)
	}
	real := gate.Behind
	gate.Behind = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		real.ServeHTTP(&breaking{w, each}, r)
	})
	r, err := s.Open(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); !bytes.Equal(got, content) || err != nil || asked < 3 {
		t.Errorf("%d of %d octets in %d requests: %v", len(got), len(content), asked, err)
	}
	each = 0 // gets no further
	if r, err = s.Open(t.Context(), "x"); err == nil {
		_, err = io.ReadAll(r)
	}
	if err == nil {
		t.Error("a line that gives nothing is no error")
	}
}

// breaking ends an answer in its middle.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) > b.left {
		b.ResponseWriter.Write(p[:b.left])
		http.NewResponseController(b.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}

// TestWordsOfAStorage: whatever it refuses, the operator reads what to look at.
func TestWordsOfAStorage(t *testing.T) {
	for name, c := range map[string]struct {
		wrong func(*s3.Gate)
		at    func(string) string // the address
		want  string
	}{
		"key":    {at: func(a string) string { return strings.Replace(a, s3.Key, "AKIAOTHER", 1) }, want: "does not know the key"},
		"secret": {at: func(a string) string { return strings.Replace(a, "wJalr", "xJalr", 1) }, want: "does not take the signature: compare the secret"},
		"region": {at: func(a string) string { return strings.Replace(a, s3.Region, "us-east-1", 1) }, want: "expects another region (?region=…)"},
		"bucket": {at: func(a string) string { return strings.Replace(a, "/"+s3.Bucket, "/other", 1) }, want: "no bucket of this name"},
		"clock": {wrong: func(g *s3.Gate) { g.Now = func() time.Time { return time.Now().Add(time.Hour) } },
			want: "finds the clock of this machine wrong (it says "},
		"right": {wrong: func(g *s3.Gate) { g.Forbid = http.MethodGet }, want: "may not do this in the bucket (GET)"},
		"other": {wrong: func(g *s3.Gate) {
			g.Behind = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "teapot", http.StatusTeapot) })
		}, want: "answers 418"},
	} {
		gate, server := s3.New(t)
		address := s3.Address(server)
		if c.at != nil {
			address = c.at(address)
		}
		if c.wrong != nil {
			c.wrong(gate)
		}
		b := bucketAt(t, address)
		_, err := b.Open(t.Context(), strings.Repeat("0", 64))
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, fs.ErrNotExist) || db.Away(err) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "Jalr") || strings.Contains(err.Error(), "bPxRfi")) {
			t.Errorf("%s: the secret is shown: %v", name, err)
		}
	}
}
