package db

import "context"

// EngineOf tells the engine behind q. Only packages db and search may ask.
func EngineOf(q Q) Engine {
	switch v := q.(type) {
	case *DB:
		return v.Engine
	case *Tx:
		return v.d.Engine
	case *Snapshot:
		return v.d.Engine
	}
	return SQLite
}

// About tells which version of the engine keeps the data, and how many octets
// they take there.
func (d *DB) About(ctx context.Context) (version string, size int64, err error) {
	text := map[Engine]string{
		SQLite:     `SELECT sqlite_version(), page_count * page_size FROM pragma_page_count(), pragma_page_size()`,
		PostgreSQL: `SELECT current_setting('server_version'), pg_database_size(current_database())`,
	}[d.Engine]
	_, err = One(ctx, d, func(r Row) (int, error) { return 0, r.Scan(&version, &size) }, text)
	return version, size, err
}
