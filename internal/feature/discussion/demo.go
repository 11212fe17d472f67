package discussion

import (
	"context"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
)

// said is one comment of the demonstration, by an invented person.
type said struct {
	name, answers string
	person        int // of those with a mandate, or all with own
	own           bool
	ago           time.Duration
	tag           string
	words         map[string]string // the original and what others translated
	state         State
}

// demoTalk is an invented discussion about an invented joint action, in four
// languages: one translated, one not yet, one withdrawn.
var demoTalk = []said{
	{name: "1", person: 0, ago: 90 * time.Hour, tag: "fr", words: map[string]string{
		"fr": "Le samedi matin marche bien. Qui peut tenir le guichet quand l’interprète est malade ?",
		"en": "Saturday mornings work well. Who can run the desk when the interpreter is ill?",
		"es": "Los sábados por la mañana funcionan bien. ¿Quién puede atender la ventanilla cuando la intérprete está enferma?"}},
	{name: "1.1", answers: "1", person: 1, ago: 80 * time.Hour, tag: "es", words: map[string]string{
		"es": "Nosotras tenemos una lista de voluntarias que hablan árabe y pular. La compartimos con gusto.",
		"fr": "Nous avons une liste de bénévoles qui parlent arabe et pular. Nous la partageons volontiers."}},
	{name: "1.1.1", answers: "1.1", person: 0, ago: 70 * time.Hour, tag: "fr", words: map[string]string{"fr": "Merci. Nous vous appelons lundi."}},
	{name: "1.2", answers: "1", person: 2, own: true, ago: 60 * time.Hour, tag: "ar", words: map[string]string{
		"ar": "يمكنني المساعدة يوم السبت مرة في الشهر، فقد احتجت أنا أيضاً إلى من يشرح لي الأوراق."}},
	{name: "2", person: 1, ago: 30 * time.Hour, tag: "pt", words: map[string]string{
		"pt": "Podemos pôr na porta um cartaz em várias línguas? Muita gente não sabe que o balcão existe.",
		"fr": "Pouvons-nous mettre sur la porte une affiche en plusieurs langues ? Beaucoup ne savent pas que ce guichet existe."}},
	{name: "2.1", answers: "2", person: 2, own: true, ago: 20 * time.Hour, tag: "fr", state: Withdrawn},
}

var demoSummary = lang.Of(map[string]string{
	"fr": "Une liste commune d’interprètes bénévoles est tenue. Une affiche en plusieurs langues sera mise à l’entrée. Reste à voir : qui paie l’impression.",
	"en": "A shared list of volunteer interpreters is kept. A poster in several languages will be put at the entrance. Still open: who pays for printing.",
	"es": "Se lleva una lista común de intérpretes voluntarias. En la entrada habrá un cartel en varias lenguas. Queda por ver quién paga la impresión.",
	"pt": "Há uma lista comum de intérpretes voluntários. À entrada haverá um cartaz em várias línguas. Falta saber quem paga a impressão.",
	"it": "Si tiene un elenco comune di interpreti volontari. All’ingresso ci sarà un cartello in più lingue. Resta da vedere chi paga la stampa.",
	"de": "Es gibt eine gemeinsame Liste freiwilliger Dolmetscherinnen und Dolmetscher. Am Eingang kommt ein Plakat in mehreren Sprachen. Offen ist, wer den Druck bezahlt.",
	"ar": "توجد قائمة مشتركة بالمترجمين المتطوعين. وسيُعلَّق عند المدخل ملصق بعدة لغات. ويبقى السؤال: من يدفع ثمن الطباعة؟",
})

// demo puts the discussion under the first joint action of the second meeting,
// with a report that waits and a thread that was closed.
func (d *Discussion) demo(ctx context.Context, tx *db.Tx) error {
	m := demo.Second()
	of := demo.EntryID(m.Slug, m.Actions[0].ID)
	var speakers []people.Actor
	for _, p := range demo.People() {
		if len(p.Mandate) == 0 {
			continue
		}
		a, err := people.ActorOf(ctx, tx, demo.PersonID(p.ID), demo.MandateID(p.ID), tx.Now())
		if err != nil {
			return err
		}
		speakers = append(speakers, a)
	}
	made := map[string]Comment{}
	for _, s := range demoTalk {
		a := speaker(speakers[s.person%len(speakers)], s.own)
		at := tx.Now().Add(-s.ago)
		c := Comment{ID: id.Named("demo/comment/" + s.name), Entry: of, Person: a.Person, Organisation: a.For(), Mandate: a.Mandate.ID,
			Words: lang.Of(s.words, s.tag), At: at, Changed: at, Revision: 1, State: s.state}
		if c.State == "" {
			c.State = Standing
		}
		c.Thread, c.Path = c.ID, c.ID
		if s.answers != "" {
			c.place(made[s.answers])
		}
		made[s.name] = c
		if err := add(ctx, tx, c); err != nil {
			return err
		}
	}
	sum := Comment{ID: id.Named("demo/comment/summary"), Entry: of, Summary: true, Person: speakers[0].Person, Words: demoSummary,
		At: tx.Now().Add(-10 * time.Hour), Changed: tx.Now().Add(-10 * time.Hour), Revision: 1, State: Standing}
	sum.Thread, sum.Path = sum.ID, sum.ID
	if err := add(ctx, tx, sum); err != nil {
		return err
	}
	if err := addModeration(ctx, tx, Moderation{Comment: made["1"].ID, Entry: of, Act: Kept, Reason: "off-topic", Person: speakers[0].Person}); err != nil {
		return err
	}
	return addReport(ctx, tx, Report{ID: id.New(), Comment: made["2"].ID, Reason: "off-topic"})
}
