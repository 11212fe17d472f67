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
	if runs[0].Problem != "" {
		return unrestored(runs[0]), nil
	}
	args := []any{"day", runs[0].At.Time(), "rows", int(runs[0].Rows), "files", runs[0].Files, "seconds", int(max(runs[0].Took, time.Second).Seconds())}
	said := locale.Phrase{Key: "health.rehearsal.held", English: "Restoring was last rehearsed on {day}. Rows: {rows}. Files: {files}. It took {seconds} s."}
	if runs[0].At < h.DB.Now().Add(-long) {
		return watch(said, do, args...), nil
	}
	return well(said, args...), nil
}

// Unrestored says in words why a backup could not be restored. What an error
// said beyond that is in Run.Problem, in English.
var Unrestored = map[backup.Failure]locale.Phrase{
	backup.Another: {Key: "health.unrestored.another", English: "for a reason that a code does not tell; the console there said it"},
	backup.Cut:     {Key: "health.unrestored.cut", English: "it was cut off, or the copying of it was"},
	backup.Changed: {Key: "health.unrestored.changed", English: "this program did not make it, or it was changed"},
	backup.Locked:  {Key: "health.unrestored.locked", English: "the secret key does not open it"},
	backup.Differs: {Key: "health.unrestored.differs", English: "what came back is not what was backed up"},
	backup.Newer:   {Key: "health.unrestored.newer", English: "a newer version of the program made it"},
	backup.NoRoom:  {Key: "health.unrestored.room", English: "there was no room for it on the disk"},
	backup.Journal: {Key: "health.unrestored.journal", English: "the journal in it is broken"},
}

// unrestored is what to do after a rehearsal that failed: most of what goes wrong
// is in the backup, the rest where it was tried.
func unrestored(r backup.Run) Finding {
	do := locale.Phrase{Key: "health.rehearsal.failed.do", English: "Take a new backup now and rehearse again. Keep the older ones until it can be restored."}
	switch r.Failure {
	case backup.Locked:
		do = locale.Phrase{Key: "health.unrestored.locked.do", English: "Look for the right key and try it on this backup. If it is lost, make a new one (alliance key), start with its public key (--backup-to), take a backup now and rehearse it. What only the lost key opens stays closed."}
	case backup.Newer:
		do = locale.Phrase{Key: "health.unrestored.newer.do", English: "Rehearse with the version of the program that runs here."}
	case backup.NoRoom:
		do = locale.Phrase{Key: "health.unrestored.room.do", English: "Rehearse where there is room: three times the database. On another disk: alliance rehearse --in FOLDER."}
	}
	var problem any = r.Problem
	if words, ok := Unrestored[r.Failure]; ok && (r.Failure != backup.Another || r.Way == backup.ByCode) {
		problem = words
	}
	return wrong(locale.Phrase{Key: "health.rehearsal.failed", English: "On {day}, a backup could not be restored: {problem} ({file})"}, do,
		"day", r.At.Time(), "problem", problem, "file", r.File)
}
