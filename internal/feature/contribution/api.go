package contribution

import (
	"context"
	"net/http"

	"alliance/internal/platform/access"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
	"alliance/internal/platform/web"
)

// contributionJSON is a proposal as programs see it: its author never.
type contributionJSON struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	State   string `json:"state" enum:"asked,waiting,changes,published,refused"`
	Round   int    `json:"round" doc:"Give this with a decision: words that were changed since are not decided upon"`
	Country string `json:"country,omitempty"`
	Since   int64  `json:"since" doc:"microseconds since 1970, UTC"`
	Due     int64  `json:"due,omitempty" doc:"when the next wider pair may decide, too"`
	Ended   int64  `json:"ended,omitempty"`
	Reason  string `json:"reason,omitempty" doc:"of a refusal"`
	Entry   string `json:"entry,omitempty" doc:"the record it became"`
	Changes string `json:"changes,omitempty" doc:"published record it would change"`
	// Conflicts are the questions in which somebody else changed the record since.
	Conflicts []string     `json:"conflicts,omitempty" doc:"of a change: questions somebody else changed since; it cannot be agreed to like this"`
	Record    *record.JSON `json:"record,omitempty" doc:"as it would be published; only for its author and those who look at it"`
	Said      []saidJSON   `json:"said"`
}

type saidJSON struct {
	Round        int    `json:"round"`
	Seat         string `json:"seat" enum:"authority,association,coordination"`
	Organisation string `json:"organisation,omitempty"`
	Act          string `json:"act" enum:"agree,change,refuse"`
	Reason       string `json:"reason,omitempty"`
	Words        string `json:"words,omitempty" doc:"to the author: only for the author and those who look at it"`
	Lang         string `json:"lang,omitempty"`
	At           int64  `json:"at"`
}

// jsonOf gives a contribution for the public: no words of anybody.
func jsonOf(c Contribution, said []Said) contributionJSON {
	j := contributionJSON{ID: c.ID, Kind: c.Kind, State: string(c.State), Round: c.Round, Country: c.Place.Country, Since: int64(c.At), Due: int64(c.Due), Ended: int64(c.Ended), Reason: string(c.Reason), Entry: c.Entry, Changes: c.Changes, Said: []saidJSON{}}
	for _, s := range said {
		j.Said = append(j.Said, saidJSON{Round: s.Round, Seat: string(s.Seat), Organisation: s.Organisation, Act: string(s.Act), Reason: string(s.Reason), At: int64(s.At)})
	}
	return j
}

// whole is jsonOf with the words, for those who may read them.
func (f *Feature) whole(ctx context.Context, q db.Q, c Contribution) (contributionJSON, error) {
	said, err := saidOf(ctx, q, c.ID)
	if err != nil {
		return contributionJSON{}, err
	}
	j := jsonOf(c, said[c.ID])
	for i, s := range said[c.ID] {
		j.Said[i].Words, j.Said[i].Lang = s.Words, s.Lang
	}
	if c.State.Over() {
		return j, nil
	}
	of, err := alliance.Load(ctx, q)
	if err != nil {
		return j, err
	}
	k, err := f.looked(c.Kind)
	if err != nil {
		return j, err
	}
	if c.Changes != "" {
		p, err := f.applied(ctx, q, k, of, c)
		if unlessTheirs(err) != nil {
			return j, err
		}
		j.Conflicts = p.Conflicts
	}
	r, _, err := f.shown(ctx, q, k, of, c)
	shape := r.JSON()
	j.Record = &shape
	return j, err
}

type contributionOut struct{ Body contributionJSON }

type contributionsOut struct {
	Body struct {
		Proposals []contributionJSON `json:"proposals"`
	}
}

func (f *Feature) api(a *web.API) {
	f.authorAPI(a)
	f.pairAPI(a)
	f.rulesAPI(a)
	f.reportsAPI(a)
}

type proposeIn struct {
	Kind string `path:"kind" maxLength:"40"`
	Body struct {
		Email    string       `json:"email" maxLength:"254" doc:"Shown to nobody, and erased with the answer"`
		MailLang string       `json:"mailLang" maxLength:"35" doc:"Interface language of the mails"`
		Record   record.Write `json:"record"`
	}
}

type changeIn struct {
	ID   string `path:"id" maxLength:"16" doc:"of the record"`
	Body struct {
		Email    string `json:"email" maxLength:"254" doc:"Shown to nobody, and erased with the answer"`
		MailLang string `json:"mailLang" maxLength:"35" doc:"Interface language of the mails"`
	}
}

type linkIn struct {
	Secret string `path:"secret" maxLength:"64" doc:"Of the author's link"`
}

type rewriteIn struct {
	Secret string `path:"secret" maxLength:"64" doc:"Of the author's link"`
	Body   record.Write
}

type secretOut struct {
	Body struct {
		Secret string `json:"secret" doc:"Of the link that stays"`
	}
}

// authorAPI is for whoever has no account: they hold a link from their mail.
func (f *Feature) authorAPI(a *web.API) {
	op := func(id, method, path, summary string, status int) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Tag: "proposals", Policy: access.Everyone, Summary: summary, Status: status}
	}
	web.Handle(a, op("propose", http.MethodPost, "/propose/{kind}", "Proposes a record without an account. A mail asks the address to confirm.", http.StatusAccepted), func(c *web.Call, in *proposeIn) (*struct{}, error) {
		p := Proposing{Kind: in.Kind, Typed: in.Body.Record.Typed(), Author: Author{Email: in.Body.Email, Lang: offered(in.Body.MailLang, c.Printer.Lang())}, Network: c.Network()}
		of, err := alliance.Load(c, c.DB)
		if err == nil {
			err = f.limit(c, p.Network, p.Author.Email)
		}
		if err != nil {
			return nil, err
		}
		_, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return "sent", f.Propose(ctx, tx, of, p) })
		return nil, err
	})
	web.Handle(a, op("ask-change", http.MethodPost, "/change/{id}", "Asks for a link that changes one published record. It goes to the address by mail, and works with the operations on /proposed.", http.StatusAccepted), func(c *web.Call, in *changeIn) (*struct{}, error) {
		x := ChangeAsked{Entry: in.ID, Author: Author{Email: in.Body.Email, Lang: offered(in.Body.MailLang, c.Printer.Lang())}, Network: c.Network()}
		if err := f.limit(c, x.Network, x.Author.Email); err != nil {
			return nil, err
		}
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return "sent", f.AskChange(ctx, tx, x) })
		return nil, err
	})
	web.Handle(a, op("get-proposed", http.MethodGet, "/proposed/{secret}", "How a proposal stands, for its author.", 0), func(c *web.Call, in *linkIn) (*contributionOut, error) {
		one, err := f.bySecret(c, c.DB, in.Secret)
		if err != nil {
			return nil, err
		}
		j, err := f.whole(c, c.DB, one)
		return &contributionOut{j}, err
	})
	web.Handle(a, op("confirm-proposed", http.MethodPost, "/proposed/{secret}", "Confirms the address: the link is used up, another one stays.", 0), func(c *web.Call, in *linkIn) (*secretOut, error) {
		out := &secretOut{}
		var err error
		out.Body.Secret, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return f.Confirm(ctx, tx, in.Secret) })
		return out, err
	})
	web.Handle(a, op("change-proposed", http.MethodPut, "/proposed/{secret}", "Changes a proposal that is not decided.", http.StatusNoContent), func(c *web.Call, in *rewriteIn) (*struct{}, error) {
		of, err := alliance.Load(c, c.DB)
		if err != nil {
			return nil, err
		}
		_, err = c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "changed", f.Rewrite(ctx, tx, of, in.Secret, in.Body.Typed())
		})
		return nil, err
	})
	web.Handle(a, op("take-back-proposed", http.MethodDelete, "/proposed/{secret}", "Takes a proposal back: all of it is deleted.", http.StatusNoContent), func(c *web.Call, in *linkIn) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return "gone", f.TakeBack(ctx, tx, in.Secret) })
		return nil, err
	})
}

type proposalIn struct {
	ID string `path:"id" maxLength:"16"`
}

type decideIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Round  int    `json:"round"`
		Act    string `json:"act" enum:"agree,change,refuse"`
		Reason string `json:"reason,omitempty" maxLength:"20"`
		Words  string `json:"words,omitempty" maxLength:"2000"`
		Lang   string `json:"lang,omitempty" maxLength:"35"`
	}
}

// pairAPI is for those who look at what is proposed.
func (f *Feature) pairAPI(a *web.API) {
	op := func(id, method, path, summary string) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Tag: "proposals", Policy: decides, Summary: summary}
	}
	web.Handle(a, op("list-proposals-to-validate", http.MethodGet, "/validate", "What waits for the word of your side."), func(c *web.Call, _ *struct{}) (*contributionsOut, error) {
		list, err := f.forActor(c, c.DB, c.Actor)
		out := &contributionsOut{}
		out.Body.Proposals = []contributionJSON{}
		for _, one := range list {
			j, err := f.whole(c, c.DB, one)
			if err != nil {
				return nil, err
			}
			out.Body.Proposals = append(out.Body.Proposals, j)
		}
		return out, err
	})
	web.Handle(a, op("decide-proposal", http.MethodPost, "/validate/{id}", "The word of your side about a proposal."), func(c *web.Call, in *decideIn) (*contributionOut, error) {
		of, err := alliance.Load(c, c.DB)
		if err != nil {
			return nil, err
		}
		s := Said{Contribution: in.ID, Round: in.Body.Round, Act: Act(in.Body.Act), Reason: Reason(in.Body.Reason), Words: in.Body.Words, Lang: in.Body.Lang}
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			one, err := f.Decide(ctx, tx, c.Actor, of, s)
			return one.ID, err
		}); err != nil {
			return nil, err
		}
		one, err := f.byID(c, c.DB, in.ID)
		if err != nil {
			return nil, err
		}
		j, err := f.whole(c, c.DB, one)
		return &contributionOut{j}, err
	})
}

type validatorJSON struct {
	ID           string `json:"id"`
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Seat         string `json:"seat" enum:"authority,association"`
	Country      string `json:"country,omitempty" doc:"ISO 3166-1 alpha-2; none = everywhere"`
	Town         string `json:"town,omitempty" doc:"middle of a region; none = the whole country"`
	Km           int    `json:"km,omitempty" doc:"how far the region reaches"`
	Theme        string `json:"theme,omitempty" doc:"none = every theme"`
}

type validatorsOut struct {
	Body struct {
		Validators []validatorJSON `json:"validators"`
	}
}

type appointIn struct {
	Body struct {
		Organisation string `json:"organisation" maxLength:"300" doc:"identifier, or name as in the directory"`
		Country      string `json:"country,omitempty" maxLength:"100"`
		Town         string `json:"town,omitempty" maxLength:"200"`
		Km           int    `json:"km,omitempty" minimum:"0" maximum:"1000"`
		Theme        string `json:"theme,omitempty" maxLength:"40"`
	}
}

type logIn struct {
	Before int64 `query:"before" doc:"only what ended before this instant, in microseconds"`
}

type policyOut struct {
	Body struct {
		Version int               `json:"version" doc:"0 = what comes with the house"`
		Words   map[string]string `json:"words" doc:"by language"`
	}
}

type policyIn struct {
	Body struct {
		Version int    `json:"version" doc:"the one that was read"`
		Lang    string `json:"lang" maxLength:"35"`
		Words   string `json:"words" maxLength:"20000"`
	}
}

// rulesAPI is the log and the rules for everybody, and what the coordination sets.
func (f *Feature) rulesAPI(a *web.API) {
	op := func(id, method, path, summary string, p access.Policy) web.Op {
		return web.Op{ID: id, Method: method, Path: path, Tag: "proposals", Policy: p, Summary: summary}
	}
	web.Handle(a, op("list-decided-proposals", http.MethodGet, "/moderation", "What was decided about proposals, when, by which pair and why.", access.Everyone), func(c *web.Call, in *logIn) (*contributionsOut, error) {
		v, err := f.logView(c, c.Actor, db.Instant(in.Before))
		out := &contributionsOut{}
		out.Body.Proposals = []contributionJSON{}
		for _, d := range v.List {
			d.Contribution.Entry = d.Entry.ID // only what the reader may know of
			out.Body.Proposals = append(out.Body.Proposals, jsonOf(d.Contribution, d.last()))
		}
		return out, err
	})
	web.Handle(a, op("get-policy", http.MethodGet, "/policy", "What is published, and what is kept.", access.Everyone), func(c *web.Call, _ *struct{}) (*policyOut, error) {
		p, err := policyNow(c, c.DB)
		out := &policyOut{}
		out.Body.Version, out.Body.Words = p.Version, record.Versions(p.Words)
		if p.Version == 0 {
			out.Body.Words[c.Printer.Lang()] = f.houseRules(c.Printer.Lang())
		}
		return out, err
	})
	web.Handle(a, op("write-policy", http.MethodPut, "/policy", "Changes the rules in one language.", steers), func(c *web.Call, in *policyIn) (*policyOut, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "policy", WritePolicy(ctx, tx, c.Actor, in.Body.Version, in.Body.Lang, in.Body.Words)
		})
		if err != nil {
			return nil, err
		}
		p, err := policyNow(c, c.DB)
		out := &policyOut{}
		out.Body.Version, out.Body.Words = p.Version, record.Versions(p.Words)
		return out, err
	})
	list := func(ctx context.Context) (*validatorsOut, error) {
		all, err := validators(ctx, f.DB)
		out := &validatorsOut{}
		out.Body.Validators = []validatorJSON{}
		for _, v := range all {
			out.Body.Validators = append(out.Body.Validators, validatorJSON{ID: v.ID, Organisation: v.Organisation, Name: v.Name, Seat: string(v.Seat), Country: v.Area.Country, Town: v.Area.Town, Km: v.Area.Km, Theme: v.Theme})
		}
		return out, err
	}
	web.Handle(a, op("list-validators", http.MethodGet, "/validators", "Who looks where.", steers), func(c *web.Call, _ *struct{}) (*validatorsOut, error) { return list(c) })
	web.Handle(a, op("appoint-validator", http.MethodPost, "/validators", "Appoints an organisation for an area and a theme.", steers), func(c *web.Call, in *appointIn) (*validatorsOut, error) {
		of, err := alliance.Load(c, c.DB)
		if err != nil {
			return nil, err
		}
		b := in.Body
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			v, err := readValidator(ctx, tx, c.Actor, map[string]string{"organisation": b.Organisation, "country": b.Country, "town": b.Town, "km": itoa(b.Km), "theme": b.Theme})
			if err != nil {
				return "", err
			}
			return v.ID, Appoint(ctx, tx, c.Actor, of, v)
		}); err != nil {
			return nil, err
		}
		return list(c)
	})
	web.Handle(a, op("dismiss-validator", http.MethodPost, "/validators/{id}/end", "Ends an appointment.", steers), func(c *web.Call, in *proposalIn) (*validatorsOut, error) {
		if !c.Actor.Is(people.Coordinator) {
			return nil, access.Denied()
		}
		if _, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) { return in.ID, Dismiss(ctx, tx, c.Actor, in.ID) }); err != nil {
			return nil, err
		}
		return list(c)
	})
}

type reportIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Reason string `json:"reason" enum:"wrong,old,closed,private,danger,double,other"`
		Words  string `json:"words" maxLength:"2000"`
		Lang   string `json:"lang" maxLength:"35" doc:"Of the words, and of the answer"`
		Email  string `json:"email,omitempty" maxLength:"254" doc:"Only to hear what was done; erased with the answer"`
	}
}

type settleIn struct {
	ID   string `path:"id" maxLength:"16"`
	Body struct {
		Outcome string `json:"outcome" enum:"mended,kept,withdrawn"`
	}
}

type errorReportJSON struct {
	ID     string `json:"id"`
	Entry  string `json:"entry"`
	Reason string `json:"reason"`
	Words  string `json:"words"`
	Lang   string `json:"lang"`
	At     int64  `json:"at" doc:"microseconds since 1970, UTC"`
}

type errorReportsOut struct {
	Body struct {
		Reports []errorReportJSON `json:"reports"`
	}
}

// reportsAPI is for errors on the page of a record.
func (f *Feature) reportsAPI(a *web.API) {
	web.Handle(a, web.Op{ID: "report-error", Method: http.MethodPost, Path: "/entries/{id}/errors", Tag: "proposals", Policy: access.Everyone, Status: http.StatusAccepted, Summary: "Reports an error in a record, without an account."}, func(c *web.Call, in *reportIn) (*struct{}, error) {
		if err := f.limitReports(c, c.Network()); err != nil {
			return nil, err
		}
		b := in.Body
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return "sent", f.Tell(ctx, tx, c.Actor, Report{Entry: in.ID, Reason: b.Reason, Words: b.Words, Lang: b.Lang, Author: Author{b.Email, offered(b.Lang, c.Printer.Lang())}})
		})
		return nil, err
	})
	web.Handle(a, web.Op{ID: "list-errors", Method: http.MethodGet, Path: "/reports", Tag: "proposals", Policy: decides, Summary: "Reported errors that wait for you: never who reported them."}, func(c *web.Call, _ *struct{}) (*errorReportsOut, error) {
		list, err := f.reports(c, c.DB, c.Actor)
		out := &errorReportsOut{}
		out.Body.Reports = []errorReportJSON{}
		for _, r := range list {
			out.Body.Reports = append(out.Body.Reports, errorReportJSON{r.ID, r.Entry, r.Reason, r.Words, r.Lang, int64(r.At)})
		}
		return out, err
	})
	web.Handle(a, web.Op{ID: "settle-error", Method: http.MethodPost, Path: "/reports/{id}", Tag: "proposals", Policy: decides, Status: http.StatusNoContent, Summary: "Says what was done about a reported error."}, func(c *web.Call, in *settleIn) (*struct{}, error) {
		_, err := c.Write(func(ctx context.Context, tx *db.Tx) (string, error) {
			return in.ID, f.Settle(ctx, tx, c.Actor, in.ID, in.Body.Outcome)
		})
		return nil, err
	})
}
