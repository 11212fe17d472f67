package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"

	"alliance/internal/platform/db"
)

// start runs the demonstration on a free port and waits until it is ready;
// then the bench opens the same database beside it and steps into a role.
func (b *bench) start(ctx context.Context) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()
	b.house = exec.CommandContext(ctx, b.program, "demo", "--listen", address, "--database", b.database, "--timing")
	b.house.Stderr = os.Stderr
	b.house.Cancel = func() error { return b.house.Process.Signal(syscall.SIGTERM) }
	began := time.Now()
	if err := b.house.Start(); err != nil {
		return err
	}
	b.base = "http://" + address
	for !ready(b.base) {
		if b.took = time.Since(began); b.took > 2*time.Minute {
			return fmt.Errorf("%s is not ready after two minutes", b.program)
		}
		time.Sleep(5 * time.Millisecond)
	}
	b.took = time.Since(began)
	if b.d, err = db.Open(ctx, b.database); err != nil {
		return err
	}
	b.cookie, err = stepIn(b.base)
	return err
}

func ready(base string) bool {
	resp, err := http.Get(base + "/readyz")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// close ends the house that runs.
func (b *bench) close() {
	if b.d != nil {
		b.d.Close()
		b.d = nil
	}
	if b.house != nil {
		_ = b.house.Process.Signal(syscall.SIGTERM)
		_ = b.house.Wait()
		b.house = nil
	}
}
