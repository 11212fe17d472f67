package main

import (
	"strings"

	"alliance/internal/platform/design"
)

// words are invented: French, English, Arabic; the other languages read English here.
var words = map[string][3]string{
	"title": {"Une autre gouvernance des migrations", "Another governance of migration", "حوكمة أخرى للهجرة"},
	"lead":  {"Des villes, des associations et des personnes migrantes décident et agissent ensemble. Ici, chaque voix compte.", "Cities, associations and migrants decide and act together. Here, each voice counts.", "مدن وجمعيات ومهاجرون يقرّرون ويعملون معًا. هنا لكل صوت قيمته."},
	"door1": {"Trouver une ville ou une aide", "Find a city or help", "ابحث عن مدينة أو مساعدة"}, "door2": {"Proposer et voter", "Propose and vote", "اقترح وصوّت"}, "door3": {"Connaître mes droits", "Know my rights", "أعرف حقوقي"},
	"eight": {"Où en sont les huit actions ?", "Where are the eight actions?", "أين وصلت الأعمال الثمانية؟"},
	"a1":    {"Citoyenneté de résidence", "Residence-based citizenship", "مواطنة الإقامة"}, "t1": {"Quatre villes préparent une carte de résident.", "Four cities are preparing a resident card.", "أربع مدن تُعدّ بطاقة مقيم."},
	"a2": {"Rendre visibles les pratiques", "Make practices visible", "إبراز الممارسات"}, "t2": {"Trente et une fiches sont publiées et relues.", "Thirty-one sheets are published and reviewed.", "نُشرت إحدى وثلاثون بطاقة وروجعت."},
	"a3": {"Dénoncer les atteintes", "Speak out against abuse", "التنديد بالانتهاكات"}, "t3": {"Un fait peut être signalé sans nom.", "A fact can be reported without a name.", "يمكن الإبلاغ عن واقعة دون اسم."},
	"s1": {"Proposée", "Proposed", "مقترحة"}, "s2": {"En débat", "Debated", "قيد النقاش"}, "s3": {"Au vote", "To vote", "للتصويت"},
	"orgs": {"Organisations", "Organisations", "المنظمات"}, "orgs-lead": {"Qui fait vivre l’alliance, et où.", "Who makes the alliance live, and where.", "من يُحيي التحالف، وأين."},
	"search": {"Chercher un nom, une ville ou un pays", "Search for a name, a city or a country", "ابحث عن اسم أو مدينة أو بلد"}, "kind": {"Genre d’organisation", "Kind of organisation", "نوع المنظمة"},
	"found": {"116 organisations", "116 organisations", "116 منظمة"}, "map": {"Carte des organisations", "Map of the organisations", "خريطة المنظمات"}, "as-list": {"En liste", "As a list", "في قائمة"}, "since": {"Membre depuis 2019", "Member since 2019", "عضو منذ 2019"},
	"nothing": {"Quand rien n’est trouvé", "When nothing is found", "عندما لا يوجد شيء"}, "empty": {"Aucune organisation ne correspond.", "No organisation matches.", "لا توجد منظمة مطابقة."}, "empty-why": {"Retirez un filtre, ou écrivez un mot plus court.", "Take out a filter, or write a shorter word.", "أزِل مرشِّحًا أو اكتب كلمة أقصر."}, "empty-next": {"Proposer une organisation", "Propose an organisation", "اقترح منظمة"},
	"card": {"Une carte de résident qui ne contrôle personne", "A resident card that polices no one", "بطاقة مقيم لا تُستعمل للمراقبة"}, "workshop": {"Atelier 1", "Workshop 1", "الورشة 1"}, "views": {"Vues", "Views", "العروض"}, "the-text": {"Le texte", "The text", "النص"}, "comments": {"Commentaires", "Comments", "التعليقات"},
	"plain": {"Une carte pour toutes les personnes qui habitent ici. Elle ouvre des droits. Elle ne sert pas à contrôler.", "A card for everyone who lives here. It opens rights. It is not used to control people.", "بطاقة لكل من يسكن هنا. تفتح الحقوق. ولا تُستعمل للمراقبة."},
	"body":  {"La ville donne la carte à qui le demande. Une adresse ou une attestation suffit.\n\nLa carte permet :\n- d’entrer à la bibliothèque et à la piscine ;\n- de rencontrer un service municipal ;\n- d’ouvrir un compte.\n\nLa ville ne garde aucun registre des personnes.", "The city gives the card to anyone who asks. An address or a letter is enough.\n\nThe card allows one:\n- to enter the library and the pool;\n- to meet a municipal service;\n- to open an account.\n\nThe city keeps no register of people.", "تمنح المدينة البطاقة لكل من يطلبها. يكفي عنوان أو شهادة.\n\nتسمح البطاقة بما يلي:\n- دخول المكتبة والمسبح؛\n- لقاء خدمة بلدية؛\n- فتح حساب.\n\nلا تحتفظ المدينة بأي سجل للأشخاص."},
	"other": {"Dans une autre langue", "In another language", "بلغة أخرى"}, "facts": {"Repères", "Facts", "معطيات"}, "by": {"Portée par", "Carried by", "يحملها"}, "where": {"Où", "Where", "أين"}, "when": {"Quand", "When", "متى"}, "changed": {"Ce qui a changé", "What changed", "ما الذي تغيّر"}, "happened": {"Ce qui s’est passé", "What happened", "ماذا حدث"}, "amend": {"Proposer un changement", "Propose a change", "اقترح تغييرًا"},
	"new": {"Écrire une proposition", "Write a proposal", "اكتب مقترحًا"}, "step": {"Étape 1 sur 3", "Step 1 of 3", "الخطوة 1 من 3"}, "f-title": {"Titre", "Title", "العنوان"}, "f-hint": {"En une phrase courte", "In one short sentence", "في جملة قصيرة"}, "f-body": {"Le texte, avec vos mots", "The text, in your own words", "النص بكلماتك"}, "languages": {"Langues parlées", "Languages spoken", "اللغات المتحدَّث بها"}, "document": {"Document", "Document", "وثيقة"}, "go": {"Continuer", "Continue", "متابعة"},
	"motion": {"Motion 3, vote ouvert jusqu’à 18 h", "Motion 3, voting open until 6 pm", "الاقتراح 3، التصويت مفتوح حتى 18:00"}, "choice": {"Votre choix", "Your choice", "اختيارك"}, "for": {"Pour", "For", "مع"}, "against": {"Contre", "Against", "ضد"}, "abstain": {"Abstention", "Abstain", "امتناع"}, "result": {"Résultat", "Result", "النتيجة"}, "college": {"Collège", "College", "الهيئة"},
	"rights": {"Connaître mes droits", "Know my rights", "أعرف حقوقي"}, "lost": {"Page introuvable", "Not found", "الصفحة غير موجودة"}, "sure": {"Retirer cette proposition ?", "Withdraw this proposal?", "سحب هذا المقترح؟"},
	"e-title": {"Écrivez un titre", "Write a title", "اكتب عنوانًا"}, "e-date": {"Donnez une vraie date", "Give a real date", "أعطِ تاريخًا صحيحًا"}, "e-kind": {"Choisissez un genre", "Choose a kind", "اختر نوعًا"}, "e-choice": {"Choisissez une réponse", "Choose an answer", "اختر إجابة"},
}

func say(v design.View, key string) string {
	w, ok := words[key]
	if !ok {
		panic("no words for " + key)
	}
	switch v.Lang() {
	case "fr":
		return w[0]
	case "ar":
		return w[2]
	}
	return w[1]
}

func errorsOf(v design.View) []design.FieldError {
	if v.Path == "/vote" {
		return []design.FieldError{{Field: "choice", Message: say(v, "e-choice")}}
	}
	return []design.FieldError{{Field: "title", Message: say(v, "e-title")}, {Field: "starts", Message: say(v, "e-date")}, {Field: "kind", Message: say(v, "e-kind")}}
}

func part(v design.View) string {
	_, p, _ := strings.Cut(v.Query, "part=")
	return p
}

func points(v design.View) []design.Point {
	var out []design.Point
	for _, p := range []design.Point{
		{Label: "São Paulo", Kind: "local_authority", Lon: -46.63, Lat: -23.55}, {Label: "Agadez", Kind: "local_authority", Lon: 7.99, Lat: 16.97}, {Label: "Grenoble", Kind: "local_authority", Lon: 5.72, Lat: 45.19},
		{Label: "Palermo", Kind: "local_authority", Lon: 13.36, Lat: 38.12}, {Label: "New York", Kind: "local_authority", Lon: -74, Lat: 40.71}, {Label: "Tanger", Kind: "civil_society", Lon: -5.83, Lat: 35.77}, {Label: "Lisboa", Kind: "migrant_led", Lon: -9.14, Lat: 38.72},
		{Label: "Montevideo", Kind: "network", Lon: -56.16, Lat: -34.9}, {Label: "Lyon", Kind: "civil_society", Lon: 4.83, Lat: 45.76}, {Label: "Paris", Kind: "civil_society", Lon: 2.35, Lat: 48.85}, {Label: "Tokyo", Kind: "academia", Lon: 139.7, Lat: 35.7},
	} {
		p.Href = v.Href("/text")
		out = append(out, p)
	}
	return out
}
