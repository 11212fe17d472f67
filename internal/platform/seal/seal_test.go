package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"alliance/internal/platform/seal"
)

func TestKeyIsMadeOnceAndPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "files")
	var all sync.WaitGroup
	marks := make([]string, 8)
	for i := range marks {
		all.Go(func() {
			k, err := seal.Load("", folder)
			if err != nil {
				t.Error(err)
				return
			}
			marks[i] = k.Mark("test", "x")
		})
	}
	all.Wait()
	for _, m := range marks {
		if m != marks[0] {
			t.Fatal("two keys for one house")
		}
	}
	info, err := os.Stat(filepath.Join(folder, seal.FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".key-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpensForItsOwnerOnly(t *testing.T) {
	k, _ := seal.Load("", t.TempDir())
	other, _ := seal.Load("", t.TempDir())
	rapid.Check(t, func(r *rapid.T) {
		secret := rapid.SliceOf(rapid.Byte()).Draw(r, "secret")
		closed := k.Seal("totp", "rosa", secret)
		if got, err := k.Open("totp", "rosa", closed); err != nil || !bytes.Equal(got, secret) {
			r.Fatalf("%q %v", got, err)
		}
		for _, wrong := range []func() ([]byte, error){
			func() ([]byte, error) { return k.Open("totp", "amina", closed) },
			func() ([]byte, error) { return k.Open("mail", "rosa", closed) },
			func() ([]byte, error) { return other.Open("totp", "rosa", closed) },
			func() ([]byte, error) { return k.Open("totp", "rosa", closed[:len(closed)-1]) },
			func() ([]byte, error) { return k.Open("totp", "rosa", "") },
		} {
			if _, err := wrong(); !errors.Is(err, seal.ErrSealed) {
				r.Fatalf("opened: %v", err)
			}
		}
	})
}

func TestConfiguredKey(t *testing.T) {
	text := base64.StdEncoding.EncodeToString(make([]byte, 32))
	a, err := seal.Load(text, "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := seal.Load(text+"\n", "/nowhere")
	if got, err := b.Open("x", "y", a.Seal("x", "y", []byte("z"))); err != nil || string(got) != "z" {
		t.Errorf("%q %v", got, err)
	}
	for _, bad := range []string{"short", "!", base64.StdEncoding.EncodeToString(make([]byte, 16))} {
		if _, err := seal.Load(bad, t.TempDir()); err == nil {
			t.Errorf("%q taken", bad)
		}
	}
	folder := t.TempDir()
	os.WriteFile(filepath.Join(folder, seal.FileName), []byte("broken"), 0o600)
	if _, err := seal.Load("", folder); err == nil {
		t.Error("a broken key is not made anew: what it sealed would be lost")
	}
}

// What is sealed with a secret of somebody else opens with that secret, in the
// same house, and not without one of the two.
func TestWithASecretOfOthers(t *testing.T) {
	load := func(b byte) *seal.Key {
		k, err := seal.Load(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)), "")
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	house, other := load(1), load(2)
	sealed := house.With("of Rosa").Seal("answer", "a", []byte("/claimed/x"))
	if got, err := house.With("of Rosa").Open("answer", "a", sealed); err != nil || string(got) != "/claimed/x" {
		t.Error(string(got), err)
	}
	for name, k := range map[string]*seal.Key{"the house alone": house, "another secret": house.With("of Lou"), "no secret": house.With(""), "another house": other.With("of Rosa")} {
		if got, err := k.Open("answer", "a", sealed); err == nil {
			t.Errorf("%s opens it: %s", name, got)
		}
	}
}
