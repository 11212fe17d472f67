package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/backup"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// fillDemo seeds an empty database with the demonstration: settings and people
// here, then each feature its own, in the order of the list.
func (a *App) fillDemo(ctx context.Context) error {
	present, err := alliance.Load(ctx, a.House.DB)
	if err != nil || present.SetUp() {
		return err
	}
	began := time.Now()
	err = a.House.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := demoAlliance(ctx, tx); err != nil {
			return err
		}
		if err := demoPeople(ctx, tx); err != nil {
			return err
		}
		for _, f := range a.Features {
			if f.Demo == nil {
				continue
			}
			if err := f.Demo(ctx, tx); err != nil {
				return fmt.Errorf("demonstration of %s: %w", f.Name, err)
			}
		}
		return nil
	})
	if err == nil {
		a.House.Log.Info("the demonstration is ready", "took", time.Since(began).Round(time.Millisecond))
	}
	return err
}

// demoBackups lets the demonstration take backups as an association would:
// encrypted to a key that the program does not use. Whoever tries the house finds
// the key beside, so that a rehearsal can be tried too.
func (c *Config) demoBackups() (err error) {
	if err = os.MkdirAll(c.folder(), 0o700); err != nil {
		return err
	}
	c.Backup = filepath.Join(c.folder(), "backups")
	key := filepath.Join(c.folder(), "backup.key")
	if c.BackupTo, err = backup.NewKey(key); errors.Is(err, fs.ErrExist) {
		c.BackupTo, err = backup.PublicKey(key)
	}
	if err == nil {
		fmt.Fprintf(c.Console, "To rehearse restoring its backup, and bring the code to /operate as an operator:\n  alliance rehearse --identity %s %s\n", key, c.Backup)
	}
	return err
}

func demoAlliance(ctx context.Context, tx *db.Tx) error {
	launch := demo.Launch()
	s := alliance.Alliance{
		Name:      lang.Of(map[string]string{"fr": "Alliance Migrations", "en": "Alliance Migrations", "es": "Alianza Migraciones", "pt": "Aliança Migrações", "it": "Alleanza Migrazioni", "de": "Allianz Migration", "ar": "تحالف الهجرات"}),
		About:     launch.Lead,
		Languages: demo.Languages, Reply: 7, Small: 5,
	}
	for _, x := range launch.Axes {
		s.Axes = append(s.Axes, alliance.Topic{ID: x.ID, Name: x.Title, Lead: x.Lead})
	}
	for _, t := range demo.Themes() {
		s.Themes = append(s.Themes, alliance.Topic{ID: t.ID, Name: t.Name})
	}
	for _, c := range demo.Colleges() {
		college := alliance.College{ID: c.ID, Name: c.Name}
		for _, k := range c.Kinds {
			college.Kinds = append(college.Kinds, people.OrganisationKind(k))
		}
		s.Colleges = append(s.Colleges, college)
	}
	_, err := alliance.Save(ctx, tx, people.Actor{}, s)
	return err
}
