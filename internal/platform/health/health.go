// Package health says how a house is: what was looked at, whether it is well,
// and what to do where it is not.
//
// The one idea: a finding is words. So one list of probes speaks on the
// operator's desk, on the console of `alliance check` and in the mail that
// follows when something breaks. Probes only look; what takes long or asks
// others (Thorough) is asked by a person or once a day, never by a page.
package health

import (
	"context"
	"embed"
	"path/filepath"
	"slices"
	"time"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/seal"
)

// Phrases holds the phrases of this package.
//
//go:embed phrases
var Phrases embed.FS

// State of what was looked at.
type State int

// States, the worst first.
const (
	Wrong State = iota // it does not do its work, or data may be lost
	Watch              // it works, and should be looked after
	Well
)

// Finding is what one probe has to say.
type Finding struct {
	Probe string // name of the probe, the same in every run
	State State
	Of    locale.Phrase // what was looked at
	Said  locale.Phrase // what was found
	Do    locale.Phrase // what to do; none where it is well
	Args  []any         // of Said and Do
}

// House is what probes look at.
type House struct {
	DB       *db.DB
	Files    file.Blobs
	Database string // path of the SQLite file, "" on PostgreSQL
	Folder   string // of uploads
	Bucket   string // host and name of the storage of uploads, "" = the folder
	Key      string // path of the key of the house, "" where the environment holds it

	Origin       string // as visitors see it, "" = wherever it listens
	Proxies      bool   // some are named
	TLS          bool   // it answers https itself
	Certificates string // folder they are kept in

	Mail    mail.Config
	Seal    *seal.Key                                                // the key itself, for the one mails are signed with
	TXT     func(ctx context.Context, name string) ([]string, error) // asks the DNS
	Program string                                                   // version
	Demo    bool                                                     // anybody may be its operator: paths of this machine are not told

	Backup        string // where they lie, in words; "" = none are taken
	BackupFolder  string // the same where it is a folder
	BackupEvery   time.Duration
	BackupKeep    backup.Keep
	Encrypted     bool // they are, to a key that is not here
	RehearseEvery time.Duration
}

// path names a file or a folder of this machine.
func (h House) path(name string) string {
	if h.Demo {
		return filepath.Base(name)
	}
	return name
}

// probe looks at one thing. No finding: the thing does not exist here.
type probe struct {
	name string
	of   locale.Phrase
	look func(context.Context, House) (Finding, error)
}

// Quick looks at what can be seen at once.
func (h House) Quick(ctx context.Context) []Finding { return h.look(ctx, quick) }

// Thorough looks at everything: it reads the whole journal and every file's
// name, and asks the mail server and the DNS.
func (h House) Thorough(ctx context.Context) []Finding {
	return h.look(ctx, slices.Concat(quick, thorough, sending))
}

// look gives findings, the worst first. A probe that fails is a finding too.
func (h House) look(ctx context.Context, probes []probe) (list []Finding) {
	for _, p := range probes {
		f, err := p.look(ctx, h)
		if err != nil {
			f = wrong(locale.Phrase{Key: "health.failed", English: "This could not be looked at: {problem}"}, locale.Phrase{}, "problem", err.Error())
		}
		if f.Said.Key == "" {
			continue
		}
		f.Probe, f.Of = p.name, p.of
		list = append(list, f)
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return int(a.State) - int(b.State) })
	return list
}

func wrong(said, do locale.Phrase, args ...any) Finding {
	return Finding{State: Wrong, Said: said, Do: do, Args: args}
}

func watch(said, do locale.Phrase, args ...any) Finding {
	return Finding{State: Watch, Said: said, Do: do, Args: args}
}

func well(said locale.Phrase, args ...any) Finding {
	return Finding{State: Well, Said: said, Args: args}
}
