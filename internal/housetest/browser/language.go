package browser

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

func primary(lang string) string {
	p, _, _ := strings.Cut(lang, "-")
	return strings.ToLower(p)
}

func isRTL(lang string) bool {
	return slices.Contains([]string{"ar", "fa", "prs", "ps", "ur", "ckb", "he", "yi", "sd", "ug", "dv"}, primary(lang))
}

// scriptOf is the script that a language is written in, as package unicode names it.
func scriptOf(lang string) string {
	for script, langs := range map[string]string{
		"Arabic": "ar fa prs ps ur ckb sd ug", "Hebrew": "he yi", "Cyrillic": "ru uk bg be sr mk kk ky mn tg", "Ethiopic": "am ti",
		"Greek": "el", "Bengali": "bn as", "Devanagari": "hi ne mr", "Han": "zh", "Tifinagh": "zgh", "Georgian": "ka", "Armenian": "hy", "Tamil": "ta",
	} {
		if slices.Contains(strings.Fields(langs), primary(lang)) {
			return script
		}
	}
	return "Latin"
}

// block is text of the page with the language it claims.
type block struct {
	Text, Lang, At string
	RTL            bool
}

// wrong tells what is wrong with the claimed language, or "".
func (b block) wrong(page string) string {
	lang := b.Lang
	if lang == "" {
		lang = page
	}
	letters := map[string]int{}
	total := 0
	for _, r := range b.Text {
		for _, script := range []string{"Latin", "Arabic", "Cyrillic", "Ethiopic", "Greek", "Bengali", "Devanagari", "Hebrew", "Han", "Tifinagh", "Georgian", "Armenian", "Tamil"} {
			if unicode.Is(unicode.Scripts[script], r) {
				letters[script]++
				total++
				break
			}
		}
	}
	if total < 10 {
		return ""
	}
	most := "Latin"
	for script, n := range letters {
		if n > letters[most] {
			most = script
		}
	}
	show := b.Text
	if r := []rune(show); len(r) > 50 {
		show = string(r[:50]) + "…"
	}
	switch want := scriptOf(lang); {
	case most != want && letters[most]*10 > total*6:
		if most == "Latin" && letters[most] < 40 {
			return "" // a name, perhaps
		}
		return fmt.Sprintf("lang on what is not %s: %s letters, %q", lang, most, show)
	case (most == "Arabic" || most == "Hebrew") && !b.RTL:
		return fmt.Sprintf("dir=\"rtl\": laid out from left to right, %q", show)
	case most == "Latin" && len([]rune(b.Text)) > 60:
		if reads := guess(b.Text); reads != "" && reads != primary(lang) && commonWords[primary(lang)] != nil {
			return fmt.Sprintf("lang=%q, it claims %s: %q", reads, lang, show)
		}
	}
	return ""
}

// commonWords are small words that give a language away.
var commonWords = map[string][]string{
	"fr": strings.Fields("le la les un une des du de et est sont dans pour par sur avec que qui ne pas plus nous vous leur cette aux ce ou"),
	"en": strings.Fields("the of and to in is are for on with by that this it be not from or we you your an as has have who which"),
	"es": strings.Fields("el la los las un una de del y es son en para por con que no se más su al como este o nosotros sus"),
	"pt": strings.Fields("o a os as um uma de do da dos das e é são em no na para por com que não se mais ao pelo ou seu"),
	"it": strings.Fields("il lo la gli le un una di del della dei e è sono in nel per con che non si più al ai o su questo"),
	"de": strings.Fields("der die das den dem des ein eine einer und ist sind in im zu für mit von auf nicht sich auch wird werden oder an"),
}

// guess names the language whose small words fill a text much more than those of any other, or "".
func guess(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '·' }) // expert·es is one word
	if len(words) < 8 {
		return ""
	}
	var best, second float64
	var lang string
	for l, common := range commonWords {
		n := 0
		for _, w := range words {
			if slices.Contains(common, w) {
				n++
			}
		}
		share := float64(n) / float64(len(words))
		if share > best {
			best, second, lang = share, best, l
		} else if share > second {
			second = share
		}
	}
	if best >= 0.2 && best >= 1.6*second {
		return lang
	}
	return ""
}
