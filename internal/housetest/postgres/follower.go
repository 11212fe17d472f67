package postgres

import (
	"fmt"
	"os"
	"path/filepath"
)

// Follower makes a replica of a cluster that was started (streaming replication,
// hot standby) and waits until it answers. Stop it before the cluster.
func (c *Cluster) Follower() (*Cluster, error) {
	f := &Cluster{bin: c.bin, as: c.as}
	var err error
	if f.dir, err = os.MkdirTemp("", "alliance-replica-"); err != nil {
		return nil, err
	}
	if f.as != nil {
		if err := os.Chown(f.dir, int(f.as.Uid), int(f.as.Gid)); err != nil {
			return nil, err
		}
	}
	out, err := c.commandIn(f.dir, "pg_basebackup", "-D", filepath.Join(f.dir, "data"), "-d", c.URL, "-R", "-X", "stream", "-c", "fast", "-N").CombinedOutput()
	if err != nil {
		_ = f.Stop()
		return nil, fmt.Errorf("pg_basebackup: %w\n%s", err, out)
	}
	if err := f.serve(); err != nil {
		_ = f.Stop()
		return nil, err
	}
	return f, nil
}
