package contribution

import (
	"context"
	"errors"
	"strings"

	"github.com/a-h/templ"

	"alliance/internal/platform/db"
	"alliance/internal/platform/design"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// section is a part of the rules that come with the house.
type section struct{ Title, Text locale.Phrase }

// rules come with the house, in all its languages, until the coordination
// writes its own.
var rules = []section{
	{locale.Phrase{Key: "contribution.rules.what", English: "What belongs here"},
		locale.Phrase{Key: "contribution.rules.what.text", English: "Places that help, practices, trainings, organisations and the like, where they serve a welcome for all. Anybody may propose one, in any language, with or without an account."}},
	{locale.Phrase{Key: "contribution.rules.not", English: "What does not"},
		locale.Phrase{Key: "contribution.rules.not.text", English: "Names, addresses or papers of private people. What could put somebody in danger. Hatred and insults. Advertising. What nobody can verify."}},
	{locale.Phrase{Key: "contribution.rules.who", English: "Who decides"},
		locale.Phrase{Key: "contribution.rules.who.text", English: "A local authority and an association of the same area look together at what is proposed. Both must agree. One of them can refuse, or ask for a change, and always says why. After two weeks the next wider pair may decide, too; after the last one, the coordination."}},
	{locale.Phrase{Key: "contribution.rules.log", English: "What is public"},
		locale.Phrase{Key: "contribution.rules.log.text", English: "Each decision, its date, who took it and the reason. Never who proposed or reported something. Of what was refused, not even the title."}},
	{locale.Phrase{Key: "contribution.rules.keep", English: "What we keep of you"},
		locale.Phrase{Key: "contribution.rules.keep.text", English: "Your e-mail address, sealed, to send you a link and our answer. We erase it with the answer. What you do not confirm within two days is deleted. What is refused is deleted with the decision. We keep no network address."}},
	{locale.Phrase{Key: "contribution.rules.errors", English: "Errors"},
		locale.Phrase{Key: "contribution.rules.errors.text", English: "Every page has a link to report an error, without an account. Those who keep the page and the pair of its area see it. Whoever leaves an address is told what was done."}},
	{locale.Phrase{Key: "contribution.rules.change", English: "Who may change a page"},
		locale.Phrase{Key: "contribution.rules.change.text", English: "The organisation it is by, its partners, and the coordination. All versions stay to be read, with their dates."}},
}

// Policy is a version of what the coordination wrote; version 0 is what comes
// with the house.
type Policy struct {
	Version int
	At      db.Instant
	Words   lang.Text
}

const policyLongest = 20000

func policyNow(ctx context.Context, q db.Q) (Policy, error) {
	p, err := db.One(ctx, q, func(r db.Row) (p Policy, err error) {
		var words string
		if err = r.Scan(&p.Version, &p.At, &words); err != nil {
			return p, err
		}
		p.Words, err = lang.Parse(words)
		return p, err
	}, `SELECT version, at, words FROM contribution_policy ORDER BY version DESC LIMIT 1`)
	if errors.Is(err, db.ErrNone) {
		return Policy{}, nil
	}
	return p, err
}

// WritePolicy keeps a version: the rules in one language, the original where
// there is none yet, else a new original or a translation. version is the one
// that was read: of two at once the second is told.
func WritePolicy(ctx context.Context, tx *db.Tx, a people.Actor, version int, tag, words string) error {
	tag, ok := lang.Tag(tag)
	words = strings.TrimSpace(words)
	switch {
	case !ok:
		return fault.Invalid("lang", "entry.lang.unknown", "Choose the language you write in.")
	case words == "":
		return fault.Invalid("words", "contribution.policy.empty", "Write the rules.")
	case len([]rune(words)) > policyLongest:
		return fault.Invalid("words", "entry.text.long", "This text is too long: at most {n} characters.", "n", policyLongest)
	}
	p, err := policyNow(ctx, tx)
	if err != nil {
		return err
	}
	switch {
	case p.Version != version:
		return policyChanged()
	case p.Words.Empty():
		p.Words = lang.New(tag, words)
	case p.Words.Orig == tag:
		p.Words = p.Words.Rewrite(words, p.Version+1)
	default:
		p.Words = p.Words.Translate(tag, words, a.Person, int64(tx.Now()))
	}
	_, err = tx.Exec(ctx, `INSERT INTO contribution_policy (version, at, person, words) VALUES ($1,$2,$3,$4)`, version+1, tx.Now(), a.Person, p.Words.JSON())
	if db.IsDuplicate(err) {
		return policyChanged()
	}
	if err == nil {
		journal.Tell(tx, a, journal.Event{Verb: "policy.changed", Kind: "policy"})
	}
	return err
}

func policyChanged() error {
	return fault.Conflict("contribution.policy.changed", "Somebody else changed the rules meanwhile. Compare, then save again.")
}

type policyView struct {
	Policy
	MayEdit bool
	Lang    string // of the form
	Typed   string
}

func (f *Feature) policy(c *web.Ctx) error {
	p, err := policyNow(c.Context(), f.DB)
	if err != nil {
		return err
	}
	return c.Page(policyPage(c.View, policyView{Policy: p, MayEdit: c.Actor.Is(people.Coordinator)}))
}

// policyForm begins with what there is in the language, else with what comes
// with the house.
func (f *Feature) policyForm(c *web.Ctx) error {
	c.Private()
	p, err := policyNow(c.Context(), f.DB)
	if err != nil {
		return err
	}
	v := policyView{Policy: p, Lang: offered(c.Query("of"), c.Lang())}
	if v.Typed = p.Words.V[v.Lang].S; v.Typed == "" {
		v.Typed = f.houseRules(v.Lang)
	}
	return c.Page(policyFormPage(c.View, v))
}

// houseRules are the rules that come with the house, as one text.
func (f *Feature) houseRules(tag string) string {
	v := f.Catalog.For(tag)
	var parts []string
	for _, s := range rules {
		parts = append(parts, v.Say(s.Title), v.Say(s.Text))
	}
	return strings.Join(parts, "\n\n")
}

func (f *Feature) writePolicy(c *web.Ctx) error {
	c.Private()
	p, err := policyNow(c.Context(), f.DB)
	if err != nil {
		return err
	}
	v := policyView{Policy: p, Lang: offered(c.Form("lang"), c.Lang()), Typed: c.Form("words")}
	version := web.Whole(c.Form("version"))
	err = c.Write(c.View.T("contribution.policy.saved", "The rules are published."), func(ctx context.Context, tx *db.Tx) (string, error) {
		return "/policy", WritePolicy(ctx, tx, c.Actor, version, v.Lang, v.Typed)
	})
	if err != nil {
		return c.Retry(err, func(dv design.View) templ.Component { return policyFormPage(dv, v) })
	}
	return nil
}
