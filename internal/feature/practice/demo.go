package practice

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

// DemoID gives a practice or repetition of the demonstration.
func DemoID(slug string) string { return id.Named("demo/practice/" + slug) }

type sample struct {
	slug, by, lang string
	days           int // ago
	themes         []string
	axis           string
	fields         map[string]lang.Text
	answers        record.Answers
}

// demo shows practices of the invented organisations, one of which others
// repeated, and one that failed. Their towns are invented, too: told by its
// town, a place would be given the name of a real one.
func (p *Practices) demo(ctx context.Context, tx *db.Tx) error {
	homes := map[string]demo.Organisation{}
	for _, o := range demo.Invented() {
		homes[o.Slug] = o
	}
	for _, k := range []*record.Kind{p.practices, p.repetitions} {
		for _, s := range samples[k.Kind] {
			o := homes[s.by]
			at := tx.Now().Time().AddDate(0, 0, -s.days)
			r, err := k.Add(ctx, tx, people.Actor{}, record.Record{Answers: s.answers, Entry: entry.Entry{
				ID: DemoID(s.slug), Organisation: demo.OrganisationID(s.by), Lang: s.lang, Fields: s.fields, Axis: s.axis, Themes: s.themes, Licence: "CC-BY-4.0",
				Place: place.Place{Name: o.City, Country: o.Country, Lat: o.Lat, Lon: o.Lon, Precision: place.Exact}, Created: db.At(at),
				Checked: db.At(at), CheckedBy: demo.OrganisationID(s.by), CheckedHow: "itself"}})
			if err == nil {
				err = p.saved(ctx, tx, people.Actor{}, r)
			}
			if err != nil {
				return err
			}
		}
	}
	return p.demoAdoption(ctx, tx)
}

// demoAdoption ties the form to an item of the invented meeting.
func (p *Practices) demoAdoption(ctx context.Context, tx *db.Tx) error {
	meeting := demo.Second().Slug
	item, err := entry.Get(ctx, tx, demo.EntryID(meeting, "G2"))
	if err != nil {
		return err
	}
	r := record.Record{Entry: entry.Entry{ID: DemoID("form"), Lang: "en", Fields: map[string]lang.Text{entry.Summary: in("en", "Each working visit ends with this sheet, so that others can repeat what was seen.", "fr", "Chaque visite de travail se termine par cette fiche, pour que d’autres puissent refaire ce qui a été vu.", "ar", "تنتهي كل زيارة عمل بهذه البطاقة ليتمكن آخرون من إعادة ما شوهد.")}},
		Answers: record.Answers{version: {"1"}, decision: {item.ID}, adopted: {item.Created.Day()}}}
	p.titleAdoption(&r)
	if r, err = p.adoptions.Add(ctx, tx, people.Actor{}, r); err != nil {
		return err
	}
	return p.savedAdoption(ctx, tx, people.Actor{}, r)
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

var samples = map[string][]sample{
	Kind: {
		{slug: "card", by: "ville-de-port-oriane", lang: "fr", days: 40, axis: "A2", themes: []string{"documents", "participation"}, fields: map[string]lang.Text{
			entry.Title: in("fr", "Une carte d’habitant pour toute personne qui vit dans la ville", "en", "A resident card for everybody who lives in the city", "es", "Una tarjeta de vecindad para quien vive en la ciudad", "pt", "Um cartão de residente para quem vive na cidade",
				"it", "Una tessera di abitante per chiunque viva in città", "de", "Eine Karte für alle, die in der Stadt wohnen", "ar", "بطاقة ساكن لكل من يعيش في المدينة"),
			entry.Summary: in("fr", "La ville remet une carte sans demander de titre de séjour. Elle ouvre la bibliothèque, la piscine, la cantine et les cours de langue.", "en", "The city hands out a card without asking for a residence permit. It opens the library, the pool, the canteen and language classes.",
				"ar", "تمنح المدينة بطاقة دون أن تطلب تصريح إقامة. وهي تفتح المكتبة والمسبح والمطعم ودروس اللغة."),
			"problem":       in("fr", "Beaucoup d’habitants n’avaient aucun papier accepté aux guichets de la ville. Leurs enfants étaient inscrits nulle part.", "en", "Many residents had no paper that the city’s counters accepted. Their children were registered nowhere."),
			"steps":         in("fr", "- Deux ans d’ateliers avec les collectifs.\n- Une délibération du conseil municipal.\n- Un guichet dans trois quartiers, sans rendez-vous.\n- Aucune copie des papiers n’est gardée.", "en", "- Two years of workshops with the collectives.\n- A vote of the city council.\n- A counter in three districts, without appointment.\n- No copy of any paper is kept."),
			"results":       in("fr", "4 200 cartes la première année. Une sur trois a été demandée par une personne née dans la ville.", "en", "4,200 cards in the first year. One in three was asked for by somebody born in the city."),
			"lessons":       in("fr", "La première version imprimait la nationalité. Les collectifs ont fait retirer cette ligne. Une carte réservée aux exilés désigne ceux qui la portent.", "en", "The first version printed the nationality. The collectives had that line removed. A card for exiles only marks those who carry it."),
			"concerned-how": in("fr", "Trois collectifs siègent au comité qui décide des règles de la carte."),
			"public":        in("fr", "Toute personne qui habite la ville"),
			"legal":         in("fr", "Le conseil municipal règle les affaires de la commune. L’accès aux services facultatifs relève de lui."),
			"funding":       in("fr", "Budget de la ville"),
			"staff":         in("fr", "Quatre postes à temps plein"),
			"evidence":      in("fr", "Registre de remise, sans noms, publié chaque trimestre."),
			"evaluated":     in("fr", "Une équipe universitaire invitée par le comité"),
			"conditions":    in("fr", "Un vote du conseil, des agents formés, et des services qui acceptent la carte dès le premier jour.", "en", "A vote of the council, trained staff, and services that accept the card from the first day."),
			"obstacles":     in("fr", "La carte ne doit jamais servir au contrôle. Le fichier des porteurs n’existe pas."),
			"contact":       in("fr", "Service de l’accueil de la ville"),
			"source":        in("fr", "Organisation inventée, pour la démonstration"),
		}, answers: record.Answers{Stage: {"norm"}, "outcome": {"worked"}, "start": {"2019-09"}, "survived": {"yes"}, "lead": org("ville-de-port-oriane"), "societies": org("maison-des-deux-rives"), "partners": org("collectif-les-pas-du-sahel"),
			"concerned": {"began", "decide"}, "scope": {"arrival"}, "cost": {"240000 EUR"}, "languages": {"ar", "en", "fr"}, Competence: {id.Named("demo/competence/fr-commune-clause")}, "decision": {demo.EntryID(demo.Second().Slug, "G1")}, "documents": {id.Named("demo/library/card-kit")}}},
		{slug: "card-rio", by: "camara-municipal-de-rio-lindeiro", lang: "pt", days: 30, axis: "A2", themes: []string{"documents"}, fields: map[string]lang.Text{
			entry.Title:   in("pt", "Cartão de vizinho, pedido na associação e na câmara", "en", "A neighbour’s card, asked for at the association or the town hall", "fr", "Une carte de voisin, demandée à l’association ou à la mairie"),
			entry.Summary: in("pt", "Retomámos a carta de outra cidade. As associações entregam-na também.", "en", "We took up another city’s card. Associations hand it out too.", "fr", "Nous avons repris la carte d’une autre ville. Les associations la remettent aussi."),
			"steps":       in("pt", "- Visita à cidade que começou.\n- Protocolo com duas associações.\n- Seis meses à experiência."),
			"results":     in("pt", "900 cartões em seis meses, a maioria entregue pelas associações."),
			"lessons":     in("pt", "As farmácias não a aceitaram no início. Foi preciso falar com cada uma."),
			"conditions":  in("pt", "Associações com confiança nos bairros."),
		}, answers: record.Answers{Stage: {"running"}, "outcome": {"mixed"}, "start": {"2023-03"}, "survived": {"none"}, "lead": org("camara-municipal-de-rio-lindeiro"), "societies": org("casa-da-figueira", "vozes-da-mare-alta"), "concerned": {"run"}, "scope": {"arrival"}, "cost": {"30000 EUR"}, "languages": {"pt"}, Repeats: {DemoID("card")}}},
		{slug: "card-ipe", by: "prefeitura-de-aguas-do-ipe", lang: "pt", days: 12, axis: "A2", themes: []string{"documents", "health"}, fields: map[string]lang.Text{
			entry.Title:   in("pt", "O cartão que abre o posto de saúde", "en", "The card that opens the health centre", "es", "La tarjeta que abre el centro de salud"),
			entry.Summary: in("pt", "O cartão de vizinho vale também no posto de saúde municipal, sem outra prova.", "en", "The neighbour’s card is valid at the municipal health centre too, without any other proof."),
			"results":     in("pt", "As consultas de grávidas sem documento duplicaram."),
		}, answers: record.Answers{Stage: {"trial"}, "start": {"2025"}, "lead": org("prefeitura-de-aguas-do-ipe"), "societies": org("raizes-do-ipe"), "concerned": {"began", "run"}, "scope": {"arrival"}, Repeats: {DemoID("card-rio")}, Competence: {id.Named("demo/competence/br-municipio-saude")}}},
		{slug: "night", by: "stadt-lindenhafen", lang: "de", days: 80, axis: "A1", themes: []string{"housing"}, fields: map[string]lang.Text{
			entry.Title:   in("de", "Nachtquartier in leeren Büros", "en", "Night shelter in empty offices", "fr", "Un abri de nuit dans des bureaux vides"),
			entry.Summary: in("de", "Leere Büros wurden über den Winter zu Schlafplätzen. Nach zwei Jahren wurde es eingestellt.", "en", "Empty offices became places to sleep over the winter. After two years it was ended.", "fr", "Des bureaux vides sont devenus des lieux pour dormir l’hiver. Cela s’est arrêté après deux ans."),
			"problem":     in("de", "Im Winter fehlten 200 Schlafplätze."),
			"results":     in("de", "Zwei Winter lang 120 Plätze."),
			"lessons":     in("de", "Wir hatten keine Küche und keine Duschen. Viele gingen nach wenigen Nächten. Die neue Mehrheit hat das Geld gestrichen, weil es nie beschlossen war.", "en", "We had no kitchen and no showers. Many left after a few nights. The new majority cut the money, because it had never been voted.", "fr", "Nous n’avions ni cuisine ni douches. Beaucoup sont partis après quelques nuits. La nouvelle majorité a coupé l’argent, car rien n’avait été voté."),
			"conditions":  in("de", "Erst beschließen, dann beginnen. Wer dort schläft, plant mit."),
		}, answers: record.Answers{Stage: {"ended"}, "outcome": {"failed"}, "start": {"2020-11"}, "end": {"2022-03"}, "survived": {"no"}, "lead": org("stadt-lindenhafen"), "societies": org("nachbarschaftshilfe-lindenhafen"), "concerned": {"none"}, "scope": {"arrival"}, "cost": {"310000 EUR"}}},
		{slug: "interpret", by: "comune-di-roccalieta", lang: "it", days: 55, axis: "A3", themes: []string{"language", "health"}, fields: map[string]lang.Text{
			entry.Title:   in("it", "Interpreti di quartiere, pagati, al telefono e allo sportello", "en", "Neighbourhood interpreters, paid, by telephone and at the counter", "fr", "Des interprètes de quartier, payés, au téléphone et au guichet", "ar", "مترجمون من الحي، بأجر، عبر الهاتف وعند الشباك"),
			entry.Summary: in("it", "Abitanti che parlano dodici lingue sono formati e pagati a ore dal comune.", "en", "Residents who speak twelve languages are trained, and paid by the hour by the municipality.", "fr", "Des habitants qui parlent douze langues sont formés, et payés à l’heure par la commune."),
			"steps":       in("it", "- Corso di quaranta ore.\n- Elenco di turni.\n- Un numero unico per gli sportelli."),
			"results":     in("it", "Attesa media di quattro minuti."),
			"lessons":     in("it", "Il segreto va firmato da tutti, anche dagli sportelli."),
		}, answers: record.Answers{Stage: {"decided"}, "outcome": {"worked"}, "start": {"2021-05"}, "survived": {"yes"}, "lead": org("comune-di-roccalieta"), "societies": org("la-soglia-di-roccalieta"), "partners": org("universita-di-roccalieta"), "concerned": {"run"}, "scope": {"transit", "arrival"}, "cost": {"85000 EUR"}, "languages": {"it"}}},
		{slug: "water", by: "commune-urbaine-de-tamarassou", lang: "fr", days: 25, axis: "A4", themes: []string{"rescue", "food"}, fields: map[string]lang.Text{
			entry.Title:   in("fr", "Points d’eau et relais d’alerte sur la route du désert", "en", "Water points and a relay of alerts on the desert road", "ar", "نقاط ماء وسلسلة إنذار على طريق الصحراء"),
			entry.Summary: in("fr", "La commune et des chauffeurs tiennent des points d’eau et préviennent quand une voiture n’arrive pas.", "en", "The municipality and drivers keep water points, and give the alert when a car does not arrive."),
			"lessons":     in("fr", "Ne jamais publier les horaires ni les noms des chauffeurs."),
		}, answers: record.Answers{Stage: {"running"}, "outcome": {"worked"}, "start": {"2022"}, "lead": org("commune-urbaine-de-tamarassou"), "concerned": {"began"}, "scope": {"transit"}}},
	},
	Repetition: {
		{slug: "card-valdelumbre", by: "ayuntamiento-de-valdelumbre", lang: "es", days: 20, fields: map[string]lang.Text{
			entry.Title:   in("es", "La tarjeta, en un pueblo de 6 000 habitantes", "en", "The card, in a town of 6,000", "fr", "La carte, dans une commune de 6 000 habitants"),
			entry.Summary: in("es", "Aquí basta una carta firmada por la alcaldía. No hizo falta imprimir tarjetas.", "en", "Here a letter signed by the town hall is enough. No cards had to be printed."),
			"changed":     in("es", "Una carta en vez de una tarjeta."),
			"learned":     in("es", "En un pueblo, la confianza de los comercios cuenta más que el plástico."),
		}, answers: record.Answers{Of: {DemoID("card")}, Result: {"differently"}, "when": {"2024-05"}}},
		{slug: "night-northgate", by: "northgate-welcome-desk", lang: "en", days: 15, fields: map[string]lang.Text{
			entry.Title:   in("en", "Empty offices in winter: the fire rules stopped us", "fr", "Des bureaux vides l’hiver : les règles d’incendie nous ont arrêtés"),
			entry.Summary: in("en", "We found the building, but not the money for a second staircase.", "fr", "Nous avions le bâtiment, mais pas l’argent d’un second escalier."),
			"learned":     in("en", "Ask the fire service first, before anybody is promised a bed."),
		}, answers: record.Answers{Of: {DemoID("night")}, Result: {"failed"}, "when": {"2023-11"}}},
		{slug: "interpret-ankerplatz", by: "ankerplatz-lindenhafen", lang: "de", days: 9, fields: map[string]lang.Text{
			entry.Title:   in("de", "Dolmetschen per Telefon, in acht Sprachen", "en", "Interpreting by telephone, in eight languages", "fr", "Interpréter au téléphone, en huit langues"),
			entry.Summary: in("de", "Es gelang mit 15 Leuten und einem Plan, den sie selbst führen.", "en", "It worked with 15 people and a rota they keep themselves."),
		}, answers: record.Answers{Of: {DemoID("interpret")}, Result: {"worked"}, "when": {"2025-02"}}},
	},
}
