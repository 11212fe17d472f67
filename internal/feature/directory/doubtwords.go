package directory

import (
	"alliance/internal/feature/directory/doubt"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/locale"
)

func phrase(key, english string) locale.Phrase { return locale.Phrase{Key: key, English: english} }

// doubtNames name doubts, for the filter.
var doubtNames = map[intake.Code]locale.Phrase{
	intake.Code(doubt.KindMissing):     phrase("directory.doubt.kind.short", "No kind"),
	intake.Code(doubt.KindUnknown):     phrase("directory.doubt.kind-unknown.short", "Unknown kind"),
	intake.Code(doubt.CountryMissing):  phrase("directory.doubt.country.short", "No country"),
	intake.Code(doubt.CountryUnknown):  phrase("directory.doubt.country-unknown.short", "Unknown country"),
	intake.Code(doubt.CountryTown):     phrase("directory.doubt.town.short", "Town of another country"),
	intake.Code(doubt.TownElsewhere):   phrase("directory.doubt.elsewhere.short", "Town with a larger namesake"),
	intake.Code(doubt.CountryLanguage): phrase("directory.doubt.language.short", "Language and country"),
	intake.Code(doubt.CountryNamed):    phrase("directory.doubt.named.short", "Another country in the name"),
	intake.Code(doubt.CountryKnown):    phrase("directory.doubt.known-country.short", "Known in another country"),
	intake.Code(doubt.Region):          phrase("directory.doubt.region.short", "Known in another region"),
	intake.Code(doubt.Agency):          phrase("directory.doubt.agency.short", "Agency of the United Nations"),
	intake.Code(doubt.ScanDigits):      phrase("directory.doubt.digits.short", "Letters for digits"),
	intake.Code(doubt.ScanAcronym):     phrase("directory.doubt.acronym.short", "Acronym does not fit"),
	intake.Code(doubt.ScanSpelling):    phrase("directory.doubt.spelling.short", "Spelling"),
	intake.Code(doubt.Person):          phrase("directory.doubt.person.short", "A person"),
	intake.Code(doubt.National):        phrase("directory.doubt.national.short", "National institution"),
	intake.Code(doubt.Authority):       phrase("directory.doubt.authority.short", "Local authority?"),
	intake.Code(doubt.SameCity):        phrase("directory.doubt.city.short", "Two rows in one town"),
}

// doubtSentences say them.
var doubtSentences = map[intake.Code]locale.Phrase{
	intake.Code(doubt.KindMissing):     phrase("directory.doubt.kind", "The list does not say what kind of organisation it is."),
	intake.Code(doubt.KindUnknown):     phrase("directory.doubt.kind-unknown", "The list says “{value}”. This is no kind we know."),
	intake.Code(doubt.CountryMissing):  phrase("directory.doubt.country", "The list gives no country."),
	intake.Code(doubt.CountryUnknown):  phrase("directory.doubt.country-unknown", "The list says “{value}”. We know no such country."),
	intake.Code(doubt.CountryTown):     phrase("directory.doubt.town", "The list says {printed}. But {town} is in another country: {country}."),
	intake.Code(doubt.TownElsewhere):   phrase("directory.doubt.elsewhere", "{town}, {printed}: there is a larger town of that name ({country})."),
	intake.Code(doubt.CountryLanguage): phrase("directory.doubt.language", "The list says {printed}. But the name is in another language: {language}."),
	intake.Code(doubt.CountryNamed):    phrase("directory.doubt.named", "The list says {printed}. But the name itself says {country}."),
	intake.Code(doubt.CountryKnown):    phrase("directory.doubt.known-country", "The list says {printed}. An organisation of that name is known elsewhere: {country}."),
	intake.Code(doubt.Region):          phrase("directory.doubt.region", "The list says {printed}. A network of that name is known in another region: {region}."),
	intake.Code(doubt.Agency):          phrase("directory.doubt.agency", "This is an agency of the United Nations (seat: {country}). The list says {printed}."),
	intake.Code(doubt.ScanDigits):      phrase("directory.doubt.digits", "The scan seems to have read letters for digits, or digits for letters: {guess}?"),
	intake.Code(doubt.ScanAcronym):     phrase("directory.doubt.acronym", "The letters “{acronym}” do not fit the name. Perhaps {guess}?"),
	intake.Code(doubt.ScanSpelling):    phrase("directory.doubt.spelling", "“{word}” looks like a misprint. Perhaps “{guess}”?"),
	intake.Code(doubt.Person):          phrase("directory.doubt.person", "This seems to be a person, not an organisation."),
	intake.Code(doubt.National):        phrase("directory.doubt.national", "This seems to be a national institution. The list says local authority."),
	intake.Code(doubt.Authority):       phrase("directory.doubt.authority", "Nothing in the name says that it is a local authority."),
	intake.Code(doubt.SameCity):        phrase("directory.doubt.city", "Same kind, same town, {town}: {others}."),
}
