package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a throwaway PostgreSQL server on a free loopback port, without
// durability: what it holds is gone when it stops.
type Cluster struct {
	URL  string
	port int
	dir  string
	bin  string
	as   *syscall.Credential
	post *exec.Cmd
	// alive is held open while this process lives; see stopWithProcess.
	alive io.Closer
}

// ErrMissing is returned by Start where PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL is not installed here, and the tests need it. " +
	"On Debian or Ubuntu: apt-get install postgresql (or scripts/need --install as root). " +
	"Or set " + Env + " to the URL of a server on which the tests may create databases")

// Start makes a cluster in a temporary folder and waits until it answers.
// Root cannot own a PostgreSQL server, so as root it runs as user postgres.
func Start() (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin}
	if c.as, err = owner(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "alliance-postgres-"); err != nil {
		return nil, err
	}
	if c.as != nil {
		if err := os.Chown(c.dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return nil, err
		}
	}
	if err := c.initialise(); err != nil {
		_ = c.Stop()
		return nil, err
	}
	for try := 1; ; try++ { // another process may take the free port first
		if err = c.serve(); err == nil {
			return c, nil
		}
		if try == 3 {
			_ = c.Stop()
			return nil, err
		}
	}
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) initialise() error {
	// C collation: what the project stores is compared byte by byte, as in SQLite.
	out, err := c.command("initdb", "-D", c.data(), "-U", "alliance", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (c *Cluster) serve() (err error) {
	if c.port, err = freePort(); err != nil {
		return err
	}
	return c.begin()
}

// begin starts the server on its port and waits until it answers.
func (c *Cluster) begin() error {
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.post = c.command("postgres", "-D", c.data(), "-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-k", c.dir,
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "max_wal_size=4GB",
		"-c", "autovacuum=off", "-c", "jit=off", "-c", "log_min_messages=warning")
	c.post.Stdout, c.post.Stderr = log, log
	if err := c.post.Start(); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	c.URL = fmt.Sprintf("postgres://alliance@127.0.0.1:%d/postgres?sslmode=disable", c.port)
	return c.answers(30 * time.Second)
}

func (c *Cluster) answers(within time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.URL)
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil {
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("postgres does not answer: %w\n%s", err, log)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// Restart ends the server at once, as when it crashed, and starts it again on the
// same port. What was committed with synchronous_commit stays.
func (c *Cluster) Restart() error {
	_ = c.post.Process.Signal(syscall.SIGQUIT)
	_ = c.post.Wait() // it says that it was ended
	return c.begin()
}

// Stop ends the server and removes what it held.
func (c *Cluster) Stop() error {
	if c.alive != nil {
		_ = c.alive.Close()
	}
	if c.post != nil && c.post.Process != nil {
		_ = c.post.Process.Signal(syscall.SIGQUIT) // at once: nothing is kept
		done := make(chan struct{})
		go func() { _ = c.post.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = c.post.Process.Kill()
		}
	}
	return os.RemoveAll(c.dir)
}

// stopWithProcess stops the cluster when this process ends, however it ends: a
// test binary has no hook after its last test, and may be killed. A shell waits
// for the end of a pipe that only this process holds.
func (c *Cluster) stopWithProcess() {
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	watch := exec.Command("sh", "-c", `cat >/dev/null; kill -QUIT "$1" 2>/dev/null; i=0
while kill -0 "$1" 2>/dev/null && [ $i -lt 50 ]; do sleep 0.1; i=$((i+1)); done; rm -rf "$2"`,
		"sh", strconv.Itoa(c.post.Process.Pid), c.dir)
	watch.Stdin = r
	watch.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal ends the tests, not this
	if watch.Start() == nil {
		c.alive = w
		go func() { _ = c.post.Wait() }() // so that a stopped server is gone and not a zombie
	}
	_ = r.Close()
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	return c.commandIn(c.dir, name, args...)
}

func (c *Cluster) commandIn(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TZ=UTC")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.as}
	return cmd
}

// binaries finds the folder of initdb and postgres: the newest of Debian's
// versions, else the one on the PATH.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	sort.Slice(found, func(i, j int) bool { return major(found[i]) > major(found[j]) })
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			found = append(found, real)
		}
	}
	for _, f := range found {
		if _, err := os.Stat(filepath.Join(filepath.Dir(f), "postgres")); err == nil {
			return filepath.Dir(f), nil
		}
	}
	return "", ErrMissing
}

func major(path string) int {
	n, _ := strconv.Atoi(strings.Split(strings.TrimPrefix(path, "/usr/lib/postgresql/"), "/")[0])
	return n
}

// owner is who the server runs as: nil for oneself, user postgres for root.
func owner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
