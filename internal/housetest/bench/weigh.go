package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// A house gives memory back after a quarter of a minute in which nothing happens.
const (
	rest   = 40 * time.Second
	breath = 3 * time.Second
)

// memory gives the resident memory of the house in MB (10^6) after a while.
func (b *bench) memory(ctx context.Context, while time.Duration) (float64, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(while):
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.house.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kb, err := strconv.ParseFloat(strings.Fields(after + " 0")[0], 64)
	return kb * 1024 / 1e6, err
}

// slowReaders is how many connections send one byte a second and never end.
const slowReaders = 1000

// weigh measures what the house weighs.
func (b *bench) weigh(ctx context.Context, idle float64) error {
	loaded, err := b.memory(ctx, breath)
	if err != nil {
		return err
	}
	var open []net.Conn
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	for range slowReaders {
		c, err := net.Dial("tcp", strings.TrimPrefix(b.base, "http://"))
		if err != nil {
			return err
		}
		open = append(open, c)
		fmt.Fprintf(c, "GET /fr/organisations HTTP/1.1\r\nHost: slow\r\nX-Slow: ")
	}
	slow, err := b.memory(ctx, breath)
	if err != nil {
		return err
	}
	program, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	fmt.Fprintf(&b.weights, "| %d | %d ms | %.0f MB | %.0f MB | %.0f MB | %.0f MB |\n", b.have, b.took.Milliseconds(), idle, loaded, slow, float64(program.Size())/1e6)
	return nil
}
