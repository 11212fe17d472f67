package campaign

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// rollJSON is who stands by a text, as programs read it.
type rollJSON struct {
	Stage     Stage           `json:"stage" enum:"coming,open,closed,sent" doc:"Where the text stands today"`
	Kinds     []Count         `json:"kinds" doc:"How many organisations of each kind stand by it"`
	Standing  []signatureJSON `json:"standing"`
	Withdrawn []signatureJSON `json:"withdrawn" doc:"Taken back"`
}

type signatureJSON struct {
	ID        string `json:"id"`
	Signer    string `json:"signer" doc:"Identifier of the organisation"`
	Name      string `json:"name"`
	Lang      string `json:"lang" doc:"Of the name, BCP 47"`
	Kind      string `json:"kind" doc:"Of the organisation"`
	Signed    string `json:"signed" doc:"Day"`
	Withdrawn string `json:"withdrawn,omitempty" doc:"Day"`
	Way       string `json:"way" enum:"mandate,paper" doc:"Signed here under a mandate, or noted by the coordination"`
	Decided   string `json:"decided,omitempty" doc:"Day of the vote behind it"`
	Number    string `json:"number,omitempty" doc:"Of the decision"`
	Document  string `json:"document,omitempty"`
}

func (r Roll) json(list []Signature, tag string) []signatureJSON {
	out := make([]signatureJSON, len(list))
	for i, s := range list {
		who := r.Names[s.Signer]
		name := who.Title().In(tag)
		out[i] = signatureJSON{s.ID, who.ID, name.S, name.Lang, who.Class, s.Signed, s.Withdrawn, s.Way, s.Decided, s.Number, s.Document}
	}
	return out
}

type textInput struct {
	ID string `path:"id" maxLength:"16"`
}

type rollOutput struct{ Body rollJSON }

type signInput struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Lang     string `json:"lang" doc:"Language of the words, BCP 47"`
		Word     string `json:"word,omitempty" maxLength:"600" doc:"Said with the signature"`
		Decided  string `json:"decided,omitempty" maxLength:"10" doc:"Day of the vote behind it, or month or year"`
		Number   string `json:"number,omitempty" maxLength:"80" doc:"Of the decision"`
		Document string `json:"document,omitempty" maxLength:"300"`
	}
}

type noteInput struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Signer   string `json:"signer" maxLength:"300" doc:"Identifier or name of the organisation"`
		Day      string `json:"day" maxLength:"10" doc:"On which it signed"`
		Lang     string `json:"lang" doc:"Language of the words, BCP 47"`
		Word     string `json:"word,omitempty" maxLength:"600" doc:"Said with the signature"`
		Decided  string `json:"decided,omitempty" maxLength:"10" doc:"Day of the vote behind it, or month or year"`
		Number   string `json:"number,omitempty" maxLength:"80" doc:"Of the decision, or of the letter in the files; this or document is needed"`
		Document string `json:"document,omitempty" maxLength:"300"`
	}
}

func (x *Campaigns) api(a *web.API) {
	x.kind.API(a)
	x.signatures.API(a)
	op := func(id, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Summary: summary, Tag: "campaigns", Policy: p}
	}
	roll := func(c *web.Call, id string) (*rollOutput, error) {
		text, err := x.kind.See(c, x.DB, c.Actor, id)
		if err != nil {
			return nil, err
		}
		r, err := x.Roll(c, x.DB, c.Actor, id)
		tag := c.Printer.Lang()
		return &rollOutput{rollJSON{campaignOf(text).Stage(x.DB.Now().Day()), append([]Count{}, r.Kinds()...), r.json(r.Standing, tag), r.json(r.Withdrawn, tag)}}, err
	}
	web.Handle(a, op("who-signed", http.MethodGet, "/campaigns/{id}/signatures", "Gives who stands by a text, and who took a signature back.", access.Everyone),
		func(c *web.Call, in *textInput) (*rollOutput, error) { return roll(c, in.ID) })
	put := func(c *web.Call, id string, s Signing, do func(context.Context, *db.Tx, people.Actor, string, Signing) error) (*rollOutput, error) {
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return id, do(ctx, tx, c.Actor, id, s) }); err != nil {
			return nil, err
		}
		return roll(c, id)
	}
	web.Handle(a, op("sign", http.MethodPost, "/campaigns/{id}/sign", "Signs a text for the organisation of the token.", signers), func(c *web.Call, in *signInput) (*rollOutput, error) {
		b := in.Body
		return put(c, in.ID, Signing{Lang: b.Lang, Word: b.Word, Decided: b.Decided, Number: b.Number, Document: b.Document}, x.Sign)
	})
	web.Handle(a, op("note-signature", http.MethodPost, "/campaigns/{id}/note", "Notes that an organisation signed a text on paper or by mail.", noters), func(c *web.Call, in *noteInput) (*rollOutput, error) {
		b := in.Body
		return put(c, in.ID, Signing{Signer: b.Signer, Day: b.Day, Lang: b.Lang, Word: b.Word, Decided: b.Decided, Number: b.Number, Document: b.Document}, x.Note)
	})
	web.Handle(a, web.Op{ID: "take-signature-back", Method: http.MethodPost, Path: "/signatures/{id}/take-back", Summary: "Takes a signature back; it stays in the list, with the day.", Tag: "signatures", Policy: signers.Or(noters)},
		func(c *web.Call, in *textInput) (*rollOutput, error) {
			if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
				return in.ID, x.TakeBack(ctx, tx, c.Actor, in.ID)
			}); err != nil {
				return nil, err
			}
			r, err := x.signatures.See(c, x.DB, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			return roll(c, signatureOf(r).Campaign)
		})
}
