package health

import (
	"context"
	"slices"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/locale"
)

func backups(ctx context.Context, h House) (Finding, error) {
	runs, err := backup.LastOf(ctx, h.DB, backup.Backup, 200)
	if err != nil {
		return Finding{}, err
	}
	do := locale.Phrase{Key: "health.backup.do", English: "Give a folder and a public key: --backup and --backup-to. Without a backup, one broken disk ends everything."}
	again := locale.Phrase{Key: "health.backup.again", English: "Take one by hand and read what it says: alliance backup."}
	good := slices.IndexFunc(runs, func(r backup.Run) bool { return r.Problem == "" })
	damaged := slices.IndexFunc(runs, func(r backup.Run) bool { return r.Damage != "" && r.Gone == 0 })
	switch {
	case len(runs) > 0 && runs[0].Problem != "": // the last word counts
		return wrong(locale.Phrase{Key: "health.backup.failed", English: "The last one failed: {problem}"}, again, "problem", runs[0].Problem), nil
	case good < 0 && h.Backup == "":
		return wrong(locale.Phrase{Key: "health.backup.none", English: "None was ever taken."}, do), nil
	case good < 0:
		return watch(locale.Phrase{Key: "health.backup.first", English: "The first one has not been taken yet."}, again), nil
	}
	last := runs[good]
	if last.At < h.DB.Now().Add(-2*h.BackupEvery) {
		return wrong(locale.Phrase{Key: "health.backup.old", English: "The last one is of {day}."}, again, "day", last.At.Time()), nil
	}
	if damaged >= 0 && h.Backup != "" {
		r := runs[damaged]
		return wrong(locale.Phrase{Key: "health.backup.damaged", English: "The one of {day} is damaged: {problem} ({file})"},
			locale.Phrase{Key: "health.backup.damaged.do", English: "Take a new one, then remove the damaged one: the next backup looks again. Test the disk, or ask who keeps the storage."},
			"day", r.At.Time(), "problem", r.Damage, "file", r.File), nil
	}
	if last.Looked == 0 {
		return well(locale.Phrase{Key: "health.backup.old", English: "The last one is of {day}."}, "day", last.At.Time()), nil
	}
	return well(locale.Phrase{Key: "health.backup.same", English: "The last one is of {day}. It was read back: each octet is as it was written."}, "day", last.At.Time()), nil
}

// rehearsed is how long ago a restore may have been rehearsed.
const rehearsed = 90 * 24 * time.Hour

func rehearsal(ctx context.Context, h House) (Finding, error) {
	if h.Backup == "" {
		return Finding{}, nil // see backups
	}
	runs, err := backup.LastOf(ctx, h.DB, backup.Rehearsal, 1)
	if err != nil {
		return Finding{}, err
	}
	do := locale.Phrase{Key: "health.rehearsal.do", English: "Rehearse it where the secret key is: alliance rehearse. Bring the code it prints to the desk. A backup nobody ever restored is a hope."}
	long := rehearsed
	if !h.Encrypted {
		do = locale.Phrase{Key: "health.rehearsal.self", English: "The program rehearses by itself, since these backups need no key. The log says why it did not; alliance rehearse does it by hand."}
		long = max(3*h.RehearseEvery, 3*24*time.Hour)
	}
	if len(runs) == 0 {
		return watch(locale.Phrase{Key: "health.rehearsal.never", English: "Restoring was never rehearsed."}, do), nil
	}
	if last := runs[0]; last.Problem != "" {
		return wrong(locale.Phrase{Key: "health.rehearsal.failed", English: "On {day}, a backup could not be restored: {problem} ({file})"},
			locale.Phrase{Key: "health.rehearsal.failed.do", English: "Take a new backup now and rehearse again. Keep the older ones until it can be restored."},
			"day", last.At.Time(), "problem", last.Problem, "file", last.File), nil
	}
	args := []any{"day", runs[0].At.Time(), "rows", int(runs[0].Rows), "files", runs[0].Files, "seconds", int(max(runs[0].Took, time.Second).Seconds())}
	said := locale.Phrase{Key: "health.rehearsal.held", English: "Restoring was last rehearsed on {day}. Rows: {rows}. Files: {files}. It took {seconds} s."}
	if runs[0].At < h.DB.Now().Add(-long) {
		return watch(said, do, args...), nil
	}
	return well(said, args...), nil
}
