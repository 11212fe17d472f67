package library

import (
	"context"

	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/place"
	"alliance/internal/platform/record"
)

// DemoID gives a record of the demonstration.
func DemoID(slug string) string { return id.Named("demo/library/" + slug) }

type sample struct {
	slug, by, lang string
	themes         []string
	fields         map[string]lang.Text
	answers        record.Answers
	nowhere        bool // no place: online, or not to be told
}

// demo shows records of the invented organisations.
func (l *Library) demo(ctx context.Context, tx *db.Tx) error {
	homes := map[string]demo.Organisation{}
	for _, o := range demo.Invented() {
		homes[o.Slug] = o
	}
	now := tx.Now().Time()
	day := func(days int) string { return now.AddDate(0, 0, days).Format("2006-01-02") }
	for _, k := range l.kinds {
		for _, s := range samples(day)[k.Kind] {
			o := homes[s.by]
			e := entry.Entry{ID: DemoID(s.slug), Organisation: demo.OrganisationID(s.by), Lang: s.lang, Fields: s.fields, Themes: s.themes}
			if !s.nowhere {
				e.Place = place.Place{Name: o.City, Country: o.Country, Lat: o.Lat, Lon: o.Lon, Precision: place.Exact} // its town is invented, too: no real one may stand in for it
			}
			if k.Licences != nil {
				e.Licence = "CC-BY-4.0"
			}
			if k.Kind == Story { // nobody is named, not even who wrote it down
				e.Organisation, e.Signed = "", "—"
			}
			if _, err := k.Add(ctx, tx, people.Actor{}, record.Record{Answers: s.answers, Entry: e}); err != nil {
				return err
			}
		}
	}
	return nil
}

func org(slugs ...string) (ids []string) {
	for _, s := range slugs {
		ids = append(ids, demo.OrganisationID(s))
	}
	return ids
}

func in(pairs ...string) lang.Text {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return lang.Of(m, pairs[0])
}

func text(title, summary lang.Text) map[string]lang.Text {
	return map[string]lang.Text{entry.Title: title, entry.Summary: summary}
}

func samples(day func(int) string) map[string][]sample {
	week := []string{"mo 09:00-12:00 14:00-18:00", "tu 09:00-12:00 14:00-18:00", "we 14:00-18:00", "th 09:00-12:00 14:00-18:00", "fr 09:00-12:00"}
	return map[string][]sample{
		Initiative: {
			{slug: "desk", by: "maison-des-deux-rives", lang: "fr", themes: []string{"documents", "legal"},
				fields: text(in("fr", "Le guichet des Deux Rives", "en", "The Two Banks desk", "ar", "شباك الضفتين"),
					in("fr", "On y reçoit son courrier, un conseil et un café, sans rendez-vous et sans papiers.", "en", "Get your post, advice and a coffee, without appointment and without papers.", "ar", "تستلم بريدك ونصيحة وقهوة، بلا موعد وبلا أوراق.")),
				answers: record.Answers{"category": {"welcome", "legal", "address", "information"}, "access": {"free"}, "languages": {"ar", "en", "fr"}, "address": {"3, quai des Fileuses"}, "agenda": {demo.EntryID(demo.Second().Slug, demo.Second().Adopted[0].ID)}, "hours": append(week[:5:5], day(20)+".."+day(34)+" closed"), "partners": org("collectif-les-pas-du-sahel")}},
			{slug: "night-bus", by: "northgate-welcome-desk", lang: "en", themes: []string{"food", "rescue"},
				fields:  text(in("en", "Night bus", "fr", "Le bus de nuit"), in("en", "Soup, dry clothes and a telephone, every night on the quay.", "fr", "De la soupe, des vêtements secs et un téléphone, chaque nuit sur le quai.")),
				answers: record.Answers{"category": {"food", "clothing", "luggage"}, "access": {"free"}, "languages": {"en"}, "hours": {"mo 21:00-02:00", "tu 21:00-02:00", "we 21:00-02:00", "th 21:00-02:00", "fr 21:00-02:00", "sa 21:00-02:00", "su 21:00-02:00"}}},
			{slug: "clinic", by: "instituto-varanda", lang: "pt", themes: []string{"health"},
				fields:  text(in("pt", "Consulta da Varanda", "en", "The Varanda surgery", "fr", "La consultation de la Varanda"), in("pt", "Médicas e intérpretes, com marcação, sem documentos.", "en", "Doctors and interpreters, by appointment, without documents.")),
				answers: record.Answers{"category": {"health", "interpreting"}, "access": {"appointment"}, "languages": {"es", "pt"}, "hours": {"tu 13:00-18:00", "th 13:00-18:00", day(-10) + ".." + day(5) + " closed"}, "zone": {"America/Sao_Paulo"}}},
		},
		Resource: {
			{slug: "card-kit", by: "ville-de-port-oriane", lang: "fr", themes: []string{"documents"},
				fields:  text(in("fr", "Mettre en place une carte d’habitant : modèles et calendrier", "en", "Setting up a resident card: models and calendar"), in("fr", "Une délibération type, un formulaire qui ne demande pas de titre de séjour, et un plan pour former les agents.", "en", "Model decision, form without residence permit, training plan for staff.")),
				answers: record.Answers{"sort": {"model"}, "right": {"residence", "equality"}, "languages": {"fr"}, "level": {"further"}, "format": {"paper", "screen"}, "year": {"2021"}}},
			{slug: "health-kit", by: "instituto-varanda", lang: "pt", themes: []string{"health"},
				fields: text(in("pt", "Direito à saúde: caderno de quem atende", "en", "Right to health: a workbook for those at the counter", "fr", "Droit à la santé : cahier de qui accueille", "es", "Derecho a la salud: cuaderno de quien atiende"),
					in("pt", "Vinte situações no balcão, com a lei e as palavras para responder.", "en", "Twenty situations at the counter, with the law and the words to answer.", "fr", "Vingt situations au guichet, avec le texte et les mots pour répondre.", "es", "Veinte situaciones en la ventanilla, con la ley y las palabras para responder.")),
				answers: record.Answers{"sort": {"kit"}, "right": {"health"}, "languages": {"es", "pt"}, "level": {"start"}, "format": {"paper", "easy"}, "year": {"2024-03"}}},
			{slug: "map-study", by: "universita-di-roccalieta", lang: "it", themes: []string{"data"},
				fields:  text(in("it", "Chi decide dell’accoglienza? Studio su sei paesi", "en", "Who decides on welcome? A study of six countries", "fr", "Qui décide de l’accueil ? Étude de six pays"), in("it", "Confronto tra le competenze dello Stato e dei comuni.", "en", "The competences of States and municipalities compared.")),
				answers: record.Answers{"sort": {"study"}, "right": {"movement"}, "languages": {"en", "it"}, "level": {"further"}, "format": {"screen"}, "year": {"2025"}}},
		},
		Trainer: {
			{slug: "varanda-team", by: "instituto-varanda", lang: "pt", themes: []string{"health"},
				fields: text(in("pt", "Equipa de formação da Varanda", "en", "Varanda training team", "fr", "Équipe de formation de la Varanda", "es", "Equipo de formación de la Varanda"),
					in("pt", "Forma sobre o direito à saúde: enfermeiras e mediadoras.", "en", "Trains on the right to health: nurses and mediators.", "fr", "Forme au droit à la santé : infirmières et médiatrices.", "es", "Forma sobre el derecho a la salud: enfermeras y mediadoras.")),
				answers: record.Answers{"practised": {"yes"}, "right": {"health"}, "languages": {"es", "pt"}, "reach": {"AO", "BR", "PT"}, "gives": {DemoID("health-training")}}},
			{slug: "maree-team", by: "vozes-da-mare-alta", lang: "pt", themes: []string{"participation"},
				fields:  text(in("pt", "Facilitadoras da Maré Alta", "en", "Facilitators of Maré Alta", "fr", "Animatrices de la Maré Alta"), in("pt", "Levam grupos a falar em várias línguas.", "en", "They bring groups to speak in several languages.")),
				answers: record.Answers{"practised": {"yes"}, "right": {"equality"}, "languages": {"en", "fr", "pt"}, "reach": {"ES", "FR", "PT"}}},
		},
		Training: {
			{slug: "health-training", by: "instituto-varanda", lang: "pt", themes: []string{"health"},
				fields: text(in("pt", "Direito à saúde para quem atende", "en", "The right to health, for those at the counter", "fr", "Le droit à la santé, pour qui accueille", "es", "El derecho a la salud, para quien atiende"),
					in("pt", "Dois dias: a lei, o balcão, a interpretação.", "en", "Two days: the law, the counter, interpreting.", "fr", "Deux jours : la loi, le guichet, l’interprétariat.", "es", "Dos días: la ley, la ventanilla, la interpretación.")),
				answers: record.Answers{"right": {"health"}, "languages": {"pt"}, "level": {"start"}, "given": {"room", "online"}, "hours": {"14"}, "trainers": {DemoID("varanda-team")}, "kits": {DemoID("health-kit")}, "begins": {day(45)}, "ends": {day(46)}, "price": {"0 BRL"}}},
			{slug: "law-first", by: "union-solidaire-des-quais", lang: "fr", themes: []string{"legal"},
				fields:  text(in("fr", "Premiers pas en droit d’asile", "en", "First steps in asylum law"), in("fr", "Une soirée pour les bénévoles qui débutent.", "en", "An evening for volunteers who begin.")),
				answers: record.Answers{"right": {"asylum"}, "languages": {"fr"}, "level": {"start"}, "given": {"room"}, "hours": {"3"}, "begins": {day(12)}, "trainers": org("union-solidaire-des-quais")}},
		},
		Story: {
			{slug: "story-counter", by: "", lang: "fr", themes: []string{"documents"}, nowhere: true,
				fields: map[string]lang.Text{entry.Title: in("fr", "Le jour où le guichet a dit oui", "en", "The day the counter said yes", "ar", "اليوم الذي قال فيه الشباك نعم"),
					entry.Summary: in("fr", "Récit inventé, pour montrer cette page.", "en", "An invented story, to show this page."),
					"text":        in("fr", "J’avais préparé une pochette avec tous mes papiers. La dame ne l’a pas ouverte. Elle a demandé où j’habitais, puis comment s’écrivait mon nom.\n\nJe suis sorti avec une carte. J’ai marché jusqu’à la bibliothèque et j’y suis resté jusqu’à la fermeture.", "en", "I had made ready a folder with all my papers. The lady did not open it. She asked where I lived, then how my name was written.\n\nI left with a card. I walked to the library and stayed until it closed.")},
				answers: record.Answers{"right": {"residence"}, consentName: {"yes"}, consentDay: {day(-60)}}},
		},
	}
}
