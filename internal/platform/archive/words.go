package archive

import (
	"strings"
	"time"

	"alliance/internal/platform/locale"
)

// Readme is the page in the archive that explains it to whoever opens it later,
// perhaps without this program.
func Readme(p *locale.Printer, alliance string, made time.Time, addresses bool) string {
	title := p.T("archive.title", "Archive of {alliance}, {date}", "alliance", alliance, "date", p.Date(made))
	about := p.T("archive.no-addresses", "E-mail addresses of people are not in it.")
	if addresses {
		about = p.T("archive.addresses", "E-mail addresses of people are in it: whoever keeps it must protect them.")
	}
	return strings.Join([]string{
		title,
		p.T("archive.what", "This is what the alliance owns: everything that was published, with all versions and languages, how one text came from another, who decided what and when, and the files people sent."),
		p.T("archive.private", "It is not for publishing: it also holds drafts, names, and what only members read. What is sealed, secret or private is left out; archive.json says under left_out what and why.") + " " + about,
		p.T("archive.lines", "data/ holds one file for each table, with one JSON object on each line (JSON Lines, UTF-8). Entries, the things people published, have one file for each kind in data/entry/."),
		p.T("archive.schema", "schema/ says what each field holds: JSON Schema, with remarks in English."),
		p.T("archive.join", "Identifiers join the tables: what the field entry holds is the id of an entry, and the end of its page’s address. Times are microseconds since 1 January 1970, UTC. A text has o, its first language, and v, its words (s) in each language."),
		p.T("archive.files", "files/ holds what people sent. The name is the SHA-256 of the content; data/file.jsonl gives the names people know. archive.json has size and SHA-256 of every part."),
		p.T("archive.back", "To bring all of it into an empty house, with the addresses of all pages as they were:"),
		"    alliance restore ARCHIVE.zip --database sqlite:alliance.db",
	}, "\n\n") + "\n"
}
