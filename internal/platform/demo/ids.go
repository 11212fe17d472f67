package demo

import "alliance/internal/platform/id"

// Identifiers of the demonstration are made from names, so that links survive
// a restart and features can point to each other's content.

// OrganisationID gives the organisation (and profile entry) of a slug.
func OrganisationID(slug string) string {
	if slug == "" {
		return ""
	}
	return id.Named("demo/organisation/" + slug)
}

// EntryID gives the entry of something in a meeting: EntryID("paris-2019", "P1.1").
// The meeting itself is EntryID(slug, "").
func EntryID(meeting, local string) string { return id.Named("demo/" + meeting + "/" + local) }

// PersonID gives the account of a person of the role bar.
func PersonID(person string) string {
	if person == "" {
		return ""
	}
	return id.Named("demo/person/" + person)
}

// MandateID gives the mandate of a person of the role bar.
func MandateID(person string) string { return id.Named("demo/mandate/" + person) }
