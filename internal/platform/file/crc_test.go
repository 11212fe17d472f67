package file

import "hash/crc32"

// crc is the checksum of a PNG chunk.
func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }
