package app

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/health"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/seal"
)

// health is the house as probes see it.
func (c Config) health(a *App) health.House {
	h := health.House{DB: a.House.DB, Files: a.House.Files.Content(), Folder: c.folder(), Origin: c.Origin, Proxies: c.Proxies != "",
		TLS: c.TLS, Certificates: c.certificateFolder(), Mail: c.mail(), Seal: a.House.Key, TXT: c.TXT, Program: Version,
		BackupEvery: c.BackupEvery, Demo: c.Demo, Encrypted: c.BackupTo != "", RehearseEvery: c.RehearseEvery}
	if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		h.Database = path
	}
	if h.TXT == nil {
		h.TXT = net.DefaultResolver.LookupTXT
	}
	if bucket, ok := h.Files.(fmt.Stringer); ok {
		h.Bucket = bucket.String()
	}
	if place, err := c.place(); err == nil {
		h.BackupKeep, _ = backup.ParseKeep(c.BackupKeep) // what cannot be read did not let the program start
		if h.Backup = place.String(); !backup.Elsewhere(c.Backup) {
			h.BackupFolder = c.Backup
		}
	}
	if c.Key == "" {
		h.Key = c.keyFile()
	}
	return h
}

// keyFile is where the key of the house lies, unless it was given.
func (c Config) keyFile() string { return filepath.Join(c.folder(), seal.FileName) }

// mail says how mails leave.
func (c Config) mail() mail.Config {
	return mail.Config{Server: c.Mail, From: c.MailFrom, Folder: filepath.Join(c.folder(), "mail"), Console: c.Console, Returns: c.MailBack}
}

func (c Config) certificateFolder() string { return filepath.Join(c.folder(), "certificates") }

type checkCommand struct {
	Config `embed:""`
}

// Run says of everything that was looked at how it is, and fails when
// something is wrong.
func (s *checkCommand) Run(ctx context.Context) error {
	s.defaults()
	if err := s.mustExist(); err != nil {
		return err
	}
	s.Reading = true
	a, err := Open(ctx, s.Config)
	if err != nil {
		return err
	}
	defer a.Close()
	words, broken := a.House.Catalog.For("en"), 0
	for _, f := range a.Health().Thorough(ctx) {
		mark := map[health.State]string{health.Wrong: "WRONG", health.Watch: "watch", health.Well: "well"}[f.State]
		fmt.Fprintf(s.Console, "%-6s %s: %s\n", mark, words.Say(f.Of), words.Say(f.Said, f.Args...))
		if f.Do.Key != "" {
			fmt.Fprintf(s.Console, "       %s\n", words.Say(f.Do, f.Args...))
		}
		if f.State == health.Wrong {
			broken++
		}
	}
	signer, err := a.Health().Signed(ctx)
	if err != nil {
		return err
	}
	if signer != nil {
		name, text := signer.Record()
		fmt.Fprintf(s.Console, "\nThe key mails are signed with, for the DNS:\n%s  TXT  %s\n", name, text)
	}
	if broken > 0 {
		return fmt.Errorf("not well: %d of what was looked at", broken)
	}
	return nil
}
