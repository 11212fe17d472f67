package trace

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/web"
)

// EntryJSON is an entry as programs see it.
type EntryJSON struct {
	ID           string              `json:"id"`
	Kind         string              `json:"kind"`
	Class        string              `json:"class,omitempty" doc:"the kind's own classification"`
	Parent       string              `json:"parent,omitempty" doc:"entry it lives in"`
	Organisation string              `json:"organisation,omitempty"`
	Signed       string              `json:"signed,omitempty" doc:"name given by somebody without an account"`
	Lang         string              `json:"lang" doc:"original language, BCP 47"`
	Texts        map[string]TextJSON `json:"texts"`
	State        string              `json:"state"`
	Audience     string              `json:"audience"`
	Created      int64               `json:"created" doc:"microseconds since 1970, UTC"`
	Changed      int64               `json:"changed"`
	Revision     int                 `json:"revision"`
}

// TextJSON is a text in its languages.
type TextJSON struct {
	Original     string            `json:"original" doc:"language of the original"`
	Versions     map[string]string `json:"versions" doc:"words by language"`
	OutOfDate    []string          `json:"out_of_date,omitempty" doc:"translations made before the original last changed"`
	TranslatedBy map[string]string `json:"translated_by,omitempty"`
}

// JSONOf shapes an entry for the API.
func JSONOf(e entry.Entry) EntryJSON {
	j := EntryJSON{ID: e.ID, Kind: e.Kind, Class: e.Class, Parent: e.Parent, Organisation: e.Organisation, Signed: e.Signed, Lang: e.Lang,
		State: string(e.State), Audience: string(e.Audience), Created: int64(e.Created), Changed: int64(e.Changed), Revision: e.Revision, Texts: map[string]TextJSON{}}
	for name, t := range e.Fields {
		j.Texts[name] = textJSON(t)
	}
	return j
}

func textJSON(t lang.Text) TextJSON {
	j := TextJSON{Original: t.Orig, Versions: map[string]string{}, TranslatedBy: map[string]string{}}
	for _, tag := range t.Languages() {
		v := t.V[tag]
		j.Versions[tag] = v.S
		if tag != t.Orig && v.R < t.V[t.Orig].R {
			j.OutOfDate = append(j.OutOfDate, tag)
		}
		if v.By != "" {
			j.TranslatedBy[tag] = v.By
		}
	}
	return j
}

type derivationJSON struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind"`
	At           int64      `json:"at"`
	Person       string     `json:"person,omitempty"`
	Organisation string     `json:"organisation,omitempty"`
	Role         string     `json:"role,omitempty"`
	Reason       *TextJSON  `json:"reason,omitempty"`
	Certain      bool       `json:"certain" doc:"false: a reading of the sources, to be confirmed"`
	UndoneBy     string     `json:"undone_by,omitempty"`
	Parents      []linkJSON `json:"parents"`
	Children     []linkJSON `json:"children"`
}

type linkJSON struct {
	Entry    string `json:"entry"`
	Revision int    `json:"revision"`
	Taken    string `json:"taken,omitempty"`
	LeftOut  string `json:"left_out,omitempty"`
	Why      string `json:"why,omitempty"`
}

type idInput struct {
	ID string `path:"id" maxLength:"16"`
}

func (t *Trace) api(a *web.API) {
	type entryOut struct{ Body EntryJSON }
	web.Handle(a, web.Op{ID: "get-entry", Method: http.MethodGet, Path: "/entries/{id}", Tag: "trace", Policy: access.Everyone,
		Summary: "Any entry, with its texts in all languages"},
		func(c *web.Call, in *idInput) (*entryOut, error) {
			e, err := entry.See(c, c.DB, c.Actor, "", in.ID)
			return &entryOut{JSONOf(e)}, err
		})

	type lineageOut struct {
		Body struct {
			Root        string           `json:"root"`
			Entries     []EntryJSON      `json:"entries"`
			Derivations []derivationJSON `json:"derivations"`
			Truncated   bool             `json:"truncated"`
		}
	}
	web.Handle(a, web.Op{ID: "get-lineage", Method: http.MethodGet, Path: "/entries/{id}/lineage", Tag: "trace", Policy: access.Everyone,
		Summary: "Where an entry comes from and what became of it"},
		func(c *web.Call, in *idInput) (*lineageOut, error) {
			s, err := Tell(c, c.DB, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			out := &lineageOut{}
			out.Body.Root, out.Body.Truncated = s.Root.ID, s.Truncated
			for _, b := range s.Drawing.Boxes {
				out.Body.Entries = append(out.Body.Entries, JSONOf(s.Entries[b.Entry]))
			}
			out.Body.Derivations = []derivationJSON{}
			for _, d := range s.Derivations {
				j := derivationJSON{ID: d.ID, Kind: string(d.Kind), At: int64(d.At), Person: d.Person, Organisation: d.Organisation, Role: d.Role,
					Certain: d.Certain, UndoneBy: d.UndoneBy, Parents: []linkJSON{}, Children: []linkJSON{}}
				if !d.Reason.Empty() {
					reason := textJSON(d.Reason)
					j.Reason = &reason
				}
				for _, l := range d.Parents {
					j.Parents = append(j.Parents, linkJSON(l))
				}
				for _, l := range d.Children {
					j.Children = append(j.Children, linkJSON(l))
				}
				out.Body.Derivations = append(out.Body.Derivations, j)
			}
			return out, nil
		})

	type revisionJSON struct {
		Revision     int                 `json:"revision"`
		At           int64               `json:"at"`
		Person       string              `json:"person,omitempty"`
		Organisation string              `json:"organisation,omitempty"`
		State        string              `json:"state"`
		Texts        map[string]TextJSON `json:"texts"`
		Facts        map[string]string   `json:"facts,omitempty"`
	}
	type historyOut struct{ Body []revisionJSON }
	web.Handle(a, web.Op{ID: "get-history", Method: http.MethodGet, Path: "/entries/{id}/history", Tag: "trace", Policy: access.Everyone,
		Summary: "Every version of an entry, newest first"},
		func(c *web.Call, in *idInput) (*historyOut, error) {
			if _, err := entry.See(c, c.DB, c.Actor, "", in.ID); err != nil {
				return nil, err
			}
			revisions, err := entry.Revisions(c, c.DB, in.ID)
			out := &historyOut{Body: []revisionJSON{}}
			for _, r := range revisions {
				j := revisionJSON{Revision: r.Revision, At: int64(r.At), Person: r.Person, Organisation: r.Organisation, State: string(r.State), Texts: map[string]TextJSON{}, Facts: r.Facts}
				for name, text := range r.Fields {
					j.Texts[name] = textJSON(text)
				}
				out.Body = append(out.Body, j)
			}
			return out, err
		})

	type translateIn struct {
		ID   string `path:"id" maxLength:"16"`
		Body struct {
			Field string `json:"field" maxLength:"64"`
			Lang  string `json:"lang" maxLength:"35"`
			Words string `json:"words" maxLength:"20000"`
		}
	}
	web.Handle(a, web.Op{ID: "translate-entry", Method: http.MethodPost, Path: "/entries/{id}/translations", Tag: "trace", Policy: access.SignedIn,
		Summary: "Add or replace a translation of one text"},
		func(c *web.Call, in *translateIn) (*entryOut, error) {
			_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				e, err := entry.Translate(ctx, tx, c.Actor, in.ID, in.Body.Field, in.Body.Lang, in.Body.Words)
				return e.ID, err
			})
			if err != nil {
				return nil, err
			}
			e, err := entry.See(c, c.DB, c.Actor, "", in.ID)
			return &entryOut{JSONOf(e)}, err
		})

	type journalIn struct {
		Before  int64  `query:"before" doc:"lines with a smaller number"`
		Subject string `query:"subject" maxLength:"16"`
		Scope   string `query:"scope" maxLength:"16"`
		Person  string `query:"person" maxLength:"16" doc:"who did it"`
		For     string `query:"for" maxLength:"16" doc:"the organisation it was done for"`
	}
	type lineJSON struct {
		N            int64  `json:"n"`
		At           int64  `json:"at"`
		Person       string `json:"person,omitempty"`
		Organisation string `json:"organisation,omitempty"`
		Verb         string `json:"verb"`
		Kind         string `json:"kind"`
		Subject      string `json:"subject"`
		Hash         string `json:"hash" doc:"over the line before and this one"`
	}
	type journalOut struct{ Body []lineJSON }
	web.Handle(a, web.Op{ID: "list-journal", Method: http.MethodGet, Path: "/journal", Tag: "trace", Policy: access.SignedIn,
		Summary: "Who did what, for whom, newest first"},
		func(c *web.Call, in *journalIn) (*journalOut, error) {
			events, err := t.visibleEvents(c, c.Actor, journal.Filter{Before: in.Before, Subject: in.Subject, Scope: in.Scope, Person: in.Person, Organisation: in.For})
			out := &journalOut{Body: []lineJSON{}}
			for _, e := range events.Lines {
				out.Body = append(out.Body, lineJSON{e.N, int64(e.At), e.Person, e.Organisation, e.Verb, e.Kind, e.Subject, e.Hash})
			}
			return out, err
		})
}
