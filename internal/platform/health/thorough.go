package health

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/search"
)

// thorough probes read everything, or ask others.
var thorough = []probe{
	{"database", locale.Phrase{Key: "health.database", English: "Database"}, database},
	{"journal", locale.Phrase{Key: "health.journal", English: "Journal"}, chain},
	{"search", locale.Phrase{Key: "health.search", English: "Search"}, index},
	{"files", locale.Phrase{Key: "health.files", English: "Files people sent"}, files},
	{"server", locale.Phrase{Key: "health.server", English: "Mail server"}, server},
}

func database(ctx context.Context, h House) (Finding, error) {
	damage, err := h.DB.Damage(ctx)
	if err != nil {
		return Finding{}, err
	}
	if damage != "" {
		return wrong(locale.Phrase{Key: "health.database.damaged", English: "The file is damaged: {problem}"},
			locale.Phrase{Key: "health.database.do", English: "Stop the program, keep a copy of the file, and restore the last backup. Then test the disk."}, "problem", damage), nil
	}
	return well(locale.Phrase{Key: "health.database.well", English: "It is whole."}), nil
}

func chain(ctx context.Context, h House) (Finding, error) {
	broken, err := journal.Check(ctx, h.DB)
	if err != nil {
		return Finding{}, err
	}
	if broken != 0 {
		return wrong(locale.Phrase{Key: "health.journal.broken", English: "It was changed at line {line}, or lines are missing from there."},
			locale.Phrase{Key: "health.journal.do", English: "Somebody wrote into the database past the program. Compare with a backup, and ask who had access."}, "line", broken), nil
	}
	return well(locale.Phrase{Key: "health.journal.well", English: "No line was changed, and none is missing."}), nil
}

func index(ctx context.Context, h House) (Finding, error) {
	missing, err := db.One(ctx, h.DB, db.Value[int64], `SELECT count(*) FROM entry e WHERE e.state = 'published' AND NOT EXISTS (SELECT 1 FROM search_doc s WHERE s.id = e.id)`)
	if err != nil {
		return Finding{}, err
	}
	old, err := search.Old(ctx, h.DB)
	if err != nil {
		return Finding{}, err
	}
	if missing > 0 || old {
		return watch(locale.Phrase{Key: "health.search.behind", English: "It is not up to date. Entries it does not know: {n}."},
			locale.Phrase{Key: "health.search.do", English: "It is made anew when the program starts."}, "n", missing), nil
	}
	return well(locale.Phrase{Key: "health.search.well", English: "It knows every entry."}), nil
}

// files looks whether each that the database names is in the folder.
func files(ctx context.Context, h House) (Finding, error) {
	named, err := db.All(ctx, h.DB, db.Value[string], `SELECT DISTINCT hash FROM file`)
	if err != nil {
		return Finding{}, err
	}
	there := map[string]bool{}
	if err := h.Files.Each(ctx, func(hash string, _ time.Time) error { there[hash] = true; return nil }); err != nil {
		return Finding{}, err
	}
	missing := 0
	for _, hash := range named {
		if !there[hash] {
			missing++
		}
	}
	if missing > 0 {
		return wrong(locale.Phrase{Key: "health.files.missing", English: "Named in the database and not in the folder: {n}."},
			locale.Phrase{Key: "health.files.do", English: "Look whether --files names the right folder. If it does, bring the folder back from a backup."}, "n", missing), nil
	}
	return well(locale.Phrase{Key: "health.files.well", English: "All {n} are in the folder."}, "n", len(named)), nil
}

// patience with a mail server.
const patience = 15 * time.Second

func server(ctx context.Context, h House) (Finding, error) {
	if h.Mail.Server == "" {
		return Finding{}, nil // see mails
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := mail.Reach(ctx, h.Mail); err != nil {
		return wrong(locale.Phrase{Key: "health.server.closed", English: "It does not answer, or does not take the password: {problem}"},
			locale.Phrase{Key: "health.server.do", English: "Compare --mail with what its keeper says: name, port, password."}, "problem", err.Error()), nil
	}
	return well(locale.Phrase{Key: "health.server.well", English: "It answers and takes the password."}), nil
}
