package alike

import (
	"strings"
	"unicode/utf8"
)

// families are words of names that are written in several ways: whole in the
// languages of the interface, and shortened. All are read as the first of
// their line, so that "Assoc. St. Martin" and "Association Saint-Martin" are
// one name. The list is published in docs/decisions/0071: short forms that
// also mean something else ("fund", "com", "uni", "int") stay out of it.
var families = `
association associations asociacion asociaciones associacao associacoes associazione associazioni asso ass assoc assocs asoc assn assocn
federation federations federacion federacao federazione foderation fed feder
foundation foundations fondation fondations fundacion fundacao fondazione fond fdn fdtn fundac
committee committees comite comites comitato cttee cte ctee
centre centres centro centros center centers ctre ctr cntr
international internationale internationaux internacional internazionale internationaler intl internat
national nationale nationaux nacional nazionale natl nac naz
university universities universite universidad universidade universita universitat univ
departement departements department departamento dipartimento dept dpt dpto dep
institute institut institutes instituto istituto inst
organisation organisations organization organizations organizacion organizacao organizzazione org orga
cooperative cooperatives cooperativa cooperativas coop
society societies societe sociedad sociedade societa gesellschaft soc ges
collectif collectifs colectivo colectivos coletivo coletivos collettivo collective coll colect
commission comision comissao commissione kommission comm
coordination coordinacion coordenacao coordinamento koordination coord
ayuntamiento ayto
ajuntament ajto
prefeitura pref
municipal municipale municipaux mun
municipality municipalite municipio municip
arbeitsgemeinschaft arbeitsgem arge
gemeinde gem
stiftung stiftg
verband verb
government gouvernement gobierno governo govt gov
saint sainte saints saintes sankt san santo santa sant sao st ste sts sta sto
notre nuestra nossa nostra ntra nra nsa
senora senhora signora dame sra snra
mount mont mt
`

// first is each of these words with the one it is read as.
var first = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(families) {
		words := strings.Fields(line)
		for _, w := range words {
			m[w] = words[0]
		}
	}
	return m
}()

// unabridged is a word of a name as names are compared: shortened words whole,
// Arabic ones without their article.
func unabridged(word string) string {
	if rest, ok := strings.CutPrefix(word, "ال"); ok && utf8.RuneCountInString(rest) >= 3 {
		word = rest
	}
	if whole, ok := first[word]; ok {
		return whole
	}
	return word
}
