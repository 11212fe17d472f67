package competence

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

// DemoID gives a competence of the demonstration.
func DemoID(slug string) string { return id.Named("demo/competence/" + slug) }

type sample struct {
	slug, country, level, lang string
	roles, themes              []string
	title, summary             lang.Text
	law, link, since           string
	demand                     bool
}

// demo shows a few facts that public laws say, to be checked by whoever knows
// them better: none carries a date of a check.
func (x *Competences) demo(ctx context.Context, tx *db.Tx) error {
	for _, s := range samples {
		answers := record.Answers{"level": {s.level}, "role": s.roles}
		for name, value := range map[string]string{"law-link": s.link, "since": s.since} {
			if value != "" {
				answers[name] = []string{value}
			}
		}
		if s.demand {
			answers["demand"] = []string{demo.EntryID(demo.Launch().Slug, "R7")}
		}
		_, err := x.kind.Add(ctx, tx, people.Actor{}, record.Record{Answers: answers, Entry: entry.Entry{
			ID: DemoID(s.slug), Lang: s.lang, Themes: s.themes, Place: place.Of("", s.country),
			Fields: map[string]lang.Text{entry.Title: s.title, entry.Summary: s.summary, "law": lang.New(s.lang, s.law)}}})
		if err != nil {
			return err
		}
	}
	return nil
}

func in(pairs ...string) lang.Text {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return lang.Of(m, pairs[0])
}

var samples = []sample{
	{slug: "fr-commune-clause", country: "FR", level: "municipality", lang: "fr", roles: []string{"may"}, themes: []string{"documents", "participation"},
		title:   in("fr", "Régler par délibération les affaires de la commune", "en", "Settle the affairs of the municipality by a vote of its council"),
		summary: in("fr", "Clause générale : le conseil municipal peut agir pour ses habitants là où la loi n’a pas donné la matière à un autre.", "en", "General clause: the council may act for its residents where the law has not given the matter to another."),
		law:     "Code général des collectivités territoriales, article L2121-29"},
	{slug: "fr-etat-hebergement", country: "FR", level: "state", lang: "fr", roles: []string{"decides", "pays"}, themes: []string{"housing"},
		title:   in("fr", "Héberger en urgence toute personne sans abri", "en", "Shelter anybody without a home in an emergency"),
		summary: in("fr", "L’hébergement d’urgence relève de l’État ; toute personne sans abri en détresse y a accès à tout moment.", "en", "Emergency shelter is the State’s; anybody homeless and in distress has access to it at any time."),
		law:     "Code de l’action sociale et des familles, articles L345-2 et L345-2-2", demand: true},
	{slug: "fr-ccas", country: "FR", level: "municipality", lang: "fr", roles: []string{"delivers"}, themes: []string{"housing", "documents"},
		title:   in("fr", "Domicilier les personnes sans domicile stable (CCAS)", "en", "Give a postal address to people without a stable home"),
		summary: in("fr", "Le centre communal d’action sociale reçoit l’élection de domicile des personnes qui ont un lien avec la commune."),
		law:     "Code de l’action sociale et des familles, article L264-1"},
	{slug: "fr-departement-enfance", country: "FR", level: "province", lang: "fr", roles: []string{"decides", "delivers", "pays"}, themes: []string{"legal", "education"},
		title:   in("fr", "Protéger les mineurs isolés (aide sociale à l’enfance)", "en", "Protect unaccompanied minors (child welfare)"),
		summary: in("fr", "Le service de l’aide sociale à l’enfance est un service du département."),
		law:     "Code de l’action sociale et des familles, article L221-1", demand: true},
	{slug: "fr-commune-ecole", country: "FR", level: "municipality", lang: "fr", roles: []string{"delivers"}, themes: []string{"education"},
		title:   in("fr", "Inscrire les enfants à l’école", "en", "Enrol children at school"),
		summary: in("fr", "Le maire dresse la liste des enfants soumis à l’obligation scolaire et les inscrit, quelle que soit la situation de leurs parents."),
		law:     "Code de l’éducation, article L131-6"},
	{slug: "it-anagrafe", country: "IT", level: "municipality", lang: "it", roles: []string{"delivers"}, themes: []string{"documents"},
		title:   in("it", "Tenere l’anagrafe della popolazione residente", "en", "Keep the register of residents", "fr", "Tenir le registre des habitants"),
		summary: in("it", "Il comune tiene l’anagrafe, che la legge regola per lo Stato."),
		law:     "Legge 24 dicembre 1954, n. 1228, Ordinamento delle anagrafi della popolazione residente", since: "1954"},
	{slug: "it-stato-immigrazione", country: "IT", level: "state", lang: "it", roles: []string{"decides"}, themes: []string{"borders", "documents"},
		title:   in("it", "Legiferare su immigrazione, asilo e anagrafi", "en", "Make the laws on immigration, asylum and registers"),
		summary: in("it", "Immigrazione, diritto di asilo e anagrafi sono di legislazione esclusiva dello Stato."),
		law:     "Costituzione della Repubblica italiana, articolo 117, secondo comma", demand: true},
	{slug: "it-regione-salute", country: "IT", level: "region", lang: "it", roles: []string{"delivers"}, themes: []string{"health"},
		title:   in("it", "Organizzare i servizi sanitari", "en", "Organise health services"),
		summary: in("it", "La tutela della salute è materia di legislazione concorrente; le regioni organizzano i servizi."),
		law:     "Costituzione della Repubblica italiana, articolo 117, terzo comma"},
	{slug: "es-padron", country: "ES", level: "municipality", lang: "es", roles: []string{"delivers"}, themes: []string{"documents"},
		title:   in("es", "Empadronar a toda persona que vive en el municipio", "en", "Register everybody who lives in the municipality", "fr", "Inscrire au registre toute personne qui vit dans la commune"),
		summary: in("es", "Quien viva en España debe inscribirse en el padrón del municipio donde reside habitualmente; el municipio lo gestiona."),
		law:     "Ley 7/1985, de 2 de abril, Reguladora de las Bases del Régimen Local, artículos 15 a 17", since: "1985-04"},
	{slug: "es-ccaa-sanidad", country: "ES", level: "region", lang: "es", roles: []string{"delivers", "pays"}, themes: []string{"health"},
		title:   in("es", "Prestar la asistencia sanitaria", "en", "Provide health care"),
		summary: in("es", "Las comunidades autónomas prestan la asistencia sanitaria en el marco de las bases que fija el Estado."),
		law:     "Ley 16/2003, de 28 de mayo, de cohesión y calidad del Sistema Nacional de Salud", since: "2003-05"},
	{slug: "es-estado-extranjeria", country: "ES", level: "state", lang: "es", roles: []string{"decides"}, themes: []string{"borders"},
		title:   in("es", "Legislar sobre extranjería, inmigración y asilo", "en", "Make the laws on foreigners, immigration and asylum"),
		summary: in("es", "Nacionalidad, inmigración, emigración, extranjería y derecho de asilo son competencia exclusiva del Estado."),
		law:     "Constitución Española, artículo 149.1.2.ª", demand: true},
	{slug: "br-municipio-saude", country: "BR", level: "municipality", lang: "pt", roles: []string{"delivers"}, themes: []string{"health"},
		title:   in("pt", "Prestar serviços de atendimento à saúde", "en", "Provide health services to the population", "fr", "Fournir des services de santé à la population"),
		summary: in("pt", "O município presta os serviços, com a cooperação técnica e financeira da União e do estado."),
		law:     "Constituição da República Federativa do Brasil, artigo 30, VII"},
	{slug: "br-uniao-imigracao", country: "BR", level: "state", lang: "pt", roles: []string{"decides"}, themes: []string{"borders"},
		title:   in("pt", "Legislar sobre emigração, imigração e entrada de estrangeiros", "en", "Make the laws on emigration, immigration and entry"),
		summary: in("pt", "É competência privativa da União."),
		law:     "Constituição da República Federativa do Brasil, artigo 22, XV", demand: true},
	{slug: "br-comum-saude", country: "BR", level: "region", lang: "pt", roles: []string{"pays", "delivers"}, themes: []string{"health"},
		title:   in("pt", "Cuidar da saúde, em comum com a União e os municípios", "en", "Care for health, in common with the Union and the municipalities"),
		summary: in("pt", "É competência comum da União, dos estados e dos municípios."),
		law:     "Constituição da República Federativa do Brasil, artigo 23, II"},
	{slug: "ma-commune-services", country: "MA", level: "municipality", lang: "fr", roles: []string{"delivers"}, themes: []string{"culture", "food"},
		title:   in("fr", "Créer et gérer les services publics communaux de proximité", "en", "Create and run the public services of the municipality", "ar", "إحداث وتدبير المرافق العمومية الجماعية"),
		summary: in("fr", "La loi organique donne aux communes des compétences propres pour les services de proximité.", "ar", "يمنح القانون التنظيمي الجماعات اختصاصات ذاتية في خدمات القرب."),
		law:     "Loi organique n° 113-14 relative aux communes, article 83", since: "2015"},
	{slug: "ma-etat-sejour", country: "MA", level: "state", lang: "fr", roles: []string{"decides", "delivers"}, themes: []string{"borders", "documents"},
		title:   in("fr", "Régler l’entrée et le séjour des étrangers", "en", "Rule on the entry and stay of foreigners", "ar", "تنظيم دخول الأجانب وإقامتهم"),
		summary: in("fr", "L’entrée, le séjour et la délivrance des titres relèvent de l’État."),
		law:     "Loi n° 02-03 relative à l’entrée et au séjour des étrangers au Royaume du Maroc, à l’émigration et l’immigration irrégulières", since: "2003"},
}
