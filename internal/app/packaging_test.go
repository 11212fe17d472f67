package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/app"
)

// What the package and the container set is what the program reads.
func TestPackaging(t *testing.T) {
	known := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[app.Config]()) {
		known[f.Tag.Get("env")] = true
	}
	set := regexp.MustCompile(`\bALLIANCE_[A-Z_]+\b`)
	found := 0
	for _, name := range []string{"alliance.env", "Containerfile"} {
		text, err := os.ReadFile(filepath.Join("../../packaging", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, env := range set.FindAllString(string(text), -1) {
			found++
			if !known[env] {
				t.Errorf("%s sets %s, which the program does not read", name, env)
			}
		}
	}
	if found < 12 {
		t.Errorf("only %d settings", found)
	}
}

// The Debian package holds the program, the unit and the settings, and keeps
// what an operator changed in them.
func TestDebianPackage(t *testing.T) {
	program := filepath.Join(t.TempDir(), "alliance")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho v1.2.3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("../../scripts/deb", program).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files, _ := filepath.Glob("../../out/alliance_1.2.3_*.deb")
	if len(files) != 1 {
		t.Fatalf("%q\n%s", files, out)
	}
	defer os.Remove(files[0])
	list, err := exec.Command("dpkg-deb", "--contents", files[0]).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"-rwxr-xr-x root/root", "./usr/bin/alliance", "./usr/lib/systemd/system/alliance.service", "-rw-r----- root/root", "./etc/alliance/alliance.env", "./usr/share/doc/alliance/alliance.cdx.json"} {
		if !strings.Contains(string(list), want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	kept, err := exec.Command("dpkg-deb", "--info", files[0], "conffiles").Output()
	if err != nil || strings.TrimSpace(string(kept)) != "/etc/alliance/alliance.env" {
		t.Error(string(kept), err)
	}
}
