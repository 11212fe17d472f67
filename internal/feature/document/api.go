package document

import (
	"bytes"
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/web"
)

// documentJSON is a document as programs read it.
type documentJSON struct {
	ID       string `json:"id"`
	Words    string `json:"words" doc:"What it is; of a picture, what it shows"`
	Lang     string `json:"lang" doc:"Of the words, BCP 47"`
	Holds    string `json:"holds,omitempty" doc:"Language of the document itself, BCP 47"`
	Name     string `json:"name"`
	Type     string `json:"type" doc:"Media type"`
	Size     int64  `json:"size" doc:"Octets"`
	Width    int    `json:"width,omitempty" doc:"Pixels, of a picture"`
	Height   int    `json:"height,omitempty"`
	Consent  string `json:"consent,omitempty" enum:"nobody,agreed" doc:"Of a picture: nobody can be recognised, or those who can be agreed"`
	Credit   string `json:"credit,omitempty"`
	Licence  string `json:"licence,omitempty"`
	Address  string `json:"address" doc:"Of the file"`
	Appeared int64  `json:"at" doc:"Microseconds"`
}

func (f *Feature) json(c *web.Call, d Document) documentJSON {
	return documentJSON{ID: d.ID, Words: d.Words, Lang: d.Lang, Holds: d.Holds, Name: d.File.Name, Type: d.File.Type, Size: d.File.Size, Width: d.File.Width, Height: d.File.Height,
		Consent: d.Consent, Credit: d.Credit, Licence: d.Licence, Address: f.Origin + "/" + c.Printer.Lang() + path(d), Appeared: int64(d.At)}
}

// path is the address of the file, without the language.
func path(d Document) string { return "/documents/" + d.Entry + "/" + d.ID }

func (f *Feature) api(a *web.API) {
	type ofInput struct {
		ID string `path:"id" maxLength:"16" doc:"Of the record"`
	}
	type listOutput struct {
		Body struct {
			Documents []documentJSON `json:"documents"`
		}
	}
	op := func(id, method, path, summary string, p access.Policy, status int) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Summary: summary, Tag: "documents", Policy: p, Status: status}
	}
	web.Handle(a, op("list-documents", http.MethodGet, "/documents/{id}", "Lists the documents and pictures beside a record.", access.Everyone, 0), func(c *web.Call, in *ofInput) (*listOutput, error) {
		_, r, err := f.beside(c, f.DB, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		out := &listOutput{}
		out.Body.Documents = []documentJSON{}
		list, err := of(c, f.DB, r.ID)
		for _, d := range list {
			out.Body.Documents = append(out.Body.Documents, f.json(c, d))
		}
		return out, err
	})
	type addInput struct {
		ID   string `path:"id" maxLength:"16" doc:"Of the record"`
		Body struct {
			Words   string `json:"words" maxLength:"2000" doc:"What it is; of a picture, what it shows"`
			Lang    string `json:"lang,omitempty" maxLength:"35" doc:"Of the words, BCP 47"`
			Holds   string `json:"holds,omitempty" maxLength:"35" doc:"Language of the document itself, BCP 47"`
			Consent string `json:"consent,omitempty" enum:"nobody,agreed" doc:"Needed with a picture: nobody can be recognised, or those who can be agreed"`
			Credit  string `json:"credit,omitempty" maxLength:"2000"`
			Licence string `json:"licence,omitempty" maxLength:"20"`
			Name    string `json:"name" maxLength:"200" doc:"Of the file"`
			File    []byte `json:"file" doc:"base64"`
		}
	}
	type addOutput struct{ Body documentJSON }
	web.Handle(a, op("add-document", http.MethodPost, "/documents/{id}", "Puts a document or a picture beside a record.", access.SignedIn, http.StatusCreated), func(c *web.Call, in *addInput) (*addOutput, error) {
		if _, _, err := f.mine(c, f.DB, c.Actor, in.ID); err != nil {
			return nil, err // before anything is kept
		}
		d := Document{Entry: in.ID, Words: in.Body.Words, Lang: in.Body.Lang, Holds: in.Body.Holds, Consent: in.Body.Consent, Credit: in.Body.Credit, Licence: in.Body.Licence}.tidy(c.Printer.Lang())
		if err := d.validate(); err != nil {
			return nil, err
		}
		if len(in.Body.File) == 0 {
			return nil, missing()
		}
		taken, err := f.Files.Take(c, bytes.NewReader(in.Body.File), in.Body.Name, limits)
		if err != nil {
			return nil, err
		}
		made, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			d, err := f.Add(ctx, tx, c.Actor, d, taken)
			return d.ID, err
		})
		if err != nil {
			return nil, err
		}
		d, err = byID(c, f.DB, made)
		return &addOutput{f.json(c, d)}, err
	})
	type removeInput struct {
		ID       string `path:"id" maxLength:"16" doc:"Of the record"`
		Document string `path:"document" maxLength:"16"`
	}
	web.Handle(a, op("remove-document", http.MethodDelete, "/documents/{id}/{document}", "Takes a document away from a record and deletes its file.", access.SignedIn, http.StatusNoContent), func(c *web.Call, in *removeInput) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			d, err := f.Remove(ctx, tx, c.Actor, in.Document)
			return d.ID, err
		})
		return nil, err
	})
}
