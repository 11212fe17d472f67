package directory

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/web"
)

// What programs may do beside reading and writing organisations: check them,
// and correct them.

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
