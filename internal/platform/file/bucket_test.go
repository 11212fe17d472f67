package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"alliance/internal/housetest/s3"
	"alliance/internal/platform/db"
)

// fakeBucket is a bucket on a storage in memory, which checks every signature.
func fakeBucket(t *testing.T) Blobs {
	t.Helper()
	_, server := s3.New(t)
	return bucketAt(t, s3.Address(server))
}

func bucketAt(t *testing.T, address string) Blobs {
	t.Helper()
	b, err := Bucket(address)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func put(t *testing.T, b Blobs, content string) (hash string) {
	t.Helper()
	if err := b.Put(t.Context(), hashOf(content), strings.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
	return hashOf(content)
}

// TestContentOfABucketIsRead: whole, in parts, from any place, as a reader must.
func TestContentOfABucketIsRead(t *testing.T) {
	b := fakeBucket(t)
	content := strings.Repeat("what we share ", 1000)
	hash := put(t, b, content)
	r, err := b.Open(t.Context(), hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := iotest.TestReader(r, []byte(content)); err != nil {
		t.Error(err)
	}
	if _, err := b.Open(t.Context(), hashOf("something else")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
	if _, err := b.Open(t.Context(), "../../house.key"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key that is no hash: %v", err)
	}
}

func TestAllContentOfABucketIsVisited(t *testing.T) {
	b := fakeBucket(t)
	want := map[string]bool{}
	for i := range 1100 { // more than one page of the list
		want[put(t, b, fmt.Sprint(i))] = true
	}
	err := b.Each(t.Context(), func(hash string, at time.Time) error {
		if !want[hash] || time.Since(at) > time.Minute {
			return fmt.Errorf("%s of %v", hash, at)
		}
		delete(want, hash)
		return nil
	})
	if err != nil || len(want) != 0 {
		t.Errorf("%d were not visited: %v", len(want), err)
	}
}

func TestBucketDeletesWhatIsOld(t *testing.T) {
	b, ctx := fakeBucket(t), t.Context()
	hash := put(t, b, "young")
	if err := b.Delete(ctx, hash, time.Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	r, err := b.Open(ctx, hash)
	if err != nil {
		t.Fatalf("what is young was deleted: %v", err)
	}
	r.Close()
	for range 2 { // what is gone is no error
		if err := b.Delete(ctx, hash, time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Open(ctx, hash); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("deleted: %v", err)
	}
}

// TestStorageIsDown: what fails for a moment is asked again, with the same
// content; what stays away is told apart from a mistake of ours.
func TestStorageIsDown(t *testing.T) {
	gate, server := s3.New(t)
	real, asked := gate.Behind, 0
	gate.Behind = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked <= 2 {
			io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		real.ServeHTTP(w, r)
	})
	b := bucketAt(t, s3.Address(server))
	hash := put(t, b, "sent three times")
	r, err := b.Open(t.Context(), hash)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); string(got) != "sent three times" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	server.Close()
	if err := b.Put(t.Context(), hash, strings.NewReader("x"), 1); !db.Away(err) {
		t.Errorf("down: %v", err)
	}
	if _, err := b.Open(t.Context(), hash); !db.Away(err) {
		t.Errorf("down: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := b.Open(ended, hash); err == nil || db.Away(err) {
		t.Errorf("nobody waits: %v", err)
	}
}

func TestAddressOfABucket(t *testing.T) {
	for address, right := range map[string]bool{
		"s3://key:hidden@s3.example.org/alliance?region=eu-west-3": true,
		"s3://key:hidden@127.0.0.1:9000/alliance?plain=1":          true,
		"s3://key:hidden@s3.example.org/alliance?plain=1":          false, // the secret would be read on the way
		"s3://key:hidden@s3.example.org/":                          false,
		"s3://key:hidden@s3.example.org/a/b":                       false,
		"s3://hidden@s3.example.org/alliance":                      false,
		"https://key:hidden@s3.example.org/alliance":               false,
		"s3://key:hidden@%zz/alliance":                             false,
	} {
		_, err := Bucket(address)
		if (err == nil) != right {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "hidden") {
			t.Errorf("the secret is shown: %v", err)
		}
	}
}
