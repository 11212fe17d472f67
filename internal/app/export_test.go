package app

// For tests of the whole house.
var (
	AllPhrases = allPhrases
	AllSchemas = schemas
)

// WholeSchema is that of all features.
var WholeSchema = allSchemas
