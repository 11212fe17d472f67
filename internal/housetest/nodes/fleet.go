// Package nodes proves that several nodes of one house are one house: two
// processes of the program on one PostgreSQL and one folder of files, behind a
// proxy, are killed while people write and vote, the database is ended in the
// middle, and afterwards nothing that was acknowledged is missing.
package nodes

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"alliance/internal/housetest/postgres"
	"alliance/internal/housetest/program"
)

// fleet is two nodes, what they share, a replica they read from, and the proxy in front.
type fleet struct {
	program, dir string
	cluster      *postgres.Cluster
	replica      *postgres.Cluster
	database     string // URL
	proxy        *httptest.Server
	nodes        []*node
}

type node struct {
	name, address string
	process       *exec.Cmd
	gone          chan struct{} // closed when the process has ended
}

// open starts the database alone: the house is filled before its nodes start.
func open(ctx context.Context, program, dir string) (*fleet, error) {
	f := &fleet{program: program, dir: dir}
	var err error
	if f.cluster, err = postgres.Start(); err != nil {
		return nil, err
	}
	admin, err := pgx.Connect(ctx, f.cluster.URL)
	if err != nil {
		return f, err
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "CREATE DATABASE alliance"); err != nil {
		return f, err
	}
	at, err := url.Parse(f.cluster.URL)
	if err != nil {
		return f, err
	}
	at.Path = "/alliance"
	q := at.Query()
	q.Set("synchronous_commit", "on") // the cluster of tests forgets: this house must not
	at.RawQuery = q.Encode()
	f.database = at.String()
	f.replica, err = f.cluster.Follower()
	return f, err
}

// start puts up the proxy and both nodes.
func (f *fleet) start() error {
	var addresses []string
	for _, name := range []string{"one", "two"} {
		address, err := program.Free()
		if err != nil {
			return err
		}
		f.nodes = append(f.nodes, &node{name: name, address: address})
		addresses = append(addresses, address)
	}
	f.proxy = httptest.NewServer(proxy(addresses))
	for _, n := range f.nodes {
		if err := f.up(n); err != nil {
			return err
		}
	}
	return nil
}

// up starts a node and waits until it is ready.
func (f *fleet) up(n *node) error {
	said, err := os.OpenFile(filepath.Join(f.dir, n.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer said.Close()
	n.process = exec.Command(f.program, "serve", "--database", f.database, "--listen", n.address,
		"--files", filepath.Join(f.dir, "files"), "--origin", f.proxy.URL, "--proxies", "127.0.0.1", "--replica", f.standby())
	n.process.Stdout, n.process.Stderr = said, said
	if err := n.process.Start(); err != nil {
		return err
	}
	n.gone = make(chan struct{})
	go func() { _ = n.process.Wait(); close(n.gone) }()
	within, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := program.Ready(within, n.address, n.gone); err != nil {
		return fmt.Errorf("nodes: %s, see %s: %w", n.name, said.Name(), err)
	}
	return nil
}

// standby is the address of the same database at the replica.
func (f *fleet) standby() string {
	at, err := url.Parse(f.replica.URL)
	if err != nil {
		return f.replica.URL
	}
	at.Path = "/alliance"
	return at.String()
}

// down ends a node with a signal and waits for its end.
func (n *node) down(with syscall.Signal) {
	_ = n.process.Process.Signal(with)
	<-n.gone
}

func (f *fleet) close() {
	for _, n := range f.nodes {
		if n.gone != nil {
			n.down(syscall.SIGKILL)
		}
	}
	if f.proxy != nil {
		f.proxy.Close()
	}
	if f.replica != nil {
		_ = f.replica.Stop()
	}
	_ = f.cluster.Stop()
}
