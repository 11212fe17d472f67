package directory

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/web"
)

// What programs may do beside reading and writing organisations: check them,
// correct them, and lead a list on its way in.

func (d *Directory) apiCheck(c *web.Call, in *oneInput) (*oneOutput, error) {
	if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, check(ctx, tx, c.Actor, in.ID) }); err != nil {
		return nil, err
	}
	return d.apiGet(c, in)
}

type correctInput struct {
	ID   string `path:"id"`
	Body struct {
		Words string `json:"words" maxLength:"2000" doc:"What should change"`
		Proof string `json:"proof,omitempty" maxLength:"1000" doc:"How one can see that it is so"`
	}
}

type doneOutput struct {
	Body struct {
		Done bool `json:"done"`
	}
}

func done() *doneOutput {
	out := &doneOutput{}
	out.Body.Done = true
	return out
}

func (d *Directory) apiCorrect(c *web.Call, in *correctInput) (*doneOutput, error) {
	o, err := see(c, d.DB, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	if err := d.mayCorrect(c, c.Actor, o, in.Body.Words, in.Body.Proof); err != nil {
		return nil, err
	}
	_, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		return o.ID, tellCorrection(ctx, tx, c.Actor, o, in.Body.Words, in.Body.Proof)
	})
	return done(), err
}

type correctionJSON struct {
	ID           string `json:"id"`
	Organisation string `json:"organisation"`
	At           int64  `json:"at" doc:"microseconds since 1970, UTC"`
	Person       string `json:"person,omitempty"`
	Words        string `json:"words"`
	Proof        string `json:"proof,omitempty"`
}

func (d *Directory) apiCorrections(c *web.Call, _ *struct{}) (*struct{ Body []correctionJSON }, error) {
	list, err := openCorrections(c, d.DB)
	out := &struct{ Body []correctionJSON }{Body: []correctionJSON{}}
	for _, x := range list {
		out.Body = append(out.Body, correctionJSON{x.ID, x.Entry, int64(x.At), x.Person, x.Words, x.Proof})
	}
	return out, err
}

func (d *Directory) apiSettle(c *web.Call, in *oneInput) (*doneOutput, error) {
	_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
		return in.ID, settleCorrection(ctx, tx, in.ID, c.Actor.Person)
	})
	return done(), err
}

func (d *Directory) apiDrop(c *web.Call, in *oneInput) (*doneOutput, error) {
	_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, dropBatch(ctx, tx, in.ID) })
	return done(), err
}

type columnsInput struct {
	ID   string `path:"id"`
	Body struct {
		Columns []string `json:"columns" doc:"What each column holds: name, kind, country, city, website, languages, summary or empty"`
		Heading bool     `json:"heading" doc:"The first line names the columns"`
		Lang    string   `json:"lang,omitempty" doc:"Language the list is written in"`
	}
}

func (d *Directory) apiColumns(c *web.Call, in *columnsInput) (*batchOutput, error) {
	return d.batchDo(c, in.ID, func(ctx context.Context, tx *db.Tx, b Batch) error {
		tag := in.Body.Lang
		if tag == "" {
			tag = b.Lang
		}
		return understand(ctx, tx, b, in.Body.Columns, in.Body.Heading, tag)
	})
}
