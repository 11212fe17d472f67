package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrAway is what another place that keeps data, such as a bucket of files,
// wraps when it cannot be reached.
var ErrAway = errors.New("away just now")

// Away tells whether an error says that the data could not be reached or
// written just now: a server that starts again, a disk that is full or may only
// be read. Nothing of the transaction was kept, or nobody knows; so the same
// request with the same key may be sent again.
func Away(err error) bool {
	if errors.Is(err, ErrAway) {
		return true
	}
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return slices.Contains([]int{sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}, lite.Code()&0xff)
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return awayCode(server.Code)
	}
	var unreached *pgconn.ConnectError
	if errors.As(err, &unreached) || pgconn.SafeToRetry(err) {
		return true
	}
	for _, cut := range []error{driver.ErrBadConn, sql.ErrConnDone, io.ErrUnexpectedEOF,
		syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS} {
		if errors.Is(err, cut) {
			return true
		}
	}
	return false
}

// awayCode reads PostgreSQL's classes of errors: the connection (08), no room,
// memory or place left (53), an operator's hand (57), the system beneath (58);
// and a server that is only read, such as a replica.
func awayCode(code string) bool {
	const cancelled, readOnly = "57014", "25006"
	if code == cancelled || len(code) != 5 {
		return false
	}
	return code == readOnly || slices.Contains([]string{"08", "53", "57", "58"}, code[:2])
}
