package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/archive"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/file"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// instant reads what --at says; "" is now.
func instant(at string) (time.Time, error) {
	if at == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return t, fmt.Errorf("--at %q is no instant such as 2026-11-26T12:00:00Z", at)
	}
	return t, nil
}

type archiveCommand struct {
	Config    `embed:""`
	File      string `arg:"" help:"The archive to write, such as alliance.zip." type:"path"`
	Addresses bool   `help:"With the e-mail addresses of people, so that they can sign in where it is brought in."`
	At        string `help:"The instant it is of, such as 2026-11-26T12:00:00Z. Default: now."`
}

func (s *archiveCommand) Run(ctx context.Context) error {
	s.defaults()
	if err := s.mustExist(); err != nil {
		return err
	}
	at, err := instant(s.At)
	if err != nil {
		return err
	}
	d, files, err := s.store(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	began := time.Now()
	h, size, err := archiveTo(ctx, s.File, d, files, at, s.Addresses)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d tables, %d rows, %d files, %.1f MB, in %s\n", s.File, len(h.Tables), h.Rows(), h.Files(), float64(size)/1e6, time.Since(began).Round(10*time.Millisecond))
	if !s.Addresses {
		fmt.Println("E-mail addresses of people are not in it (--addresses).")
	}
	if len(h.Missing) > 0 {
		return fmt.Errorf("%d files are named in the database and not in the folder; archive.json lists them", len(h.Missing))
	}
	return nil
}

// archiveTo writes an archive into a new file. Until it is whole it has another name.
func archiveTo(ctx context.Context, path string, d *db.DB, files file.Blobs, at time.Time, addresses bool) (h archive.Head, size int64, err error) {
	if _, err := os.Stat(path); err == nil {
		return h, 0, fmt.Errorf("%s is there already: name another file", path)
	}
	said, err := alliance.Load(ctx, d)
	if err != nil {
		return h, 0, err
	}
	if !said.SetUp() {
		return h, 0, errors.New("this house is not set up yet: there is nothing to archive")
	}
	words, err := catalog()
	if err != nil {
		return h, 0, err
	}
	source := archive.Source{DB: d, Files: files, Rules: archived, Schemas: Schemas(), Alliance: said.Name.In(said.Languages[0]).S, Version: Version,
		Addresses: addresses, At: at, Readme: map[string]string{}}
	for _, lang := range said.Languages {
		source.Readme[lang] = archive.Readme(words.For(lang), said.Name.In(lang).S, at, addresses)
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*") // readable by its owner alone
	if err != nil {
		return h, 0, err
	}
	defer os.Remove(part.Name()) // after the rename there is nothing to remove
	h, err = archive.Write(ctx, part, source)
	if err == nil {
		err = part.Sync()
	}
	if info, statErr := part.Stat(); statErr == nil {
		size = info.Size()
	}
	if err := errors.Join(err, part.Close()); err != nil {
		return h, 0, err
	}
	return h, size, os.Rename(part.Name(), path)
}

// fromArchive brings an archive into an empty house.
func (s *restoreCommand) fromArchive(ctx context.Context) error {
	d, files, err := s.store(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	h, err := archive.Read(ctx, s.From, backup.Target{DB: d, Files: files, Folder: s.folder(), Schemas: Schemas()})
	if err != nil {
		return fmt.Errorf("not brought in, the database was left empty: %w", err)
	}
	fmt.Printf("Brought in from %s, of %s: %d tables, %d rows, %d files. Every table has the hash it had.\n",
		s.From, h.Made.Format("2006-01-02 15:04 UTC"), len(h.Tables), h.Rows(), h.Files())
	for _, m := range h.Missing {
		fmt.Println("This file was missing already when the archive was written:", m)
	}
	if s.Coordinator != "" {
		return addCoordinator(ctx, d, s.Coordinator)
	}
	if !h.Addresses {
		fmt.Println("Nobody can sign in yet, since the archive holds no addresses. Bring it in with --coordinator you@example.org, who then invites the others.")
	}
	return nil
}

// addCoordinator gives the coordination to an address: where an archive came
// without those of its people, somebody has to open the door.
func addCoordinator(ctx context.Context, d *db.DB, address string) error {
	return d.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		said, err := alliance.Load(ctx, tx)
		if err != nil {
			return err
		}
		who, err := people.AddPerson(ctx, tx, people.Person{Name: address, Email: address, Lang: said.Languages[0]})
		if err != nil {
			return fmt.Errorf("the archive is brought in, but %s got no account: %w", address, err)
		}
		journal.Tell(tx, people.Actor{}, journal.Event{Verb: "person.added", Kind: "person", Subject: who.ID})
		for _, r := range []people.Role{people.Coordinator, people.Operator} {
			if err := people.GiveRole(ctx, tx, who.ID, people.Grant{Role: r}, who.ID); err != nil {
				return err
			}
			journal.Tell(tx, people.Actor{}, journal.Event{Verb: "role.given", Kind: "person", Subject: who.ID, Data: map[string]string{"role": string(r)}})
		}
		fmt.Printf("%s can sign in by a link sent by mail, and coordinates.\n", address)
		return nil
	})
}
