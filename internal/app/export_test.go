package app

// For tests of the whole house.
var (
	AllPhrases = allPhrases
	AllSchemas = schemas
)
