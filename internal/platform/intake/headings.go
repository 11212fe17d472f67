package intake

// Headings are what columns are called in lists of others, folded, in the
// seven languages and in what other programs write.
var Headings = map[string][]string{
	"name": {"nom", "organisation", "structure", "denomination", "raison sociale", "intitule", "titre", "name", "organization", "title", "nombre", "organizacion", "entidad", "titulo", "nome", "organizacao",
		"entidade", "organizzazione", "ente", "denominazione", "titolo", "bezeichnung", "titel", "الاسم", "المنظمه", "اسم", "العنوان"},
	"kind":         {"type", "categorie", "categories", "kind", "category", "college", "tipo", "categoria", "genre", "art", "typ", "kategorie", "kategorien", "categorias", "categoriesfull", "taxonomy", "layer", "statut", "النوع", "نوع", "الفيه"},
	"country":      {"pays", "country", "addresscountry", "pais", "paese", "land", "staat", "nation", "stato", "البلد", "بلد", "الدوله"},
	"city":         {"ville", "city", "town", "addresslocality", "commune", "ciudad", "municipio", "cidade", "citta", "comune", "stadt", "ort", "localite", "lieu", "place", "المدينه", "مدينه"},
	"address":      {"adresse", "adresse postale", "rue", "voie", "street", "streetaddress", "street address", "street and number", "address", "direccion", "calle", "domicilio", "endereco", "morada", "rua", "indirizzo", "via", "strasse", "anschrift", "postanschrift", "الشارع", "عنوان الشارع"},
	"lat":          {"lat", "latitude", "y", "latitud", "latitudine", "breite", "breitengrad", "خط العرض"},
	"lon":          {"lon", "lng", "long", "longitude", "x", "longitud", "longitudine", "lange", "langengrad", "خط الطول"},
	"website":      {"site", "site web", "site internet", "web", "website", "url", "www", "link", "lien", "internet", "sitio web", "sitio", "sito", "sito web", "webseite", "adresse web", "homepage", "الموقع"},
	"languages":    {"langue", "langues", "language", "languages", "idioma", "idiomas", "lingua", "lingue", "linguas", "sprache", "sprachen", "اللغه", "اللغات"},
	"summary":      {"description", "resume", "activite", "activites", "objet", "summary", "about", "abstract", "descripcion", "resumen", "descricao", "resumo", "descrizione", "riassunto", "beschreibung", "zusammenfassung", "وصف"},
	"contact":      {"contact", "email", "e-mail", "mail", "courriel", "telephone", "tel", "phone", "contacto", "correo", "correo electronico", "telefono", "contato", "telefone", "contatto", "kontakt", "telefon", "البريد الالكتروني", "الهاتف"},
	"hours":        {"horaires", "horaires d ouverture", "opening hours", "opening_hours", "openinghours", "openhours", "hours", "horario", "horarios", "orari", "orari di apertura", "offnungszeiten", "مواعيد الفتح"},
	"organisation": {"porteur", "portee par", "porte par", "by", "organiser", "organizer", "source", "lead", "porteur du projet", "organismo", "promotor", "trager"},
	"theme":        {"theme", "themes", "thematique", "thematiques", "topic", "topics", "tema", "temas", "temi", "thema", "themen", "موضوع"},
	"licence":      {"licence", "license", "licencia", "licenca", "licenza", "lizenz"},
	"lang":         {"langue du texte", "lang", "inlanguage"},
	"id":           {"id", "identifiant", "identifier", "identificador", "identificatore", "kennung"},
}
