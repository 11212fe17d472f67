package main

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"time"

	"alliance/internal/housetest/program"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
)

// start runs the demonstration on a free port and waits until it is ready;
// then the bench opens the same database beside it and steps into a role.
func (b *bench) start(ctx context.Context) error {
	address, err := program.Free()
	if err != nil {
		return err
	}
	b.house = exec.CommandContext(ctx, b.program, "demo", "--listen", address, "--database", b.database, "--timing")
	b.house.Stderr = os.Stderr
	b.house.Cancel = func() error { return b.house.Process.Signal(syscall.SIGTERM) }
	began := time.Now()
	if err := b.house.Start(); err != nil {
		return err
	}
	b.base = "http://" + address
	within, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := program.Ready(within, address, nil); err != nil {
		return err
	}
	b.took = time.Since(began)
	if b.d, err = db.Open(ctx, b.database); err != nil {
		return err
	}
	cookies, err := program.StepIn(b.base, demo.People()[0].ID)
	if err != nil {
		return err
	}
	b.cookie = cookies[0].Name + "=" + cookies[0].Value
	return nil
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
