package app

// For tests of the whole house.
var (
	AllPhrases = allPhrases
	AllSchemas = schemas
)

// Of archives and copies.
var (
	ArchiveTo      = archiveTo
	Archived       = archived
	NeedsServer    = needsServer
	AddCoordinator = addCoordinator
)
