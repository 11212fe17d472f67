package app

import (
	"alliance/internal/platform/metric"
	"alliance/internal/platform/span"
	"io"
)

// For tests of the whole house.
var (
	AllPhrases = allPhrases
	AllSchemas = schemas
)

// What is observed.
func (a *App) Counts() *metric.Counts { return a.counts }
func (a *App) Spans() *span.Exporter  { return a.spans }

// MayAnswer is mayAnswer.
var MayAnswer = mayAnswer

// Plain is plain.
var Plain = plain

// Of archives and copies.
var (
	ArchiveTo      = archiveTo
	Archived       = archived
	NeedsServer    = needsServer
	AddCoordinator = addCoordinator
)

// Of backups.
type (
	BackupCommand   = backupCommand
	RehearseCommand = rehearseCommand
	RestoreCommand  = restoreCommand
)

// DemoBackups gives the public key that a demonstration with this folder uses.
func DemoBackups(files string) (string, error) {
	c := Config{Files: files, Console: io.Discard}
	err := c.demoBackups()
	return c.BackupTo, err
}
