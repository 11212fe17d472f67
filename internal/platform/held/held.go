// Package held gathers what a house holds about one person, for that person
// (GDPR, articles 15 and 20).
//
// The one idea: it asks the database, not the features. Every row of every
// table in which the person's identifier or address stands is about them, so a
// new table cannot be forgotten. What would let somebody in stays blank, and so
// do the addresses of others.
package held

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/people"
)

// secret are columns that open something, or are of use to the program alone,
// in whatever table they stand. What is sealed is shown on the page it belongs to.
var secret = []string{"password", "hash", "secret", "mark", "sealed", "key_", "flash", "edit", "there", "whom", "title_key", "name_key", "email_key"}

// links are secret where others find the way of one row by them.
var links = []string{"invitation", "check_item"}

// addresses are columns that may hold somebody else's.
var addresses = []string{"email", "address"}

// Table is what one table holds about a person.
type Table struct {
	Name string                       `json:"table"`
	Rows []map[string]json.RawMessage `json:"rows"`
}

// Rows counts all rows.
func Rows(list []Table) (n int) {
	for _, t := range list {
		n += len(t.Rows)
	}
	return n
}

// Gather gives all rows about a person, by table.
func Gather(ctx context.Context, d *db.DB, p people.Person) (list []Table, err error) {
	key, _ := people.EmailKey(p.Email)
	mine := []string{p.ID}
	for _, v := range []string{p.Email, key} {
		if v != "" && !slices.Contains(mine, v) {
			mine = append(mine, v)
		}
	}
	err = d.Snapshot(ctx, func(s *db.Snapshot) error {
		tables, err := s.Tables(ctx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			one := Table{Name: t.Name}
			err := s.Naming(ctx, t, mine, func(line []byte) error {
				row, err := named(t, line, mine)
				one.Rows = append(one.Rows, row)
				return err
			})
			if err != nil {
				return err
			}
			if len(one.Rows) > 0 {
				list = append(list, one)
			}
		}
		return nil
	})
	return list, err
}

// named gives a row with the names of its columns, without what stays out.
func named(t db.Table, line []byte, mine []string) (map[string]json.RawMessage, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil {
		return nil, fmt.Errorf("held: %s: %w", t.Name, err)
	}
	row := map[string]json.RawMessage{}
	foreign := false
	for i, c := range t.Columns {
		var words string
		_ = json.Unmarshal(cells[i], &words) // a number is no words
		switch {
		case slices.Contains(secret, c.Name), c.Name == "link" && slices.Contains(links, t.Name):
			continue
		case slices.Contains(addresses, c.Name) && words != "" && !slices.Contains(mine, words):
			foreign = true
			continue
		}
		row[c.Name] = cells[i]
	}
	if foreign { // whose address it is, is theirs to know as well
		delete(row, "name")
	}
	return row, nil
}

// Write puts all of it into a ZIP: a page that explains it, the rows as JSON,
// and the files the person sent.
func Write(ctx context.Context, w io.Writer, d *db.DB, files *file.Store, p people.Person, readme string, at time.Time) error {
	list, err := Gather(ctx, d, p)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	put := func(name string) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
	}
	part, err := put("readme.txt")
	if err == nil {
		_, err = io.WriteString(part, readme)
	}
	if err != nil {
		return err
	}
	if part, err = put("data.json"); err != nil {
		return err
	}
	e := json.NewEncoder(part)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(list); err != nil {
		return err
	}
	sent, err := file.By(ctx, d, p.ID)
	if err != nil {
		return err
	}
	for _, f := range sent {
		if err := copyFile(ctx, files, f, put); err != nil {
			return err
		}
	}
	return z.Close()
}

// copyFile puts one file that the person sent beside the rows.
func copyFile(ctx context.Context, files *file.Store, f file.File, put func(string) (io.Writer, error)) error {
	content, err := files.Open(ctx, f)
	if err != nil {
		return err
	}
	defer content.Close()
	part, err := put("files/" + f.ID + "-" + f.Name)
	if err == nil {
		_, err = io.Copy(part, content)
	}
	return err
}
