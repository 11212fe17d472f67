//go:build linux || darwin || freebsd

package file

import "syscall"

// Free tells how many octets the program may still write into a folder.
func Free(folder string) (octets int64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
