package doubt

import (
	"strings"

	"alliance/internal/platform/place"
)

// wellKnownBody is an organisation that lists of the field often hold, with
// where it has its seat. General knowledge, checked on its own website by
// whoever adds a line; a suggestion rests on it, never a change.
type wellKnownBody struct {
	name    string // "" = as printed
	country string
	region  string // UN M49 continent, for those that are of a region and no country
	agency  bool   // of the United Nations
}

// By acronym or whole name, folded.
var bodies = map[string]wellKnownBody{
	"unhcr": {country: "CH", agency: true}, "hcr": {country: "CH", agency: true}, "acnur": {country: "CH", agency: true},
	"iom": {country: "CH", agency: true}, "oim": {country: "CH", agency: true}, "unicef": {country: "US", agency: true}, "unesco": {country: "FR", agency: true},
	"ohchr": {country: "CH", agency: true}, "hcdh": {country: "CH", agency: true}, "acnudh": {country: "CH", agency: true}, "undp": {country: "US", agency: true},
	"pnud": {country: "US", agency: true}, "ilo": {country: "CH", agency: true}, "who": {country: "CH", agency: true}, "oms": {country: "CH", agency: true},
	"un-habitat": {country: "KE", agency: true}, "onu-habitat": {country: "KE", agency: true}, "fao": {country: "IT", agency: true}, "wfp": {country: "IT", agency: true},
	"cncd":                       {name: "CNCD-11.11.11", country: "BE"},
	"espacio sin fronteras":      {region: "019"},
	"mercociudades":              {region: "019"},
	"cglu afrique":               {country: "MA"},
	"uclg africa":                {country: "MA"},
	"cglu":                       {country: "ES"},
	"uclg":                       {country: "ES"},
	"eurocities":                 {country: "BE"},
	"picum":                      {country: "BE"},
	"ecre":                       {country: "BE"},
	"solidar":                    {country: "BE"},
	"solidarity cities":          {region: "150"},
	"amnesty international":      {country: "GB"},
	"caritas internationalis":    {country: "VA"},
	"migreurop":                  {country: "FR"},
	"statewatch":                 {country: "GB"},
	"asgi":                       {country: "IT"},
	"pro asyl":                   {country: "DE"},
	"seebrucke":                  {country: "DE"},
	"misereor":                   {country: "DE"},
	"apdha":                      {country: "ES"},
	"cear":                       {country: "ES"},
	"ftdes":                      {country: "TN"},
	"gadem":                      {country: "MA"},
	"no more deaths":             {country: "US"},
	"conectas direitos humanos":  {country: "BR"},
	"missao paz":                 {country: "BR"},
	"servicio jesuita migrantes": {country: "ES"},
}

// wellKnown finds a row among them: by its whole name, by its acronym in
// brackets, or, for the few written with more behind it, by the first letters.
func wellKnown(r Row) (wellKnownBody, bool) {
	name := fold(r.Name)
	if b, ok := bodies[name]; ok {
		return b, true
	}
	if _, inside, ok := bracketed(r.Name); ok {
		if b, ok := bodies[fold(inside)]; ok {
			return b, true
		}
	}
	if first, _, ok := strings.Cut(name, "-"); ok {
		if b, ok := bodies[strings.TrimSpace(first)]; ok && b.name != "" && fold(b.name) != name {
			return b, true
		}
	}
	return wellKnownBody{}, false
}

func agency(b wellKnownBody, ok bool, r Row) (Finding, bool) {
	if !ok || !b.agency || r.Kind == "public_institution" && r.Country == b.country {
		return Finding{}, false
	}
	f := Finding{Code: Agency, Args: map[string]string{"country": b.country, "printed": r.Country}}
	if r.Kind != "public_institution" {
		f.Set.Kind = "public_institution"
	}
	if r.Country == "" {
		f.Set.Country = b.country
	}
	return f, true
}

// bracketed gives what stands in the last brackets, and what stands before.
func bracketed(name string) (rest, inside string, ok bool) {
	from, to := strings.LastIndexByte(name, '('), strings.LastIndexByte(name, ')')
	if from < 0 || to < from {
		return name, "", false
	}
	return strings.TrimSpace(name[:from]), strings.TrimSpace(name[from+1 : to]), true
}

// languages by country, where they are languages of the interface; of others
// nothing is concluded.
var spokenBy = map[string]string{
	"fr": `FR BE CH LU MC CA HT SN ML NE BF CI GN TG BJ CM CD CG GA TD CF DJ KM MG RW BI MR MA TN DZ LB VU SC MU GP MQ RE GF YT NC PF`,
	"es": `ES MX GT HN SV NI CR PA CU DO PR CO VE EC PE BO PY CL AR UY GQ US AD`,
	"pt": `PT BR AO MZ CV GW ST TL MO LU`,
	"it": `IT CH SM VA MT`,
	"de": `DE AT CH LU LI BE IT`,
	"en": `GB IE US CA AU NZ ZA NG GH KE UG TZ ZM ZW SL LR GM MT JM IN PK BD PH SG`,
	"ar": `MA TN DZ LY EG SD MR TD SY LB JO PS IQ SA YE OM AE QA BH KW DJ SO KM`,
}

func spokenIn(country string) (tags []string) {
	for tag, list := range spokenBy {
		if strings.Contains(list, country) {
			tags = append(tags, tag)
		}
	}
	if _, ok := place.Country(country); ok && len(tags) == 0 {
		return []string{"fr", "es", "pt", "it", "de", "en", "ar"} // unknown: nothing is odd
	}
	return tags
}
