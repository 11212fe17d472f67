package health

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/job"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
)

// quick probes are those a page may ask.
var quick = []probe{
	{"disk", locale.Phrase{Key: "health.disk", English: "Room on the disk"}, room},
	{"replica", locale.Phrase{Key: "health.replica", English: "Copy of the database (replica)"}, replica},
	{"storage", locale.Phrase{Key: "health.storage", English: "Storage of files"}, storage},
	{"clock", locale.Phrase{Key: "health.clock", English: "Clock"}, clock},
	{"jobs", locale.Phrase{Key: "health.jobs", English: "Work in the background"}, jobs},
	{"mail", locale.Phrase{Key: "health.mail", English: "Mail"}, mails},
	{"backup", locale.Phrase{Key: "health.backup", English: "Backups"}, backups},
	{"rehearsal", locale.Phrase{Key: "health.rehearsal", English: "Rehearsal of restoring"}, rehearsal},
	{"https", locale.Phrase{Key: "health.https", English: "Line to visitors"}, https},
	{"certificate", locale.Phrase{Key: "health.certificate", English: "Certificate"}, certificate},
	{"key", locale.Phrase{Key: "health.key", English: "Key of the house"}, key},
}

// Room that is wanted on the disk: below the first one looks after it, below
// the second writes may fail any day.
const (
	someRoom   = 2 << 30
	littleRoom = 300 << 20
)

func room(_ context.Context, h House) (Finding, error) {
	least, where := int64(-1), ""
	folders := []string{h.Folder}
	if h.Database != "" {
		folders = append(folders, filepath.Dir(h.Database))
	}
	if h.BackupFolder != "" {
		folders = append(folders, h.BackupFolder)
	}
	for _, dir := range folders {
		if free, ok := file.Free(dir); ok && (least < 0 || free < least) {
			least, where = free, dir
		}
	}
	args := []any{"mb", least / 1_000_000, "folder", h.path(where)}
	said := locale.Phrase{Key: "health.disk.free", English: "{mb} MB are free in {folder}."}
	more := locale.Phrase{Key: "health.disk.do", English: "Make room, or move to a larger disk. When it is full, nothing can be written: what is sent then is refused, and nothing is lost that was accepted."}
	switch {
	case least < 0:
		return Finding{}, nil // this system does not tell
	case least < littleRoom:
		return wrong(said, more, args...), nil
	case least < someRoom:
		return watch(said, more, args...), nil
	}
	return well(said, args...), nil
}

// replica tells whether the PostgreSQL that pages are read from follows the first.
func replica(ctx context.Context, h House) (Finding, error) {
	follows, known := h.DB.Follows(ctx)
	switch {
	case !known:
		return Finding{}, nil
	case !follows:
		return watch(locale.Phrase{Key: "health.replica.away", English: "It does not answer, or does not follow."},
			locale.Phrase{Key: "health.replica.away.do", English: "Look at that server and at --replica. Nothing is lost: pages are read from the first server meanwhile."}), nil
	}
	return well(locale.Phrase{Key: "health.replica.well", English: "It follows, and pages for visitors are read there."}), nil
}

// storage asks for content that cannot be there: who says so answers.
func storage(ctx context.Context, h House) (Finding, error) {
	if h.Bucket == "" {
		return Finding{}, nil // a folder: see room
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	content, err := h.Files.Open(ctx, strings.Repeat("0", 64))
	if err == nil {
		content.Close()
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return well(locale.Phrase{Key: "health.storage.well", English: "{bucket} answers."}, "bucket", h.Bucket), nil
	}
	return wrong(locale.Phrase{Key: "health.storage.away", English: "{bucket} does not answer as it should: {problem}"},
		locale.Phrase{Key: "health.storage.do", English: "See whether the storage runs, and whether key, secret and name of the bucket are right. Until then files cannot be sent or opened; everything else works, and what was accepted is there."},
		"bucket", h.Bucket, "problem", err.Error()), nil
}

// ahead is how far the newest line of the journal may lie in the future.
const ahead = 2 * time.Minute

// clock finds that it was moved back: then deadlines and votes close late.
func clock(ctx context.Context, h House) (Finding, error) {
	last, err := db.One(ctx, h.DB, db.Value[db.Instant], `SELECT coalesce(max(at), 0) FROM (SELECT at FROM journal ORDER BY n DESC LIMIT 100) l`)
	if err != nil {
		return Finding{}, err
	}
	if by := last.Time().Sub(h.DB.Now().Time()); by > ahead {
		return wrong(locale.Phrase{Key: "health.clock.back", English: "The clock runs behind what was written already, by {minutes} minutes at least."},
			locale.Phrase{Key: "health.clock.do", English: "Set the clock of this machine, and let it follow a time server. Until then periods end late."}, "minutes", int(by.Minutes())), nil
	}
	return well(locale.Phrase{Key: "health.clock.well", English: "It runs on from what was written last."}), nil
}

// late is how long work may wait beyond its time.
const late = time.Hour

func jobs(ctx context.Context, h House) (Finding, error) {
	counts, err := job.Counts(ctx, h.DB)
	if err != nil {
		return Finding{}, err
	}
	dead, waiting := int64(0), false
	for _, c := range counts {
		if c.Kind == mail.Kind {
			continue // see mails
		}
		dead += c.Dead
		waiting = waiting || c.Oldest != 0 && c.Oldest < h.DB.Now().Add(-late)
	}
	switch {
	case waiting:
		return wrong(locale.Phrase{Key: "health.jobs.late", English: "Work has waited for more than an hour."},
			locale.Phrase{Key: "health.jobs.late.do", English: "Look at the log for errors, then start the program again. Nothing of it is lost."}), nil
	case dead > 0:
		return watch(locale.Phrase{Key: "health.jobs.dead", English: "Given up after many attempts: {n}."},
			locale.Phrase{Key: "health.jobs.dead.do", English: "The desk says why. Try again when the cause is gone, or drop it."}, "n", dead), nil
	}
	return well(locale.Phrase{Key: "health.jobs.well", English: "Nothing is late, and nothing was given up."}), nil
}

func mails(ctx context.Context, h House) (Finding, error) {
	var dead, waiting int
	var failing db.Instant // since when the first of those that wait is tried in vain
	_, err := db.One(ctx, h.DB, func(r db.Row) (int, error) { return 0, r.Scan(&dead, &waiting, &failing) },
		`SELECT count(*) FILTER (WHERE state = 'dead'), count(*) FILTER (WHERE state = 'waiting'),
		coalesce(min(created) FILTER (WHERE state = 'waiting' AND problem <> ''), 0) FROM job WHERE kind = $1`, mail.Kind)
	if err != nil {
		return Finding{}, err
	}
	do := locale.Phrase{Key: "health.mail.do", English: "Look at --mail and at the mail server; alliance check asks it. Mails wait for three days, then they are given up."}
	switch {
	case failing != 0 && failing < h.DB.Now().Add(-late):
		return wrong(locale.Phrase{Key: "health.mail.late", English: "The mail server does not take mails. Waiting: {n}, the first since {day}."}, do, "n", waiting, "day", failing.Time()), nil
	case dead > 0:
		return watch(locale.Phrase{Key: "health.mail.dead", English: "Mails that could not be sent: {n}."}, do, "n", dead), nil
	case h.Mail.Server == "":
		return watch(locale.Phrase{Key: "health.mail.none", English: "There is no mail server. Mails lie in a folder, and reach nobody."},
			locale.Phrase{Key: "health.mail.none.do", English: "Name one with --mail. Invitations, links to sign in and answers are mails."}), nil
	}
	return well(locale.Phrase{Key: "health.mail.well", English: "Mails leave."}), nil
}

func https(_ context.Context, h House) (Finding, error) {
	u, err := url.Parse(h.Origin)
	if err != nil || h.Origin == "" {
		return watch(locale.Phrase{Key: "health.https.origin", English: "The program was not told at which address visitors see it."},
			locale.Phrase{Key: "health.https.origin.do", English: "Give it with --origin: links in mails begin with it."}), nil
	}
	local := u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.") || u.Hostname() == "::1"
	switch {
	case u.Scheme != "https" && !local:
		return wrong(locale.Phrase{Key: "health.https.plain", English: "Visitors come over http: others on the line read passwords and testimonies."},
			locale.Phrase{Key: "health.https.plain.do", English: "Use --tls, or put a web server with a certificate in front, and begin --origin with https."}), nil
	case u.Scheme == "https" && !h.TLS && !h.Proxies:
		return watch(locale.Phrase{Key: "health.https.proxy", English: "A web server seems to stand in front, and is not named."},
			locale.Phrase{Key: "health.https.proxy.do", English: "Name it in --proxies. Until then all visitors share one limit against guessing."}), nil
	}
	return well(locale.Phrase{Key: "health.https.well", English: "Visitors come by {origin}."}, "origin", h.Origin), nil
}

// ending is how long before its end a certificate should have been renewed:
// the program tries a month before.
const ending = 14 * 24 * time.Hour

func certificate(_ context.Context, h House) (Finding, error) {
	if !h.TLS {
		return Finding{}, nil
	}
	u, err := url.Parse(h.Origin)
	if err != nil {
		return Finding{}, err
	}
	do := locale.Phrase{Key: "health.certificate.do", English: "The name must lead to this machine, and port 443 or 80 must be open. The log says what the authority answered."}
	none := wrong(locale.Phrase{Key: "health.certificate.none", English: "There is none yet: browsers refuse to come."}, do)
	raw, err := os.ReadFile(filepath.Join(h.Certificates, u.Hostname()))
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return Finding{}, err
	}
	until, found := ends(raw)
	if !found {
		return none, nil
	}
	said := locale.Phrase{Key: "health.certificate.until", English: "It is good until {day}."}
	if until.Before(h.DB.Now().Time().Add(ending)) {
		return wrong(said, do, "day", until), nil
	}
	return well(said, "day", until), nil
}

// ends gives the end of the first certificate of a file in PEM.
func ends(raw []byte) (time.Time, bool) {
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		return c.NotAfter, err == nil
	}
	return time.Time{}, false
}

func key(_ context.Context, h House) (Finding, error) {
	if h.Key == "" {
		return Finding{}, nil // in the environment: whoever starts the program keeps it
	}
	info, err := os.Stat(h.Key)
	if err != nil {
		return Finding{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return wrong(locale.Phrase{Key: "health.key.open", English: "Others on this machine can read {file}."},
			locale.Phrase{Key: "health.key.open.do", English: "Take their right away: chmod 600 {file}"}, "file", h.path(h.Key)), nil
	}
	return well(locale.Phrase{Key: "health.key.well", English: "Only the program can read it."}), nil
}
