package backup

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"alliance/internal/platform/db"
	"alliance/internal/platform/id"
)

// Schema holds the tables of this package.
//
//go:embed schema
var Schema embed.FS

var _ = db.Unseen("backup")

// Recipients reads public keys: "age1…", several with commas, or the name of a
// file that holds them.
func Recipients(text string) ([]age.Recipient, error) {
	if text == "" {
		return nil, nil
	}
	if !strings.HasPrefix(text, "age1") {
		b, err := os.ReadFile(text)
		if err != nil {
			return nil, fmt.Errorf("backup: %q is neither a public key (age1…) nor a file with one", text)
		}
		text = string(b)
	}
	list, err := age.ParseRecipients(strings.NewReader(strings.ReplaceAll(text, ",", "\n")))
	if err != nil {
		return nil, fmt.Errorf("backup: the public key cannot be read: %w", err)
	}
	return list, nil
}

// Identities reads the file with the secret key. "" = none.
func Identities(path string) ([]age.Identity, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("backup: the secret key: %w", err)
	}
	defer f.Close()
	list, err := age.ParseIdentities(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("backup: %s holds no secret key that can be read", path)
	}
	return list, nil
}

// NewKey makes a key: the secret goes into a new file, the public one is given.
func NewKey(path string) (public string, err error) {
	k, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("backup: %w", err)
	}
	_, err = fmt.Fprintf(f, "# Secret key of the backups. Whoever has it can read them; without it nobody can.\n# public key: %s\n%s\n", k.Recipient(), k)
	return k.Recipient().String(), errors.Join(err, f.Sync(), f.Close())
}

var named = regexp.MustCompile(`^alliance-(\d{8}T\d{6}Z)-[0-9a-z]{4}\.tar\.gz(\.age)?$`)

const stamp = "20060102T150405Z"

// Found is a backup in a folder.
type Found struct {
	Path string
	Made time.Time
	Size int64
}

// List gives the backups of a folder, newest first. Halves have another name.
func List(dir string) (list []Found, err error) {
	all, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	for _, one := range all {
		m := named.FindStringSubmatch(one.Name())
		if m == nil || !one.Type().IsRegular() {
			continue
		}
		at, err := time.Parse(stamp, m[1])
		info, statErr := one.Info()
		if err != nil || statErr != nil {
			continue
		}
		list = append(list, Found{filepath.Join(dir, one.Name()), at, info.Size()})
	}
	slices.SortFunc(list, func(a, b Found) int { return strings.Compare(b.Path, a.Path) })
	return list, nil
}

// ToFolder writes a backup into a folder. Until it is whole and on the disk it
// is called .part, which no one takes for a backup.
func ToFolder(ctx context.Context, dir string, s Source, to []age.Recipient) (Found, Report, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Found{}, Report{}, fmt.Errorf("backup: %w", err)
	}
	sweepParts(dir)
	now := s.DB.Now().Time().UTC()
	name := "alliance-" + now.Format(stamp) + "-" + strings.ToLower(rand.Text()[:4]) + ".tar.gz"
	if len(to) > 0 {
		name += ".age"
	}
	part, err := os.OpenFile(filepath.Join(dir, name+".part"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Found{}, Report{}, fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(part.Name()) // after the rename there is nothing to remove
	r, err := Write(ctx, part, s, to)
	if err == nil {
		err = part.Sync()
	}
	size, _ := part.Seek(0, io.SeekCurrent)
	if err := errors.Join(err, part.Close()); err != nil {
		return Found{}, r, err
	}
	path := filepath.Join(dir, name)
	if err := os.Rename(part.Name(), path); err != nil {
		return Found{}, r, fmt.Errorf("backup: %w", err)
	}
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
	return Found{path, now, size}, r, nil
}

// sweepParts removes what was left by a program that died while writing.
func sweepParts(dir string) {
	parts, _ := filepath.Glob(filepath.Join(dir, "alliance-*.part"))
	for _, p := range parts {
		if info, err := os.Stat(p); err == nil && time.Since(info.ModTime()) > 12*time.Hour {
			os.Remove(p)
		}
	}
}

// Keep says how many backups stay: the newest of each of so many days, weeks
// and months. Zero everywhere keeps all.
type Keep struct{ Days, Weeks, Months int }

// ParseKeep reads "7d 5w 6m"; "all" keeps all.
func ParseKeep(text string) (k Keep, err error) {
	if text == "all" {
		return k, nil
	}
	for _, word := range strings.Fields(text) {
		n, err := strconv.Atoi(word[:len(word)-1])
		if err != nil || n < 0 {
			return k, fmt.Errorf("backup: %q does not say what to keep; write 7d 5w 6m, or all", text)
		}
		switch word[len(word)-1] {
		case 'd':
			k.Days = n
		case 'w':
			k.Weeks = n
		case 'm':
			k.Months = n
		default:
			return k, fmt.Errorf("backup: %q does not say what to keep; write 7d 5w 6m, or all", text)
		}
	}
	if k == (Keep{}) {
		return k, fmt.Errorf("backup: %q keeps nothing; write 7d 5w 6m, or all", text)
	}
	return k, nil
}

// Old lists what need not stay, of a list with the newest first. The newest
// always stays.
func (k Keep) Old(list []Found) (old []Found) {
	if k == (Keep{}) || len(list) == 0 {
		return nil
	}
	days, weeks, months := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, f := range list {
		year, week := f.Made.ISOWeek()
		stays := i == 0
		for _, rule := range []struct {
			seen map[string]bool
			key  string
			most int
		}{
			{days, f.Made.Format("2006-01-02"), k.Days},
			{weeks, fmt.Sprint(year, "-", week), k.Weeks},
			{months, f.Made.Format("2006-01"), k.Months},
		} {
			if !rule.seen[rule.key] && len(rule.seen) < rule.most {
				rule.seen[rule.key] = true
				stays = true
			}
		}
		if !stays {
			old = append(old, f)
		}
	}
	return old
}

// Clean removes what Keep does not keep, and gives how many.
func (k Keep) Clean(dir string) (int, error) {
	list, err := List(dir)
	if err != nil {
		return 0, err
	}
	old := k.Old(list)
	for _, f := range old {
		if err := os.Remove(f.Path); err != nil {
			return 0, fmt.Errorf("backup: %w", err)
		}
	}
	return len(old), nil
}

// Run is one backup or rehearsal, as the operator is told.
type Run struct {
	At      db.Instant
	What    string // Backup or Rehearsal
	File    string
	Size    int64
	Rows    int64
	Files   int
	Took    time.Duration
	Problem string // "" = it went well
}

// What a Run was.
const (
	Backup    = "backup"
	Rehearsal = "rehearsal"
)

// Tell keeps a run, and forgets those of more than a year ago.
func Tell(ctx context.Context, d *db.DB, r Run) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM backup WHERE at < $1`, tx.Now().Add(-400*24*time.Hour)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO backup (id, at, what, file, size, rows_, files, took, problem) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			id.New(), tx.Now(), r.What, r.File, r.Size, r.Rows, r.Files, r.Took.Microseconds(), r.Problem)
		return err
	})
}

// Last lists the newest runs.
func Last(ctx context.Context, q db.Q, limit int) ([]Run, error) {
	return db.All(ctx, q, func(row db.Row) (r Run, err error) {
		var took int64
		err = row.Scan(&r.At, &r.What, &r.File, &r.Size, &r.Rows, &r.Files, &took, &r.Problem)
		r.Took = time.Duration(took) * time.Microsecond
		return r, err
	}, `SELECT at, what, file, size, rows_, files, took, problem FROM backup ORDER BY at DESC, id DESC LIMIT $1`, limit)
}
