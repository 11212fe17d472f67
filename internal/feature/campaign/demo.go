package campaign

import (
	"context"

	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/id"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/people"
	"alliance/internal/platform/record"
)

// DemoID gives a text of the demonstration, or a signature: "night/casa-da-figueira".
func DemoID(slug string) string { return id.Named("demo/campaign/" + slug) }

type sample struct {
	slug, by, form        string
	initiators            []string
	opens, closes, sent   int // days from today; 0 = not said
	title, summary, words lang.Text
	addressee, reply      lang.Text
	signatures            []sign
}

// sign is a signature: on which day from today, by which vote.
type sign struct {
	by              string
	day, back       int
	decided, number string
	paper           bool
}

// demo shows texts of invented organisations to invented addressees alone.
func (x *Campaigns) demo(ctx context.Context, tx *db.Tx) error {
	day := func(days int) []string {
		if days == 0 {
			return nil
		}
		return []string{tx.Now().Time().AddDate(0, 0, days).Format("2006-01-02")}
	}
	for _, s := range samples {
		r := record.Record{Entry: entry.Entry{ID: DemoID(s.slug), Organisation: demo.OrganisationID(s.by), Lang: s.title.Orig,
			Fields: map[string]lang.Text{entry.Title: s.title, entry.Summary: s.summary, words: s.words, addressee: s.addressee}},
			Answers: record.Answers{"form": {s.form}, opens: day(s.opens), closes: day(s.closes), sent: day(s.sent)}}
		if !s.reply.Empty() {
			r.Fields["reply"] = s.reply
		}
		for _, slug := range s.initiators {
			r.Answers["initiators"] = append(r.Answers["initiators"], demo.OrganisationID(slug))
		}
		text, err := x.kind.Add(ctx, tx, people.Actor{}, r)
		if err != nil {
			return err
		}
		for _, g := range s.signatures {
			if err := x.demoSignature(ctx, tx, text, s.slug, g, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *Campaigns) demoSignature(ctx context.Context, tx *db.Tx, text record.Record, slug string, g sign, day func(int) []string) error {
	organisation := demo.OrganisationID(g.by)
	who, err := entry.Get(ctx, tx, organisation)
	if err != nil {
		return err
	}
	r := record.Record{Entry: entry.Entry{ID: DemoID(slug + "/" + g.by), Organisation: organisation}}
	typed := Signing{Lang: who.Lang, Decided: g.decided, Number: g.number}.typed(text.ID, organisation)
	if err := x.signatures.Read(ctx, tx, people.Actor{}, alliance.Alliance{}, typed, &r); err != nil {
		return err
	}
	r.Answers[signed], r.Answers[withdrawn], r.Answers[way] = day(g.day), day(g.back), []string{Mandate}
	if g.paper {
		r.Answers[way] = []string{Paper}
	}
	r.NameAfter(who, text.Entry)
	_, err = x.signatures.Add(ctx, tx, people.Actor{}, r)
	return err
}

func in(pairs ...string) lang.Text {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return lang.Of(m, pairs[0])
}

var samples = []sample{
	{slug: "night", by: "quais-ouverts", form: "letter", initiators: []string{"maison-des-deux-rives", "collectif-les-pas-du-sahel"}, opens: -21, closes: 24,
		title: in("fr", "Pas une nuit dehors", "en", "Not one night outside", "es", "Ni una noche en la calle", "pt", "Nem uma noite na rua", "it", "Nemmeno una notte fuori", "de", "Keine Nacht draußen", "ar", "ولا ليلة واحدة في العراء"),
		summary: in("fr", "Un lit pour chaque personne qui arrive, avant toute question sur ses papiers.", "en", "A bed for everybody who arrives, before any question about papers.", "es", "Una cama para cada persona que llega, antes de preguntar por sus papeles.",
			"pt", "Uma cama para cada pessoa que chega, antes de qualquer pergunta sobre papéis.", "it", "Un letto per chiunque arrivi, prima di ogni domanda sui documenti.", "de", "Ein Bett für alle, die ankommen, vor jeder Frage nach Papieren.", "ar", "سرير لكل من يصل، قبل أي سؤال عن أوراقه."),
		words: in("fr", "Nous, villes, associations et collectifs de personnes migrantes, voyons chaque soir des familles sans toit.\n\nNous demandons\n- qu’un lit soit ouvert à toute personne qui arrive, sans condition de papiers ;\n- que les villes qui accueillent reçoivent les moyens de le faire ;\n- que les personnes concernées siègent là où l’on décide.\n\nNous tenons le compte des nuits dehors et le publierons chaque mois.",
			"en", "We, cities, associations and groups of people who migrated, see families without a roof every evening.\n\nWe ask\n- that a bed is open to everybody who arrives, whatever their papers;\n- that cities that welcome receive the means to do so;\n- that the people concerned sit where decisions are made.\n\nWe count the nights outside, and publish the count each month.",
			"es", "Nosotras, ciudades, asociaciones y colectivos de personas migrantes, vemos cada noche familias sin techo.\n\nPedimos\n- una cama abierta para toda persona que llega, tenga o no papeles;\n- medios para las ciudades que acogen;\n- que las personas afectadas estén donde se decide.\n\nContamos las noches en la calle y publicamos la cuenta cada mes.",
			"pt", "Nós, cidades, associações e coletivos de pessoas migrantes, vemos todas as noites famílias sem teto.\n\nPedimos\n- uma cama aberta a cada pessoa que chega, tenha ou não papéis;\n- meios para as cidades que acolhem;\n- que as pessoas envolvidas estejam onde se decide.\n\nContamos as noites na rua e publicamos a conta todos os meses.",
			"it", "Noi, città, associazioni e collettivi di persone migranti, vediamo ogni sera famiglie senza tetto.\n\nChiediamo\n- un letto aperto a chiunque arrivi, con o senza documenti;\n- i mezzi per le città che accolgono;\n- che le persone interessate siedano dove si decide.\n\nContiamo le notti fuori e pubblichiamo il conto ogni mese.",
			"de", "Wir, Städte, Vereine und Gruppen von Menschen mit Migrationsgeschichte, sehen jeden Abend Familien ohne Dach.\n\nWir fordern\n- ein Bett für alle, die ankommen, mit oder ohne Papiere;\n- Mittel für die Städte, die aufnehmen;\n- dass die Betroffenen dort sitzen, wo entschieden wird.\n\nWir zählen die Nächte draußen und veröffentlichen die Zahl jeden Monat.",
			"ar", "نحن مدن وجمعيات ومجموعات من المهاجرين نرى كل مساء أسرًا بلا مأوى.\n\nنطلب\n- سريرًا لكل من يصل مهما كانت أوراقه؛\n- أن تنال المدن المضيفة ما يلزمها من إمكانات؛\n- أن يجلس المعنيون حيث تُتخذ القرارات.\n\nنعدّ ليالي العراء وننشر العدد كل شهر."),
		addressee: in("fr", "La région des Trois-Estuaires (inventée)", "en", "The region of Trois-Estuaires (invented)", "es", "La región de Trois-Estuaires (inventada)", "pt", "A região de Trois-Estuaires (inventada)", "it", "La regione Trois-Estuaires (inventata)", "de", "Die Region Trois-Estuaires (erfunden)", "ar", "جهة المصبّات الثلاثة (متخيَّلة)"),
		signatures: []sign{
			{by: "quais-ouverts", day: -21}, {by: "maison-des-deux-rives", day: -20, number: "CA 2026/11"}, {by: "collectif-les-pas-du-sahel", day: -20, decided: "2026-10", number: "AG 2026/4"},
			{by: "mujeres-de-la-orilla", day: -15}, {by: "ayuntamiento-de-valdelumbre", day: -12, decided: "2026-10-30", number: "104/26"}, {by: "comune-di-roccalieta", day: -9, decided: "2026-11", number: "88/2026"},
			{by: "nachbarschaftshilfe-lindenhafen", day: -7, number: "Brief 12", paper: true}, {by: "association-des-deux-berges", day: -4}, {by: "union-solidaire-des-quais", day: -18, back: -6},
		}},
	{slug: "clinic", by: "rede-mare-comum", form: "position", initiators: []string{"vozes-da-mare-alta"}, opens: -260, closes: -190, sent: -182,
		title: in("pt", "A saúde não pede documentos", "en", "Health asks for no papers", "fr", "La santé ne demande pas de papiers", "es", "La salud no pide papeles", "it", "La salute non chiede documenti", "de", "Gesundheit fragt nicht nach Papieren", "ar", "الصحة لا تسأل عن الأوراق"),
		summary: in("pt", "Cuidados de saúde para todas as pessoas, sem dados passados à polícia.", "en", "Care for everybody, and no data passed to the police.", "fr", "Des soins pour toutes et tous, sans données transmises à la police.", "es", "Atención para todas las personas, sin datos para la policía.",
			"it", "Cure per tutte le persone, senza dati alla polizia.", "de", "Behandlung für alle, ohne Daten an die Polizei.", "ar", "رعاية للجميع دون نقل أي بيانات إلى الشرطة."),
		words: in("pt", "Quem está doente precisa de cuidados. Pedimos que os centros de saúde atendam todas as pessoas e que nenhum dado saia do centro.",
			"en", "Who is ill needs care. We ask that health centres receive everybody, and that no data leave the centre.", "fr", "Qui est malade a besoin de soins. Nous demandons que les centres de santé reçoivent tout le monde et qu’aucune donnée ne sorte du centre.",
			"es", "Quien está enfermo necesita atención. Pedimos que los centros de salud atiendan a todas las personas y que ningún dato salga del centro.", "it", "Chi è malato ha bisogno di cure. Chiediamo che i centri di salute accolgano tutti e che nessun dato esca dal centro.",
			"de", "Wer krank ist, braucht Behandlung. Wir fordern, dass Gesundheitszentren alle aufnehmen und dass keine Daten das Zentrum verlassen.", "ar", "المريض يحتاج إلى رعاية. نطلب أن تستقبل المراكز الصحية الجميع وألا تخرج منها أي بيانات."),
		addressee: in("pt", "Conferência dos centros de saúde do litoral (inventada)", "en", "Conference of coastal health centres (invented)", "fr", "Conférence des centres de santé du littoral (inventée)", "es", "Conferencia de centros de salud del litoral (inventada)", "it", "Conferenza dei centri di salute del litorale (inventata)", "de", "Konferenz der Gesundheitszentren der Küste (erfunden)", "ar", "مؤتمر مراكز الصحة الساحلية (متخيَّل)"),
		reply: in("pt", "Sete dos doze centros responderam que já atendem sem documentos. Os outros discutem-no na primavera.", "en", "Seven of the twelve centres answered that they receive people without papers already. The others discuss it in spring.", "fr", "Sept des douze centres ont répondu qu’ils reçoivent déjà sans papiers. Les autres en discutent au printemps.",
			"ar", "أجابت سبعة من اثني عشر مركزًا بأنها تستقبل الناس دون أوراق. وستناقش البقية الأمر في الربيع."),
		signatures: []sign{
			{by: "rede-mare-comum", day: -258}, {by: "vozes-da-mare-alta", day: -255, number: "AG 2026/1"}, {by: "camara-municipal-de-rio-lindeiro", day: -230, decided: "2026-04-02", number: "9/2026"},
			{by: "casa-da-figueira", day: -250}, {by: "ville-de-port-oriane", day: -201, decided: "2026-05", number: "2026-061"}, {by: "universita-di-roccalieta", day: -215},
		}},
	{slug: "vote", by: "collectif-les-pas-du-sahel", form: "appeal", opens: 12, closes: 80,
		title:     in("fr", "Voter là où l’on vit", "en", "To vote where one lives", "ar", "التصويت حيث نعيش", "es", "Votar donde se vive", "pt", "Votar onde se vive", "it", "Votare dove si vive", "de", "Wählen, wo man lebt"),
		summary:   in("fr", "Le droit de vote aux élections de la commune pour toute personne qui y habite.", "en", "A vote in municipal elections for everybody who lives there.", "ar", "حق التصويت في انتخابات البلدية لكل من يسكن فيها."),
		words:     in("fr", "Nous habitons ici, nous travaillons ici, nos enfants vont à l’école ici. Nous demandons de voter ici.", "en", "We live here, we work here, our children go to school here. We ask to vote here.", "ar", "نحن نسكن هنا ونعمل هنا وأولادنا في مدارس هذا المكان. نطلب أن نصوّت هنا."),
		addressee: in("fr", "Les conseils municipaux des villes de la rencontre", "en", "The councils of the cities of the meeting", "ar", "المجالس البلدية لمدن اللقاء")},
}
