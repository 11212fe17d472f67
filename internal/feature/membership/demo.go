package membership

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// DemoID gives a membership or a contact of the demonstration.
func DemoID(slug string) string { return id.Named("demo/membership/" + slug) }

// Networks of the demonstration, both invented.
const (
	quays = "quais-ouverts"
	tide  = "rede-mare-comum"
)

type sample struct {
	member, network, role string
	answers               record.Answers
}

// demo shows memberships of invented organisations alone: of the real ones the
// report tells that they took part in 2019, and of no membership.
func (x *Memberships) demo(ctx context.Context, tx *db.Tx) error {
	for _, v := range []Version{
		{Network: quays, Name: "2019", Adopted: "2019-11-30", Ended: "2025-06-30"}, {Network: quays, Name: "2024", Adopted: "2024-05-14"},
		{Network: tide, Name: "Carta 1", Adopted: "2021-09"},
	} {
		v.Network = demo.OrganisationID(v.Network)
		if err := putVersion(ctx, tx, people.Actor{}, v); err != nil {
			return err
		}
	}
	for _, s := range samples(tx.Now()) {
		r := record.Record{Answers: s.answers, Entry: entry.Entry{ID: DemoID(s.member + "/" + s.network), Organisation: demo.OrganisationID(s.member), Lang: "fr"}}
		if r.Answers == nil {
			r.Answers = record.Answers{}
		}
		r.Answers[member], r.Answers[network], r.Answers[role] = []string{demo.OrganisationID(s.member)}, []string{demo.OrganisationID(s.network)}, []string{s.role}
		if err := x.settle(ctx, tx, people.Actor{}, &r); err != nil {
			return err
		}
		if _, err := x.kind.Add(ctx, tx, people.Actor{}, r); err != nil {
			return err
		}
	}
	for _, c := range contactSamples {
		if _, err := x.contacts.Add(ctx, tx, people.Actor{}, record.Record{Answers: c.answers(), Entry: entry.Entry{
			ID: DemoID(c.slug), Organisation: demo.OrganisationID(c.of), Lang: c.title.Orig, Audience: c.audience,
			Fields: map[string]lang.Text{entry.Title: c.title, entry.Summary: c.when}}}); err != nil {
			return err
		}
	}
	return nil
}

func samples(now db.Instant) []sample {
	day := func(days int) []string { return []string{now.Time().AddDate(0, 0, days).Format("2006-01-02")} }
	voted := func(version string, day []string, no string, more ...record.Answers) record.Answers {
		a := record.Answers{charter: {version}, decided: day, number: {no}}
		for _, m := range more {
			for name, values := range m {
				a[name] = values
			}
		}
		return a
	}
	return []sample{
		{"ville-de-port-oriane", quays, "founder", voted("2024", []string{"2024-09-26"}, "2024-118", record.Answers{since: {"2019"}, election: day(-60)})},
		{"ville-de-port-oriane", tide, "member", voted("Carta 1", []string{"2022-03-17"}, "2022-031", record.Answers{since: {"2022-03-17"}, election: day(-60), confirmed: day(-12)})},
		{"camara-municipal-de-rio-lindeiro", tide, "founder", voted("Carta 1", []string{"2021-10-04"}, "12/2021", record.Answers{since: {"2021-09"}})},
		{"camara-municipal-de-rio-lindeiro", quays, "associate", voted("2019", []string{"2020-02-11"}, "4/2020", record.Answers{since: {"2020"}})},
		{"ayuntamiento-de-valdelumbre", quays, "member", voted("2024", []string{"2024-11-08"}, "77/24", record.Answers{since: {"2021"}})},
		{"ayuntamiento-de-valdelumbre", tide, "observer", record.Answers{since: {"2025"}}},
		{"union-solidaire-des-quais", quays, "board", record.Answers{since: {"2019"}, charter: {"2024"}}},
		{"casa-da-figueira", tide, "member", voted("Carta 1", []string{"2022-01-15"}, "AG 2022/3", record.Answers{since: {"2022"}})},
		{"casa-da-figueira", quays, "member", record.Answers{since: {"2020"}, until: {"2023-12-31"}}},
		{"collectif-les-pas-du-sahel", quays, "member", voted("2024", []string{"2025-01-19"}, "AG 2025/1", record.Answers{since: {"2025-01-19"}})},
		{"vozes-da-mare-alta", tide, "member", voted("Carta 1", []string{"2023-05-06"}, "AG 2023/2", record.Answers{since: {"2023"}})},
		{tide, quays, "partner", record.Answers{since: {"2023"}}},
	}
}

type contactSample struct {
	slug, of, task string
	audience       entry.Audience
	mail, phone    string
	languages      []string
	title, when    lang.Text
}

func (c contactSample) answers() record.Answers {
	a := record.Answers{of: {demo.OrganisationID(c.of)}, "task": {c.task}, "languages": c.languages}
	for name, value := range map[string]string{"mail": c.mail, "phone": c.phone} {
		if value != "" {
			a[name] = []string{value}
		}
	}
	return a
}

func in(pairs ...string) lang.Text {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return lang.Of(m, pairs[0])
}

// Addresses end in example.org, and the numbers belong to nobody.
var contactSamples = []contactSample{
	{slug: "port-oriane-accueil", of: "ville-de-port-oriane", task: "welcome", mail: "accueil@example.org", phone: "+33 1 99 00 12 34", languages: []string{"ar", "fr"},
		title: in("fr", "Guichet d’accueil", "en", "Welcome desk", "ar", "مكتب الاستقبال"), when: in("fr", "Du lundi au vendredi, sans rendez-vous.", "en", "Monday to Friday, no appointment.", "ar", "من الاثنين إلى الجمعة، دون موعد.")},
	{slug: "port-oriane-reseaux", of: "ville-de-port-oriane", task: "alliance", audience: entry.Members, mail: "reseaux@example.org", languages: []string{"en", "fr"},
		title: in("fr", "Chargée des réseaux de villes", "en", "Officer for networks of cities")},
	{slug: "port-oriane-cabinet", of: "ville-de-port-oriane", task: "urgent", audience: entry.Committee, phone: "+33 1 99 00 56 78", languages: []string{"fr"},
		title: in("fr", "Cabinet, la nuit et le week-end", "en", "Mayor’s office, nights and weekends")},
	{slug: "figueira-direitos", of: "casa-da-figueira", task: "rights", mail: "direitos@example.org", languages: []string{"fr", "pt"},
		title: in("pt", "Apoio jurídico", "en", "Legal help", "fr", "Aide juridique"), when: in("pt", "Às quartas-feiras à tarde.", "en", "Wednesday afternoons.", "fr", "Le mercredi après-midi.")},
	{slug: "quais-secretariat", of: quays, task: "office", mail: "secretariat@example.org", languages: []string{"en", "fr", "nl"},
		title: in("fr", "Secrétariat du réseau", "en", "Office of the network")},
}
