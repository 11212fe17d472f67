package db

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
