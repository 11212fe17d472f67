//go:build !linux && !darwin && !freebsd

package file

// Free tells nothing on this system.
func Free(string) (octets int64, known bool) { return 0, false }
