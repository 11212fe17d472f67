package document

import (
	"context"
	"embed"
	"errors"
	"slices"

	"alliance/internal/platform/db"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/output"
)

//go:embed schema
var schema embed.FS

const columns = `d.id, d.entry, d.words, d.lang, d.holds, d.consent, d.credit, d.licence, d.at,
	f.id, f.hash, f.name, f.type, f.size, f.width, f.height, f.by_, f.at, f.audience`

func scan(r db.Row) (d Document, err error) {
	return d, r.Scan(&d.ID, &d.Entry, &d.Words, &d.Lang, &d.Holds, &d.Consent, &d.Credit, &d.Licence, &d.At,
		&d.File.ID, &d.File.Hash, &d.File.Name, &d.File.Type, &d.File.Size, &d.File.Width, &d.File.Height, &d.File.By, &d.File.At, &d.File.Audience)
}

// of gives what stands beside an entry, in the order it came. The caller asks
// whether the entry may be seen.
func of(ctx context.Context, q db.Q, entry string) ([]Document, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM document d JOIN file f ON f.id = d.file WHERE d.entry = $1 ORDER BY d.id`, entry)
}

// Beside names what stands beside records, by record.
func Beside(ctx context.Context, q db.Q, records []string) (map[string][]output.Beside, error) {
	by := map[string][]output.Beside{}
	for some := range slices.Chunk(records, 200) {
		var w db.Where
		w.In("d.entry", some)
		list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM document d JOIN file f ON f.id = d.file`+w.SQL()+` ORDER BY d.entry, d.id`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			by[d.Entry] = append(by[d.Entry], output.Beside{Words: d.Words, Lang: d.Lang, Path: path(d), Name: d.File.Name, Type: d.File.Type, Size: d.File.Size, Picture: d.File.Picture(), Holds: d.Holds, Credit: d.Credit})
		}
	}
	return by, nil
}

func byID(ctx context.Context, q db.Q, document string) (Document, error) {
	d, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM document d JOIN file f ON f.id = d.file WHERE d.id = $1`, document)
	if errors.Is(err, db.ErrNone) {
		err = fault.Missing()
	}
	return d, err
}

func put(ctx context.Context, tx *db.Tx, d Document) error {
	_, err := tx.Exec(ctx, `INSERT INTO document (id, entry, file, words, lang, holds, consent, credit, licence, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		d.ID, d.Entry, d.File.ID, d.Words, d.Lang, d.Holds, d.Consent, d.Credit, d.Licence, d.At)
	return err
}

func drop(ctx context.Context, tx *db.Tx, document string) error {
	_, err := tx.Exec(ctx, `DELETE FROM document WHERE id = $1`, document)
	return err
}
