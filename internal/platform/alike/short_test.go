package alike

import (
	"strings"
	"testing"
)

// From 0.97 on, names are one unless their places say otherwise (package intake).
const oneName = 0.97

func TestShortenedNames(t *testing.T) {
	for _, p := range [][2]string{
		{"Association Saint-Martin", "Assoc. St. Martin"}, {"Association Saint-Martin", "ASSO ST MARTIN"}, {"Ass. Sainte-Anne", "Association Ste Anne"},
		{"Droits & Libertés", "Droits et Libertés"}, {"Bread & Roses", "Bread and Roses"}, {"Pan y Rosas", "Pan & Rosas"}, {"Brot u. Rosen", "Brot und Rosen"},
		{"Fondation Pain et Toit", "Fond. Pain & Toit"}, {"Fundação Casa Aberta", "Fundac. Casa Aberta"}, {"Asociación Puente", "Asoc. Puente"},
		{"Associação Casa da Figueira", "Assoc. Casa da Figueira"}, {"Associazione La Soglia", "Ass. La Soglia"}, {"Federación Sin Fronteras", "Fed. Sin Fronteras"},
		{"Ayuntamiento de Valdelumbre", "Ayto. de Valdelumbre"}, {"Université de Lindenhafen", "Univ. Lindenhafen"}, {"Centre international du Port", "Ctre intl du Port"},
		{"National Committee for Welcome", "Natl Cttee for Welcome"}, {"Arbeitsgemeinschaft Asyl Lindenhafen", "ARGE Asyl Lindenhafen"}, {"Sankt Georg Hilfe", "St. Georg Hilfe"},
		{"Cooperativa Horizonte", "Coop. Horizonte"}, {"Departement Loire Accueil", "Dépt. Loire Accueil"}, {"Nuestra Señora de la Orilla", "Ntra. Sra. de la Orilla"},
		{"الجمعية المغربية للتضامن", "جمعية مغربية للتضامن"},
	} {
		if got := Names(p[0], p[1]); got < oneName {
			t.Errorf("%q and %q score %.2f", p[0], p[1], got)
		}
	}
	for _, p := range [][2]string{
		{"Association Saint-Martin", "Assoc. St. Paul"}, {"Saint-Denis", "Saint-Malo"}, {"Fondation Seligmann", "Fond. Abbé Pierre"},
		{"Refugee Fund", "Refugee Foundation"}, {"Univ. de Lyon", "Ville de Lyon"}, {"Ass. Sainte-Anne", "Ass. Sainte-Claire"}, {"Coop. Horizonte", "Asoc. Horizonte Sur"},
		{"Santa Maria", "San Marco"},
	} {
		if got := Names(p[0], p[1]); got >= 0.8 {
			t.Errorf("%q and %q score %.2f", p[0], p[1], got)
		}
	}
}

// Each word is read in one way, and what a line begins with is read as itself.
func TestFamiliesAreApart(t *testing.T) {
	seen := map[string]string{}
	for line := range strings.Lines(families) {
		for _, w := range strings.Fields(line) {
			if seen[w] != "" {
				t.Errorf("%q stands twice", w)
			}
			seen[w] = line
			if words := Words(w); len(words) != 1 || words[0] != w {
				t.Errorf("%q is not folded: %q", w, words)
			}
			if particles[w] {
				t.Errorf("%q tells nothing already", w)
			}
		}
	}
}
